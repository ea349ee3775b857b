"""Looking through raw/: what is there, what is new, what has changed, what is gone.

Belongs here: directories, file states, sidecars by name, and the scan's summary. Does not belong here: what a report is (see
`govreports.intake.stage`). The scan is level-triggered: it compares all that is there with the ledger and never relies on times,
so a file copied with an old date or dropped while nobody looked is found by the next scan.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Container, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from govreports.attempts import WORKER_DIED, next_attempt, refusal
from govreports.intake.source import MAX_BYTES, SIDECAR_SUFFIX, SOURCE_SUFFIXES, SourceFile
from govreports.lake.ledger import SeenFile
from govreports.store.opening import open_store
from govreports.store.stores import Entry, Folder, Store
from govreports.text.ids import sha256
from govreports.versions import code_version
from govreports.workers import Mapper, serial

if TYPE_CHECKING:
    from govreports.lake.ledger import Ledger

# A file changed within this time of being hashed may change again without a new time stamp: such a file is hashed again.
_RACY_NS = 2_000_000_000


class NoRawFolder(FileNotFoundError):
    """The folder with the scraped reports is missing or no folder."""


@dataclass
class IntakeSummary:
    """What a scan found: file names by what became of them, and the partitions that now have reports."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    vanished: list[str] = field(default_factory=list)
    refused: list[SeenFile] = field(default_factory=list)
    partitions: list[str] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """Files under raw/, sidecars and hidden files aside."""
        return len(self.new) + len(self.changed) + self.unchanged

    @property
    def duplicates(self) -> list[str]:
        """Files whose bytes another accepted file has."""
        return [row.source_file for row in self.refused if row.status == "duplicate"]


@dataclass(frozen=True)
class _Found:
    """A directory entry that may be a report. `problem`: reason code and reason, where it cannot even be read."""

    source_file: str
    size: int
    mtime_ns: int
    sidecar: str = ""
    sidecar_stat: tuple[int, int] = (0, 0)
    problem: tuple[str, str] | None = None


@dataclass(frozen=True)
class _Verdict:
    status: str
    partition_key: str
    reason_code: str
    reason: str


def scan(
    raw_dir: Path | Store,
    ledger: Ledger,
    *,
    again: bool = False,
    mapper_for: Callable[[int, bool], AbstractContextManager[Mapper]] = lambda tasks, apart: nullcontext(serial),
    on_file: Callable[[int, int], None] | None = None,
) -> IntakeSummary:
    """Bring the ledger's view of raw/ up to date and say what changed.

    Only files whose size or time differ are read, and with `again` those that are due because a worker died on them, by the map
    that suits their number and whether they must be kept apart from this process. `on_file(done, total)` tells the progress.
    Raises `NoRawFolder` where there is no such folder or an address holds nothing, and `StoreError` where a bucket cannot be
    read; nothing is recorded then.
    """
    raw = open_store(raw_dir)
    if isinstance(raw, Folder) and not raw.root.is_dir():
        raise NoRawFolder(
            f"there is no folder {raw}: make it and put scraped reports (.txt, .html) into it, or name another with --raw"
        )
    known, version = ledger.seen_files(), code_version("raw")
    found = {entry.source_file: entry for entry in (_walk(raw.root) if isinstance(raw, Folder) else _listed(raw))}
    if not found and not isinstance(raw, Folder):
        raise NoRawFolder(
            f"{raw} holds nothing: put scraped reports (.txt, .html) there, or name another place with --raw"
        )
    summary = IntakeSummary(vanished=sorted(known.keys() - found.keys()))
    to_check, attempts = [], {}
    for name in sorted(found):
        if not _looks_the_same(known.get(name), found[name], version):
            to_check.append(found[name])
        elif again and (attempt := next_attempt(known[name])):
            to_check.append(found[name])
            attempts[name] = attempt
        else:
            summary.unchanged += 1
    fresh: dict[str, SeenFile] = {}
    check = _Check(raw, version)
    apart = any(known[entry.source_file].reason_code == WORKER_DIED for entry in to_check if entry.source_file in known)

    def lost(entry: _Found) -> SeenFile:
        return check.lost(entry, attempts.get(entry.source_file, 1))

    with mapper_for(len(to_check), apart) as mapper:
        for done, row in enumerate(mapper(check, to_check, lost), 1):
            _sort_in(row, known.get(row.source_file), summary, fresh)
            if on_file:
                on_file(done, len(to_check))
    rows = _settle_duplicates({**{n: r for n, r in known.items() if n in found}, **fresh})
    ledger.record_scan((row for name, row in rows.items() if row != known.get(name)), summary.vanished)
    summary.refused = sorted((r for r in rows.values() if r.status != "accepted"), key=lambda r: r.source_file)
    summary.partitions = sorted({row.partition_key for row in rows.values() if row.status == "accepted"})
    return summary


