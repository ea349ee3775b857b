"""Where this project's folders are, and what the orchestration opens in them.

Belongs here: paths, the environment variables that hand them to Dagster's processes, the lake, the build lock. Does not belong
here: anything that imports dagster, since a build that has nothing to do never loads it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assets import postgres
from govreports.attempts import next_attempt
from govreports.cluster import cluster
from govreports.incremental.plan import Plan, plan
from govreports.incremental.publication import changed_corrections, why_not_uploaded, why_stale
from govreports.intake.scan import IntakeSummary, NoRawFolder, scan
from govreports.lake.snapshot import adopt
from govreports.lake.store import Lake, lake_of
from govreports.locks import Busy, exclusive
from govreports.site.build import FOLDER as SITE
from govreports.site.build import is_current as site_is_current
from govreports.store.opening import open_store
from govreports.store.publication import latest, pull
from govreports.store.stores import Folder, Store
from govreports.warehouse.publish import published_path
from govreports.warehouse.touched import touched_partitions
from govreports.workers import Mapper, are_kept, pool, serial

RAW_VARIABLE = "GOVREPORTS_RAW"
WAREHOUSE_VARIABLE = "GOVREPORTS_WAREHOUSE"
CORRECTIONS_VARIABLE = "GOVREPORTS_CORRECTIONS"
JOBS_VARIABLE = "GOVREPORTS_JOBS"
# Address of a Dask scheduler, such as tcp://10.0.0.1:8786, whose workers read the reports. See docs/scale.md.
DASK_VARIABLE = "GOVREPORTS_DASK"
# Where publications are uploaded to, such as s3://bucket/published. See docs/scale.md.
PUBLISH_VARIABLE = "GOVREPORTS_PUBLISH"

PACKAGE = Path(__file__).resolve().parent
# Starting a process costs as much as reading this many reports.
_WORTH_A_POOL = 12
# Looking through a nation's files for the first time takes minutes, and so does the night's telling of a lost history.
_TICK_SECONDS = "1800"


class ProjectError(RuntimeError):
    """Something about the folders keeps the work from being done; the message says what to do."""


class BuildFailed(ProjectError):
    """A run of a build failed; the message says why."""


@dataclass(frozen=True)
class Folders:
    """The folders of a project, absolute. `corrections` need not exist; `raw` may be in a bucket."""

    raw: Store
    warehouse: Path
    corrections: Path
    jobs: int = 1

    @classmethod
    def from_environment(cls) -> Folders:
        """The folders that the environment names, else `raw`, `warehouse` and `corrections` where the process stands."""
        return cls.of(
            os.environ.get(RAW_VARIABLE, "raw"),
            os.environ.get(WAREHOUSE_VARIABLE, "warehouse"),
            os.environ.get(CORRECTIONS_VARIABLE, "corrections"),
            int(os.environ.get(JOBS_VARIABLE, "0")),
        )

    @classmethod
    def of(cls, raw: Path | str | Store, warehouse: Path | str, corrections: Path | str, jobs: int = 0) -> Folders:
        """Folders made absolute; no number of jobs means one per processor."""
        return cls(
            open_store(raw),
            Path(warehouse).absolute(),
            Path(corrections).absolute(),
            jobs or len(os.sched_getaffinity(0)),
        )

    def environment(self) -> dict[str, str]:
        """The environment that hands the folders to the processes which Dagster starts."""
        return {
            **os.environ,
            RAW_VARIABLE: self.raw.address,
            WAREHOUSE_VARIABLE: str(self.warehouse),
            CORRECTIONS_VARIABLE: str(self.corrections),
            JOBS_VARIABLE: str(self.jobs),
            "DAGSTER_HOME": str(self.dagster_home),
            "DAGSTER_SENSOR_GRPC_TIMEOUT_SECONDS": _TICK_SECONDS,
            "DAGSTER_SCHEDULE_GRPC_TIMEOUT_SECONDS": _TICK_SECONDS,
        }

    @cached_property
    def lake(self) -> Lake:
        """The lake: in the warehouse folder, but for stage files that the environment says are elsewhere."""
        return lake_of(self.warehouse)

    @property
    def elsewhere(self) -> Store | None:
        """Where publications are uploaded to, if the environment says so."""
        address = os.environ.get(PUBLISH_VARIABLE)
        return open_store(address) if address else None

    @property
    def published(self) -> Path:
        """The file that readers open."""
        return published_path(self.warehouse)

    @property
    def dagster_home(self) -> Path:
        """Dagster's folder: the one that the environment names, else one in the warehouse folder."""
        named = os.environ.get("DAGSTER_HOME")
        return Path(named).absolute() if named else self.warehouse / "dagster"

    @property
    def dagster_yaml(self) -> Path:
        """Dagster's settings."""
        return self.dagster_home / "dagster.yaml"

    def prepare(self) -> None:
        """Make the warehouse folder and Dagster's in it, and bring along what is in the buckets alone (see `fetch`).

        Raises `ProjectError` where it cannot be written, and `StoreError` where a bucket cannot be used.
        """
        try:
            self.dagster_home.mkdir(parents=True, exist_ok=True)
            probe = self.warehouse / f".writable-{os.getpid()}"
            self.warehouse.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
            if not self.dagster_yaml.exists():
                self.dagster_yaml.write_text(postgres.settings(PACKAGE / "dagster.yaml"), encoding="utf-8")
        except OSError as error:
            raise ProjectError(
                f"the folder {self.warehouse} cannot be written ({error.strerror}): "
                "give it write permission, or name another with --warehouse"
            ) from error
        self.fetch()

    def fetch(self) -> None:
        """Bring along what another warehouse folder left in the buckets: the ledger, and the published file.

        Does nothing where they are here already.
        """
        adopt(self.warehouse)
        if self.elsewhere and not self.published.exists() and latest(self.elsewhere):
            pull(self.elsewhere, self.published)

    @contextmanager
    def build_lock(self) -> Iterator[None]:
        """One build at a time in a warehouse folder. Raises `ProjectError` naming the process that builds."""
        try:
            with exclusive(self.warehouse / ".build.lock", wait=False):
                yield
        except Busy as error:
            raise ProjectError(f"another build is under way ({error}): wait for it, or stop that process") from error

    @contextmanager
    def ui_lock(self) -> Iterator[None]:
        """One daemon at a time on an instance: two would ask for every run twice. Raises `ProjectError` naming the process."""
        try:
            with exclusive(self.dagster_home / ".ui.lock", wait=False):
                yield
        except Busy as error:
            raise ProjectError(
                f"`govreports ui` runs on this instance already ({error}): use that one, or end it first"
            ) from error

    @contextmanager
    def mapper(self, tasks: int, apart: bool = False) -> Iterator[Mapper]:
        """The map that suits a number of tasks: a cluster or a pool of processes, or none where that would cost more.

        `apart` says that a process died on one of them before: this one is not to be the next, neither by them nor by what is
        made of them in the rest of a run.
        """
        dask = os.environ.get(DASK_VARIABLE)
        costs_more = tasks < _WORTH_A_POOL or (self.jobs <= 1 and not dask)
        if costs_more and not apart and not are_kept():
            yield serial
            return
        with cluster(dask, self.lake.files) if dask else pool(self.jobs) as mapper:
            yield mapper

    def check_raw(self, *, may_be_empty: bool = False) -> None:
        """Raise `ProjectError` where raw/ is missing, or holds nothing: that is a mistake, and no wish to forget every report.

        Of a bucket, raise `StoreError` where it cannot be listed; what it holds is the scan's to see.
        """
        if not isinstance(self.raw, Folder):
            self.raw.check()
            return
        if not self.raw.root.is_dir():
            raise ProjectError(
                f"there is no folder {self.raw}: make it and put scraped reports (.txt, .html) into it, "
                "or name another with --raw"
            )
        if not may_be_empty and not any(_visible(files) for _, _, files in os.walk(self.raw.root)):
            raise ProjectError(
                f"the folder {self.raw} is empty: put scraped reports (.txt, .html) into it, or name another with --raw; "
                "what was built before stands as it is"
            )

    def scan(self, *, again: bool = False) -> IntakeSummary:
        """Bring the ledger's view of raw/ up to date. Raises `ProjectError` where there is nothing; `StoreError`.

        With `again` files are tried again that are due because a worker died on them.
        """
        if isinstance(self.raw, Folder):
            self.check_raw()
        try:
            return scan(self.raw, self.lake.ledger, again=again, mapper_for=self.mapper)
        except NoRawFolder as error:
            raise ProjectError(f"{error}; what was built before stands as it is") from error

    def plan(self, *, again: bool = True) -> Plan:
        """What is stale in the lake; with `again` also what is due because a worker died on it."""
        return plan(self.lake, again=again)

    def files_due_again(self) -> dict[str, int]:
        """Files that the next build looks at again because a worker died on them: which attempt comes next, by path."""
        return {row.source_file: attempt for row in self.lake.ledger.refused() if (attempt := next_attempt(row))}

    def is_published(self) -> bool:
        """Whether the published file stands for all that is in the lake now, and the site for the file."""
        return not self.why_unpublished()

    def why_unpublished(self) -> list[str]:
        """Why the published file or the site has to be made anew; nothing where both stand."""
        reasons = why_stale(self.lake.ledger, self.corrections, self.published)
        if not reasons and self.elsewhere:
            reasons = why_not_uploaded(self.lake.ledger, self.elsewhere)
        if not reasons and not site_is_current(self.warehouse / SITE, self.published):
            reasons = ["the site does not show the published file"]
        return reasons

    def touched_by_corrections(self) -> dict[str, list[str]]:
        """Partitions that changed files of corrections touch, by file."""
        changed = changed_corrections(self.lake.ledger, self.corrections)
        return {name: touched_partitions(self.corrections / name, self.published) for name in changed}


def _visible(names: list[str]) -> bool:
    return any(not name.startswith(".") for name in names)


def way_out(error: BaseException, folder: Path) -> str | None:
    """What to do about trouble with the disk that waiting does not mend; None where it may pass, or is something else."""
    cause: BaseException | None = error
    while cause:
        number = cause.errno if isinstance(cause, OSError) else None
        if number in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in str(cause):
            return f"the disk with {folder} is full: free some space and build again; what was done stands"
        if number in (errno.EROFS, errno.EACCES, errno.EPERM) or "readonly database" in str(cause):
            return f"{folder} cannot be written: give it write permission, or name another folder with --warehouse"
        cause = cause.__cause__ or cause.__context__
    return None
