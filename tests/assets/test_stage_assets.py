"""Runs over partitions: what Dagster is told of each, and what a bad report costs the others."""

from contextlib import AbstractContextManager, nullcontext

import dagster as dg
import pytest
from doomed import doomed
from standins import KEYS, NEW_KEY, put, stage_path

from assets import runs
from assets.definitions import definitions_for
from assets.project import Folders
from govreports.workers import Mapper

DATA_VERSION = "dagster/data_version"


def materializations(instance: dg.DagsterInstance, asset: str) -> list[dg.AssetMaterialization]:
    """All materializations of an asset, oldest first."""
    found = instance.fetch_materializations(dg.AssetKey(asset), limit=1000, ascending=True).records
    return [record.asset_materialization for record in found if record.asset_materialization]


def stage_runs(instance: dg.DagsterInstance, folders: Folders) -> None:
    """Scan, and bring everything up to date."""
    folders.scan()
    runs.build(instance, folders)


def test_a_build_tells_of_every_partition_and_stage(instance: dg.DagsterInstance, folders: Folders) -> None:
    stage_runs(instance, folders)
    for asset in ("raw_documents", "cleaned_documents", "sections", "indicators"):
        made = materializations(instance, asset)
        assert sorted(str(m.partition) for m in made) == list(KEYS), asset
        assert all(m.metadata["documents"].value == 1 for m in made)
    assert instance.get_dynamic_partitions("region_year") == list(KEYS)
    (published,) = materializations(instance, "published_warehouse")
    assert published.metadata["documents"].value == len(KEYS)
    assert len(materializations(instance, "region_year")) == 1


def test_each_partition_has_the_data_version_of_its_content(instance: dg.DagsterInstance, folders: Folders) -> None:
    stage_runs(instance, folders)
    for stage, asset in (("raw", "raw_documents"), ("indicators", "indicators")):
        for made in materializations(instance, asset):
            stored = folders.lake.ledger.stage_file(stage, str(made.partition))
            assert stored is not None
            assert made.tags and made.tags[DATA_VERSION] == stored.content_hash
    (version,) = {
        m.tags["dagster/input_data_version/raw_documents"]
        for m in materializations(instance, "cleaned_documents")
        if m.tags and m.partition == KEYS[0]
    }
    raw = folders.lake.ledger.stage_file("raw", KEYS[0])
    assert raw is not None and version == raw.content_hash


def test_only_what_changed_is_done_and_told_again(instance: dg.DagsterInstance, folders: Folders) -> None:
    stage_runs(instance, folders)
    put(folders, KEYS[1], "another text")
    put(folders, NEW_KEY)
    stage_runs(instance, folders)
    again = [m.partition for m in materializations(instance, "indicators")][len(KEYS) :]
    assert sorted(map(str, again)) == [KEYS[1], NEW_KEY]
    assert len(instance.get_runs()) == 4


def test_with_nothing_changed_nothing_runs(instance: dg.DagsterInstance, folders: Folders) -> None:
    stage_runs(instance, folders)
    stage_runs(instance, folders)
    assert len(instance.get_runs()) == 2, "one over the partitions, one for the publication"


def test_a_bad_report_is_named_by_a_warning_and_stops_nothing(instance: dg.DagsterInstance, folders: Folders) -> None:
    put(folders, KEYS[0], "unreadable")
    stage_runs(instance, folders)
    assert instance.get_runs()[0].is_success
    assert {m.partition for m in materializations(instance, "indicators")} == set(KEYS)
    key = dg.AssetCheckKey(dg.AssetKey("sections"), "every_document_processed")
    records = instance.event_log_storage.get_asset_check_execution_history(key, limit=10)
    evaluations = [
        r.event.dagster_event.asset_check_evaluation_data for r in records if r.event and r.event.dagster_event
    ]
    assert evaluations and not any(e.passed for e in evaluations)
    assert all(e.severity == dg.AssetCheckSeverity.WARN for e in evaluations)
    assert "no outline to be found" in str(evaluations[0].description)
    assert {e.partition for e in evaluations} == {KEYS[0], None}


