"""Sentences with the rows that must be read in them (cases.yaml), and what single columns say."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from govreports.indicators.stage import read_document

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
KEYS = ("indicator", "measure", "value", "unit", "bound", "status", "period", "scope")

Row = dict[str, Any]


def read(text: str, role: str = "review", **identity: Any) -> Row:
    place = {"clean_start": 0, "clean_end": len(text)}
    cleaned = {
        "doc_id": "d0",
        "region_code": "360121",
        "region_name": "南昌县",
        "report_year": 2024,
        "delivered_on": date(2024, 1, 20),
        "review_start": date(2023, 1, 1),
        "review_end": date(2023, 12, 31),
        "plan_start": date(2024, 1, 1),
        "plan_end": date(2024, 12, 31),
        "clean_text": text,
        "raw_text": text,
        "offsets": [],
        "span": [],
        **identity,
    }
    section = {"section_id": "s0", "parent_id": None, "title": None, "kind": "part", "role": role} | place
    return read_document(cleaned, {"doc_id": "d0", "section": [section], "table_cell": []})


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"][:16])
def test_cases(case: Row) -> None:
    defaults = {"bound": "point", "status": "actual", "period": "2023", "scope": "region"}
    expected = [{**defaults, **row} for row in case["rows"]]
    renamed = {"indicator": "indicator_id", "period": "time_period"}
    got = []
    for row in read(case["text"], case.get("role", "review"))["observation"]:
        row["scope"] = "region" if row["scope"] == "region" else "other"
        got.append({key: row[renamed.get(key, key)] for key in KEYS})
    numbers = [{**row, "value": None if row["value"] is None else float(row["value"])} for row in expected]
    assert sorted(got, key=str) == sorted(numbers, key=in_order)


def in_order(row: Row) -> str:
    return str({key: row[key] for key in KEYS})


def only(text: str, role: str = "review") -> Row:
    (row,) = read(text, role)["observation"]
    return row


def test_definitions_prices_and_provisional_words() -> None:
    row = only("财政总收入(省口径)75.25亿元。")
    assert (row["definition_note"], row["obs_status"], row["price_basis"]) == ("省口径", "D", "current")
    row = only("初步核算，地区生产总值447.1亿元。")
    assert row["obs_status"] == "P"
    assert only("地区生产总值增长8%。")["price_basis"] == "constant"


def test_growth_against_an_earlier_year_has_its_base() -> None:
    row = only("社会消费品零售总额比2018年增长30.5%。")
    assert (row["measure"], row["time_period"], row["base_period"]) == ("growth_cumulative", "2023", "2018")


def test_ranks_say_what_they_compare_with() -> None:
    row = only("一般公共预算收入总量居全省第2位。")
    assert (row["measure"], row["value"], row["reference_area"]) == ("rank", 2.0, "全省")


def test_base_units_and_multipliers() -> None:
    row = only("实际利用外资1.21亿美元。")
    assert (row["obs_value"], row["unit_measure"], row["written_mult"], row["decimals"]) == (1.21e8, "USD", 8, 2)
    row = only("地区生产总值增长7%-7.5%。", "targets")
    assert (row["value"], row["value_low"], row["value_high"], row["obs_value"]) == (None, 7.0, 7.5, 7.25)


def test_implausible_values_are_flagged_and_kept() -> None:
    rows = read("地区生产总值27亿元，固定资产投资1967亿元。")["observation"]
    flagged = {r["indicator_id"]: (r["value"], r["obs_status"]) for r in rows}
    assert flagged == {"gdp": (27.0, "A"), "fixed_investment": (1967.0, "U")}


def test_every_other_number_is_a_quantity_with_its_head() -> None:
    found = read("新建公厕56座，新增公共停车场52个。")["quantity"]
    assert [(q["head"], q["value"], q["unit"]) for q in found] == [
        ("新建公厕", 56.0, "座"),
        ("新增公共停车场", 52.0, "个"),
    ]


@pytest.mark.parametrize(
    ("fixer", "start", "end", "confidence", "status"),
    [
        ("byte_damage", 0, 2, 0.2, "U"),
        ("byte_damage", 0, 2, 0.8, "U"),
        ("letters_in_numbers", 8, 9, 0.8, "U"),
        ("page_numbers", 9, 9, 0.8, "U"),
        ("letters_in_numbers", 0, 1, 0.8, "A"),
        ("torn_lines", 8, 8, 0.9, "A"),
    ],
)
def test_damaged_sentences_and_mended_numbers_are_unreliable(
    fixer: str, start: int, end: int, confidence: float, status: str
) -> None:
    text = "地区生产总值447.1亿元。"
    cleaned_span = {
        "kind": "fix",
        "fixer": fixer,
        "clean_start": start,
        "clean_end": end,
        "confidence": confidence,
    }
    place = {"clean_start": 0, "clean_end": len(text)}
    cleaned = {
        "doc_id": "d0",
        "region_code": None,
        "region_name": None,
        "report_year": None,
        "delivered_on": None,
        "review_start": None,
        "review_end": None,
        "plan_start": None,
        "plan_end": None,
        "clean_text": text,
        "offsets": [],
        "span": [cleaned_span],
    }
    section = {"section_id": "s0", "parent_id": None, "title": None, "kind": "part", "role": "review"} | place
    (row,) = read_document(cleaned, {"doc_id": "d0", "section": [section], "table_cell": []})["observation"]
    assert (row["obs_status"], row["time_period"]) == (status, None)
    assert status == "A" or row["confidence"] <= 0.5


def test_a_base_named_once_holds_for_the_paragraph() -> None:
    text = "2023年，地区生产总值9500亿元，比2018年增长86%。人均生产总值1.46万美元，增长58.9%。固定资产投资同比增长4%。"
    span = {"review_start": date(2019, 1, 1), "report_year": 2024}
    found = {(r["indicator_id"], r["measure"]): r["base_period"] for r in read(text, **span)["observation"]}
    assert found[("gdp_per_capita", "growth_cumulative")] == "2018"
    assert found[("fixed_investment", "growth_yoy")] is None


def test_a_sum_said_of_the_first_of_a_row_holds_for_the_others() -> None:
    text = "固定资产投资累计完成208.4亿元，实际利用外资5.5亿美元。城镇新增就业3万人。"
    rows = read(text, review_start=date(2019, 1, 1))["observation"]
    assert {r["indicator_id"]: r["time_period"] for r in rows} == dict.fromkeys(
        ("fixed_investment", "fdi", "new_jobs"), "2019/2023"
    )
