"""Pulling the plug: a build that is killed anywhere leaves nothing that the next one does not mend."""

import os
import random
import signal
import time
from pathlib import Path

import pytest
from project import Project

from benchmarks.kills import orphans

pytestmark = pytest.mark.slow
KILLS = 10


def kill(project: Project, after: float) -> bool:
    """Start a build and kill it with all its processes; whether it was still running."""
    process = project.start("build", "--jobs", "2")
    time.sleep(after)
    running = process.poll() is None
    if running:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return running


def test_the_next_build_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    undisturbed = Project.with_seeds(tmp_path / "undisturbed")
    started = time.monotonic()
    assert undisturbed.call("build").returncode == 0
    duration = time.monotonic() - started
    project = Project.with_seeds(tmp_path / "disturbed")
    moments = random.Random(20240115)
    killed = 0
    for _ in range(KILLS):
        killed += kill(project, moments.uniform(0.2, 0.7) * duration)
        if project.published.exists():
            assert project.rows("SELECT count(*) FROM text.document") == [(5,)], "readers never see half of it"
        # Something to do for the next one, so that every kill hits a build that works.
        for stage in ("cleaned", "indicators"):
            for path in sorted((project.warehouse / "lake" / stage).rglob("*.parquet"))[:2]:
                path.unlink()
    done = project.call("build")
    assert done.returncode == 0, done.stdout + done.stderr
    assert killed >= KILLS // 2
    assert project.content_hash == undisturbed.content_hash
    assert orphans(project.warehouse) == []
    assert "nothing was done" in project.call("build").stdout
