"""Pulling the plug on a load, again and again, while somebody reads.

Belongs here: kills at random moments of builds, of their workers, of publications and of the daemon; the reader; what is left at
the end. Does not belong here: what a build costs (see `benchmarks.projects`).

Reports come in as many portions as there are kills, so that each hits work that is under way.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.daemon import start_ui
from benchmarks.measure import processes_of, start
from benchmarks.projects import STAGES, Project
from govreports.warehouse.connection import published_file, scalar

_SEED = 20240115
# Seconds within which a kill comes: after the start of a build or daemon, or of the publication.
_WITHIN = {"build": (0.5, 12.0), "worker": (3.0, 10.0), "publication": (0.0, 6.0), "daemon": (6.0, 25.0)}
_PATIENCE = 300.0
_SAID = "SELECT row_count FROM meta.table_stats WHERE schema_name = 'text' AND table_name = 'document'"


@dataclass
class Outcome:
    """What fifty kills left. `kills` counts those that hit a running process, by what they hit."""

    kills: Counter[str] = field(default_factory=Counter)
    too_late: int = 0
    reads: int = 0
    failed_reads: list[str] = field(default_factory=list)
    content_hash: str = ""
    orphans: list[str] = field(default_factory=list)
    settled: bool = False


def content_hash(project: Project) -> str:
    """The content hash of what is published."""
    with published_file(project.published) as con:
        return str(scalar(con, "SELECT content_hash FROM meta.build"))


def orphans(warehouse: Path) -> list[str]:
    """Files of the lake and of builds that nobody stands for."""
    lake = warehouse / "lake"
    with sqlite3.connect(lake / "ledger.sqlite") as ledger:
        rows = ledger.execute("SELECT stage, partition_key FROM stage_file").fetchall()
    known = {f"{stage}/{key.rsplit('-', 1)[1]}/{key}.parquet" for stage, key in rows}
    there = (
        path.relative_to(lake).as_posix() for stage in STAGES for path in (lake / stage).rglob("*") if path.is_file()
    )
    return sorted({*there} - known) + [path.name for path in (warehouse / "builds").glob(".*")]


def kill_again_and_again(source: Project, project: Project, count: int) -> Outcome:
    """Load the reports of `source` into `project` in portions, kill something in each, and build once more at the end."""
    moments, outcome = random.Random(_SEED), Outcome()
    files = sorted(path for path in source.raw.rglob("*") if path.is_file())
    kinds = [kind for kind in _KILLS for _ in range(-(-count // len(_KILLS)))][:count]
    moments.shuffle(kinds)
    with _reader(project, outcome):
        for number, kind in enumerate(kinds):
            _drop(files[number::count], source, project)
            hit = _KILLS[kind](project, moments.uniform(*_WITHIN[kind]))
            outcome.kills[kind] += hit
            outcome.too_late += not hit
        project.build()
        outcome.settled = "nothing was done" in project.build().output
    outcome.content_hash, outcome.orphans = content_hash(project), orphans(project.warehouse)
    return outcome


def _drop(files: list[Path], source: Project, project: Project) -> None:
    for path in files:
        target = project.raw / path.relative_to(source.raw)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _start_build(project: Project) -> subprocess.Popen[str]:
    return start([*project.build_command, "--jobs", "2"])


def _kill_build(project: Project, after: float) -> bool:
    return _end(_start_build(project), after)


def _kill_publication(project: Project, after: float) -> bool:
    """Kill a build that has told of its last stage."""
    process = _start_build(project)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(f"{STAGES[-1]}:"):
            break
    return _end(process, after)


def _kill_worker(project: Project, after: float) -> bool:
    """Kill one of the processes that a build started; the build itself goes on to its end."""
    process = _start_build(project)
    time.sleep(after)
    workers = [number for number in processes_of(process.pid) if number != process.pid]
    hit = False
    with suppress(ProcessLookupError, IndexError):
        os.kill(workers[-1], signal.SIGKILL)
        hit = True
    process.communicate(timeout=_PATIENCE)
    return hit


def _kill_daemon(project: Project, after: float) -> bool:
    return _end(start_ui(project)[0], after)


def _end(process: subprocess.Popen[str], after: float) -> bool:
    """Kill a process with all that it started; whether it was still running."""
    time.sleep(after)
    running = process.poll() is None
    for number in processes_of(process.pid):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    process.communicate()
    return running


_KILLS: dict[str, Callable[[Project, float], bool]] = {
    "build": _kill_build,
    "worker": _kill_worker,
    "publication": _kill_publication,
    "daemon": _kill_daemon,
}


@contextmanager
def _reader(project: Project, outcome: Outcome) -> Iterator[None]:
    stop = threading.Event()
    reader = threading.Thread(target=_read_on, args=(project, stop, outcome))
    reader.start()
    try:
        yield
    finally:
        stop.set()
        reader.join()


def _read_on(project: Project, stop: threading.Event, outcome: Outcome) -> None:
    """Open the published file again and again, as tools do, and hold what it says of itself against what it holds."""
    while not stop.wait(0.2):
        if not project.published.exists():
            continue
        outcome.reads += 1
        try:
            with published_file(project.published) as con:
                said = scalar(con, _SAID)
                held = scalar(con, "SELECT count(*) FROM text.document")
            if said != held:
                outcome.failed_reads.append(f"{said} documents were said to be there, {held} are")
        except Exception as error:
            outcome.failed_reads.append(f"{type(error).__name__}: {error}")
