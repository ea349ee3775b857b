"""Dagster's event log in SQLite, told of thousands of partitions.

Belongs here: keeping its connections open. Does not belong here: what is told (see `assets.defs.stage`), or other storages, which
are left as they are.

As it comes, the storage makes an engine, a connection and every SQL statement anew for each event, twice: 25 ms of processor time
per partition and asset on 500 reports, of which 5 remain.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import sqlalchemy
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy.pool import StaticPool

# The index of all runs, the run under way, and one more.
_OPEN = 3


def keep_connections(instance: dg.DagsterInstance) -> None:
    """Let the event log of an instance, if it is the default one, keep its connections open in this process."""
    storage = instance.event_log_storage
    if type(storage) is SqliteEventLogStorage:
        storage.__class__ = _KeptConnections


class _KeptConnections(SqliteEventLogStorage):
    """The same storage with one open connection for each of the last few files."""

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        if shard not in self._initialized_dbs:
            with super()._connect(shard):
                pass
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether a table exists; one that does stays."""
        known = self.__dict__.setdefault("_known_tables", set())
        if table_name not in known and super().has_table(table_name):
            known.add(table_name)
        return table_name in known

    def dispose(self) -> None:
        """Close the connections."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()

    @property
    def _engines(self) -> OrderedDict[str, sqlalchemy.Engine]:
        return self.__dict__.setdefault("_open_engines", OrderedDict())

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        """The engine of a file. Its one connection is never used by two threads at once: callers hold the lock."""
        if shard not in self._engines:
            if len(self._engines) >= _OPEN:
                self._engines.popitem(last=False)[1].dispose()
            self._engines[shard] = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            # What a power cut takes of the log is told again by the next build; the ledger flushes its own.
            sqlalchemy.event.listen(self._engines[shard], "connect", _flush_less)
        self._engines.move_to_end(shard)
        return self._engines[shard]


def _flush_less(connection: object, record: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]
