"""What runs by itself: the job, the sensor on raw/, the nightly schedule, the sensor behind the marts' condition.

Belongs here: deciding which runs to ask for. Does not belong here: what is stale (see `govreports.incremental.plan`), and what
the runs do.

The sensor is level-triggered: every tick compares what lies under raw/ and in the lake with what should, so nothing is missed
while the daemon was down, and what failed is asked for again, a bounded number of times.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import dagster as dg

from assets.defs.marts import marts
from assets.defs.partitions import AGAIN, KeyRange, forget, new_keys, ranges, region_year
from assets.defs.publish import published_warehouse
from assets.defs.resources import Project
from assets.defs.site import explorer
from assets.defs.stage import ASSET_OF, CHECK, check_of_folder
from assets.project import Folders, ProjectError
from assets.reconciliation import compare, report, tell_again
from assets.retention import forget_old_runs
from govreports.incremental.plan import Plan
from govreports.incremental.publication import publication_fingerprint
from govreports.store.stores import StoreError
from govreports.text.ids import fingerprint
from govreports.versions import STAGES

JOB = "govreports_main"
BATCH_TAG = "govreports/batch"
# A batch that failed this often is left to the nightly schedule and to people.
ATTEMPTS = 3
# Seconds from the end of a batch's first failed run to its second attempt; four times as many to the third.
BACK_OFF = 60
# Days that runs are kept which nothing latest comes from.
KEPT_DAYS = 90
# How long the condition of the marts may take before the sensor asks for a publication itself, in seconds.
GRACE = 90

_UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
partitioned = dg.AssetSelection.assets(*(ASSET_OF[stage] for stage in STAGES))
publication = dg.AssetSelection.assets(marts, published_warehouse, explorer)

govreports_main = dg.define_asset_job(
    JOB,
    selection=partitioned | publication,
    description="Everything: raw files to the published warehouse.",
    executor_def=dg.in_process_executor,
)


@dg.sensor(
    name="raw_folder",
    job=govreports_main,
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Looks through raw/, registers new region-years, and asks for runs over what is stale.",
)
def raw_folder(context: dg.SensorEvaluationContext, project: Project) -> dg.SensorResult | dg.SkipReason:
    """Scan, then ask for the runs that are needed and not under way."""
    folders = project.folders
    try:
        return _look(context.instance, folders, context.cursor)
    except (ProjectError, StoreError) as error:
        return dg.SkipReason(str(error))


@dg.schedule(
    name="nightly",
    job=govreports_main,
    cron_schedule="30 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Reconciles raw/, lake and warehouse: removes what nobody stands for, asks again for what failed.",
)
def nightly(context: dg.ScheduleEvaluationContext, project: Project) -> list[dg.RunRequest] | dg.SkipReason:
    """Compare everything, mend what needs no run, report it, and ask for all that is stale, whatever was tried before."""
    folders, instance = project.folders, context.instance
    try:
        summary = folders.scan(again=True)
    except (ProjectError, StoreError) as error:
        return dg.SkipReason(str(error))
    plan = reconcile(instance, folders, again=True)
    orphans = folders.lake.sweep(plan.strays)
    drift = compare(folders, summary, plan, orphans, tell_again(instance, folders))
    report(instance, drift)
    forgotten = forget_old_runs(instance, datetime.now(UTC), KEPT_DAYS)
    context.log.info(f"{json.dumps(drift.counts)}; {forgotten} old runs forgotten")
    fresh = new_keys(instance, plan)
    if fresh:
        instance.add_dynamic_partitions(str(region_year.name), fresh)
    day = context.scheduled_execution_time.date().isoformat()
    requests = [
        _range_request(batch, f"{day}-{_identity(folders, batch)}", AGAIN) for batch in _batches(instance, plan)
    ]
    if not requests and drift.unpublished:
        requests = [_publication_request(f"{day}-{_published_identity(folders)}")]
    return requests or dg.SkipReason("raw/, lake and warehouse agree")


# Requests the runs of the condition `WHEN_SOMETHING_IS_NEW`.
marts_follow = dg.AutomationConditionSensorDefinition(
    "marts_follow",
    target=publication,
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Makes and publishes the marts once something upstream is new.",
)


def reconcile(instance: dg.DagsterInstance, folders: Folders, *, again: bool) -> Plan:
    """Drop partitions that lost their files from lake and instance, and return what is stale (`again`: see `Folders.plan`)."""
    plan = folders.plan(again=again)
    drop_vanished(instance, folders, plan)
    return plan


def drop_vanished(instance: dg.DagsterInstance, folders: Folders, plan: Plan) -> None:
    """Drop partitions that lost their files from lake and instance."""
    for key in plan.vanished:
        for stage in STAGES:
            folders.lake.remove(stage, key)
    forget(instance, plan.vanished)


def _look(instance: dg.DagsterInstance, folders: Folders, cursor: str | None) -> dg.SensorResult:
    folders.prepare()
    summary = folders.scan()
    plan = reconcile(instance, folders, again=False)
    # A refused file belongs to no partition: the scan that refused it is what evaluates the check.
    events = []
    if summary.new or summary.changed or summary.vanished:
        events = [
            dg.AssetCheckEvaluation(
                check_name=CHECK, asset_key=dg.AssetKey(ASSET_OF["raw"]), **check_of_folder(folders.lake, "raw")
            )
        ]
    keys = new_keys(instance, plan)
    requests, waiting = [], []
    for batch in _batches(instance, plan, keys):
        request = _attempt(instance, _range_request(batch, _identity(folders, batch)))
        if request:
            requests.append(request)
        else:
            waiting.append(batch)
    cursor, late = _publication_is_late(instance, folders, cursor, busy=bool(requests or waiting))
    if late and (request := _attempt(instance, _publication_request(_published_identity(folders)))):
        requests.append(request)
    return dg.SensorResult(
        run_requests=requests,
        skip_reason=None if requests else _nothing_because(waiting, summary.seen),
        dynamic_partitions_requests=[region_year.build_add_request(keys)] if keys else [],
        asset_events=events,
        cursor=cursor,
    )


def _batches(instance: dg.DagsterInstance, plan: Plan, keys: Iterable[str] = ()) -> Iterator[KeyRange]:
    registered = [*instance.get_dynamic_partitions(str(region_year.name)), *keys]
    return ranges(registered, (stale.partition_key for stale in plan.stale))


def _identity(folders: Folders, batch: KeyRange) -> str:
    """Stands for the content of a batch: its keys and files."""
    accepted = folders.lake.ledger.accepted_by_partition()
    files = (f"{f.sha256} {f.sidecar_sha256}" for key in batch.keys for f in accepted.get(key, ()))
    return fingerprint(*batch.keys, *files)


def _published_identity(folders: Folders) -> str:
    return publication_fingerprint(folders.lake.ledger, folders.corrections)


def _range_request(batch: KeyRange, identity: str, tags: Mapping[str, str] | None = None) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=identity,
        asset_selection=[dg.AssetKey(ASSET_OF[stage]) for stage in STAGES],
        tags={**batch.tags, BATCH_TAG: identity, **(tags or {})},
    )


def _publication_request(identity: str) -> dg.RunRequest:
    keys = [*marts.keys, *published_warehouse.keys, *explorer.keys]
    return dg.RunRequest(run_key=identity, asset_selection=keys, tags={BATCH_TAG: identity})


def _attempt(instance: dg.DagsterInstance, request: dg.RunRequest) -> dg.RunRequest | None:
    """The request with a run key of its own for each attempt; None while one is under way, too soon, or when enough failed."""
    batch = {BATCH_TAG: request.tags[BATCH_TAG]}
    if instance.get_runs_count(dg.RunsFilter(tags=batch, statuses=_UNFINISHED)):
        return None
    tried = instance.get_runs_count(dg.RunsFilter(tags=batch))
    if tried >= ATTEMPTS or (tried and time.time() < _ended(instance, batch) + BACK_OFF * 4 ** (tried - 1)):
        return None
    return dg.RunRequest(
        run_key=f"{request.run_key}-{tried}", asset_selection=request.asset_selection, tags=request.tags
    )


def _ended(instance: dg.DagsterInstance, tags: dict[str, str]) -> float:
    """When the last run with some tags ended, in seconds since the epoch."""
    (record,) = instance.get_run_records(dg.RunsFilter(tags=tags), limit=1)
    return record.end_time or record.update_timestamp.timestamp()


def _publication_is_late(
    instance: dg.DagsterInstance, folders: Folders, cursor: str | None, *, busy: bool
) -> tuple[str | None, bool]:
    """Whether lake and published file have differed for longer than the marts' condition takes; the cursor holds since when."""
    if busy or folders.is_published() or not folders.lake.ledger.seen_files():
        return None, False
    if instance.get_runs_count(dg.RunsFilter(statuses=_UNFINISHED)):
        return cursor, False
    since = float(cursor) if cursor else time.time()
    return str(since), time.time() - since > GRACE


def _nothing_because(waiting: list[KeyRange], seen: int) -> str:
    if waiting:
        count = sum(len(batch.keys) for batch in waiting)
        return f"{count} stale partitions are under way, wait for another attempt, or failed {ATTEMPTS} times"
    return f"nothing changed in {seen} files"
