"""docs/questions.md: fifteen questions whose SQL runs, and a page that can be answered anew."""

import re
import sys
from pathlib import Path

import pytest

from govreports.warehouse.connection import published_file

DOCS = Path(__file__).resolve().parents[2] / "docs"
sys.path.insert(0, str(DOCS))

from answer import PAGE, QUERY, answer, answered  # noqa: E402

TEXT = PAGE.read_text(encoding="utf-8")
QUERIES = [found[1] for found in QUERY.finditer(TEXT)]


def test_there_are_fifteen_questions_each_with_its_query() -> None:
    assert len(QUERIES) == len(re.findall(r"^## \d+\. .*\?$", TEXT, flags=re.MULTILINE)) == 15


@pytest.mark.parametrize("number", range(15))
def test_every_query_runs(labelled_file: Path, number: int) -> None:
    with published_file(labelled_file) as con:
        lines = answer(con, QUERIES[number]).splitlines()
    # Sections, quantities and themes are not in the labels; all other questions have answers there.
    assert len(lines) >= 2
    if number + 1 not in (6, 10, 11, 13, 14):
        assert lines[1] != "(none)"


def test_answering_twice_changes_nothing(labelled_file: Path) -> None:
    with published_file(labelled_file) as con:
        once = answered(TEXT, con)
        assert answered(once, con) == once
    assert once.count("```text") == 15
