"""What a killed process left untold is told, and differences are reported."""

import dagster as dg
from standins import KEYS, NEW_KEY, put, stage_path

from assets import runs
from assets.project import Folders
from assets.reconciliation import compare, report, tell_again
from govreports.incremental.stages import run_stage
from govreports.versions import STAGES

VERSION = "dagster/data_version"


def test_what_the_lake_has_and_dagster_does_not_know_is_told_once(
    instance: dg.DagsterInstance, folders: Folders
) -> None:
    folders.scan()
    for stage in STAGES:
        run_stage(folders.lake, stage, KEYS, raw_dir=folders.raw)
    assert len(tell_again(instance, folders)) == len(STAGES) * len(KEYS)
    assert tell_again(instance, folders) == []
    assert instance.get_materialized_partitions(dg.AssetKey("indicators")) == set(KEYS)
    told = instance.fetch_materializations(dg.AssetKey("raw_documents"), limit=10).records
    stored = {
        key: made.content_hash for (stage, key), made in folders.lake.ledger.stage_files().items() if stage == "raw"
    }
    events = [record.asset_materialization for record in told if record.asset_materialization]
    assert {str(event.partition): (event.tags or {})[VERSION] for event in events} == stored


def test_after_a_build_nothing_is_untold(instance: dg.DagsterInstance, folders: Folders) -> None:
    folders.scan()
    runs.build(instance, folders)
    assert tell_again(instance, folders) == []


def test_the_drift_is_reported_on_the_page_of_the_published_file(
    instance: dg.DagsterInstance, folders: Folders
) -> None:
    folders.scan()
    runs.build(instance, folders)
    put(folders, NEW_KEY)
    stage_path(folders.lake, "cleaned", KEYS[0]).unlink()
    drift = compare(folders, folders.scan(), folders.plan(), [], [])
    assert drift.new_files == [f"{NEW_KEY}.txt"]
    assert drift.stale == [f"{KEYS[0]}: the cleaned file is missing or damaged", f"{NEW_KEY}: new"]
    assert drift.unpublished == ["refused files changed"] or drift.unpublished
    report(instance, drift)
    (record,) = instance.fetch_observations(dg.AssetKey("published_warehouse"), limit=1).records
    assert record.asset_observation
    assert record.asset_observation.metadata["stale"].value == 2
    assert KEYS[0] in str(record.asset_observation.metadata["drift"].value)
