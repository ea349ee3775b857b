"""Running a command and watching it.

Belongs here: wall time, the memory of a command with all its processes, when each line of its output came. Does not belong here:
which commands are run (see `benchmarks.blocks`).
"""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Looking costs the watched some of its time.
_PACE = 0.5


@dataclass
class Watched:
    """A finished command. `peak` is the largest sum over its processes of memory not shared with others (PSS), in bytes.

    `processor` are the seconds that all its processes had a processor: on a machine that does other things as well they tell more
    than the `seconds` on the wall.
    """

    seconds: float
    code: int
    peak: int
    processor: float
    lines: list[tuple[float, str]] = field(default_factory=list)

    @property
    def output(self) -> str:
        """All that it printed."""
        return "\n".join(line for _, line in self.lines)


class CommandFailed(RuntimeError):
    """A measured command ended with an error."""


def watch(command: Sequence[str], *, accept: Sequence[int] = (0,)) -> Watched:
    """Run a command from the project's folder to its end. Raises `CommandFailed` with the end of its output."""
    started, before = time.perf_counter(), _processor()
    process = start(command)
    done, peaks = threading.Event(), [0]
    sampler = threading.Thread(target=_sample, args=(process.pid, done, peaks), daemon=True)
    sampler.start()
    assert process.stdout is not None
    lines = [(time.perf_counter() - started, line.rstrip("\n")) for line in process.stdout]
    code = process.wait()
    seconds = time.perf_counter() - started
    done.set()
    sampler.join()
    watched = Watched(seconds, code, max(peaks), _processor() - before, lines)
    if code not in accept:
        raise CommandFailed(f"{' '.join(command[1:4])} ended with {code}: {watched.output[-1500:]}")
    return watched


def start(command: Sequence[str]) -> subprocess.Popen[str]:
    """Start a command from the project's folder in a session of its own; its output can be read."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _processor() -> float:
    """Processor seconds of all processes that have ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def processes_of(first: int) -> list[int]:
    """A process with all that it started, in sessions of their own too; the newest last."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            if folder.name.isdigit():
                children.setdefault(_stat(folder)[1], []).append(int(folder.name))
    found = [first] if Path(f"/proc/{first}").exists() else []
    for number in found:
        found += children.get(number, [])
    return sorted({*found, *(int(folder.name) for folder in _processes(first))})


def _sample(session: int, done: threading.Event, peaks: list[int]) -> None:
    while not done.wait(_PACE):
        peaks.append(sum(_memory(process) for process in _processes(session)))


def _processes(session: int) -> list[Path]:
    """The processes of a session, which is named after its first one."""
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            if folder.name.isdigit() and _stat(folder)[3] == session:
                found.append(folder)
    return found


def _stat(process: Path) -> tuple[str, int, int, int]:
    """State, parent, group and session of a process, which stand after its name in brackets."""
    state, *numbers = (process / "stat").read_text().rpartition(")")[2].split()[:4]
    parent, group, session = map(int, numbers)
    return state, parent, group, session


def _memory(process: Path) -> int:
    with suppress(OSError):
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
