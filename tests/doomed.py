"""Workers that die on some tasks, as when memory is short: a map over real processes, and one that only acts as if.

Tasks are named `<stage> <partition>`, or after a file under raw/.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import standins

from govreports.workers import Mapper


def doomed(*names: str) -> Mapper:
    """A map in this process that takes its workers to have died on the tasks of these names."""

    def mapper(
        function: Callable[[Any], Any], tasks: Iterable[Any], lost: Callable[[Any], Any] | None = None
    ) -> Iterator[Any]:
        assert lost
        return (lost(task) if name_of(task) in names else function(task) for task in tasks)

    return mapper


@dataclass(frozen=True)
class Doomed:
    """A map whose processes are killed on the tasks that the lines of a file name, with stand-ins for the stages there too."""

    mapper: Mapper
    names: Path

    def __call__(
        self, function: Callable[[Any], Any], tasks: Iterable[Any], lost: Callable[[Any], Any] | None = None
    ) -> Iterator[Any]:
        return self.mapper(partial(run, function, self.names), tasks, lost)


def run(function: Callable[[Any], Any], names: Path, task: Any) -> Any:
    """A task in its process."""
    assert multiprocessing.parent_process(), "the tests' own process is not to die"
    sys.modules.update(standins.modules())
    if name_of(task) in names.read_text(encoding="utf-8").splitlines():
        os.kill(os.getpid(), signal.SIGKILL)
    return function(task)


def name_of(task: Any) -> str:
    """The name of a task: of a stage, or of the scan."""
    return str(task.source_file) if hasattr(task, "source_file") else f"{task.stage} {task.key}"
