"""Building through Dagster, in this process.

Belongs here: opening the instance, and the runs of one build. Does not belong here: what is printed (see `assets.console`),
options (see `assets.cli`). Loading this module loads dagster, which takes a second: a build that has nothing to do never does.
"""

from __future__ import annotations

import os
import uuid
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import dagster as dg
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster._core.instance.ref import InstanceRef

from assets import postgres
from assets.definitions import definitions_for
from assets.defs.automation import JOB, drop_vanished, partitioned, publication
from assets.defs.partitions import AGAIN, new_keys, ranges, region_year, register
from assets.defs.stage import ASSET_OF, CHECK, check_of_folder
from assets.event_log import keep_connections
from assets.project import BuildFailed, Folders
from assets.reconciliation import tell_again
from govreports.incremental.plan import Plan, still_stale
from govreports.lake.store import CorruptLakeFile
from govreports.workers import let_go

BUILD_TAG = "govreports/build"
# Stands for this process. Its number does not: on two machines, or in two containers, it may be the same.
_THIS_PROCESS = uuid.uuid4().hex
# Rounds of a build: a lake file found damaged on the way is made anew in the next one.
_ROUNDS = 3
_UNCAPTURED = {"module": "dagster._core.storage.noop_compute_log_manager", "class": "NoOpComputeLogManager"}
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@contextmanager
def open_instance(folders: Folders) -> Iterator[dg.DagsterInstance]:
    """The instance in Dagster's folder, the same that the web server opens; what is printed stays with the console."""
    os.environ["DAGSTER_HOME"] = str(folders.dagster_home)
    postgres.check(folders.dagster_yaml)
    reference = InstanceRef.from_dir(str(folders.dagster_home), overrides={"compute_logs": _UNCAPTURED})
    with postgres.told(), dg.DagsterInstance.from_ref(reference) as instance:
        if postgres.address():
            postgres.claim(instance, folders.lake.ledger)
        keep_connections(instance)
        yield instance


def build(
    instance: dg.DagsterInstance, folders: Folders, selected: Sequence[str] | None = None, plan: Plan | None = None
) -> list[str]:
    """Bring lake and published file up to date; `selected` limits the partitions. Returns the ids of the runs.

    The caller holds the build lock, has scanned raw/, and may hand over the plan that it made then. Raises `BuildFailed`.
    """
    if _clear_dead_builds(instance):
        tell_again(instance, folders)
    runs: list[str] = []
    for number in range(_ROUNDS):
        # What workers died on is tried once in a build.
        again = number == 0
        plan = plan or folders.plan(again=again)
        folders.lake.sweep(plan.strays)
        drop_vanished(instance, folders, plan)
        register(instance, new_keys(instance, plan))
        _tell_refused(instance, folders)
        stale = [s.partition_key for s in plan.stale if selected is None or s.partition_key in selected]
        if not stale and folders.is_published():
            break
        try:
            runs += _round(instance, folders, stale, AGAIN if again else {}, alone=selected is not None)
        except BuildFailed as error:
            if not _damaged(error):
                raise
        else:
            if not still_stale(folders.lake, stale):
                break
            folders.scan()
        plan = None
    return runs


def _round(
    instance: dg.DagsterInstance, folders: Folders, stale: Sequence[str], tags: Mapping[str, str], *, alone: bool
) -> list[str]:
    assert region_year.name
    batches = list(ranges(instance.get_dynamic_partitions(region_year.name), stale)) if stale else []
    definitions = definitions_for(folders)
    graph = definitions.resolve_asset_graph()
    runs = []
    for batch in batches:
        only = batch.only if alone else {}
        runs.append(_execute(instance, definitions, {**batch.tags, **tags, **only}, list(partitioned.resolve(graph))))
    let_go()
    # A run of its own: in a run over a range nobody would tell of assets without partitions.
    runs.append(_execute(instance, definitions, {}, list(publication.resolve(graph))))
    return runs


def _execute(
    instance: dg.DagsterInstance, definitions: dg.Definitions, tags: dict[str, str], selection: Sequence[dg.AssetKey]
) -> str:
    job = definitions.resolve_job_def(JOB)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = job.execute_in_process(
            instance=instance,
            run_config=_QUIET,
            tags={**tags, BUILD_TAG: _THIS_PROCESS},
            asset_selection=selection,
            raise_on_error=False,
        )
    if not result.success:
        raise BuildFailed(_why(result))
    return str(result.run_id)


def _why(result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data and data.user_failure_data.description:
                return str(data.user_failure_data.description)
            error = data.error
            while error and error.cause:
                error = error.cause
            if error and error.cls_name == DagsterExecutionInterruptedError.__name__:
                return "interrupted; what was done stands, and the next build goes on from there"
            if error:
                return f"{event.step_key}: {error.message.strip()}"
    return f"run {result.run_id} failed; `govreports ui` shows why"


def _damaged(error: BuildFailed) -> bool:
    return CorruptLakeFile.__name__ in str(error)


def _tell_refused(instance: dg.DagsterInstance, folders: Folders) -> None:
    """A refused file belongs to no partition, so no run would tell of it."""
    key = dg.AssetKey(ASSET_OF["raw"])
    event = dg.AssetCheckEvaluation(check_name=CHECK, asset_key=key, **check_of_folder(folders.lake, "raw"))
    instance.report_runless_asset_event(event)


def _clear_dead_builds(instance: dg.DagsterInstance) -> int:
    """Runs of builds that were killed would stay under way for ever: nobody else builds while the lock is held.

    Returns how many there were.
    """
    cleared = 0
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    for run in instance.get_runs(started):
        if run.tags.get(BUILD_TAG) not in (None, _THIS_PROCESS):
            cleared += 1
            with suppress(dg.DagsterInvariantViolationError):
                instance.report_run_failed(run, "the build was killed; the next one continues where it stood")
    return cleared
