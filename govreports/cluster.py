"""The map over reports on a Dask cluster, in place of the pool of processes.

Belongs here: the connection, the comparison of versions, and what happens when workers or the cluster go. Does not belong here:
the tasks, and starting a cluster (see docs/scale.md).

Workers read raw/ and read and write the lake themselves, under the same paths as the process that builds; the ledger is that
process's alone. So a task that runs twice, because its worker died, writes the same bytes twice and counts once.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import platform
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Generic

from govreports.store.opening import open_store
from govreports.store.stores import Store
from govreports.text.ids import fingerprint
from govreports.versions import STAGES, code_version
from govreports.workers import Mapper, Result, Task, WorkerDied, held

# Tasks under way for each thread of the cluster, so that none waits and memory stays bounded.
_AHEAD = 4
# How long a cluster may take to answer, and may be without a single worker, in seconds.
_ANSWER, _WITHOUT_WORKERS = 30, 60
# How often the number of workers is asked for, in seconds: some may have joined.
_LOOK = 10
# What has a say in the rows or in the bytes of the lake.
_LIBRARIES = ("opencc", "polars", "pypinyin", "selectolax")
_HOW = "see docs/scale.md"
# What a client raises when its scheduler is gone. That of asyncio is no `Exception`.
_LOST = (Exception, asyncio.CancelledError)


class ClusterError(RuntimeError):
    """The cluster cannot do the work; the message says why and what to do. What was done stands."""


def cluster(address: str, lake: Path | Store) -> AbstractContextManager[Mapper]:
    """A map over the workers of the scheduler at `address`, who must all see the files of the lake.

    Within `kept_pool` it stays connected. Raises `ClusterError` where the cluster cannot be reached or is none of ours.
    """
    files = open_store(lake)
    return held(("cluster", address, files), lambda: _Cluster(address, files))


@cache
def versions() -> dict[str, str]:
    """Versions that must be the same wherever reports are read."""
    code = fingerprint(*(code_version(stage) for stage in STAGES))
    python = ".".join(platform.python_version_tuple()[:2])
    return {"govreports": code, "Python": python, **{name: _version(name) for name in _LIBRARIES}}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def differing(there: dict[str, str], here: dict[str, str]) -> str:
    """What differs between two sets of versions, for people; empty where nothing does."""
    return ", ".join(
        f"{name} {there.get(name, 'none')} there and {value} here"
        for name, value in here.items()
        if there.get(name) != value
    )


@dataclass(frozen=True)
class _Guarded(Generic[Task, Result]):
    """The function of a map as workers run it: one that joined later is looked at as well."""

    function: Callable[[Task], Result]
    versions: tuple[tuple[str, str], ...]

    def __call__(self, task: Task) -> Result:
        if found := differing(versions(), dict(self.versions)):
            raise ClusterError(f"a worker of the Dask cluster has other versions: {found}; {_HOW}")
        return self.function(task)


def _look_around(files: Store | None = None, probe: str = "") -> tuple[dict[str, str], bool]:
    """What a worker is asked first: its versions, and whether it sees a file. The scheduler is asked for its versions."""
    return versions(), files is not None and files.exists(probe)


class _Cluster:
    """A connected client of a scheduler."""

    def __init__(self, address: str, files: Store) -> None:
        self.address = address
        try:
            self._dask = import_module("distributed")
        except ImportError as error:
            raise ClusterError(
                f"a Dask cluster is configured and Dask is not installed: pip install 'govreports[scale]' ({_HOW})"
            ) from error
        # The sentences below say what matters; these loggers, each with a level of its own, tell it in tracebacks.
        for name in list(logging.root.manager.loggerDict):
            if name.partition(".")[0] == "distributed":
                logging.getLogger(name).setLevel(logging.CRITICAL)
        self._client = self._connected()
        self._looked, self._threads = 0.0, 0
        try:
            self._greet(files)
        except BaseException:
            self.close()
            raise

    def __call__(
        self,
        function: Callable[[Task], Result],
        tasks: Iterable[Task],
        lost: Callable[[Task], Result] | None = None,
    ) -> Iterator[Result]:
        guarded = _Guarded(function, tuple(versions().items()))
        under_way: deque[tuple[Task, Any]] = deque()
        try:
            for task in tasks:
                under_way.append((task, self._submit(guarded, task)))
                if len(under_way) >= _AHEAD * self._width():
                    yield self._finish(guarded, under_way, lost)
            while under_way:
                yield self._finish(guarded, under_way, lost)
        finally:
            with suppress(Exception):
                self._client.cancel([future for _, future in under_way])

    def close(self) -> None:
        """Leave the cluster."""
        with suppress(Exception):
            self._client.close(timeout=_ANSWER)

    def _connected(self) -> Any:
        # A client that did not come about is closed when it is collected, and waits for ever if that is while another starts.
        gc.collect()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return self._dask.Client(self.address, timeout=_ANSWER, set_as_default=False)
            except (OSError, ValueError, TypeError, RuntimeError) as error:
                raise ClusterError(
                    f"there is no Dask scheduler at {self.address} ({_first_line(error)}): "
                    f"start one, or correct or unset GOVREPORTS_DASK ({_HOW})"
                ) from error

    def _greet(self, files: Store) -> None:
        """Ask every worker for its versions, and whether it sees the lake's files."""
        self._await_workers(time.monotonic())
        probe = f".cluster-{uuid.uuid4().hex}"
        files.write(probe, b"")
        try:
            # Tasks pass through the scheduler, which must be able to load them; it reads and writes no files.
            scheduler, _ = self._client.run_on_scheduler(_look_around)
            answers = self._asked(files, probe)
        except Exception as error:
            raise ClusterError(
                f"the Dask scheduler at {self.address} cannot run govreports ({_first_line(error)}): "
                f"install there what is installed here ({_HOW})"
            ) from error
        finally:
            files.delete(probe)
        if found := differing(scheduler, versions()):
            raise ClusterError(
                f"the Dask scheduler at {self.address} has other versions: {found}; install the same ({_HOW})"
            )
        for worker, answer in sorted(answers.items()):
            if isinstance(answer, BaseException):
                raise ClusterError(
                    f"the Dask worker {worker} cannot run govreports ({_first_line(answer)}): "
                    f"install there what is installed here ({_HOW})"
                )
            there, sees = answer
            if found := differing(there, versions()):
                raise ClusterError(f"the Dask worker {worker} has other versions: {found}; install the same ({_HOW})")
            if not sees:
                raise ClusterError(
                    f"the Dask worker {worker} does not see {files.address}: share it under the same path ({_HOW})"
                )

    def _asked(self, files: Store, probe: str) -> dict[str, Any]:
        """What every worker answers. One that goes away meanwhile is no answer: its nanny starts another, which is asked then."""
        began = time.monotonic()
        while True:
            answers: dict[str, Any] = self._client.run(_look_around, files, probe, on_error="return")
            gone = any(isinstance(answer, OSError) for answer in answers.values())
            if (answers and not gone) or time.monotonic() - began > _WITHOUT_WORKERS:
                return answers
            time.sleep(1)
            self._await_workers(began)

    def _submit(self, guarded: _Guarded[Task, Result], task: Task) -> Any:
        try:
            return self._client.submit(guarded, task, pure=False)
        except Exception as error:
            raise self._gone(error) from None

    def _finish(
        self,
        guarded: _Guarded[Task, Result],
        under_way: deque[tuple[Task, Any]],
        lost: Callable[[Task], Result] | None,
    ) -> Result:
        """The result of the first task under way."""
        task, future = under_way.popleft()
        killed = self._dask.KilledWorker
        try:
            return self._result(future)
        except killed:
            pass
        # Perhaps it was another task that its workers died on: once more, when nothing else is under way.
        for _, other in under_way:
            self._await(other)
        try:
            return self._result(self._submit(guarded, task))
        except killed as error:
            if lost:
                return lost(task)
            raise WorkerDied("workers died again and again on the same task; is there enough memory?") from error

    def _result(self, future: Any) -> Any:
        """The result of a future; raises what the task raised, or `ClusterError` where nobody is left to make it."""
        self._await(future)
        if future.status == "error":
            return future.result()
        try:
            return future.result(timeout=_WITHOUT_WORKERS)
        except _LOST as error:
            raise self._gone(error) from None

    def _await(self, future: Any) -> None:
        """Wait until a future is done. Raises `ClusterError` where nobody is left to do it."""
        seen = time.monotonic()
        while True:
            try:
                with self._client.as_current():
                    self._dask.wait([future], timeout=_LOOK)
                return
            except TimeoutError:
                seen = self._await_workers(seen)
            except _LOST as error:
                raise self._gone(error) from None

    def _await_workers(self, seen: float) -> float:
        """When workers were last there. Raises `ClusterError` where that is too long ago."""
        while not self._count_threads():
            if time.monotonic() - seen > _WITHOUT_WORKERS:
                raise ClusterError(
                    f"the Dask scheduler at {self.address} has had no worker for {_WITHOUT_WORKERS} s: "
                    "start some, and build again"
                )
            time.sleep(1)
        return time.monotonic()

    def _width(self) -> int:
        """Threads of all workers, as they were a moment ago."""
        if time.monotonic() - self._looked > _LOOK:
            self._count_threads()
        return max(1, self._threads)

    def _count_threads(self) -> int:
        try:
            self._threads = sum(self._client.nthreads().values())
        except Exception as error:
            raise self._gone(error) from None
        self._looked = time.monotonic()
        return self._threads

    def _gone(self, why: object) -> ClusterError:
        """What to raise, from nothing: a run of Dagster tells the first cause, and the client's is no sentence for people."""
        return ClusterError(
            f"the Dask cluster at {self.address} is gone ({_first_line(why)}); what was done stands, "
            "and the next build goes on from there"
        )


def _first_line(error: object) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines and lines[0] else type(error).__name__
