"""Forgetting old runs, so that Dagster's folder does not grow for ever.

Belongs here: which runs nobody needs any more, and deleting them with their events. Does not belong here: ticks of sensors and
schedules, which Dagster forgets itself (see dagster.yaml). A run that the latest materialization of any asset or partition comes
from is kept however old it is: the pages of the assets are made of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log import SqlEventLogStorage
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable as Events
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

_FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
# Runs forgotten at once: a night's work, not an hour's.
_AT_ONCE = 1000


def forget_old_runs(instance: dg.DagsterInstance, now: datetime, days: int) -> int:
    """Delete finished runs older than some days that nothing latest comes from. Returns how many."""
    filters = dg.RunsFilter(statuses=_FINISHED, created_before=now - timedelta(days=days))
    needed = _runs_of_latest(instance)
    old = [record.dagster_run.run_id for record in instance.get_run_records(filters, ascending=True)]
    gone = [run_id for run_id in old if run_id not in needed][:_AT_ONCE]
    for run_id in gone:
        instance.delete_run(run_id)
        _delete_shard(instance, run_id)
    return len(gone)


def _runs_of_latest(instance: dg.DagsterInstance) -> set[str]:
    """Runs that the latest materialization of an asset or of one of its partitions comes from."""
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        raise TypeError(f"runs in a {type(storage).__name__} cannot be told apart; forget them by its own means")
    latest = (
        sa.select(sa.func.max(Events.c.id))
        .where(Events.c.dagster_event_type == dg.DagsterEventType.ASSET_MATERIALIZATION.value)
        .group_by(Events.c.asset_key, Events.c.partition)
    )
    with storage.index_connection() as connection:
        found = connection.execute(sa.select(Events.c.run_id).distinct().where(Events.c.id.in_(latest)))
        return {run_id for (run_id,) in found}


def _delete_shard(instance: dg.DagsterInstance, run_id: str) -> None:
    """SQLite keeps the events of each run in a file of its own, which stays behind empty."""
    storage = instance.event_log_storage
    if isinstance(storage, SqliteEventLogStorage):
        path = Path(storage.path_for_shard(run_id))
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
