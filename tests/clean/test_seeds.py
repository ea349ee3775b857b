"""The five reports: zones line by line, glosses, conversion, damage, and the way back.

The labels under golden/ are line ranges and short quotations, made by hand.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from govreports.clean.explain import describe, replay
from govreports.clean.plan import Cleaning, clean
from govreports.clean.stage import clean_documents
from govreports.intake.reading import decode
from govreports.intake.source import SourceFile
from govreports.text.convert import find_traditional
from govreports.text.gloss import find_glosses
from govreports.text.offsets import OffsetMap

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden")
SEEDS = {path.name[:3]: path for path in sorted((ROOT / "raw").glob("*.txt"))}
ZONES = json.loads((GOLDEN / "zones.json").read_text(encoding="utf-8"))
DAMAGE = json.loads((GOLDEN / "damage_002.json").read_text(encoding="utf-8"))
DAMAGED_READ_RIGHT = 13


@cache
def raw(seed: str) -> str:
    return decode(SourceFile(SEEDS[seed].name, SEEDS[seed].read_bytes())).text


@cache
def cleaned(seed: str) -> Cleaning:
    return clean(raw(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_line_lies_in_its_zone(seed: str) -> None:
    wanted = {
        line: kind for kind, ranges in ZONES[seed].items() for low, high in ranges for line in range(low, high + 1)
    }
    wrong, at = [], 0
    for number, line in enumerate(raw(seed).split("\n"), 1):
        if line.strip():
            kinds = {z.kind for z in cleaned(seed).zones if z.raw_start < at + len(line) and at < z.raw_end}
            if kinds != {wanted.get(number)}:
                wrong.append((number, wanted.get(number), kinds))
        at += len(line) + 1
    assert wrong == []


@pytest.mark.parametrize("seed", SEEDS)
def test_cleaned_text_keeps_its_rules(seed: str) -> None:
    text = cleaned(seed).text
    lines = text.split("\n")
    assert all(line and line == line.strip() for line in lines)
    assert not re.search(r"[０-９Ａ-Ｚａ-ｚ％．\r\t\u3000\xa0]", text)
    assert find_traditional(text) == []
    assert find_glosses(text) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_zones_cover_the_cleaned_text_in_order(seed: str) -> None:
    kept = [z for z in cleaned(seed).zones if z.kind in ("title_block", "contents", "body", "notes")]
    at = 0
    for zone in kept:
        assert zone.clean_start == (at + 1 if at else 0)
        assert zone.clean_start < zone.clean_end
        at = zone.clean_end
    assert at == len(cleaned(seed).text)
    assert all(z.clean_start == z.clean_end for z in cleaned(seed).zones if z not in kept)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_replays_to_the_same_text(seed: str) -> None:
    assert replay(raw(seed), cleaned(seed)) == cleaned(seed).text
    assert next(describe(cleaned(seed))).startswith("Zones")


@pytest.mark.parametrize("seed", SEEDS)
def test_cleaning_cleaned_text_changes_nothing(seed: str) -> None:
    assert clean(cleaned(seed).text).text == cleaned(seed).text


@pytest.mark.parametrize("seed", SEEDS)
def test_unconverted_characters_map_to_themselves(seed: str) -> None:
    text, source, offsets = cleaned(seed).text, raw(seed), cleaned(seed).offsets
    for match in re.finditer(r"\d[\d.]*", text):
        start, end = offsets.to_raw(*match.span())
        assert source[start:end].translate(str.maketrans("", "", " ")) == match[0]


@pytest.mark.parametrize("codec", ["gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("seed", SEEDS)
def test_other_encodings_give_the_same_cleaned_text(seed: str, codec: str) -> None:
    read = decode(SourceFile("x.txt", raw(seed).encode(codec)))
    assert read.text == raw(seed)


@pytest.mark.parametrize("codec", ["gbk", "big5hkscs"])
def test_encodings_that_cannot_hold_everything_read_as_what_they_hold(codec: str) -> None:
    for seed in ("001", "002"):
        held = raw(seed).encode(codec, errors="replace").decode(codec)
        read = decode(SourceFile("x.txt", held.encode(codec)))
        assert read.text == held


def test_all_glosses_are_gone_and_recorded() -> None:
    assert sum(1 for fix in cleaned("002").fixes if fix.fixer == "pinyin_gloss") == 1138


def test_damaged_spans_are_read_or_marked() -> None:
    fixes = [fix for fix in cleaned("002").fixes if fix.fixer == "byte_damage"]
    assert len(fixes) == len(DAMAGE)
    text = cleaned("002").text + "\n(江西" + fixes[0].after + raw("002")[fixes[0].raw_end :]
    right = [truth for _, truth in DAMAGE if truth in text]
    assert len(right) >= DAMAGED_READ_RIGHT
    assert all(fix.doubtful for fix in fixes)


def test_rows_carry_offsets_and_counts() -> None:
    document = {
        "doc_id": "d1",
        "raw_text": raw("002"),
        "media_type": "text/plain",
        "title": "x",
        "doc_type": "work_report",
    }
    row = clean_documents([document])[0]
    assert row["raw_text"] == document["raw_text"]
    assert row["title"] == "x"
    assert (row["raw_chars"], row["clean_chars"]) == (len(raw("002")), len(row["clean_text"]))
    assert row["damaged_spans"] == 15
    assert row["repaired_spans"] >= DAMAGED_READ_RIGHT
    offsets = OffsetMap.decode(row["offsets"])
    kinds = {span["kind"] for span in row["span"]}
    assert kinds == {"metadata", "title_block", "body", "notes", "fix"}
    for span in row["span"]:
        if span["kind"] == "fix":
            assert raw("002")[span["raw_start"] : span["raw_end"]] == span["before"]
        assert offsets.to_raw(span["clean_start"], span["clean_end"])[1] <= len(raw("002"))
