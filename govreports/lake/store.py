"""Where the lake's files lie, and how one is put there so that no reader ever sees half of it.

Belongs here: paths, atomic write, read, removal. Does not belong here: what is stale and what runs (see
`govreports.incremental`).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Protocol

import polars as pl

from govreports.lake.frames import Row, stage_frame, stage_schema
from govreports.lake.ledger import Ledger, StageFailure, StageFile
from govreports.versions import STAGES

_SUFFIX = ".parquet"
_TEMPORARY = ".tmp"


class CorruptLakeFile(RuntimeError):
    """A stage file that counts cannot be read. It has been forgotten; the next run makes it anew."""


class Digest(Protocol):
    """A hash under way, as hashlib makes them."""

    def update(self, data: memoryview, /) -> None:
        """Take in some bytes."""


def now() -> str:
    """The time of day in UTC, ISO 8601, seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_atomically(frame: pl.DataFrame, path: Path, digest: Digest | None = None) -> int:
    """Write Parquet beside `path`, flush it to the disk and rename it there. Returns its size; `digest` is given its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}{_TEMPORARY}")
    made = BytesIO()
    frame.write_parquet(made, compression="zstd")
    data = made.getbuffer()
    if digest is not None:
        digest.update(data)
    try:
        with beside.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    return len(data)


@dataclass(frozen=True)
class Written:
    """A stage file on the disk. Equal rows give equal bytes, so that `content_hash` is that of the file."""

    documents: int
    size: int
    content_hash: str


def stage_path(root: Path, stage: str, key: str) -> Path:
    """The file of one stage and partition in the lake under `root`."""
    return root / stage / key.rsplit("-", 1)[1] / f"{key}{_SUFFIX}"


def write_rows(root: Path, stage: str, key: str, rows: list[Row]) -> Written:
    """Write a stage file, which counts only once the ledger says so. Any process may do it."""
    digest = hashlib.sha256()
    size = write_atomically(stage_frame(stage, rows), stage_path(root, stage, key), digest)
    return Written(len(rows), size, digest.hexdigest()[:16])


def read_rows(root: Path, stage: str, key: str) -> list[Row]:
    """The rows of a stage file. Raises `CorruptLakeFile` where it is missing or cannot be read."""
    path = stage_path(root, stage, key)
    try:
        frame = pl.read_parquet(path.read_bytes(), hive_partitioning=False)
        return frame.select(list(stage_schema(stage))).to_dicts()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CorruptLakeFile(
            f"{path} cannot be read ({type(error).__name__}); run the build again to make it anew"
        ) from error


class Lake:
    """The lake under `root`: `<stage>/<year>/<partition_key>.parquet` and `ledger.sqlite`."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.ledger = Ledger(self.root / "ledger.sqlite")

    def path(self, stage: str, key: str) -> Path:
        """The file of one stage and partition."""
        return stage_path(self.root, stage, key)

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
        return self.count(stage, key, write_rows(self.root, stage, key, rows), fingerprint, failures, made_from)

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
        """The rows of a stage output. Raises `CorruptLakeFile` where the file is missing or cannot be read."""
        try:
            return read_rows(self.root, stage, key)
        except CorruptLakeFile:
            self.ledger.forget_stage(stage, key)
            raise

    def remove(self, stage: str, key: str) -> None:
        """Forget a stage output and delete its file."""
        self.ledger.forget_stage(stage, key)
        self.path(stage, key).unlink(missing_ok=True)

    def sizes(self) -> dict[tuple[str, str], int]:
        """Bytes of every stage file on disk, by stage and partition key."""
        return {
            (stage, entry.name.removesuffix(_SUFFIX)): entry.stat().st_size
            for stage in STAGES
            for entry in self._entries(stage)
        }

    def sweep(self, present: Container[str]) -> list[Path]:
        """Delete what killed writers left, and files that no ledger row stands for. Returns what was deleted.

        A file of one of the partitions in `present` may be another process's that the ledger is about to be told of; if it is
        not, the next run writes it anew.
        """
        known = {self.path(stage, key) for stage, key in self.ledger.stage_files()}
        files = (Path(entry.path) for stage in STAGES for entry in self._entries(stage, all_files=True))
        orphans = [path for path in files if path not in known and _abandoned(path, present)]
        for path in orphans:
            path.unlink(missing_ok=True)
        return orphans

    def _entries(self, stage: str, *, all_files: bool = False) -> Iterator[os.DirEntry[str]]:
        folder = self.root / stage
        if not folder.is_dir():
            return
        for year in os.scandir(folder):
            if year.is_dir():
                yield from (
                    e for e in os.scandir(year.path) if all_files or (e.name.endswith(_SUFFIX) and e.name[0] != ".")
                )


def _abandoned(path: Path, present: Container[str]) -> bool:
    if path.name.endswith(_TEMPORARY):
        writer = path.name.removesuffix(_TEMPORARY).rpartition(".")[2]
        return not Path(f"/proc/{writer}").exists()
    return path.name.removesuffix(_SUFFIX) not in present
