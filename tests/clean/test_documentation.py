"""docs/cleaning.md names every fixer."""

from pathlib import Path

from govreports.clean.plan import FIXERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cleaning.md"


def test_every_fixer_stands_in_the_table() -> None:
    cells = {
        name.strip()
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
        for name in line.split("|")[1].split(",")
    }
    assert {fixer.name for fixer in FIXERS} <= cells
