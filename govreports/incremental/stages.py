"""Running one stage over partitions: read what the stage before wrote, apply the pure function, write.

Belongs here: the loop, its bookkeeping, and what happens to a document that a stage cannot process. Does not belong here: what
the stages do (their packages), and who decides to run them (see `plan` and the orchestration).
"""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govreports.attempts import WORKER_DIED, refusal
from govreports.incremental.plan import due_again, inputs_of, is_fresh, raw_fingerprint, stage_fingerprint
from govreports.incremental.reasons import parts_of_raw, parts_of_stage
from govreports.intake.scan import read_source_file
from govreports.intake.source import SourceFile
from govreports.lake.frames import LAYOUTS, Row
from govreports.lake.ledger import SeenFile, StageFailure
from govreports.lake.store import CorruptLakeFile, Lake, Written, now, read_rows, write_rows
from govreports.store.opening import open_store
from govreports.store.stores import Store
from govreports.text.ids import sha256
from govreports.workers import Mapper, serial

Refused = tuple[str, str, str, str]  # source_file, sha256, reason_code, reason


@dataclass(frozen=True)
class PartitionResult:
    """What became of one partition in one stage. `rows` counts the rows of each table, `seconds` is the pure function's time."""

    partition_key: str
    stage: str
    documents: int = 0
    characters: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    refusals: tuple[tuple[str, str, str], ...] = ()
    flags: tuple[str, ...] = ()
    seconds: float = 0.0
    data_version: str = ""
    skipped: bool = False


@dataclass(frozen=True)
class _Task:
    """What a worker is told. It reads raw files, reads and writes the lake's itself, and leaves the ledger to the caller.

    `inputs` are the content hashes of the stages that it reads; the raw stage has `seen` files in `raw` instead.
    `attempt` counts the builds that have tried it.
    """

    raw: Store
    lake: Store
    stage: str
    key: str
    fingerprint: str
    made_from: str
    inputs: tuple[str, ...] = ()
    seen: tuple[SeenFile, ...] = ()
    attempt: int = 1


@dataclass(frozen=True)
class _Outcome:
    """What a worker tells. Without `written` an input could not be read: `corrupt` is its stage, `problem` says why.

    `unread` are raw files that are gone, or not those any more that the scan saw.
    """

    task_key: str
    written: Written | None
    characters: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    unread: tuple[Refused, ...] = ()
    flags: tuple[str, ...] = ()
    seconds: float = 0.0
    corrupt: str = ""
    problem: str = ""


def run_stage(
    lake: Lake,
    stage: str,
    keys: Iterable[str],
    *,
    raw_dir: Path | Store,
    mapper: Mapper = serial,
    on_partition: Callable[[PartitionResult], None] | None = None,
    again: bool = False,
) -> list[PartitionResult]:
    """Bring one stage up to date for `keys`; partitions that are fresh are skipped.

    With `again` those are tried again that are due because a worker died on them in a build before.
    No document can fail the run: one that the stage cannot process becomes a refusal, in the result and in the ledger.
    Raises `OSError` where the lake cannot be written, `StoreError` where it or raw/ is in a bucket that fails.
    """
    results, tasks, raw = [], {}, open_store(raw_dir)
    attempts = due_again(lake.ledger) if again else {}

    def report(result: PartitionResult) -> None:
        results.append(result)
        if on_partition:
            on_partition(result)

    def pending() -> Iterator[_Task]:
        for key in keys:
            task = _prepare(lake, stage, key, raw, attempts.get((stage, key), 0))
            if isinstance(task, PartitionResult):
                report(task)
            else:
                tasks[key] = task
                yield task

    for outcome in mapper(_process, pending(), _lost):
        report(_counted(lake, tasks.pop(outcome.task_key), outcome))
    return results


def _counted(lake: Lake, task: _Task, outcome: _Outcome) -> PartitionResult:
    """Let the output of a worker count."""
    if outcome.written is None:
        lake.ledger.forget_stage(outcome.corrupt, task.key)
        return _nothing(task.stage, task.key, "corrupt_lake_file", outcome.problem)
    at = now()
    refused = (*outcome.unread, *outcome.refused)
    failures = [StageFailure(task.stage, task.key, *fields, at, task.attempt) for fields in refused]
    # A file that changed since the scan keeps the old fingerprint from matching, so that the next scan brings it back.
    fingerprint = f"incomplete-{task.fingerprint}" if outcome.unread else task.fingerprint
    lake.count(task.stage, task.key, outcome.written, fingerprint, failures, task.made_from)
    return PartitionResult(
        task.key,
        task.stage,
        documents=outcome.written.documents,
        characters=outcome.characters,
        rows=outcome.rows,
        refusals=tuple((f.source_file, f.reason_code, f.reason) for f in failures),
        flags=outcome.flags,
        seconds=outcome.seconds,
        data_version=outcome.written.content_hash,
    )


