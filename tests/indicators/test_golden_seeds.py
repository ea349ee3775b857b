"""The five reports against their labels: floors of F1, exact quotes, and how much of what is labelled core.quantity holds.

Roles and cells of tables are given (golden/outlines.json), so that this tests reading alone.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from govreports.clean.stage import clean_documents
from govreports.indicators.explain import explain, rule_text
from govreports.indicators.rules import load_rules
from govreports.indicators.stage import read_document
from govreports.intake.reading import decode
from govreports.intake.source import SourceFile
from govreports.quality.labels import Reading, bare_unit, shipped_sets
from govreports.quality.score import TOTAL, score
from govreports.text.ids import doc_id
from govreports.text.offsets import OffsetMap

ROOT = Path(__file__).resolve().parents[2]
OUTLINES = json.loads((Path(__file__).parent / "golden" / "outlines.json").read_text(encoding="utf-8"))
# Floors that are only ever raised.
VALUE, STRICT, QUANTITY = 0.99, 0.985, 0.985

Row = dict[str, Any]


@cache
def read(name: str) -> tuple[Row, Row]:
    """Cleaned row and readings of a seed."""
    spec = OUTLINES[name]
    data = (ROOT / "raw" / name).read_bytes()
    decoded = decode(SourceFile(name, data))
    raw = {
        "doc_id": doc_id(data),
        "source_file": name,
        "raw_text": decoded.text,
        "media_type": "text/plain",
        "title": None,
        "doc_type": "work_report",
        "region_code": spec["region_code"],
        "region_name": spec["region_name"],
        "report_year": spec["report_year"],
        "delivered_on": None,
    }
    for span in ("review", "plan"):
        raw[f"{span}_start"], raw[f"{span}_end"] = (date.fromisoformat(d) for d in spec[span])
    cleaned = clean_documents([raw])[0]
    return cleaned, read_document(cleaned, outline(cleaned, spec))


def outline(cleaned: Row, spec: Row) -> Row:
    offsets = OffsetMap.decode(cleaned["offsets"])
    end = len(cleaned["clean_text"])
    starts = [(offsets.to_clean(at, at + 1)[0], role) for at, role in spec["roles"]]
    sections = [
        {"section_id": f"s{i}", "parent_id": None, "title": None, "kind": "part", "role": role}
        | {"clean_start": start, "clean_end": following[0]}
        for i, ((start, role), following) in enumerate(zip(starts, [*starts[1:], (end, "")], strict=True))
    ]
    cells = [
        {"section_id": "t", "row_number": row, "column_number": column, "header": header}
        | {"raw_start": a, "raw_end": b, "text": cleaned["raw_text"][a:b]}
        for row, column, header, a, b in spec["cells"]
    ]
    if cells:
        span = offsets.to_clean(cells[0]["raw_start"], cells[-1]["raw_end"])
        sections.append(
            {"section_id": "t", "parent_id": None, "title": None, "kind": "table", "role": "targets"}
            | {"clean_start": span[0], "clean_end": span[1]}
        )
    return {"doc_id": cleaned["doc_id"], "section": sections, "table_cell": cells, "glossary": [], "self_check": []}


def as_reading(row: Row) -> Reading:
    factor, unit = bare_unit(row["unit"])
    value, low, high = (None if row[n] is None else row[n] * factor for n in ("value", "value_low", "value_high"))
    return Reading(
        row["indicator_id"],
        row["measure"],
        value,
        low,
        high,
        unit,
        row["bound"],
        row["status"],
        row["time_period"] or "",
        row["base_period"] or "",
        "region" if row["scope"] == "region" else "other",
        ((row["raw_start"], row["raw_end"]),),
    )


def test_floors_of_value_and_strict_f1() -> None:
    labels = next(s for s in shipped_sets() if s.name == "seeds")
    readings = {}
    for name in OUTLINES:
        cleaned, found = read(name)
        readings[cleaned["doc_id"]] = [as_reading(r) for r in found["observation"] if r["status"] != "past_target"]
    total = score(labels.labels, readings, labels.exhaustive).tallies[TOTAL]
    assert total.labelled > 150
    assert total.f1("value") >= VALUE
    assert total.f1("strict") >= STRICT


def test_quantities_hold_what_is_labelled() -> None:
    labels = next(s for s in shipped_sets() if s.name == "seeds").labels
    asked = found = 0
    for name in OUTLINES:
        cleaned, readings = read(name)
        rows = [
            (None if q["value"] is None else q["value"] * bare_unit(q["unit"])[0], q["raw_start"], q["raw_end"])
            for q in readings["quantity"]
        ]
        for label in labels[cleaned["doc_id"]]:
            if label.optional or label.value is None or label.measure == "rank":
                continue
            asked += 1
            found += any(
                v is not None and abs(v - label.value) <= 1e-6 * max(1, abs(v)) and a < end and start < b
                for v, a, b in rows
                for start, end in label.places
            )
    assert asked > 150
    assert found / asked >= QUANTITY


@pytest.mark.parametrize("name", OUTLINES)
def test_rows_keep_their_promises(name: str) -> None:
    cleaned, readings = read(name)
    raw, text = cleaned["raw_text"], cleaned["clean_text"]
    for row in readings["observation"]:
        assert raw[row["raw_start"] : row["raw_end"]] == row["quote"]
        assert 0 < len(row["quote"]) <= 60
        assert text[row["clean_start"] : row["clean_end"]] in row["sentence"]
        assert row["rule_id"] in load_rules()
        assert 0 < row["confidence"] <= 1
        assert (row["value"] is None) == (row["bound"] == "range")
    assert len({r["observation_id"] for r in readings["observation"]}) == len(readings["observation"])
    for row in readings["quantity"]:
        assert raw[row["raw_start"] : row["raw_end"]] == row["quote"]
    ids = {r["observation_id"] for r in readings["observation"]}
    assert {q["observation_id"] for q in readings["quantity"]} - {None} <= ids


def test_explanation_marks_every_quote_in_its_sentence() -> None:
    name = sorted(OUTLINES)[1]
    cleaned, readings = read(name)
    explained = explain(cleaned, readings)
    assert sum(len(m.observations) for s in explained for m in s.marks) == len(readings["observation"])
    for sentence in explained:
        for mark in sentence.marks:
            start = mark.observations[0]["clean_start"]
            assert sentence.text[mark.start : mark.end] == cleaned["clean_text"][start : start + mark.end - mark.start]
    assert any("⟦1195.6亿元⟧" in s.marked() or "实现1195.6亿元⟧" in s.marked() for s in explained)
    assert rule_text("carried", "en") != "carried"
