"""One interface for folders and buckets, and the folder.

Belongs here: what all stores do, and how a folder does it. Does not belong here: buckets (see `objects`).

No reader ever sees half of a file: a folder renames it into place, and a bucket shows an object once its one PUT has succeeded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

_TEMPORARY = ".tmp"
_BUFFER = 1 << 20


class StoreError(RuntimeError):
    """A store cannot be used as it is; the message says why and what to do. What was done before stands."""


class Entry(NamedTuple):
    """A file in a store: its name with forward slashes below the store's address, and its size in bytes.

    `stamp` changes with the content. For a file it is the time of the last change in nanoseconds; for an object a digest of its
    ETag, below 2**60 and so never near the time of day.
    """

    name: str
    size: int
    stamp: int


class Store(Protocol):
    """Files by name. Methods raise `StoreError` where the store itself fails, and OSError where one file does."""

    @property
    def address(self) -> str:
        """The folder's path, or an address such as s3://bucket/prefix."""
        ...

    def check(self) -> None:
        """Raise `StoreError` or OSError where nothing can be listed; a prefix without objects is no trouble."""
        ...

    def entries(self, below: str = "") -> Iterator[Entry]:
        """All files below a folder or prefix, hidden ones and unfinished ones aside."""
        ...

    def read(self, name: str) -> bytes:
        """The bytes of a file as they were at one moment. Raises FileNotFoundError."""
        ...

    def write(self, name: str, data: bytes | memoryview) -> None:
        """Put a file there or replace it, whole or not at all."""
        ...

    def upload(self, name: str, path: Path) -> None:
        """Like `write`, with the bytes of a file that may be large."""
        ...

    def download(self, name: str, path: Path) -> None:
        """Copy a file that may be large to a new local file at `path`, which may be left unfinished."""
        ...

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        ...

    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""
        ...

    def sweep(self, below: str) -> list[str]:
        """Remove what killed writers left below a folder or prefix. Returns the names of what was removed."""
        ...


@dataclass(frozen=True)
class Folder:
    """A folder as a store."""

    root: Path

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        """The folder's path."""
        return str(self.root)

    def path(self, name: str) -> Path:
        """Where a file lies."""
        return self.root / name

    def check(self) -> None:
        """Raise OSError where the folder cannot be listed."""
        with os.scandir(self.root):
            pass

    def entries(self, below: str = "") -> Iterator[Entry]:
        """All files below a folder, hidden ones aside."""
        for prefix, files in self._walk(below):
            for file in files:
                if file.name[0] != ".":
                    state = file.stat()
                    yield Entry(prefix + file.name, state.st_size, state.st_mtime_ns)

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        return self.path(name).read_bytes()

    def write(self, name: str, data: bytes | memoryview) -> None:
        """Put a file there, atomically."""
        write_bytes(self.path(name), data)

    def upload(self, name: str, path: Path) -> None:
        """Put a copy of a file there, atomically."""
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = _beside(target)
        try:
            _copy(path, beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)

    def download(self, name: str, path: Path) -> None:
        """Copy a file to `path`."""
        _copy(self.path(name), path)

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        return self.path(name).exists()

    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""
        self.path(name).unlink(missing_ok=True)

    def sweep(self, below: str) -> list[str]:
        """Remove unfinished files whose writers are gone."""
        left = [prefix + file.name for prefix, files in self._walk(below) for file in files if _abandoned(file.name)]
        for name in left:
            self.path(name).unlink(missing_ok=True)
        return left

    def _walk(self, below: str) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
        """Each folder, as what its files' names begin with, and its files: a nation has 256,000 of them in a hundred folders."""
        pending = [below.strip("/")]
        while pending:
            folder = pending.pop()
            try:
                entries = list(os.scandir(self.root / folder))
            except FileNotFoundError:
                continue
            prefix = f"{folder}/" if folder else ""
            pending += [prefix + entry.name for entry in entries if entry.is_dir()]
            yield prefix, [entry for entry in entries if not entry.is_dir()]


def write_bytes(path: Path, data: bytes | memoryview) -> None:
    """Write beside `path`, flush to the disk and rename: no reader ever sees half of it, whatever is killed when."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(path)
    try:
        with beside.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}{_TEMPORARY}")


def _abandoned(name: str) -> bool:
    """Whether a file was left by a writer that is gone."""
    if name[0] != "." or not name.endswith(_TEMPORARY):
        return False
    writer = name.removesuffix(_TEMPORARY).rpartition(".")[2]
    return not Path(f"/proc/{writer}").exists()


def _copy(source: Path, target: Path) -> None:
    """Copy the bytes of a file and flush them to the disk."""
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(_BUFFER):
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
