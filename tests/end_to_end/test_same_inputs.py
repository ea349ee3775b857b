"""The same inputs give the same content hash, whichever way the build came to them."""

import os
import shutil
from pathlib import Path

import pytest
from project import SEEDS, Project

pytestmark = pytest.mark.slow


def hash_after_build(project: Project) -> object:
    """Build, and tell the content hash."""
    done = project.call("build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project.content_hash


def test_a_cold_build_and_one_grown_in_steps_hold_the_same(tmp_path: Path) -> None:
    cold = hash_after_build(Project.with_seeds(tmp_path / "cold"))
    grown = Project.with_seeds(tmp_path / "grown")
    names = sorted(path.name for path in grown.raw.iterdir())
    for name in names[1:]:
        (grown.raw / name).unlink()
    assert hash_after_build(grown) != cold
    # The others arrive in the other order, one with other bytes at first and under another name.
    for age, name in enumerate(reversed(names[1:])):
        shutil.copy(SEEDS / name, grown.raw)
        os.utime(grown.raw / name, (age, age))
    changed = grown.raw / names[-1]
    changed.write_bytes(changed.read_bytes() + "\n又及。\n".encode())
    changed.rename(grown.raw / "renamed.txt")
    assert hash_after_build(grown) != cold
    (grown.raw / "renamed.txt").unlink()
    shutil.copy(SEEDS / names[-1], grown.raw)
    assert hash_after_build(grown) == cold
