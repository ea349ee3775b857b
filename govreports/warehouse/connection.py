"""Opening DuckDB the way this project does.

Belongs here: limits, the storage version, what a write that failed means to people. Does not belong here: statements.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb
from polars.exceptions import ComputeError

T = TypeVar("T")
R = TypeVar("R")

# Readable by DuckDB 1.2 and later; 2.0's own format opens in no 1.x driver.
STORAGE_VERSION = "v1.2.0"
# Half of DuckDB's own: where a row is added its group is written anew, and building takes as long as with large ones.
_ROW_GROUP = 61_440
# Name under which the file being built is attached.
TARGET = "target"
_WRITING = (
    # Every checkpoint writes half-filled row groups anew: one at the end is enough.
    "wal_autocheckpoint = '1TB'",
    # Texts of sections are shorter than what DuckDB compresses with zstd by default, and take ten times the room without it.
    "zstd_min_string_length = 200",
    # FSST takes a fifth of the time of an insert and saves a tenth of the file.
    "disabled_compression_methods = 'fsst'",
    # Rows of a table go in by all threads at once, and are not written twice. What has an ORDER BY keeps it.
    "preserve_insertion_order = false",
)


@dataclass(frozen=True)
class Limits:
    """Resources of a build. `memory` as DuckDB writes it; threads default to the processors that the process may use."""

    memory: str = "3GB"
    threads: int | None = None

    @property
    def thread_count(self) -> int:
        """Threads that DuckDB may use."""
        return self.threads or len(os.sched_getaffinity(0))


class WarehouseError(RuntimeError):
    """The warehouse cannot be built, read or replaced; the message says what to do."""


@contextmanager
def writing(folder: Path, what: str) -> Iterator[None]:
    """Raise `WarehouseError` saying what to do where `folder` cannot be written, or its disk is full, while making `what`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except (OSError, ComputeError, duckdb.OperationalError, duckdb.FatalException) as error:
        text = str(error)
        if "No space left" in text or "ENOSPC" in text:
            raise WarehouseError(
                f"the disk of {folder} is full: free some space and build again ({_first_line(error)})"
            ) from error
        if isinstance(error, PermissionError) or "Permission denied" in text:
            raise WarehouseError(
                f"{folder} cannot be written: give it write permission or choose another folder"
            ) from error
        raise WarehouseError(f"{what} could not be built: {_first_line(error)}") from error


@contextmanager
def target_file(path: Path, limits: Limits | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the new or existing file at `path` attached as `target`; temporary files lie beside it."""
    limits = limits or Limits()
    with duckdb.connect(config=_settings(limits, path.parent / ".tmp")) as con:
        _show_no_progress(con)
        for setting in _WRITING:
            con.execute(f"SET {setting}")
        # Without a write-ahead log: a build that is killed is begun again, and its rows need not be written twice.
        con.execute(
            f"ATTACH '{_escaped(path)}' AS {TARGET} (STORAGE_VERSION '{STORAGE_VERSION}', "
            f"RECOVERY_MODE no_wal_writes, ROW_GROUP_SIZE {_ROW_GROUP})"
        )
        yield con
        con.execute(f"CHECKPOINT {TARGET}")
        con.execute(f"USE memory; DETACH {TARGET}")


@contextmanager
def published_file(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a published file. Raises `WarehouseError` where there is none or it cannot be read."""
    if not path.exists():
        raise WarehouseError(f"{path} does not exist: run `govreports build` first")
    try:
        con = duckdb.connect(path, read_only=True)
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be read as a DuckDB file ({_first_line(error)})") from error
    with con:
        _show_no_progress(con)
        yield con


def attach_read_only(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach another published file under `name`. Raises `WarehouseError` where it cannot be read."""
    if not path.exists():
        raise WarehouseError(f"{path} does not exist")
    try:
        con.execute(f"ATTACH '{_escaped(path)}' AS {name} (READ_ONLY)")
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be read as a DuckDB file ({_first_line(error)})") from error


def side_by_side(
    con: duckdb.DuckDBPyConnection, function: Callable[[duckdb.DuckDBPyConnection, T], R], items: Iterable[T]
) -> list[R]:
    """`function(cursor, item)` for each item, in order, two at a time: a query on few row groups leaves processors idle.

    The cursors have the same default catalog; they see neither temporary tables nor an open transaction.
    """
    catalog = scalar(con, "SELECT current_database()")

    def called(item: T) -> R:
        with con.cursor() as cursor:
            cursor.execute(f'USE "{catalog}"')
            return function(cursor, item)

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(called, items))


@contextmanager
def one_transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Many small statements as one transaction: each on its own would wait for the disk."""
    con.begin()
    yield
    con.commit()


def records(
    con: duckdb.DuckDBPyConnection, query: str, parameters: list[object] | None = None
) -> list[dict[str, object]]:
    """Rows of a query as dicts."""
    done = con.execute(query, parameters or [])
    names = [column[0] for column in done.description or []]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def scalar(con: duckdb.DuckDBPyConnection, query: str) -> object:
    """The first value of a query's first row, or None."""
    row = con.execute(query).fetchone()
    return row[0] if row else None


def _settings(limits: Limits, temp: Path) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": limits.memory,
        "threads": limits.thread_count,
        "temp_directory": str(temp),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def _show_no_progress(con: duckdb.DuckDBPyConnection) -> None:
    """A bar that a slow query draws would end up among what a build says."""
    con.execute("SET enable_progress_bar = false")


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
