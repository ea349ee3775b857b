"""The five reports against their labelled headings: floors that are only ever raised."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from section_documents import SEEDS, seed, seed_text

LABELS = json.loads((Path(__file__).parent / "golden" / "headings.json").read_text(encoding="utf-8"))
PRINTED = ("part", "chapter", "section", "subsection")
FLOORS = {"printed": 0.995, "run_in": 0.99}
PARENT, ROLE = 0.995, 0.995


def norm(title: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", title or ""))


def paired(name: str) -> tuple[list, list, dict[int, int], list]:
    """Labels, found headings, label → found, and the parent of each label."""
    labels = LABELS[name]
    found = [s for s in seed(name)[1]["section"] if s["kind"] in (*PRINTED, "run_in")]
    raw = seed_text(name)
    line_of = [raw.count("\n", 0, s["raw_start"]) + 1 for s in found]
    pairs: dict[int, int] = {}
    for i, (_, _, _, line, title) in enumerate(labels):
        hit = next(
            (
                k
                for k, s in enumerate(found)
                if k not in pairs.values() and line_of[k] == line and norm(s["title"]) == norm(title)
            ),
            None,
        )
        if hit is not None:
            pairs[i] = hit
    parents, stack = [], []
    for i, (level, *_) in enumerate(labels):
        while stack and labels[stack[-1]][0] >= level:
            stack.pop()
        parents.append(stack[-1] if stack else None)
        stack.append(i)
    return labels, found, pairs, parents


@pytest.mark.parametrize("kind", FLOORS)
def test_headings_are_found(kind: str) -> None:
    asked = found = hits = 0
    for name in SEEDS:
        labels, sections, pairs, _ = paired(name)
        asked += sum(1 for label in labels if label[1] == kind)
        found += sum(1 for s in sections if (s["kind"] == "run_in") == (kind == "run_in"))
        hits += sum(1 for i in pairs if labels[i][1] == kind)
    assert asked > 200
    assert 2 * hits / (asked + found) >= FLOORS[kind]


def test_headings_have_their_parents_and_roles() -> None:
    hits = parent_right = role_right = 0
    for name in SEEDS:
        labels, sections, pairs, parents = paired(name)
        place = {s["section_id"]: k for k, s in enumerate(sections)}
        for i, k in pairs.items():
            hits += 1
            role_right += sections[k]["role"] == labels[i][2]
            above = place.get(sections[k]["parent_id"])
            parent_right += above == (None if parents[i] is None else pairs.get(parents[i]))
    assert hits > 400
    assert parent_right / hits >= PARENT
    assert role_right / hits >= ROLE


@pytest.mark.parametrize("name", SEEDS)
def test_own_texts_in_order_are_the_cleaned_text(name: str) -> None:
    cleaned, outline = seed(name)
    assert "".join(s["text"] for s in outline["section"]) == cleaned["clean_text"]
    for section in outline["section"]:
        assert cleaned["clean_text"].startswith(section["text"], section["clean_start"])
        title = section["title"]
        if title and cleaned["raw_text"] == cleaned["clean_text"]:
            assert title in cleaned["raw_text"][section["raw_start"] : section["raw_end"]]


@pytest.mark.parametrize("name", SEEDS)
def test_ids_are_unique_and_parents_stand_before(name: str) -> None:
    sections = seed(name)[1]["section"]
    ids = [s["section_id"] for s in sections]
    assert len(set(ids)) == len(ids)
    seen: dict[str, int] = {}
    for s in sections:
        assert s["depth"] == (seen[s["parent_id"]] + 1 if s["parent_id"] else 1)
        seen[s["section_id"]] = s["depth"]
    assert [s["ordinal"] for s in sections] == list(range(len(sections)))


def test_problems_and_targets_are_passages() -> None:
    work_reports = [name for name in SEEDS if not name.startswith("003")]
    for name in work_reports:
        roles = [(s["kind"], s["role"]) for s in seed(name)[1]["section"]]
        assert ("passage", "problems") in roles, name
        assert ("passage", "targets") in roles, name


def test_no_self_check_fires_without_reason() -> None:
    for name in SEEDS:
        found = {(c["check_id"], c["severity"]) for c in seed(name)[1]["self_check"]}
        assert not {c for c in found if c[1] == "error"}
        # The plan's own numbering is damaged.
        assert {c for c in found if c[1] == "warning"} <= (
            {("numbering", "warning")} if name.startswith("003") else set()
        )


def test_the_plans_table_is_rows_and_columns_again() -> None:
    name = next(n for n in SEEDS if n.startswith("003"))
    cleaned, outline = seed(name)
    rows: dict[int, dict[int, dict]] = {}
    for cell in outline["table_cell"]:
        rows.setdefault(cell["row_number"], {})[cell["column_number"]] = cell
    assert len(rows) == 17
    first, unemployment = rows[0], rows[7]
    assert [first[c]["text"] for c in range(5)] == ["经济发展", "地区生产总值年均增速(%)", "8", "7-7.5", "预期性"]
    assert [first[c]["header"] for c in (2, 3)] == ["“十三五”年均增长", "“十四五”年均增长"]
    assert unemployment[1]["text"].startswith("城镇登记失业率")
    assert unemployment[2]["text"].count("——") == 2
    assert unemployment[3]["text"] == "≤3"
    for cell in outline["table_cell"]:
        assert cleaned["raw_text"][cell["raw_start"] : cell["raw_end"]].strip()
    table = next(s for s in outline["section"] if s["kind"] == "table")
    above = next(s for s in outline["section"] if s["section_id"] == table["parent_id"])
    assert above["number"] == "专栏1"
    assert table["role"] == "targets"


def test_glossaries_are_read_whole() -> None:
    counts = {name[:3]: len(seed(name)[1]["glossary"]) for name in SEEDS}
    assert counts == {"000": 15, "001": 0, "002": 24, "003": 0, "004": 29}
    name = next(n for n in SEEDS if n.startswith("004"))
    cleaned, outline = seed(name)
    entry = next(e for e in outline["glossary"] if e["term"] == "双减")
    assert entry["definition"].startswith("有效减轻义务教育阶段")
    assert cleaned["raw_text"][entry["used_start"] : entry["used_end"]] == "“双减”"