def read_source_file(raw_dir: Path | Store, seen: SeenFile) -> SourceFile | tuple[str, str]:
    """The file that the last scan saw, or a reason code and reason where it is not the same any more.

    Raises `StoreError` where a bucket cannot be read.
    """
    try:
        data, sidecar = _read(open_store(raw_dir), seen.source_file, bool(seen.sidecar_sha256))
    except OSError as error:
        return (
            "unreadable",
            f"{seen.source_file} cannot be read: {error.strerror or error}; check that it is there and its permissions",
        )
    if sha256(data) != seen.sha256 or _sidecar_hash(sidecar) != seen.sidecar_sha256:
        return "changed_while_read", f"{seen.source_file} changed after it was scanned; the next run reads it again"
    return SourceFile(seen.source_file, data, sidecar)


def _looks_the_same(before: SeenFile | None, entry: _Found, version: str) -> bool:
    return (
        before is not None
        and before.intake_version == version
        and before.size == entry.size + entry.sidecar_stat[0]
        and before.mtime_ns == max(entry.mtime_ns, entry.sidecar_stat[1])
        and bool(before.sidecar_sha256) == bool(entry.sidecar)
        and before.mtime_ns < before.checked_ns - _RACY_NS
    )


def _sort_in(row: SeenFile, before: SeenFile | None, summary: IntakeSummary, fresh: dict[str, SeenFile]) -> None:
    """Count a checked file, and keep the time of the first sighting of bytes that did not change."""
    if before is None:
        summary.new.append(row.source_file)
    elif (before.sha256, before.sidecar_sha256) != (row.sha256, row.sidecar_sha256):
        summary.changed.append(row.source_file)
    else:
        summary.unchanged += 1
        row = row._replace(seen_at=before.seen_at)
    fresh[row.source_file] = row


def _settle_duplicates(rows: dict[str, SeenFile]) -> dict[str, SeenFile]:
    """Among accepted files of the same bytes the first by name is the document, the others point to it."""
    out = dict(rows)
    same: dict[str, list[SeenFile]] = {}
    for row in rows.values():
        if row.status != "refused":
            same.setdefault(row.sha256, []).append(row)
    for group in same.values():
        if len(group) == 1 and group[0].status == "accepted":
            continue
        first, *others = sorted(group, key=lambda r: r.source_file)
        out[first.source_file] = first._replace(status="accepted", reason_code="", reason="")
        for other in others:
            reason = f"the same bytes as {first.source_file}; one of the two files can be deleted"
            out[other.source_file] = other._replace(status="duplicate", reason_code="duplicate_file", reason=reason)
    return out


# -- looking at one file --------------------