def _prepare(lake: Lake, stage: str, key: str, raw: Store, due: int) -> _Task | PartitionResult:
    """The task of a partition, or its result where there is nothing to do. `due`: the attempt at what counts already, or 0."""
    if stage == "raw":
        return _prepare_raw(lake, key, raw, due)
    made = [found for source in inputs_of(stage) if (found := lake.ledger.stage_file(source, key))]
    if len(made) < len(inputs_of(stage)):
        return _nothing(stage, key, "input_missing", f"{' and '.join(inputs_of(stage))} must be made first")
    expected = stage_fingerprint(stage, made)
    attempt = _attempt(lake, stage, key, expected, due)
    if not attempt:
        return _skipped(lake, stage, key)
    hashes = tuple(output.content_hash for output in made)
    return _Task(raw, lake.files, stage, key, expected, parts_of_stage(stage, made), hashes, attempt=attempt)


def _prepare_raw(lake: Lake, key: str, raw: Store, due: int) -> _Task | PartitionResult:
    seen = tuple(lake.ledger.accepted(key))
    expected = raw_fingerprint(seen)
    attempt = _attempt(lake, "raw", key, expected, due)
    if not attempt:
        return _skipped(lake, "raw", key)
    return _Task(raw, lake.files, "raw", key, expected, parts_of_raw(seen), seen=seen, attempt=attempt)


def _attempt(lake: Lake, stage: str, key: str, expected: str, due: int) -> int:
    """Which attempt at an output made from `expected` comes now; 0 where it counts already and none is due."""
    counts = is_fresh(lake.ledger, stage, key, expected) and lake.has(stage, key)
    return due if counts else 1


def _joined(inputs: list[list[Row]]) -> list[Any]:
    """Documents of one input, or tuples of a document's rows in several inputs, of documents that all of them have."""
    if len(inputs) == 1:
        return inputs[0]
    first, *others = inputs
    by_doc = [{row["doc_id"]: row for row in rows} for rows in others]
    return [
        (row, *(rows[row["doc_id"]] for rows in by_doc)) for row in first if all(row["doc_id"] in r for r in by_doc)
    ]


def _skipped(lake: Lake, stage: str, key: str) -> PartitionResult:
    made = lake.ledger.stage_file(stage, key)
    assert made is not None
    return PartitionResult(key, stage, documents=made.documents, data_version=made.content_hash, skipped=True)


def _nothing(stage: str, key: str, code: str, reason: str) -> PartitionResult:
    return PartitionResult(key, stage, refusals=((key, code, reason),), flags=(code,))


def _characters(stage: str, payload: list[Any]) -> int:
    if stage == "raw":
        return sum(len(file.data) for file in payload)
    documents = [item[0] if isinstance(item, tuple) else item for item in payload]
    return sum(len(row.get("clean_text") or row.get("raw_text") or "") for row in documents)


