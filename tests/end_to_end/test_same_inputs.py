"""The same inputs give the same content hash, whichever way the build came to them."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from project import SEEDS, Project

from benchmarks.corpus import Made, corpus

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
    assert grown.rows("SELECT revisions > 0 FROM meta.build") == [(True,)]


def test_a_file_that_is_brought_up_to_date_for_weeks_holds_what_a_cold_one_does(tmp_path: Path) -> None:
    made = list(corpus(60, small=True, damaged=0.1))
    cold, grown = Project(tmp_path / "cold"), Project(tmp_path / "grown")
    for project in (cold, grown):
        # Reports of the first and the last year are there from the beginning: coverage tells of the same years all along.
        put(project, sorted(made, key=lambda file: file.manifest["partition_key"][-4:])[:: len(made) - 1])
        put(project, made[:40])
    hash_after_build(grown)
    for week in range(4):
        put(grown, made[40 + 5 * week : 45 + 5 * week])
        gone = made[3 * week]
        (grown.raw / gone.source_file).unlink()
        again = grown.raw / made[3 * week + 1].source_file
        again.write_bytes(again.read_bytes() + "\n又及。\n".encode())
        hash_after_build(grown)
        assert grown.rows("SELECT revisions FROM meta.build") == [(week + 1,)]
    shutil.rmtree(cold.raw)
    shutil.copytree(grown.raw, cold.raw)
    assert hash_after_build(cold) == grown.content_hash
    assert cold.rows("SELECT revisions FROM meta.build") == [(0,)]


def put(project: Project, files: Iterable[Made]) -> None:
    """Drop generated reports into raw/."""
    for file in files:
        path = project.raw / file.source_file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