@dataclass(frozen=True)
class _Check:
    """Reads and identifies one file: a task for a worker."""

    raw: Store
    version: str

    def __call__(self, entry: _Found) -> SeenFile:
        checked = time.time_ns()
        return self._seen(entry, checked, *self._judge(entry))

    def lost(self, entry: _Found, attempt: int) -> SeenFile:
        """What stands for a file that no worker process survives."""
        verdict = _refused(WORKER_DIED, refusal(attempt, f"it read {entry.source_file}"))
        return self._seen(entry, time.time_ns(), None, None, verdict)._replace(attempts=attempt)

    def _seen(
        self, entry: _Found, checked: int, data: bytes | None, sidecar: bytes | None, verdict: _Verdict
    ) -> SeenFile:
        return SeenFile(
            source_file=entry.source_file,
            size=entry.size + entry.sidecar_stat[0],
            mtime_ns=max(entry.mtime_ns, entry.sidecar_stat[1]),
            checked_ns=checked,
            sha256=sha256(data) if data is not None else "",
            sidecar_sha256=_sidecar_hash(sidecar),
            status=verdict.status,
            partition_key=verdict.partition_key,
            reason_code=verdict.reason_code,
            reason=verdict.reason,
            intake_version=self.version,
            seen_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _judge(self, entry: _Found) -> tuple[bytes | None, bytes | None, _Verdict]:
        if entry.problem:
            return None, None, _refused(*entry.problem)
        try:
            data, sidecar = _read(self.raw, entry.source_file, bool(entry.sidecar))
        except OSError as error:
            reason = f"{entry.source_file} cannot be read: {error.strerror or error}; check its permissions"
            return None, None, _refused("unreadable", reason)
        return data, sidecar, _identified(SourceFile(entry.source_file, data, sidecar))


def _identified(file: SourceFile) -> _Verdict:
    from govreports.intake.stage import Refusal, identify

    try:
        found = identify(file)
    except Exception as error:
        return _refused(
            "identification_failed", f"{file.source_file}: {type(error).__name__}: {error}; please report this file"
        )
    if isinstance(found, Refusal):
        return _refused(found.reason_code, found.reason)
    return _Verdict("accepted", found.partition_key, "", "")


def _refused(code: str, reason: str) -> _Verdict:
    return _Verdict("refused", "", code, reason)


class _Unsteady(OSError):
    """A file that changed while it was read."""


def _read(raw: Store, name: str, has_sidecar: bool) -> tuple[bytes, bytes | None]:
    """The bytes of a file and of its sidecar. A folder is looked through anew for it; with a bucket each look is a request."""
    if isinstance(raw, Folder):
        return _read_steadily(raw.path(name)), _sidecar_bytes(raw.path(name))
    sidecar = _first_sidecar(raw, name) if has_sidecar else None
    return raw.read(name)[: MAX_BYTES + 1], sidecar


def _first_sidecar(raw: Store, name: str) -> bytes | None:
    for candidate in _sidecar_names(name):
        with suppress(FileNotFoundError):
            return raw.read(candidate)
    return None


def _read_steadily(path: Path) -> bytes:
    """The bytes of a file that did not change while they were read; a changing file gets a second chance."""
    for _ in range(2):
        with path.open("rb") as handle:
            before = os.fstat(handle.fileno())
            data = handle.read(MAX_BYTES + 1)
        after = path.stat()
        if len(data) == after.st_size and (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino):
            return data
    raise _Unsteady(0, "it changes while it is read")


def _sidecar_names(name: str) -> tuple[str, str]:
    """What the sidecar of a report may be called: report.txt.meta.yml or report.meta.yml."""
    stem = name
    for suffix in SOURCE_SUFFIXES:
        stem = stem.removesuffix(suffix)
    return name + SIDECAR_SUFFIX, stem + SIDECAR_SUFFIX


def _sidecar_path(path: Path) -> Path | None:
    """The sidecar of a report, if there is one."""
    return next((path.with_name(n) for n in _sidecar_names(path.name) if path.with_name(n).is_file()), None)


def _sidecar_bytes(path: Path) -> bytes | None:
    sidecar = _sidecar_path(path)
    return sidecar.read_bytes() if sidecar else None


def _sidecar_hash(sidecar: bytes | None) -> str:
    return sha256(sidecar) if sidecar is not None else ""


# -- walking --------------------


def _walk(raw_dir: Path) -> Iterator[_Found]:
    """Every file below raw_dir that is not hidden and no sidecar. Directory links are followed, each directory once."""
    visited: set[tuple[int, int]] = set()
    pending = [(str(raw_dir), "")]
    while pending:
        folder, prefix = pending.pop()
        try:
            identity = Path(folder).stat()
            if (identity.st_dev, identity.st_ino) in visited:
                continue
            visited.add((identity.st_dev, identity.st_ino))
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            reason = f"the folder {prefix or folder} cannot be read: {error.strerror}; check its permissions"
            yield _Found(_printable(prefix.rstrip("/") or folder), 0, 0, problem=("unreadable", reason))
            continue
        names = {entry.name for entry in entries}
        any_sidecar = any(name.endswith(SIDECAR_SUFFIX) for name in names)
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                pending.append((entry.path, f"{prefix}{entry.name}/"))
            elif not entry.name.endswith(SIDECAR_SUFFIX):
                yield _look(entry, prefix, any_sidecar)
            elif not _has_report(entry.name, names):
                yield _orphan_sidecar(entry, prefix)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is or links to a folder; a link that leads nowhere or to itself is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _look(entry: os.DirEntry[str], prefix: str, any_sidecar: bool) -> _Found:
    """What a directory entry is; without any sidecar in its folder none is looked for."""
    name = prefix + entry.name
    shown = _printable(name)
    try:
        state = entry.stat()
    except OSError as error:
        return _Found(
            shown, 0, 0, problem=("unreadable", f"{shown} cannot be read: {error.strerror}; is it a broken link?")
        )
    problem = _problem_of_file(name, shown, state)
    if problem:
        return _Found(shown, state.st_size, state.st_mtime_ns, problem=problem)
    sidecar = _sidecar_path(Path(entry.path)) if any_sidecar else None
    try:
        beside = sidecar.stat() if sidecar else None
    except OSError as error:
        reason = f"the sidecar of {shown} cannot be read: {error.strerror}; mend or remove it"
        return _Found(shown, state.st_size, state.st_mtime_ns, problem=("unreadable", reason))
    return _Found(
        shown,
        state.st_size,
        state.st_mtime_ns,
        sidecar=sidecar.name if sidecar else "",
        sidecar_stat=(beside.st_size, beside.st_mtime_ns) if beside else (0, 0),
    )


def _problem_of_file(name: str, shown: str, state: os.stat_result) -> tuple[str, str] | None:
    if shown != name:
        return "name_not_utf8", f"the file name {shown} is no UTF-8; rename the file"
    if not stat.S_ISREG(state.st_mode):
        return "not_a_file", f"{shown} is no regular file; replace it by one or remove it"
    return _problem(shown, state.st_size)


def _problem(shown: str, size: int) -> tuple[str, str] | None:
    if not shown.endswith(SOURCE_SUFFIXES):
        return (
            "unsupported_type",
            f"{shown} is none of {', '.join(SOURCE_SUFFIXES)}; convert it to text or HTML, or move it out of raw/",
        )
    if size > MAX_BYTES:
        return (
            "too_large",
            f"{shown} has {size:,} bytes, more than {MAX_BYTES:,}; a report has some 50,000: split or remove it",
        )
    return None


def _has_report(sidecar: str, names: Container[str]) -> bool:
    stem = sidecar.removesuffix(SIDECAR_SUFFIX)
    return stem in names or any(stem + suffix in names for suffix in SOURCE_SUFFIXES)


def _orphan_sidecar(entry: os.DirEntry[str], prefix: str) -> _Found:
    state, shown = entry.stat(follow_symlinks=False), _printable(prefix + entry.name)
    return _Found(shown, state.st_size, state.st_mtime_ns, problem=_describes_nothing(shown))


def _describes_nothing(sidecar: str) -> tuple[str, str]:
    return "orphan_sidecar", f"{sidecar} describes no file beside it; a sidecar is named after its report"


def _listed(raw: Store) -> Iterator[_Found]:
    """The same of a bucket, which has no folders, links or permissions of files; its one listing tells all."""
    there = {entry.name: entry for entry in raw.entries()}
    for entry in there.values():
        if not entry.name.endswith(SIDECAR_SUFFIX):
            beside = next((there[name] for name in _sidecar_names(entry.name) if name in there), None)
            yield _object(entry, beside)
        elif not _has_report(entry.name, there):
            yield _Found(entry.name, entry.size, entry.stamp, problem=_describes_nothing(entry.name))


def _object(entry: Entry, sidecar: Entry | None) -> _Found:
    if problem := _problem(entry.name, entry.size):
        return _Found(entry.name, entry.size, entry.stamp, problem=problem)
    if sidecar is None:
        return _Found(entry.name, entry.size, entry.stamp)
    # Of two times the later one tells of a change; of two stamps neither is the later one, so one is made of both.
    return _Found(entry.name, entry.size, entry.stamp ^ sidecar.stamp, sidecar.name, (sidecar.size, 0))


def _printable(name: str) -> str:
    """A file name as text that can be stored: bytes that are no UTF-8 are written as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
