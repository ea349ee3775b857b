"""What runs by itself: which runs the sensor and the schedule ask for."""

from contextlib import nullcontext
from datetime import datetime

import dagster as dg
import pytest
from dagster._grpc.utils import default_schedule_grpc_timeout, default_sensor_grpc_timeout
from doomed import doomed
from standins import KEYS, NEW_KEY, let_be_old, put

from assets import runs
from assets.defs import automation
from assets.defs.automation import ATTEMPTS, BATCH_TAG, nightly, raw_folder
from assets.defs.partitions import AGAIN, ranges
from assets.defs.resources import Project
from assets.project import Folders

START, END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def tick(instance: dg.DagsterInstance, folders: Folders, cursor: str | None = None) -> dg.SensorResult:
    """One tick of the sensor; its new partitions are registered as the daemon does."""
    with dg.build_sensor_context(
        instance=instance, cursor=cursor, resources={"project": Project.of(folders)}
    ) as context:
        result = raw_folder(context)
    assert isinstance(result, dg.SensorResult)
    for request in result.dynamic_partitions_requests or ():
        instance.add_dynamic_partitions(request.partitions_def_name, list(request.partition_keys))
    return result


def night(instance: dg.DagsterInstance, folders: Folders) -> list[dg.RunRequest] | dg.SkipReason:
    """One evaluation of the nightly schedule."""
    with dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=datetime(2026, 3, 1, 2, 30),
        resources={"project": Project.of(folders)},
    ) as context:
        return nightly(context)


def finish(instance: dg.DagsterInstance, request: dg.RunRequest, status: dg.DagsterRunStatus) -> None:
    """Record a run of a request without running it."""
    instance.add_run(dg.DagsterRun(job_name="govreports_main", tags=dict(request.tags), status=status))


def test_new_reports_are_registered_and_asked_for_in_one_range(instance: dg.DagsterInstance, folders: Folders) -> None:
    (request,) = tick(instance, folders).run_requests or ()
    assert instance.get_dynamic_partitions("region_year") == list(KEYS)
    assert (request.tags[START], request.tags[END]) == (KEYS[0], KEYS[-1])
    assert [key.to_user_string() for key in request.asset_selection or ()] == [
        "raw_documents",
        "cleaned_documents",
        "sections",
        "indicators",
    ]


def test_what_is_under_way_is_not_asked_for_twice(instance: dg.DagsterInstance, folders: Folders) -> None:
    (request,) = tick(instance, folders).run_requests or ()
    finish(instance, request, dg.DagsterRunStatus.STARTED)
    again = tick(instance, folders)
    assert not again.run_requests
    assert "under way" in str(again.skip_reason)


def test_what_failed_is_asked_for_again_but_not_for_ever(
    instance: dg.DagsterInstance, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automation, "BACK_OFF", 0)
    keys = []
    for _ in range(ATTEMPTS):
        (request,) = tick(instance, folders).run_requests or ()
        keys.append(request.run_key)
        finish(instance, request, dg.DagsterRunStatus.FAILURE)
    assert len(set(keys)) == ATTEMPTS, "the daemon runs a run key once"
    assert not tick(instance, folders).run_requests
    put(folders, KEYS[0], "changed")
    assert tick(instance, folders).run_requests, "other content is another batch"


def test_what_failed_is_not_asked_for_at_once(instance: dg.DagsterInstance, folders: Folders) -> None:
    (request,) = tick(instance, folders).run_requests or ()
    finish(instance, request, dg.DagsterRunStatus.FAILURE)
    again = tick(instance, folders)
    assert not again.run_requests
    assert "wait for another attempt" in str(again.skip_reason)


def test_a_tick_with_nothing_new_asks_for_nothing(instance: dg.DagsterInstance, folders: Folders) -> None:
    folders.scan()
    runs.build(instance, folders)
    result = tick(instance, folders)
    assert not result.run_requests
    assert "nothing changed in 3 files" in str(result.skip_reason)


def test_a_spoiled_file_is_named_at_once_and_published_later(
    instance: dg.DagsterInstance, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders.scan()
    runs.build(instance, folders)
    put(folders, "notice", "spoiled")
    result = tick(instance, folders)
    (event,) = result.asset_events
    assert isinstance(event, dg.AssetCheckEvaluation)
    assert not event.passed and "notice.txt (not_a_report)" in str(event.description)
    assert not result.run_requests, "the marts' condition may still come first"
    monkeypatch.setattr(automation, "GRACE", -1)
    (request,) = tick(instance, folders, result.cursor).run_requests or ()
    assert START not in request.tags
    assert "published_warehouse" in {key.to_user_string() for key in request.asset_selection or ()}


def test_a_removed_report_is_forgotten(instance: dg.DagsterInstance, folders: Folders) -> None:
    folders.scan()
    runs.build(instance, folders)
    folders.raw.delete(f"{KEYS[0]}.txt")
    tick(instance, folders)
    assert KEYS[0] not in instance.get_dynamic_partitions("region_year")


def test_an_empty_folder_forgets_nothing(instance: dg.DagsterInstance, folders: Folders) -> None:
    tick(instance, folders)
    for entry in list(folders.raw.entries()):
        folders.raw.delete(entry.name)
    with dg.build_sensor_context(instance=instance, resources={"project": Project.of(folders)}) as context:
        skipped = raw_folder(context)
    assert isinstance(skipped, dg.SkipReason) and "is empty" in str(skipped.skip_message)
    assert instance.get_dynamic_partitions("region_year") == list(KEYS)


def test_the_night_asks_again_for_what_the_day_gave_up(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automation, "BACK_OFF", 0)
    with runs.open_instance(folders) as instance:
        for _ in range(ATTEMPTS):
            (request,) = tick(instance, folders).run_requests or ()
            finish(instance, request, dg.DagsterRunStatus.FAILURE)
        (asked,) = night(instance, folders)
    assert asked.tags[BATCH_TAG] and asked.tags[START] == KEYS[0]


def test_what_workers_died_on_waits_for_the_night(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folders, NEW_KEY)
    let_be_old(folders, f"{NEW_KEY}.txt")
    deadly = doomed(f"cleaned {KEYS[1]}", f"{NEW_KEY}.txt")
    monkeypatch.setattr(Folders, "mapper", lambda self, tasks, apart=False: nullcontext(deadly))
    folders.scan()
    with runs.open_instance(folders) as instance:
        runs.build(instance, folders)
        assert not tick(instance, folders).run_requests, "no memory is back after ten seconds"
        assert [row.attempts for row in folders.lake.ledger.refused()] == [1]
        (asked,) = night(instance, folders)
    assert (asked.tags[START], asked.tags[END]) == (KEYS[1], KEYS[1])
    assert AGAIN.items() <= asked.tags.items()
    assert [row.attempts for row in folders.lake.ledger.refused()] == [2]


def test_ticks_may_take_half_an_hour(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in folders.environment().items():
        monkeypatch.setenv(name, value)
    assert default_sensor_grpc_timeout() == default_schedule_grpc_timeout() == 1800


def test_ranges_follow_the_order_of_registration_and_skip_no_stale_key() -> None:
    registered = [*KEYS, NEW_KEY]
    made = list(ranges(registered, {NEW_KEY, KEYS[0], KEYS[2]}, size=2))
    assert [batch.keys for batch in made] == [(KEYS[0], KEYS[2]), (NEW_KEY,)]


def test_scattered_keys_make_few_runs() -> None:
    registered = [f"{code}-2024" for code in range(100000, 164000)]
    made = list(ranges(registered, registered[::213]))
    assert sum(len(batch.keys) for batch in made) == 301
    assert len(made) == 1
