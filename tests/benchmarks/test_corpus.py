"""The generator of benchmark reports: what it says of a file is what stands in it."""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

import pytest

from benchmarks.corpus import YEARS, Made, corpus, region_years, write
from benchmarks.damage import BAD, DAMAGES
from benchmarks.draft import Draft
from benchmarks.templates import Template, templates
from govreports.metadata.gazetteer import load_gazetteer
from govreports.text.ids import doc_id

ENCODINGS = {"gb18030": "gb18030", "utf16": "utf-16"}


def text_of(file: Made) -> str:
    """The decoded raw text of a generated file."""
    data = gzip.decompress(file.data) if file.source_file.endswith(".gz") else file.data
    return data.decode(ENCODINGS.get(file.manifest["damage"], "utf-8"))


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """A corpus in which every other file is damaged and some are bad."""
    return list(corpus(120, seed=7, damaged=0.5, bad=0.1))


def test_the_same_call_makes_the_same_bytes(made: list[Made]) -> None:
    again = list(corpus(120, seed=7, damaged=0.5, bad=0.1))
    assert [(f.source_file, f.data, f.truth) for f in made] == [(f.source_file, f.data, f.truth) for f in again]
    assert [f.data for f in corpus(5, seed=8)] != [f.data for f in made[:5]]


def test_every_file_is_named_once_and_every_kind_occurs(made: list[Made]) -> None:
    assert len({f.source_file for f in made}) == len(made) == 120
    kinds = {f.manifest["damage"] for f in made}
    assert kinds >= {"none"} and kinds <= {*DAMAGES, *BAD}
    assert {f.manifest["expected"] for f in made} == {"accepted", "refused"}


def test_every_label_stands_where_the_truth_says(made: list[Made]) -> None:
    seen = 0
    for file in made:
        text = text_of(file) if file.truth else ""
        assert all(row["document"] == doc_id(file.data) for row in file.truth)
        for row in file.truth:
            quote = text[int(row["raw_start"]) : int(row["raw_end"])].replace("·", ".")
            for column in ("value", "value_low", "value_high"):
                if row["changed"] and row[column]:
                    assert row[column].lstrip("-") in quote, (file.manifest, row)
                    seen += 1
    assert seen > 5_000


def test_region_and_year_replace_those_of_the_template(made: list[Made]) -> None:
    regions = load_gazetteer().regions
    for file in made:
        if file.manifest["expected"] == "refused" or file.manifest["template"] == "002":
            continue
        text = text_of(file)
        region = regions[file.manifest["region_code"]]
        assert region.valid_in(int(file.manifest["report_year"]))
        assert f"{region.name}第" in text and f"{file.manifest['report_year']}年" in text
        template = next(t for t in templates() if t.spec.file.startswith(file.manifest["template"]))
        if region.name != template.spec.names["own"]:
            assert f"{template.spec.names['own']}第" not in text


@pytest.mark.parametrize("template", templates(), ids=lambda t: t.spec.file[:3])
def test_paragraphs_change_places_and_none_is_lost(template: Template) -> None:
    order = template.order(random.Random(1))
    assert sorted(order) == list(range(len(template.lines)))
    moved = [number for place, number in enumerate(order) if number != place]
    assert moved and all(len(template.lines[number]) >= 80 for number in moved)


def test_a_small_report_is_small() -> None:
    sizes = [int(f.manifest["characters"]) for f in corpus(60, small=True, damaged=0.0)]
    assert sum(sizes) / len(sizes) < 6_000


def test_there_are_region_years_for_a_nation() -> None:
    pairs = [(region.region_code, year) for region, year in region_years(random.Random(1))]
    assert len(pairs) == len(set(pairs)) >= 64_000
    assert {year for _, year in pairs} == set(YEARS)


def test_a_draft_keeps_its_marks() -> None:
    draft = Draft("一二三四五", ((1, 3), (4, 5)))
    longer = draft.edited([(0, 1, "零零零"), (2, 2, "!"), (4, 5, "")])
    assert longer.text == "零零零二!三四"
    assert longer.marks == ((3, 6), (7, 7))


def test_lines_that_part_lose_their_mark() -> None:
    draft = Draft("aa\nbb\ncc", ((0, 5), (6, 8)))
    moved = draft.arranged([2, 0, 1])
    assert moved == Draft("cc\naa\nbb", ((3, 8), (0, 2)))
    assert draft.arranged([0, 2, 1]).marks == (None, (3, 5))


def test_files_lie_beside_their_truth(tmp_path: Path) -> None:
    files, characters = write(corpus(12, bad=0.2), tmp_path)
    with (tmp_path / "manifest.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert files == len(rows) == len([p for p in (tmp_path / "raw").rglob("*") if p.is_file()])
    assert characters == sum(int(row["characters"]) for row in rows)
    assert all((tmp_path / "raw" / row["source_file"]).is_file() for row in rows)
