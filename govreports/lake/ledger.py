"""The ledger: which files were seen under raw/, and which stage outputs count.

Belongs here: the SQLite file beside the lake, its schema and its queries. Does not belong here: reading raw files or Parquet.
A stage output counts only when its row stands here, and the row is written only after the file is on disk; so a kill at any
moment leaves at worst a file without a row, which the next run replaces.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

SCHEMA_VERSION = 3

# The rows are tuples: a nation has 320,000 of them, and dataclasses take three times as long to make.


class SeenFile(NamedTuple):
    """A file under raw/ as the last scan found it. `status`: accepted, refused, duplicate."""

    source_file: str
    size: int
    mtime_ns: int  # of an object in a bucket its stamp (see `govreports.store.stores.Entry`)
    checked_ns: int  # when its bytes were last hashed, nanoseconds since the epoch
    sha256: str
    sidecar_sha256: str
    status: str
    partition_key: str
    reason_code: str
    reason: str
    intake_version: str
    seen_at: str  # first sighting of these bytes, ISO 8601 UTC
    attempts: int = 1  # how often it was looked at before it came to this (see `govreports.attempts`)


class StageFile(NamedTuple):
    """A stage output that counts: `fingerprint` of what it was made from, `content_hash` of what it holds.

    `made_from` names the parts of the fingerprint, so that a later run can say which of them changed.
    """

    stage: str
    partition_key: str
    fingerprint: str
    content_hash: str
    documents: int
    size: int
    written_at: str
    made_from: str = ""


class StageFailure(NamedTuple):
    """A document that a stage could not process."""

    stage: str
    partition_key: str
    source_file: str
    sha256: str
    reason_code: str
    reason: str
    seen_at: str
    attempts: int = 1  # in how many builds it was tried (see `govreports.attempts`)


class NewerLedger(RuntimeError):
    """The ledger was written by a newer version of this package."""


_TABLES: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "seen_file": (SeenFile, ("source_file",)),
    "stage_file": (StageFile, ("stage", "partition_key")),
    "stage_failure": (StageFailure, ("stage", "partition_key", "source_file")),
}

# Columns that older ledgers lack, with the schema that has them.
_ADDED_COLUMNS = (
    (2, "stage_file ADD COLUMN made_from TEXT NOT NULL DEFAULT ''"),
    (3, "seen_file ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1"),
    (3, "stage_failure ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1"),
)


class Ledger:
    """The ledger at `path`, created where it is missing.

    Safe for several processes: every change is one transaction in write-ahead mode.
    Raises `NewerLedger` for a file of a newer schema.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._prepare()

    def close(self) -> None:
        """Close the file; a ledger that was closed is of no more use."""
        self._connection.close()

    def copy(self, path: Path) -> None:
        """Write all that is in it now to a new file."""
        path.unlink(missing_ok=True)
        self._connection.execute("VACUUM INTO ?", (str(path),))

    # -- files under raw/ --------------------

    def seen_files(self) -> dict[str, SeenFile]:
        """All files of the last scan by path."""
        return {row.source_file: row for row in self._select("seen_file")}

    def record_scan(self, changed: Iterable[SeenFile], vanished: Iterable[str]) -> None:
        """Replace the rows of changed files and forget vanished ones, all or nothing."""
        with self._transaction():
            self._connection.executemany("DELETE FROM seen_file WHERE source_file = ?", [(name,) for name in vanished])
            self._put("seen_file", changed)

    def accepted(self, key: str) -> list[SeenFile]:
        """The accepted files of one partition, by path."""
        return self._select("seen_file", "WHERE status = 'accepted' AND partition_key = ? ORDER BY source_file", key)

    def accepted_by_partition(self) -> dict[str, list[SeenFile]]:
        """The accepted files of every partition, keys and files sorted."""
        out: dict[str, list[SeenFile]] = {}
        for row in self._select("seen_file", "WHERE status = 'accepted' ORDER BY partition_key, source_file"):
            out.setdefault(row.partition_key, []).append(row)
        return out

    def refused(self) -> list[SeenFile]:
        """Files that are no document: refused ones and byte-identical duplicates."""
        return self._select("seen_file", "WHERE status <> 'accepted' ORDER BY source_file")

    # -- stage outputs --------------------

    def stage_file(self, stage: str, key: str) -> StageFile | None:
        """The output of one stage for one partition, if it counts."""
        found = self._select("stage_file", "WHERE stage = ? AND partition_key = ?", stage, key)
        return found[0] if found else None

    def stage_files(self) -> dict[tuple[str, str], StageFile]:
        """All outputs that count, by stage and partition."""
        return {(row.stage, row.partition_key): row for row in self._select("stage_file")}

    def content_hashes(self) -> Iterator[tuple[str, str, str]]:
        """Stage, partition and content hash of all outputs that count, sorted."""
        return self._connection.execute(
            "SELECT stage, partition_key, content_hash FROM stage_file ORDER BY stage, partition_key"
        )

    def record_stage(self, written: StageFile, failures: Iterable[StageFailure]) -> None:
        """Let an output count, and replace what was said of failed documents of this stage and partition."""
        with self._transaction():
            self._connection.execute(
                "DELETE FROM stage_failure WHERE stage = ? AND partition_key = ?",
                (written.stage, written.partition_key),
            )
            self._put("stage_failure", failures)
            self._put("stage_file", [written])

    def forget_stage(self, stage: str, key: str) -> None:
        """Let an output count no more."""
        with self._transaction():
            for table in ("stage_file", "stage_failure"):
                self._connection.execute(f"DELETE FROM {table} WHERE stage = ? AND partition_key = ?", (stage, key))

    def failures(self) -> list[StageFailure]:
        """Documents that a stage could not process."""
        return self._select("stage_failure", "ORDER BY stage, partition_key, source_file")

    # -- notes --------------------

    def note(self, name: str) -> str | None:
        """A remembered value, such as the fingerprint of a compacted year or of the last publication."""
        found = self._connection.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return found[0] if found else None

    def set_note(self, name: str, value: str) -> None:
        """Remember a value."""
        self._connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    # -- inside --------------------

    def _prepare(self) -> None:
        version = self._version()
        if version > SCHEMA_VERSION:
            raise NewerLedger(
                f"{self.path} has ledger schema {version}, this package knows {SCHEMA_VERSION}: "
                "use the newer package, or another warehouse folder"
            )
        if version == SCHEMA_VERSION:
            return
        with self._transaction():
            # Another process may have been first meanwhile.
            version = self._version()
            for since, addition in _ADDED_COLUMNS:
                if 0 < version < since:
                    self._connection.execute(f"ALTER TABLE {addition}")
            for table, (row_type, key) in _TABLES.items():
                columns = ", ".join(
                    f"{name} {'INTEGER' if kind is int else 'TEXT'} NOT NULL"
                    for name, kind in get_type_hints(row_type).items()
                )
                self._connection.execute(
                    f"CREATE TABLE IF NOT EXISTS {table} ({columns}, PRIMARY KEY ({', '.join(key)}))"
                )
            self._connection.execute(
                "CREATE INDEX IF NOT EXISTS seen_by_partition ON seen_file (partition_key, status)"
            )
            self._connection.execute("CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
            self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _select(self, table: str, where: str = "", *values: object) -> list[Any]:
        row_type, _ = _TABLES[table]
        found = self._connection.execute(f"SELECT {', '.join(row_type._fields)} FROM {table} {where}", values)
        return list(map(row_type._make, found))

    def _put(self, table: str, rows: Iterable[Any]) -> None:
        values = list(rows)
        if values:
            marks = ", ".join("?" * len(values[0]))
            self._connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)
