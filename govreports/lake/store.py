"""Where the lake's files lie, and how one is put there so that no reader ever sees half of it.

Belongs here: paths, atomic write, read, removal. Does not belong here: what is stale and what runs (see
`govreports.incremental`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from govreports.lake.frames import Row, rows_hash, stage_frame, stage_schema
from govreports.lake.ledger import Ledger, StageFailure, StageFile
from govreports.versions import STAGES

_SUFFIX = ".parquet"


class CorruptLakeFile(RuntimeError):
    """A stage file that counts cannot be read. It has been forgotten; the next run makes it anew."""


def now() -> str:
    """The time of day in UTC, ISO 8601, seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_atomically(frame: pl.DataFrame, path: Path) -> int:
    """Write Parquet beside `path`, flush it to the disk and rename it there. Returns its size in bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as handle:
            frame.write_parquet(handle, compression="zstd")
            handle.flush()
            os.fsync(handle.fileno())
        size = beside.stat().st_size
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    return size


class Lake:
    """The lake under `root`: `<stage>/<year>/<partition_key>.parquet` and `ledger.sqlite`."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.ledger = Ledger(self.root / "ledger.sqlite")

    def path(self, stage: str, key: str) -> Path:
        """The file of one stage and partition."""
        return self.root / stage / key.rsplit("-", 1)[1] / f"{key}{_SUFFIX}"

    def put(
        self, stage: str, key: str, rows: list[Row], fingerprint: str, failures: Iterable[StageFailure]
    ) -> StageFile:
        """Write a stage output and let it count. Rows are one per document (see `govreports.lake.frames`)."""
        size = write_atomically(stage_frame(stage, rows), self.path(stage, key))
        written = StageFile(stage, key, fingerprint, rows_hash(rows), len(rows), size, now())
        self.ledger.record_stage(written, failures)
        return written

    def get(self, stage: str, key: str) -> list[Row]:
        """The rows of a stage output. Raises `CorruptLakeFile` where the file is missing or cannot be read."""
        path = self.path(stage, key)
        try:
            frame = pl.read_parquet(path.read_bytes(), hive_partitioning=False)
            return frame.select(list(stage_schema(stage))).to_dicts()
        except (OSError, pl.exceptions.PolarsError) as error:
            self.ledger.forget_stage(stage, key)
            raise CorruptLakeFile(
                f"{path} cannot be read ({type(error).__name__}); run the build again to make it anew"
            ) from error

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

    def sweep(self) -> list[Path]:
        """Delete files that no ledger row stands for, such as those of killed writers. Returns what was deleted."""
        known = {self.path(stage, key) for stage, key in self.ledger.stage_files()}
        orphans = [
            path
            for stage in STAGES
            for path in (Path(e.path) for e in self._entries(stage, all_files=True))
            if path not in known
        ]
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
