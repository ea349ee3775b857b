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

from govreports.incremental.plan import inputs_of, is_fresh, raw_fingerprint, stage_fingerprint
from govreports.intake.scan import read_source_file
from govreports.intake.source import SourceFile
from govreports.lake.frames import LAYOUTS, Row
from govreports.lake.ledger import StageFailure
from govreports.lake.store import CorruptLakeFile, Lake, now
from govreports.text.ids import sha256
from govreports.workers import Mapper, serial


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
    stage: str
    key: str
    fingerprint: str
    payload: list[Any]
    failures: tuple[StageFailure, ...] = ()


@dataclass(frozen=True)
class _Outcome:
    task_key: str
    rows: list[Row]
    refused: list[tuple[str, str, str, str]]  # source_file, sha256, reason_code, reason
    flags: list[str]
    seconds: float


def run_stage(
    lake: Lake,
    stage: str,
    keys: Iterable[str],
    *,
    raw_dir: Path,
    mapper: Mapper = serial,
    on_partition: Callable[[PartitionResult], None] | None = None,
) -> list[PartitionResult]:
    """Bring one stage up to date for `keys`; partitions that are fresh are skipped.

    No document can fail the run: one that the stage cannot process becomes a refusal, in the result and in the ledger.
    """
    results, tasks = [], {}

    def report(result: PartitionResult) -> None:
        results.append(result)
        if on_partition:
            on_partition(result)

    def pending() -> Iterator[_Task]:
        for key in keys:
            task = _prepare(lake, stage, key, raw_dir)
            if isinstance(task, PartitionResult):
                report(task)
            else:
                tasks[key] = (task.fingerprint, task.failures, _characters(stage, task.payload))
                yield task

    for outcome in mapper(_process, pending(), _lost):
        fingerprint, failures, characters = tasks.pop(outcome.task_key)
        at = now()
        failed = [StageFailure(stage, outcome.task_key, *refused, at) for refused in outcome.refused]
        written = lake.put(stage, outcome.task_key, outcome.rows, fingerprint, [*failures, *failed])
        report(
            PartitionResult(
                outcome.task_key,
                stage,
                documents=written.documents,
                characters=characters,
                rows=_counts(stage, outcome.rows),
                refusals=tuple((f.source_file, f.reason_code, f.reason) for f in [*failures, *failed]),
                flags=tuple(outcome.flags),
                seconds=outcome.seconds,
                data_version=written.content_hash,
            )
        )
    return results


def _prepare(lake: Lake, stage: str, key: str, raw_dir: Path) -> _Task | PartitionResult:
    if stage == "raw":
        return _prepare_raw(lake, key, raw_dir)
    made = [lake.ledger.stage_file(source, key) for source in inputs_of(stage)]
    if not all(made):
        return _nothing(stage, key, "input_missing", f"{' and '.join(inputs_of(stage))} must be made first")
    expected = stage_fingerprint(stage, [m for m in made if m])
    if is_fresh(lake.ledger, stage, key, expected) and lake.path(stage, key).exists():
        return _skipped(lake, stage, key)
    try:
        inputs = [lake.get(source, key) for source in inputs_of(stage)]
    except CorruptLakeFile as error:
        return _nothing(stage, key, "corrupt_lake_file", str(error))
    return _Task(stage, key, expected, _joined(inputs))


def _prepare_raw(lake: Lake, key: str, raw_dir: Path) -> _Task | PartitionResult:
    seen = lake.ledger.accepted(key)
    expected = raw_fingerprint(seen)
    if is_fresh(lake.ledger, "raw", key, expected) and lake.path("raw", key).exists():
        return _skipped(lake, "raw", key)
    files, failures = [], []
    for row in seen:
        found = read_source_file(raw_dir, row)
        if isinstance(found, SourceFile):
            files.append(found)
        else:
            failures.append(StageFailure("raw", key, row.source_file, row.sha256, *found, now()))
    # A file that changed since the scan keeps the old fingerprint from matching, so that the next scan brings it back.
    fingerprint = expected if not failures else f"incomplete-{expected}"
    return _Task("raw", key, fingerprint, files, tuple(failures))


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
    started = time.perf_counter()
    rows, refused, flags = _STAGE_FUNCTIONS[task.stage](task.payload)
    return _Outcome(task.key, rows, refused, flags, time.perf_counter() - started)


def _lost(task: _Task) -> _Outcome:
    """What stands for a task that no worker process survives: its documents are refused."""
    reason = f"the process died while it was in {task.stage}: is there enough memory? Please report this file"
    named = [_named(item) for item in task.payload]
    return _Outcome(
        task.key, [], [(*name, "worker_died", reason) for name in named], [f"{n}: worker_died" for n, _ in named], 0.0
    )


def _named(item: Any) -> tuple[str, str]:
    """Source file and hash of what a stage is given."""
    if isinstance(item, SourceFile):
        return item.source_file, sha256(item.data)
    row = item[0] if isinstance(item, tuple) else item
    return row["source_file"], row["sha256"]


Processed = tuple[list[Row], list[tuple[str, str, str, str]], list[str]]


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
