"""Every quote of the golden labels is found from the cleaned side, and leads back to its place in the raw text."""

import csv
from functools import cache
from pathlib import Path

import pytest

from govreports.clean.plan import Cleaning, clean
from govreports.intake.reading import decode
from govreports.intake.source import SourceFile
from govreports.text.convert import to_simplified_light
from govreports.text.gloss import GLOSS, strip_glosses
from govreports.text.ids import doc_id

ROOT = Path(__file__).resolve().parents[2]
LABELS = ROOT / "govreports" / "quality" / "gold" / "seeds.csv"
SEEDS = {path.name[:3]: path for path in sorted((ROOT / "raw").glob("*.txt"))}


@cache
def document(seed: str) -> tuple[str, Cleaning]:
    raw = decode(SourceFile(SEEDS[seed].name, SEEDS[seed].read_bytes())).text
    return raw, clean(raw)


def plain(text: str) -> str:
    """The text without what cleaning may change: blanks, glosses, traditional characters."""
    return "".join(to_simplified_light(strip_glosses(text)).split())


@pytest.mark.parametrize("seed", SEEDS)
def test_quotes_are_found_from_the_cleaned_side(seed: str) -> None:
    with LABELS.open(encoding="utf-8", newline="") as file:
        identifier = doc_id(SEEDS[seed].read_bytes())
        places = [(row["raw_start"], row["raw_end"]) for row in csv.DictReader(file) if row["document"] == identifier]
    raw, cleaning = document(seed)
    assert places
    for start, end in ((int(first), int(last)) for first, last in places):
        quote = raw[start:end]
        clean_start, clean_end = cleaning.offsets.to_clean(start, end)
        assert plain(cleaning.text[clean_start:clean_end]) == plain(quote)
        back_start, back_end = cleaning.offsets.to_raw(clean_start, clean_end)
        assert back_start == start
        # A gloss behind the last character is no part of what the cleaned text shows.
        gloss = [m for m in GLOSS.finditer(raw, start, end) if m.end() == end]
        assert back_end == (gloss[0].start() if gloss else end)
