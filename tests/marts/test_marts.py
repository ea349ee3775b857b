"""The marts on small made-up documents: which value wins, what is derived, which verdict falls."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from synthetic_warehouse import HEADLINES, document, filled, inputs, observation, regions

from govreports.marts.sql import MARTS, mart_sql
from govreports.metadata.tables import Headline, load_tables, published_tables
from govreports.warehouse.build import create_tables
from govreports.warehouse.connection import TARGET, records
from govreports.warehouse.corrections import apply_corrections
from govreports.warehouse.filling import fill_marts, share_statements
from govreports.warehouse.inputs import Inputs
from govreports.warehouse.load import load_all
from govreports.warehouse.report import BuildReport

Rows = list[dict[str, Any]]


class Built:
    """The marts over made-up rows: call it with a query."""

    def __init__(self, made: Inputs) -> None:
        self.con = duckdb.connect()
        self.con.execute(f"ATTACH ':memory:' AS {TARGET}")
        self.con.execute(f"USE {TARGET}")
        create_tables(self.con, [table.expanded(HEADLINES) for table in published_tables()])
        load_all(self.con, made.tables)
        apply_corrections(self.con, [])
        report = BuildReport(Path())
        share_statements(self.con, report)
        fill_marts(self.con, HEADLINES, report)

    def __call__(self, query: str) -> Rows:
        return records(self.con, query)


@pytest.fixture
def built(tmp_path: Path):
    def build(documents: Rows, observations: Rows, **tables: Rows) -> Built:
        return Built(inputs(tmp_path, documents, observations, **tables))

    return build


def test_every_mart_has_its_declaration_and_its_file() -> None:
    declared = {key.split(".")[1] for key in load_tables() if key.startswith("mart.")}
    assert set(MARTS) == declared
    for name in MARTS:
        assert "SELECT" in mart_sql(name, [])


def test_headline_lines_are_repeated() -> None:
    sql = mart_sql("region_year", [Headline(i, i, i, "CNY") for i in ("gdp", "exports")])
    assert '"gdp_growth_yoy"' in sql and '"exports_observation_id"' in sql
    assert "{id}" not in sql and "-- for each headline" not in sql


# -- which value wins --------------------


def winner(built, documents: Rows, observations: Rows) -> float:
    (row,) = built(documents, observations)("SELECT obs_value FROM mart.region_year_long WHERE measure = 'level'")
    return row["obs_value"] / 1e8


def test_actual_goes_before_estimate_and_estimate_before_target(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [
        observation(old, "gdp", "level", 1, "2023", status="target"),
        observation(old, "gdp", "level", 2, "2023", at=40, status="estimated"),
        observation(new, "gdp", "level", 3, "2023", status="estimated"),
    ]
    assert winner(built, [old, new], values) == 3


def test_a_later_estimate_does_not_replace_an_actual(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [
        observation(old, "gdp", "level", 1, "2022"),
        observation(new, "gdp", "level", 2, "2022", status="estimated"),
    ]
    assert winner(built, [old, new], values) == 1


def test_the_later_delivery_wins(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [observation(old, "gdp", "level", 1, "2022"), observation(new, "gdp", "level", 2, "2022")]
    assert winner(built, [old, new], values) == 2


def test_no_definition_note_then_a_point_then_the_text_wins(built) -> None:
    doc = document("d1")
    table = filled(
        "text.section", section_id="s1", doc_id="d1", ordinal=1, depth=1, kind="table", raw_start=0, raw_end=9
    )
    values = [
        observation(doc, "gdp", "level", 1, "2023", at=10, definition_note="省口径"),
        observation(doc, "gdp", "level", 2, "2023", at=20, bound="at_least"),
        observation(doc, "gdp", "level", 3, "2023", at=30, section_id="s1"),
        observation(doc, "gdp", "level", 4, "2023", at=40),
    ]
    path = built([doc], values, text__section=[table])
    (row,) = path("SELECT obs_value FROM mart.region_year_long")
    assert row["obs_value"] == 4e8


def test_sub_areas_earlier_goals_and_retold_reports_stay_out(built) -> None:
    doc, retold = document("d1"), document("d2", completeness="secondary")
    other, copy = document("d3", doc_type="other"), document("d4", duplicate_of="d1")
    values = [
        observation(doc, "gdp", "level", 1, "2023", scope="某开发区"),
        observation(doc, "gdp", "level", 2, "2023", at=40, status="past_target"),
        *[observation(d, "gdp", "level", 3, "2023") for d in (retold, other, copy)],
    ]
    assert built([doc, retold, other, copy], values)("FROM mart.region_year_long") == []


def test_parts_of_years_are_no_values_of_the_year(built) -> None:
    doc = document("d1")
    values = [
        observation(doc, "gdp", "level", 1, "2023-H1"),
        observation(doc, "gdp", "level", 2, "2023-01/2023-08", at=40),
    ]
    made = built([doc], values)
    assert made("FROM mart.region_year_long") == []
    assert len(made("FROM mart.vintage")) == 2


# -- region_year and derived growth --------------------


def test_growth_is_derived_in_the_long_table_only(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [observation(old, "gdp", "level", 100, "2022"), observation(new, "gdp", "level", 110, "2023")]
    made = built([old, new], values)
    (row,) = made("FROM mart.region_year_long WHERE measure = 'growth_yoy'")
    assert row["obs_value"] == pytest.approx(10)
    assert (row["obs_status"], row["price_basis"], row["year"]) == ("I", "current", 2023)
    assert row["base_observation_id"] == values[0]["observation_id"]
    assert [r["gdp_growth_yoy"] for r in made("FROM mart.region_year")] == [None, None]
    assert made("FROM mart.ranking") == []


def test_a_stated_growth_is_never_replaced_by_a_derived_one(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [
        observation(old, "gdp", "level", 100, "2022"),
        observation(new, "gdp", "level", 110, "2023"),
        observation(new, "gdp", "growth_yoy", 6.5, "2023", at=40, price_basis="constant"),
    ]
    made = built([old, new], values)
    (row,) = made("FROM mart.region_year_long WHERE measure = 'growth_yoy'")
    assert (row["obs_value"], row["obs_status"]) == (6.5, "A")
    (row,) = made("FROM mart.region_year WHERE year = 2023")
    assert (row["gdp"], row["gdp_growth_yoy"], row["gdp_status"]) == (110e8, 6.5, "actual")
    assert row["gdp_observation_id"] == values[1]["observation_id"]
    assert row["prefecture"] == "南昌市"


def test_a_target_never_stands_beside_an_outturn(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [
        observation(old, "gdp", "growth_yoy", 7, "2023", status="target"),
        observation(new, "gdp", "level", 110, "2023"),
        observation(old, "budget_revenue", "level", 9, "2023", at=40, status="target"),
        observation(new, "budget_revenue", "growth_yoy", 4, "2023", at=40),
    ]
    (row,) = built([old, new], values)("FROM mart.region_year")
    assert (row["gdp"], row["gdp_growth_yoy"], row["gdp_status"]) == (110e8, None, "actual")
    assert (row["budget_revenue"], row["budget_revenue_growth_yoy"], row["budget_revenue_status"]) == (
        None,
        4,
        "actual",
    )


def test_the_undated_start_of_a_way_is_no_value_of_a_year(built) -> None:
    doc = document("d1", year=2024)
    told = "财政收入由5亿元增长到8.2亿元"
    values = [
        observation(doc, "budget_revenue", "level", 5, "2022", quote="5亿元", sentence=told),
        observation(doc, "budget_revenue", "level", 8.2, "2023", at=40, quote="8.2亿元", sentence=told),
        observation(doc, "gdp", "level", 80, "2022", at=60, quote="80亿元", sentence="由2022年的80亿元增长到90亿元"),
    ]
    rows = built([doc], values)(
        "SELECT indicator_id, year FROM mart.region_year_long WHERE measure = 'level' ORDER BY ALL"
    )
    assert [tuple(row.values()) for row in rows] == [("budget_revenue", 2023), ("gdp", 2022)]


def test_rates_have_no_derived_growth(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [
        observation(d, "unemployment_rate", "level", v, str(y)) for d, v, y in ((old, 3.0, 2022), (new, 3.3, 2023))
    ]
    assert built([old, new], values)("FROM mart.region_year_long WHERE obs_status = 'I'") == []


# -- targets --------------------


@pytest.mark.parametrize(
    ("target", "actual", "verdict"),
    [
        ({"value": 6.0, "bound": "at_least"}, {"value": 6.5}, "met"),
        ({"value": 6.0, "bound": "at_least"}, {"value": 5.9}, "missed"),
        ({"value": 6.0, "bound": "at_least"}, {"value": 6.0}, "met"),
        ({"value": 6.0}, {"value": 6.0}, "on_the_mark"),
        ({"value": 6.0}, {"value": 7.2}, "met"),
        ({"value": 6.0}, {"value": 5.5}, "missed"),
        ({"value": 6.0, "bound": "approx"}, {"value": 5.7}, "on_the_mark"),
        ({"value": 6.0, "bound": "approx"}, {"value": 5.1}, "missed"),
        ({"value": 6.0, "bound": "approx"}, {"value": 7.0}, "met"),
        ({"value": None, "value_low": 6.0, "value_high": 6.5}, {"value": 6.2}, "met"),
        ({"value": None, "value_low": 6.0, "value_high": 6.5}, {"value": 5.8}, "missed"),
        ({"value": 6.0, "bound": "at_least"}, {"value": 6.5, "bound": "at_least"}, "met"),
        ({"value": 6.0, "bound": "at_least"}, {"value": 5.0, "bound": "at_least"}, "undecidable"),
        ({"value": 6.0, "bound": "at_least"}, None, "no_outturn"),
    ],
)
def test_verdicts_follow_the_wording(built, target, actual, verdict: str) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [_growth(old, status="target", **target)]
    if actual:
        values.append(_growth(new, at=40, **actual))
    (row,) = built([old, new], values)("FROM mart.target_vs_actual")
    assert row["verdict"] == verdict
    if actual:
        assert row["actual_doc_id"] == "d2"


def _growth(doc: dict[str, Any], *, value: float | None, at: int = 10, **values: Any) -> dict[str, Any]:
    return observation(doc, "gdp", "growth_yoy", value, "2023", at=at, **values)


def test_a_lower_rate_of_unemployment_is_better(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [
        observation(old, "unemployment_rate", "level", 4.5, "2023", status="target", bound="at_most"),
        observation(new, "unemployment_rate", "level", 3.1, "2023"),
    ]
    (row,) = built([old, new], values)("FROM mart.target_vs_actual")
    assert row["verdict"] == "met"
    assert row["gap"] == pytest.approx(-1.4)


def test_the_outturn_comes_from_a_later_report_only(built) -> None:
    doc = document("d1", year=2023)
    values = [_growth(doc, value=6.0, status="target"), _growth(doc, value=6.5, at=40, status="estimated")]
    (row,) = built([doc], values)("FROM mart.target_vs_actual")
    assert row["verdict"] == "no_outturn"


def test_five_year_goals_are_compared_with_the_average_reached_so_far(built) -> None:
    plan = document("d0", year=2021)
    later = [document(f"d{y}", year=y) for y in (2022, 2023)]
    goal = observation(plan, "gdp", "growth_avg_annual", 7, "2021/2025", status="target", bound="at_least")
    yearly = [
        observation(d, "gdp", "growth_yoy", v, str(d["report_year"] - 1)) for d, v in zip(later, (8, 6), strict=True)
    ]
    (row,) = built([plan, *later], [goal, *yearly])("FROM mart.target_vs_actual WHERE measure = 'growth_avg_annual'")
    assert row["actual"] == pytest.approx(6.995, abs=0.001)
    assert (row["actual_basis"], row["verdict"]) == ("averaged", "undecidable")


def firms(doc: dict[str, Any], value: float, words: str, at: int = 10, **values: Any) -> dict[str, Any]:
    """A count of firms for 2023."""
    quote = f"{value:g}家"
    return observation(
        doc, "hightech_firms", "level", value, "2023", at=at, unit="家", unit_measure="UNITS", quote=quote,
        sentence=f"{words}{quote}", **values,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "verdict", "actual"),
    [
        ([("新增高新技术企业", 310), ("总量达", 7397)], "met", 310),
        ([("高新技术企业达", 7397)], "undecidable", 7397),
        # The target lies between the values, and below their sum.
        ([("培育高新技术企业", 200), ("引进高新技术企业", 350)], "undecidable", 200),
        ([("新增省级高新技术企业", 200), ("新增市级高新技术企业", 120)], "undecidable", 200),
        ([("培育高新技术企业", 310), ("引进高新技术企业", 350)], "met", 310),
        ([("新增高新技术企业", 30)], "undecidable", 30),
    ],
)
def test_what_came_on_top_is_compared_with_what_was_to_come_on_top(built, said, verdict: str, actual: float) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [firms(old, 300, "新增国家高新技术企业", status="target", bound="at_least")]
    values += [firms(new, value, words, at=40 + 40 * i) for i, (words, value) in enumerate(said)]
    (row,) = built([old, new], values)("FROM mart.target_vs_actual")
    assert (row["verdict"], row["actual"]) == (verdict, actual)
    assert (row["reason"] is None) == (verdict != "undecidable")


def test_a_report_on_several_years_may_have_added_them_up(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024, review_start=date(2019, 1, 1))
    values = [firms(old, 300, "新增", status="target"), firms(new, 1300, "新增", at=40)]
    (row,) = built([old, new], values)("FROM mart.target_vs_actual")
    assert (row["verdict"], row["reason"]) == (
        "undecidable",
        "the report reviews several years and may have added them up",
    )


def test_only_one_kind_of_count_is_ranked(built) -> None:
    docs = [document(f"d{i}", region=code) for i, code in enumerate(("360102", "360103", "360104"))]
    values = [firms(docs[0], 300, "新增"), firms(docs[1], 7000, "总量达"), firms(docs[2], 9000, "现有")]
    made = built(docs, values, core__region=regions("360102", "360103", "360104"))
    assert {row["region_code"] for row in made("FROM mart.ranking")} == {"360103", "360104"}


# -- vintage, ranking, coverage --------------------


def test_vintages_show_the_revision_between_reports(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [observation(old, "gdp", "level", 100, "2022"), observation(new, "gdp", "level", 98.5, "2022")]
    rows = built([old, new], values)("FROM mart.vintage ORDER BY statement")
    assert [row["revision"] for row in rows] == [None, pytest.approx(-1.5e8)]


def test_what_a_report_says_twice_is_no_revision(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [
        observation(old, "gdp", "level", 100.2, "2022"),
        observation(old, "gdp", "level", 100, "2022", at=40, bound="approx"),
        observation(new, "gdp", "level", 98.5, "2022"),
    ]
    rows = built([old, new], values)("FROM mart.vintage ORDER BY statement")
    assert [row["revision"] for row in rows] == [None, None, pytest.approx(-1.7e8)]


def test_ranks_within_prefecture_province_and_all(built) -> None:
    docs = [document(f"d{i}", region=code) for i, code in enumerate(("360102", "360103", "360104"))]
    values = [
        observation(d, "unemployment_rate", "level", v, "2023") for d, v in zip(docs, (3.0, 2.0, 4.0), strict=True)
    ]
    made = built(docs, values, core__region=regions("360102", "360103", "360104"))
    rows = made("FROM mart.ranking WHERE peer_group = 'prefecture:360100' ORDER BY rank")
    assert [(row["region_code"], row["rank"], row["peers"]) for row in rows] == [
        ("360103", 1, 3),
        ("360102", 2, 3),
        ("360104", 3, 3),
    ]
    assert rows[0]["percentile"] == 100 and rows[1]["gap_to_best"] == 1 and rows[1]["gap_to_median"] == 0
    assert {row["peer_group"] for row in made("FROM mart.ranking")} == {
        "all:county",
        "province:360000",
        "prefecture:360100",
    }


def test_every_empty_cell_has_its_reason(built) -> None:
    full = document("d1", year=2024)
    cut = document("d2", region="360103", year=2024, completeness="truncated")
    late = document("d3", region="360104", year=2024)
    born = regions("360102", "360103", "360104")
    born[-1]["valid_from"] = date(2023, 1, 1)
    refused = filled(
        "text.quarantine", source_file="x.txt", reason_code="no_text", reason="empty", partition_key="360102-2023"
    )
    early = document("d4", region="360103", year=2023)
    values = [observation(full, "gdp", "level", 100, "2023")]
    made = built([full, cut, late, early], values, core__region=born, text__quarantine=[refused])
    found = {
        (row["region_code"], row["year"]): row["reason"]
        for row in made("FROM mart.coverage WHERE indicator_id = 'gdp'")
    }
    assert found[("360102", 2023)] == "found"
    assert found[("360102", 2022)] == "refused"
    assert found[("360103", 2023)] == "not_stated"  # the full report of 2023 plans that year
    assert found[("360104", 2022)] == "region_did_not_exist"
    assert found[("360104", 2023)] == "not_stated"
    assert found[("360103", 2022)] == "not_stated"


def test_a_truncated_report_excuses_its_year(built) -> None:
    cut = document("d1", completeness="truncated")
    (row,) = built([cut], [])("FROM mart.coverage WHERE indicator_id = 'gdp'")
    assert (row["year"], row["reason"], row["doc_id"]) == (2023, "truncated", "d1")


# -- consistency --------------------


def verdicts(made: Built, check: str) -> list[str]:
    return [row["verdict"] for row in made(f"FROM mart.consistency WHERE check_id = '{check}' ORDER BY stated")]


def test_a_multiple_contradicts_an_average_growth(built) -> None:
    plan = document("d1", year=2021)
    values = [
        observation(plan, "fiscal_revenue", "multiple", 1.64, "2020", base_period="2015"),
        observation(plan, "fiscal_revenue", "growth_avg_annual", 12.89, "2016/2020", at=40),
    ]
    (row,) = built([plan], values)("FROM mart.consistency")
    assert (row["check_id"], row["verdict"]) == ("multiple_vs_average", "contradicts")
    assert row["implied"] == pytest.approx(10.4, abs=0.05)
    assert (row["quote"], row["other_quote"]) == ("12.89%", "1.64倍")


def test_growth_over_a_span_contradicts_the_table(built) -> None:
    plan = document("d1", year=2021)
    values = [
        observation(plan, "retail_sales", "growth_cumulative", 30.5, "2020", base_period="2015"),
        observation(plan, "retail_sales", "growth_avg_annual", 1.1, "2016/2020", at=40),
    ]
    (row,) = built([plan], values)("FROM mart.consistency")
    assert (row["check_id"], row["verdict"]) == ("cumulative_vs_average", "contradicts")


@pytest.mark.parametrize(("growth", "verdict"), [(10.0, "agrees"), (10.4, "contradicts"), (10.05, "agrees")])
def test_growth_and_two_levels_of_one_report(built, growth: float, verdict: str) -> None:
    doc = document("d1")
    values = [
        observation(doc, "budget_revenue", "level", 100.0, "2022", quote="100.0亿元", decimals=1),
        observation(doc, "budget_revenue", "level", 110.0, "2023", at=40, quote="110.0亿元", decimals=1),
        observation(doc, "budget_revenue", "growth_yoy", growth, "2023", at=80),
    ]
    assert verdicts(built([doc], values), "growth_from_levels") == [verdict]


def test_real_growth_and_nominal_levels_cannot_be_compared(built) -> None:
    doc = document("d1")
    values = [
        observation(doc, "gdp", "level", 100, "2022"),
        observation(doc, "gdp", "level", 110, "2023", at=40),
        observation(doc, "gdp", "growth_yoy", 6.5, "2023", at=80, price_basis="constant"),
    ]
    (row,) = built([doc], values)("FROM mart.consistency")
    assert (row["verdict"], row["reason"]) == ("not_comparable", "growth at constant prices, levels at current prices")


def test_a_base_from_another_report_may_have_been_revised(built) -> None:
    old, new = document("d1", year=2023), document("d2", year=2024)
    values = [
        observation(old, "budget_revenue", "level", 100, "2022"),
        observation(new, "budget_revenue", "level", 110, "2023"),
        observation(new, "budget_revenue", "growth_yoy", 14.0, "2023", at=40),
    ]
    assert verdicts(built([old, new], values), "growth_from_levels") == ["not_comparable"]


@pytest.mark.parametrize(("shares", "verdict"), [((5.2, 40.3, 54.5), "agrees"), ((5.2, 40.3, 55.5), "contradicts")])
def test_shares_add_to_a_hundred(built, shares, verdict: str) -> None:
    doc = document("d1")
    names = ("gdp_primary", "gdp_secondary", "gdp_tertiary")
    values = [
        observation(doc, name, "share", share, "2023", at=10 + 20 * i)
        for i, (name, share) in enumerate(zip(names, shares, strict=True))
    ]
    assert verdicts(built([doc], values), "shares_add_up") == [verdict]


def test_a_part_above_its_whole_and_rural_income_above_urban(built) -> None:
    doc = document("d1")
    values = [
        observation(doc, "gdp", "level", 100, "2023"),
        observation(doc, "gdp_primary", "level", 120, "2023", at=40),
        observation(doc, "income_urban", "level", 3, "2023", at=60, unit="万元", obs_value=3e4, decimals=2),
        observation(doc, "income_rural", "level", 4, "2023", at=80, unit="万元", obs_value=4e4, decimals=2),
    ]
    made = built([doc], values)
    assert verdicts(made, "part_above_whole") == ["contradicts"]
    assert verdicts(made, "urban_above_rural") == ["contradicts"]


def test_a_lost_decimal_point_is_implausible_and_nothing_is_mended(built) -> None:
    doc = document("d1")
    values = [
        observation(doc, "gdp", "level", 400, "2023"),
        observation(doc, "fixed_investment", "level", 32000, "2023", at=40),
    ]
    made = built([doc], values)
    assert verdicts(made, "plausible_size") == ["contradicts"]
    (row,) = made("SELECT obs_value FROM core.observation_corrected WHERE indicator_id = 'fixed_investment'")
    assert row["obs_value"] == 32000e8


def test_one_fact_with_two_values_in_a_report(built) -> None:
    doc = document("d1")
    values = [observation(doc, "gdp", "level", v, "2023", at=a) for v, a in ((100.5, 10), (100.5, 40), (101.5, 80))]
    assert verdicts(built([doc], values), "stated_twice") == ["agrees", "contradicts"]


@pytest.mark.parametrize(
    ("value", "words", "reason"),
    [
        (130, "全市完成", "so far apart that they hardly speak of the same"),
        (101.5, "园区完成", "one of them may speak of a part"),
        (101.5, "全市完成", None),
    ],
)
def test_another_value_of_something_else_is_no_contradiction(
    built, value: float, words: str, reason: str | None
) -> None:
    doc = document("d1")
    quote = f"{value:g}亿元"
    values = [
        observation(doc, "gdp", "level", 100.5, "2023"),
        observation(doc, "gdp", "level", value, "2023", at=40, quote=quote, sentence=words + quote),
    ]
    (row,) = built([doc], values)("FROM mart.consistency WHERE check_id = 'stated_twice'")
    assert (row["verdict"], row["reason"]) == ("not_comparable" if reason else "contradicts", reason)


def test_noughts_of_a_round_figure_are_not_meant(built) -> None:
    doc = document("d1")
    values = [
        observation(doc, "gdp", "level", 1100.7, "2023"),
        observation(doc, "gdp", "level", 1100, "2023", at=40, bound="approx"),
    ]
    assert verdicts(built([doc], values), "stated_twice") == ["agrees"]


def test_a_multiple_at_current_prices_is_not_compared_with_real_growth(built) -> None:
    plan = document("d1", year=2021)
    values = [
        observation(plan, "gdp", "multiple", 1.6, "2020", base_period="2015"),
        observation(plan, "gdp", "growth_avg_annual", 8.2, "2016/2020", at=40, price_basis="constant"),
    ]
    (row,) = built([plan], values)("FROM mart.consistency")
    assert (row["verdict"], row["reason"]) == ("not_comparable", "growth at constant prices, levels at current prices")


# -- themes and plans --------------------


def test_attention_counts_the_longest_terms_once(built) -> None:
    doc = document("d1")
    section = filled(
        "text.section", section_id="s1", doc_id="d1", ordinal=1, depth=1, kind="part", role="tasks", title="数字化",
        text="数字经济与经济", raw_start=0, raw_end=9,
    )  # fmt: skip
    themes = [
        filled("core.theme", theme_id="digital", name_zh="数字", terms="数字经济|数字化"),
        filled("core.theme", theme_id="economy", name_zh="经济", terms="经济"),
    ]
    rows = built([doc], [], text__section=[section], core__theme=themes)("FROM mart.policy_attention ORDER BY theme_id")
    assert [(row["theme_id"], row["mentions"], row["characters"]) for row in rows] == [
        ("digital", 2, 10),
        ("economy", 1, 10),
    ]
    assert rows[0]["per_10k"] == pytest.approx(2000)


def test_plans_show_where_an_indicator_starts_and_is_to_arrive(built) -> None:
    plan = document(
        "d1", year=2021, doc_type="five_year_plan", plan_start=date(2021, 1, 1), plan_end=date(2025, 12, 31)
    )
    cells = [
        filled("text.table_cell", section_id="s1", row_number=1, column_number=i, text=t, raw_start=s, raw_end=s + 20)
        for i, (t, s) in enumerate((("地区生产总值", 0), ("700", 30), ("预期性", 60)))
    ]
    section = filled(
        "text.section", section_id="s1", doc_id="d1", ordinal=1, depth=1, kind="table", raw_start=0, raw_end=99
    )
    values = [
        observation(plan, "gdp", "level", 500, "2020", at=20, section_id="s1"),
        observation(plan, "gdp", "level", 700, "2025", at=35, section_id="s1", status="target"),
        observation(plan, "gdp", "level", 530, "2021", at=200, status="target"),
    ]
    (row,) = built([plan], values, text__section=[section], text__table_cell=cells)("FROM mart.plan_indicators")
    assert (row["base_period"], row["base_value"]) == ("2020", 500e8)
    assert (row["target_period"], row["target_value"], row["binding"]) == ("2025", 700e8, "预期性")
