"""Dagster's event log in SQLite, told of thousands of partitions.

Belongs here: keeping its connections open, and writing many events at once. Does not belong here: what is told (see
`assets.defs.stage` and `assets.reconciliation`), or other storages, which are left as they are.

As it comes, the storage makes an engine, a connection and every SQL statement anew for each event, twice: 25 ms of processor time
per partition and asset on 500 reports, of which 5 remain. Events that are told together take 0.2 ms each.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import dagster as dg
import sqlalchemy
from dagster._core.events import StepMaterializationData
from dagster._core.instance.utils import RUNLESS_JOB_NAME, RUNLESS_RUN_ID
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy.pool import StaticPool

# The index of all runs, the run under way, and one more.
_OPEN = 3
# Events in one transaction: more would not make them cheaper.
_AT_ONCE = 500


def keep_connections(instance: dg.DagsterInstance) -> None:
    """Let the event log of an instance, if it is the default one, keep its connections open in this process."""
    storage = instance.event_log_storage
    if type(storage) is SqliteEventLogStorage:
        storage.__class__ = _KeptConnections


def tell_together(instance: dg.DagsterInstance, materializations: Sequence[dg.AssetMaterialization]) -> None:
    """Tell of materializations of one asset that belong to no run, as `report_runless_asset_event` tells of each."""
    events = [_runless(materialization) for materialization in materializations]
    for at in range(0, len(events), _AT_ONCE):
        instance.event_log_storage.store_event_batch(events[at : at + _AT_ONCE])


def _runless(materialization: dg.AssetMaterialization) -> dg.EventLogEntry:
    event = dg.DagsterEvent(
        event_type_value=dg.DagsterEventType.ASSET_MATERIALIZATION.value,
        event_specific_data=StepMaterializationData(materialization),
        job_name=RUNLESS_JOB_NAME,
    )
    return dg.EventLogEntry(
        user_message="",
        level=logging.INFO,
        job_name=RUNLESS_JOB_NAME,
        run_id=RUNLESS_RUN_ID,
        error_info=None,
        timestamp=time.time(),
        dagster_event=event,
    )


class _KeptConnections(SqliteEventLogStorage):
    """The same storage with one open connection for each of the last few files."""

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Store events. Materializations of one run are written together, as the storage in PostgreSQL does it."""
        if {(event.run_id, event.dagster_event_type) for event in events} != {
            (events[0].run_id, dg.DagsterEventType.ASSET_MATERIALIZATION)
        }:
            super().store_event_batch(events)
            return
        rows, table = [self._event_to_row(event) for event in events], SqlEventLogStorageTable
        with self.run_connection(events[0].run_id) as connection:
            connection.execute(table.insert(), rows)
        with self.index_transaction() as connection:
            insert = table.insert().returning(table.c.id, sort_by_parameter_order=True)
            ids = list(connection.execute(insert, rows).scalars())
            self._store_asset_event_tags(connection, events, ids)
            # The table of assets has the last event of each.
            last = {event.get_dagster_event().asset_key: (event, at) for event, at in zip(events, ids, strict=True)}
            for event, at in last.values():
                self._store_asset_event(connection, event, at)

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
