"""The answers printed in docs/questions.md are those of the five reports."""

import sys
from pathlib import Path

import duckdb
import pytest
from project import ROOT, Project

sys.path.insert(0, str(ROOT / "docs"))

from answer import PAGE, answered


@pytest.mark.slow
def test_the_answers_are_those_of_a_build(tmp_path: Path) -> None:
    project = Project.with_seeds(tmp_path)
    done = project.call("build")
    assert done.returncode == 0, done.stdout + done.stderr
    printed = PAGE.read_text(encoding="utf-8")
    with duckdb.connect(project.published, read_only=True) as con:
        assert answered(printed, con) == printed, "run docs/answer.py on a build of raw/"
