"""What the assets share: the project's folders, and the one publisher.

Belongs here: resources. Does not belong here: what is done with them.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import dagster as dg
from pydantic import PrivateAttr

from assets.progress import listener
from assets.project import Folders
from govreports.incremental.publication import (
    is_the_last,
    publication_parts,
    remember_publication,
    remember_upload,
)
from govreports.lake.snapshot import keep
from govreports.locks import exclusive
from govreports.warehouse.publish import discard, prepare_from_lake, swap_in, upload
from govreports.warehouse.report import BuildReport
from govreports.workers import kept_pool


class Project(dg.ConfigurableResource):
    """The folders of the project."""

    raw: str
    warehouse: str
    corrections: str
    jobs: int = 1

    @classmethod
    def of(cls, folders: Folders) -> "Project":
        """The resource for some folders."""
        return cls(
            raw=folders.raw.address,
            warehouse=str(folders.warehouse),
            corrections=str(folders.corrections),
            jobs=folders.jobs,
        )

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Project"]:
        """Let all steps of a run use the same worker processes."""
        with kept_pool():
            yield self

    @property
    def folders(self) -> Folders:
        """The folders, with a lake opened anew: a run has its own connection to the ledger."""
        return Folders.of(self.raw, self.warehouse, self.corrections, self.jobs)


class Publisher(dg.ConfigurableResource):
    """Builds the next warehouse file in one step and swaps it in in another, alone in the warehouse folder all the while.

    The lock is a file lock: the kernel frees it with the process, where a Dagster pool slot would stay taken.
    """

    project: dg.ResourceDependency[Project]
    _stack: ExitStack = PrivateAttr(default_factory=ExitStack)
    _prepared: tuple[Folders, dict[str, str], BuildReport] | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Publisher"]:
        """Free the lock, and drop what was built and not published, when the run ends."""
        with self._stack:
            yield self
            if self._prepared:
                discard(self._prepared[2])

    def prepare(self, run_id: str) -> BuildReport:
        """Build the next file beside the published one. Waits for another publisher."""
        folders = self.project.folders
        self._stack.enter_context(exclusive(folders.warehouse / ".publish.lock", wait=True))
        lake = folders.lake
        made_from = publication_parts(lake.ledger, folders.corrections)
        report = prepare_from_lake(
            lake,
            folders.warehouse,
            trusted=is_the_last(lake.ledger, folders.published),
            corrections=folders.corrections if folders.corrections.is_dir() else None,
            run_id=run_id,
            progress=listener().step,
        )
        self._prepared = (folders, made_from, report)
        return report

    def publish(self, run_id: str) -> BuildReport:
        """Swap in the file that this run has built (now, if it has not), and upload it where readers are elsewhere."""
        if self._prepared is None:
            self.prepare(run_id)
        assert self._prepared is not None
        folders, made_from, report = self._prepared
        listener().step("swap")
        self._prepared = None
        published, ledger = swap_in(report, folders.warehouse), folders.lake.ledger
        if folders.elsewhere:
            listener().step("upload")
            remember_upload(ledger, folders.elsewhere, upload(published, folders.warehouse, folders.elsewhere))
        remember_publication(ledger, made_from, published.path)
        keep(folders.lake)
        return published