def _counts(stage: str, rows: list[Row]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for row in rows:
        totals.update({name: len(row[name]) for name in LAYOUTS[stage].nested})
    return dict(totals)


def _process(task: _Task) -> _Outcome:
    """The work of a worker process: imports its stage when it needs it, and turns exceptions into refusals."""
    try:
        payload, unread = _payload(task)
    except _Unreadable as error:
        return _Outcome(task.key, None, corrupt=error.stage, problem=str(error))
    started = time.perf_counter()
    rows, refused, flags = _STAGE_FUNCTIONS[task.stage](payload)
    seconds = time.perf_counter() - started
    return _Outcome(
        task.key,
        write_rows(task.lake, task.stage, task.key, rows),
        _characters(task.stage, payload),
        _counts(task.stage, rows),
        tuple(refused),
        tuple(unread),
        tuple(flags),
        seconds,
    )


class _Unreadable(RuntimeError):
    """An input in the lake cannot be read."""

    def __init__(self, stage: str, problem: object) -> None:
        super().__init__(str(problem))
        self.stage = stage


def _payload(task: _Task) -> tuple[list[Any], list[Refused]]:
    """What the stage is given, and raw files that cannot be."""
    if task.stage == "raw":
        return _sources(task)
    inputs = []
    for source, content_hash in zip(inputs_of(task.stage), task.inputs, strict=True):
        try:
            inputs.append(read_rows(task.lake, source, task.key, content_hash))
        except CorruptLakeFile as error:
            raise _Unreadable(source, error) from error
    return _joined(inputs), []


def _sources(task: _Task) -> tuple[list[Any], list[Refused]]:
    files: list[Any] = []
    unread: list[Refused] = []
    for row in task.seen:
        found = read_source_file(task.raw, row)
        if isinstance(found, SourceFile):
            files.append(found)
        else:
            unread.append((row.source_file, row.sha256, *found))
    return files, unread


def _lost(task: _Task) -> _Outcome:
    """What stands for a task that no worker process survives: its documents are refused."""
    reason = refusal(task.attempt, f"it was in {task.stage}")
    try:
        payload, unread = _payload(task)
    except _Unreadable as error:
        return _Outcome(task.key, None, corrupt=error.stage, problem=str(error))
    named = [_named(item) for item in payload]
    return _Outcome(
        task.key,
        write_rows(task.lake, task.stage, task.key, []),
        refused=tuple((*name, WORKER_DIED, reason) for name in named),
        unread=tuple(unread),
        flags=tuple(f"{name}: {WORKER_DIED}" for name, _ in named),
    )


def _named(item: Any) -> tuple[str, str]:
    """Source file and hash of what a stage is given."""
    if isinstance(item, SourceFile):
        return item.source_file, sha256(item.data)
    row = item[0] if isinstance(item, tuple) else item
    return row["source_file"], row["sha256"]


Processed = tuple[list[Row], list[Refused], list[str]]


def _raw(files: list[SourceFile]) -> Processed:
    from govreports.intake.stage import read_files

    read = read_files(files)
    refused = [(r.source_file, r.sha256, r.reason_code, r.reason) for r in read.refusals]
    return (
        read.rows,
        refused,
        [f"{r['source_file']}: {r['completeness']}" for r in read.rows if r["completeness"] != "full"],
    )


def _cleaned(raws: list[Row]) -> Processed:
    from govreports.clean.stage import clean_documents

    try:
        rows = clean_documents(raws)
    except Exception:
        # One document must not cost its partition the others.
        return _each(raws, lambda raw: clean_documents([raw])[0], lambda raw: None, lambda raw: raw, "cleaning_failed")
    damaged = [f"{r['source_file']}: {r['damaged_spans']} damaged spans" for r in rows if r["damaged_spans"]]
    return rows, [], damaged


def _sections(documents: list[Row]) -> Processed:
    from govreports.sections.stage import outline_document

    def empty(row: Row) -> Row:
        return {"doc_id": row["doc_id"], **{name: [] for name in LAYOUTS["sections"].nested}}

    rows, refused, flags = _each(documents, outline_document, empty, lambda row: row, "outline_failed")
    return (
        rows,
        refused,
        flags + [f"{check['check_id']}: {check['message']}" for row in rows for check in row["self_check"]],
    )


def _indicators(pairs: list[tuple[Row, Row]]) -> Processed:
    from govreports.indicators.stage import read_document

    def empty(pair: tuple[Row, Row]) -> Row:
        return {"doc_id": pair[0]["doc_id"], **{name: [] for name in LAYOUTS["indicators"].nested}}

    return _each(pairs, lambda pair: read_document(*pair), empty, lambda pair: pair[0], "reading_failed")


def _each(
    items: list[Any],
    function: Callable[[Any], Row],
    empty: Callable[[Any], Row | None],
    document: Callable[[Any], Row],
    code: str,
) -> Processed:
    """Apply a function to each document; where it raises, its place is taken by `empty` and the failure is told."""
    rows, refused = [], []
    for item in items:
        try:
            made = function(item)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
            refused.append((document(item)["source_file"], document(item)["sha256"], code, reason))
            replacement = empty(item)
            if replacement is not None:
                rows.append(replacement)
        else:
            rows.append(made)
    return rows, refused, [f"{name}: {code}" for name, *_ in refused]


_STAGE_FUNCTIONS: dict[str, Callable[[list[Any]], Processed]] = {
    "raw": _raw,
    "cleaned": _cleaned,
    "sections": _sections,
    "indicators": _indicators,
}
