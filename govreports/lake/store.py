"""Where the lake's files lie, and which of them count.

Belongs here: names, write, read, removal. Does not belong here: what is stale and what runs (see `govreports.incremental`), and
how a folder or a bucket keeps a file (see `govreports.store`).

A stage file counts where its bytes are those that the ledger names: who reads one for a row of the ledger compares their hash. So
a file that another ledger's build has replaced, or that a snapshot of the ledger no longer fits, is made anew and never trusted.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import polars as pl

from govreports.lake.frames import Row, stage_frame, stage_schema
from govreports.lake.ledger import Ledger, StageFailure, StageFile
from govreports.store.opening import open_store
from govreports.store.stores import Folder, Store, write_bytes
from govreports.versions import STAGES

# Where the stage files are, such as s3://bucket/lake, if not in the warehouse folder. See docs/scale.md.
LAKE_VARIABLE = "GOVREPORTS_LAKE"
LEDGER = "ledger.sqlite"
_SUFFIX = ".parquet"


class CorruptLakeFile(RuntimeError):
    """A stage file that counts cannot be read. It has been forgotten; the next run makes it anew."""


def now() -> str:
    """The time of day in UTC, ISO 8601, seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_atomically(frame: pl.DataFrame, path: Path) -> None:
    """Write Parquet at `path` so that no reader ever sees half of it."""
    write_bytes(path, parquet(frame))


def parquet(frame: pl.DataFrame) -> memoryview:
    """A frame as Parquet. Equal frames give equal bytes."""
    made = BytesIO()
    frame.write_parquet(made, compression="zstd")
    return made.getbuffer()


@dataclass(frozen=True)
class Written:
    """A stage file that was written. Equal rows give equal bytes, so that `content_hash` is that of the file."""

    documents: int
    size: int
    content_hash: str


def stage_name(stage: str, key: str) -> str:
    """The name in the lake of the file of one stage and partition."""
    return f"{stage}/{key.rsplit('-', 1)[1]}/{key}{_SUFFIX}"


def write_rows(files: Store, stage: str, key: str, rows: list[Row]) -> Written:
    """Write a stage file, which counts only once the ledger says so. Any process may do it."""
    data = parquet(stage_frame(stage, rows))
    files.write(stage_name(stage, key), data)
    return Written(len(rows), len(data), _content_hash(data))


def read_rows(files: Store, stage: str, key: str, content_hash: str) -> list[Row]:
    """The rows of a stage file. Raises `CorruptLakeFile` where it is missing, cannot be read, or has another hash."""
    name = stage_name(stage, key)
    try:
        frame = pl.read_parquet(read_stage(files, stage, key, content_hash), hive_partitioning=False)
        return frame.select(list(stage_schema(stage))).to_dicts()
    except pl.exceptions.PolarsError as error:
        raise _corrupt(files, name, type(error).__name__) from error


def read_stage(files: Store, stage: str, key: str, content_hash: str) -> bytes:
    """The bytes of a stage file. Raises `CorruptLakeFile` where it is missing, cannot be read, or has another hash."""
    name = stage_name(stage, key)
    try:
        data = files.read(name)
    except OSError as error:
        raise _corrupt(files, name, type(error).__name__) from error
    if _content_hash(data) != content_hash:
        raise _corrupt(files, name, "it is not the file that the ledger knows")
    return data


def _content_hash(data: bytes | memoryview) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _corrupt(files: Store, name: str, why: str) -> CorruptLakeFile:
    return CorruptLakeFile(f"{files.address}/{name} cannot be read ({why}); run the build again to make it anew")


class Lake:
    """Stage files `<stage>/<year>/<partition_key>.parquet` in a store; `ledger.sqlite` and the compacted years under `root`.

    `files` is the store, the folder `root` itself where none is given.
    """

    def __init__(self, root: Path, files: Store | None = None) -> None:
        self.root = Path(root)
        self.files: Store = files or Folder(self.root)
        self.ledger = Ledger(self.root / LEDGER)

    def has(self, stage: str, key: str) -> bool:
        """Whether there is a file of one stage and partition."""
        return self.files.exists(stage_name(stage, key))

    def put(
        self,
        stage: str,
        key: str,
        rows: list[Row],
        fingerprint: str,
        failures: Iterable[StageFailure],
        made_from: str = "",
    ) -> StageFile:
        """Write a stage output and let it count. Rows are one per document (see `govreports.lake.frames`)."""
        return self.count(stage, key, write_rows(self.files, stage, key, rows), fingerprint, failures, made_from)

    def count(
        self,
        stage: str,
        key: str,
        written: Written,
        fingerprint: str,
        failures: Iterable[StageFailure],
        made_from: str = "",
    ) -> StageFile:
        """Let an output count that `write_rows` wrote, here or in another process."""
        made = StageFile(
            stage, key, fingerprint, written.content_hash, written.documents, written.size, now(), made_from
        )
        self.ledger.record_stage(made, failures)
        return made

    def get(self, stage: str, key: str) -> list[Row]:
        """The rows of a stage output that counts. Raises `CorruptLakeFile` where its file is missing, damaged or another one."""
        made = self.ledger.stage_file(stage, key)
        if made is None:
            raise _corrupt(self.files, stage_name(stage, key), "it does not count")
        try:
            return read_rows(self.files, stage, key, made.content_hash)
        except CorruptLakeFile:
            self.ledger.forget_stage(stage, key)
            raise

    def remove(self, stage: str, key: str) -> None:
        """Forget a stage output and delete its file."""
        self.ledger.forget_stage(stage, key)
        self.files.delete(stage_name(stage, key))

    def sizes(self) -> dict[tuple[str, str], int]:
        """Bytes of every stage file, by stage and partition key."""
        return {
            (stage, _key_of(entry.name)): entry.size
            for stage in STAGES
            for entry in self.files.entries(stage)
            if entry.name.endswith(_SUFFIX)
        }

    def sweep(self, strays: Iterable[tuple[str, str]]) -> list[str]:
        """Delete what killed writers left, and what a plan found to be nobody's. Returns the names of what was deleted."""
        orphans = [stage_name(*stray) for stray in strays]
        for name in orphans:
            self.files.delete(name)
        return [*orphans, *(name for stage in STAGES for name in self.files.sweep(stage))]


def lake_folder(warehouse: Path) -> Path:
    """The folder of the lake in a warehouse folder."""
    return warehouse / "lake"


def stage_files_of(warehouse: Path) -> Store:
    """Where the stage files of a warehouse folder are: in it, or where the environment says."""
    return open_store(os.environ.get(LAKE_VARIABLE) or lake_folder(warehouse))


def lake_of(warehouse: Path) -> Lake:
    """The lake of a warehouse folder."""
    return Lake(lake_folder(warehouse), stage_files_of(warehouse))


def _key_of(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(_SUFFIX)
