"""Where the pure functions run: here, or in a pool of processes.

Belongs here: maps over tasks that keep order and bound memory. Does not belong here: what a task is.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class Mapper(Protocol):
    """Applies a function to each task and yields the results in the order of the tasks."""

    def __call__(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Results in order; an exception of the function is raised where its result would stand."""


def serial(function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
    """The map of this process."""
    return map(function, tasks)


@contextmanager
def pool(processes: int) -> Iterator[Mapper]:
    """A map over spawned processes, at most four tasks per process under way, so that memory stays bounded.

    Spawned and not forked, because the parent has threads of polars and gRPC. With one process the map is the serial one.
    """
    if processes <= 1:
        yield serial
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as executor:

        def mapper(function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
            under_way: deque[Future[Result]] = deque()
            for task in tasks:
                under_way.append(executor.submit(function, task))
                if len(under_way) >= 4 * processes:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()

        yield mapper
