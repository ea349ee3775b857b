"""Many events told at once: the log holds what it would hold had they been told one by one."""

from collections.abc import Sequence

import dagster as dg
import pytest
from standins import KEYS

from assets import event_log, runs
from assets.event_log import tell_together
from assets.project import Folders

ASSET = dg.AssetKey("raw_documents")
VERSION = "dagster/data_version"


def materializations(version: str) -> list[dg.AssetMaterialization]:
    """One of each partition."""
    return [
        dg.AssetMaterialization(ASSET, partition=key, metadata={"documents": 1}, tags={VERSION: version + key})
        for key in KEYS
    ]


def logged(instance: dg.DagsterInstance) -> Sequence[dg.EventLogEntry]:
    """What the log holds of the asset, but for the time."""
    found = instance.fetch_materializations(ASSET, limit=100, ascending=True).records
    return [record.event_log_entry._replace(timestamp=0.0) for record in found]


def known(instance: dg.DagsterInstance) -> dict[str, str]:
    """The data version of each partition as the log finds it."""
    kind = dg.DagsterEventType.ASSET_MATERIALIZATION
    found = instance.event_log_storage.get_latest_tags_by_partition(ASSET, kind, [VERSION])
    return {key: tags[VERSION] for key, tags in found.items()}


def test_what_is_told_together_is_what_would_be_told_one_by_one(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log, "_AT_ONCE", 2)
    with runs.open_instance(folders) as instance:
        for materialization in materializations("one"):
            instance.report_runless_asset_event(materialization)
        one_by_one = logged(instance)
        stored: list[dg.EventLogEntry] = []
        monkeypatch.setattr(type(instance.event_log_storage), "store_event", lambda self, event: stored.append(event))
        tell_together(instance, materializations("one"))
        assert stored == [], "none is stored alone"
        assert logged(instance) == [*one_by_one, *one_by_one]
        tell_together(instance, materializations("two"))
        assert known(instance) == {key: f"two{key}" for key in KEYS}
        latest = instance.get_latest_materialization_event(ASSET)
        assert latest and latest.asset_materialization
        assert latest.asset_materialization.partition == KEYS[-1]
        assert len(instance.all_logs(latest.run_id)) == 3 * len(KEYS), "the log of the run has them too"


def test_events_of_several_runs_are_stored_one_by_one(folders: Folders) -> None:
    with runs.open_instance(folders) as instance:
        tell_together(instance, materializations("one"))
        (first, *_) = logged(instance)
        instance.event_log_storage.store_event_batch([first, first._replace(run_id="another")])
        assert [event.run_id for event in logged(instance)][len(KEYS) :] == [first.run_id, "another"]
        tell_together(instance, [])
        assert len(logged(instance)) == len(KEYS) + 2