def test_a_file_that_belongs_to_no_partition_is_named_too(instance: dg.DagsterInstance, folders: Folders) -> None:
    put(folders, "notice", "spoiled")
    stage_runs(instance, folders)
    key = dg.AssetCheckKey(dg.AssetKey("raw_documents"), "every_document_processed")
    (latest,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    assert latest.event and latest.event.dagster_event
    assert "notice.txt (not_a_report)" in str(latest.event.dagster_event.asset_check_evaluation_data.description)


def test_a_partition_without_files_is_no_partition_any_more(instance: dg.DagsterInstance, folders: Folders) -> None:
    stage_runs(instance, folders)
    folders.raw.delete(f"{KEYS[2]}.txt")
    stage_runs(instance, folders)
    assert instance.get_dynamic_partitions("region_year") == list(KEYS[:2])
    key = dg.AssetCheckKey(dg.AssetKey("published_warehouse"), "volume")
    (latest,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    assert latest.event and latest.event.dagster_event
    volume = latest.event.dagster_event.asset_check_evaluation_data
    assert (volume.passed, volume.description) == (False, "2 reports, usually 3 before")
    assert not stage_path(folders.lake, "raw", KEYS[2]).exists()


def test_a_damaged_lake_file_is_made_anew(instance: dg.DagsterInstance, folders: Folders) -> None:
    stage_runs(instance, folders)
    path = stage_path(folders.lake, "cleaned", KEYS[0])
    path.write_bytes(b"x" * path.stat().st_size)
    put(folders, KEYS[1], "so that there is something to do")
    # A file that is there is brought up to date, and of other partitions nothing is read.
    folders.published.unlink()
    stage_runs(instance, folders)
    assert folders.lake.get("cleaned", KEYS[0])
    assert folders.is_published()


def test_what_a_worker_died_on_is_tried_once_in_a_build_however_many_rounds_it_takes(
    instance: dg.DagsterInstance, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage_runs(instance, folders)
    path = stage_path(folders.lake, "cleaned", KEYS[0])
    path.write_bytes(b"x" * path.stat().st_size)
    folders.published.unlink()
    put(folders, KEYS[1], "another text")
    deadly = doomed(f"raw {KEYS[1]}")
    monkeypatch.setattr(Folders, "mapper", lambda self, tasks, apart=False: nullcontext(deadly))
    stage_runs(instance, folders)
    assert folders.lake.get("cleaned", KEYS[0])
    assert [failure.attempts for failure in folders.lake.ledger.failures()] == [1]
    stage_runs(instance, folders)
    assert [failure.attempts for failure in folders.lake.ledger.failures()] == [2]


def test_what_a_worker_died_on_is_made_anew_by_hand_in_a_process_of_its_own(
    instance: dg.DagsterInstance, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def mapper(self: Folders, tasks: int, apart: bool = False) -> AbstractContextManager[Mapper]:
        asked.append(apart)
        return nullcontext(doomed(*([] if apart else [f"raw {KEYS[0]}"])))

    folders.scan()
    monkeypatch.setattr(Folders, "mapper", mapper)
    instance.add_dynamic_partitions("region_year", list(KEYS))
    job = definitions_for(folders).resolve_implicit_global_asset_job_def()
    for refused in (1, 0):
        assert job.execute_in_process(
            instance=instance, partition_key=KEYS[0], asset_selection=[dg.AssetKey("raw_documents")]
        ).success
        assert len(folders.lake.ledger.failures()) == refused
    assert asked == [False, True]


def test_a_partition_can_be_materialized_by_hand(instance: dg.DagsterInstance, folders: Folders) -> None:
    folders.scan()
    instance.add_dynamic_partitions("region_year", list(KEYS))
    job = definitions_for(folders).resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(
        instance=instance, partition_key=KEYS[0], asset_selection=[dg.AssetKey("raw_documents")]
    )
    assert result.success
    (made,) = materializations(instance, "raw_documents")
    stored = folders.lake.ledger.stage_file("raw", KEYS[0])
    assert stored and made.tags and made.tags[DATA_VERSION] == stored.content_hash
    assert "政府工作报告" in str(made.metadata["preview"].value)
    assert made.metadata["documents"].value == 1
    again = job.execute_in_process(
        instance=instance, partition_key=KEYS[0], asset_selection=[dg.AssetKey("raw_documents")]
    )
    assert again.success
    assert materializations(instance, "raw_documents")[-1].metadata["characters"].value, "made anew, fresh or not"


def test_many_partitions_are_done_in_batches(
    instance: dg.DagsterInstance, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = runs.ranges
    monkeypatch.setattr(runs, "ranges", lambda registered, stale: real(registered, stale, 2))
    stage_runs(instance, folders)
    assert len(instance.get_runs()) == 3
    assert {m.partition for m in materializations(instance, "indicators")} == set(KEYS)
    assert folders.is_published()
