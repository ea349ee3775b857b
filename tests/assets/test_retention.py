"""Old runs are forgotten, except those that the pages of the assets are made of."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from assets.retention import forget_old_runs


@dg.asset
def made() -> None:
    """Something to materialize."""


def materialize(instance: dg.DagsterInstance) -> str:
    """A run that makes it."""
    return dg.materialize([made], instance=instance).run_id


def test_superseded_runs_go_and_the_latest_stays(tmp_path: Path) -> None:
    with dg.instance_for_test(temp_dir=str(tmp_path)) as instance:
        old, latest = materialize(instance), materialize(instance)
        now = datetime.now(UTC)
        assert forget_old_runs(instance, now, days=90) == 0
        assert forget_old_runs(instance, now + timedelta(days=91), days=90) == 1
        assert [run.run_id for run in instance.get_runs()] == [latest]
        assert not list(tmp_path.rglob(f"{old}*.db"))
        event = instance.get_latest_materialization_event(dg.AssetKey("made"))
        assert event is not None and event.run_id == latest
