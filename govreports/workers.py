"""Where the pure functions run: here, or in a pool of processes.

Belongs here: maps over tasks that keep order, bound memory, and survive the death of a worker. Does not belong here: the tasks.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

# Tasks under way for each process, so that none waits and memory stays bounded.
_AHEAD = 4
# How often a task is tried again after its pool broke: the pool may be broken still, and break once more by another task.
_TRIES = 4


class Mapper(Protocol):
    """Applies a function to each task and yields the results in the order of the tasks."""

    def __call__(
        self,
        function: Callable[[Task], Result],
        tasks: Iterable[Task],
        lost: Callable[[Task], Result] | None = None,
    ) -> Iterator[Result]:
        """Results in order; an exception of the function is raised where its result would stand.

        `lost` gives the result of a task whose process dies whenever it is tried; without it `WorkerDied` is raised.
        """


class WorkerDied(RuntimeError):
    """A process died more than once on one task: it ran out of memory, or a library crashed."""


def serial(
    function: Callable[[Task], Result], tasks: Iterable[Task], lost: Callable[[Task], Result] | None = None
) -> Iterator[Result]:
    """The map of this process."""
    return map(function, tasks)


@contextmanager
def pool(processes: int) -> Iterator[Mapper]:
    """A map over spawned processes, of which one is enough to keep the tasks apart. Within `kept_pool` they live on after it."""
    with held(processes, lambda: _Workers(processes)) as workers:
        yield workers


class Workers(Mapper, Protocol):
    """A map over workers who wait for tasks until they are let go."""

    def close(self) -> None:
        """Let them go."""


@contextmanager
def held(name: Hashable, start: Callable[[], Workers]) -> Iterator[Mapper]:
    """Workers for this block. Within `kept_pool` they are kept under their name, and live on after it."""
    kept: dict[Hashable, Workers] | None = getattr(_of_thread, "kept", None)
    if kept is not None:
        if name not in kept:
            kept[name] = start()
        yield kept[name]
        return
    workers = start()
    try:
        yield workers
    finally:
        workers.close()


@contextmanager
def kept_pool() -> Iterator[None]:
    """Let the pools of this thread live as long as this block: every process that starts loads models and declarations anew."""
    if getattr(_of_thread, "kept", None) is not None:
        yield
        return
    _of_thread.kept = {}
    try:
        yield
    finally:
        let_go()
        _of_thread.kept = None


def are_kept() -> bool:
    """Whether workers of this thread wait for tasks, so that giving them some starts no process."""
    return bool(getattr(_of_thread, "kept", None))


def let_go() -> None:
    """End the kept workers of this thread, whose memory others need now; who wants some later starts new ones."""
    kept: dict[Hashable, Workers] = getattr(_of_thread, "kept", None) or {}
    while kept:
        kept.popitem()[1].close()


_of_thread = threading.local()


class _Workers:
    """Spawned processes, started when first needed. Spawned and not forked: the parent has threads of polars and gRPC."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._executor: ProcessPoolExecutor | None = None

    def __call__(
        self,
        function: Callable[[Task], Result],
        tasks: Iterable[Task],
        lost: Callable[[Task], Result] | None = None,
    ) -> Iterator[Result]:
        under_way: deque[tuple[Task, Future[Result] | None]] = deque()
        for task in tasks:
            under_way.append((task, self._submit(function, task)))
            if len(under_way) >= _AHEAD * self.processes:
                yield self._finish(function, under_way, lost)
        while under_way:
            yield self._finish(function, under_way, lost)

    def close(self) -> None:
        """End the processes."""
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
        self._executor = None

    def _finish(
        self,
        function: Callable[[Task], Result],
        under_way: deque[tuple[Task, Future[Result] | None]],
        lost: Callable[[Task], Result] | None,
    ) -> Result:
        """The result of the first task under way."""
        task, future = under_way.popleft()
        try:
            if future:
                return future.result()
        except BrokenProcessPool:
            pass
        # Whichever task it was that a process died on: after the second try at the latest, this one is alone in a new pool.
        for _ in range(_TRIES):
            try:
                return self._started().submit(function, task).result()
            except BrokenProcessPool:
                self.close()
        if lost:
            return lost(task)
        raise WorkerDied("a worker process died more than once on the same task; is there enough memory?")

    def _submit(self, function: Callable[[Task], Result], task: Task) -> Future[Result] | None:
        try:
            return self._started().submit(function, task)
        except BrokenProcessPool:
            return None

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self.processes, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
            )
        return self._executor


def _end_with_parent() -> None:
    """Let a worker end when its parent is killed: it would wait for tasks for ever."""
    parent = multiprocessing.parent_process()

    def watch(process: Any) -> None:
        process.join()
        os._exit(1)

    if parent:
        threading.Thread(target=watch, args=(parent,), daemon=True).start()
