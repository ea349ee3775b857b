"""Small made-up inputs of a warehouse build, for tests.

Belongs here: rows with every declared column filled by a default, and inputs made of them. Does not belong here: assertions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from govreports.lake.frames import table_schema
from govreports.lake.mentions import TABLE, theme_mentions
from govreports.metadata.tables import Headline, load_tables
from govreports.text.ids import observation_id
from govreports.warehouse.inputs import Inputs, write_rows
from govreports.warehouse.periods import parse_period

Row = dict[str, Any]

HEADLINES = (
    Headline("gdp", "地区生产总值", "Gross regional product", "CNY"),
    Headline("budget_revenue", "一般公共预算收入", "General public budget revenue", "CNY"),
    Headline("unemployment_rate", "失业率", "Unemployment rate", "PT"),
)
_UNITS = {"CNY": "亿元", "PT": "%", "TIMES": "倍", "RANK": "位", "PERSONS": "万人"}
_FACTORS = {"亿元": 1e8, "万人": 1e4}


def filled(table: str, **values: Any) -> Row:
    """A row of a declared table: the given values, null elsewhere."""
    columns = load_tables()[table].column_names
    assert not values.keys() - set(columns), values.keys() - set(columns)
    return {name: values.get(name) for name in columns}


def document(doc_id: str, region: str = "360102", year: int = 2024, **values: Any) -> Row:
    """A work report of one year, delivered in January: it reviews the year before."""
    return filled(
        "text.document",
        **{
            "doc_id": doc_id,
            "source_file": f"{doc_id}.txt",
            "sha256": doc_id,
            "encoding": "utf-8",
            "region_code": region,
            "region_code_current": region,
            "region_name": "某区",
            "report_year": year,
            "partition_key": f"{region}-{year}",
            "doc_type": "work_report",
            "completeness": "full",
            "delivered_on": date(year, 1, 10),
            "review_start": date(year - 1, 1, 1),
            "review_end": date(year - 1, 12, 31),
            "plan_start": date(year, 1, 1),
            "plan_end": date(year, 12, 31),
            "raw_chars": 1000,
            **values,
        },
    )


def observation(
    doc: Row, indicator: str, measure: str, value: float | None, period: str | None, *, at: int = 10, **values: Any
) -> Row:
    """A value of a document; unit and base value follow from indicator and measure unless given."""
    base = {"level": "CNY", "rank": "RANK", "multiple": "TIMES"}.get(measure, "PT")
    base = values.get("unit_measure") or ("PT" if indicator == "unemployment_rate" else base)
    unit = values.get("unit") or _UNITS[base]
    span = parse_period(period) if period else None
    middle = value if value is not None else (values["value_low"] + values["value_high"]) / 2
    quote = values.get("quote") or f"{middle:g}{unit}"
    written = f"{value:g}" if value is not None else ""
    row = {
        "observation_id": observation_id(doc["doc_id"], at, at + len(quote), indicator, measure, period),
        "doc_id": doc["doc_id"],
        "region_code": doc["region_code"],
        "report_year": doc["report_year"],
        "indicator_id": indicator,
        "measure": measure,
        "value": value,
        "unit": unit,
        "written_mult": {1e8: 8, 1e4: 4}.get(_FACTORS.get(unit, 1), 0),
        "decimals": len(written.partition(".")[2]),
        "obs_value": middle * _FACTORS.get(unit, 1),
        "unit_measure": base,
        "bound": "point" if value is not None else "range",
        "status": "actual",
        "obs_status": "A",
        "time_period": period,
        "period_start": span.period_start if span else None,
        "period_end": span.period_end if span else None,
        "freq": span.freq if span else None,
        "scope": "region",
        "quote": quote,
        "raw_start": at,
        "raw_end": at + len(quote),
        "sentence": quote,
        "rule_id": "test",
        "confidence": 0.9,
    }
    return filled("core.observation", **{**row, **values})


def regions(*codes: str) -> list[Row]:
    """Counties of one prefecture, with it and the province."""
    common = {"province_code": "360000", "province": "江西省"}
    above = [
        filled("core.region", region_code="360000", name="江西省", full_name="江西省", level="province", **common),
        filled("core.region", region_code="360100", name="南昌市", full_name="江西省南昌市", level="prefecture",
               parent_code="360000", prefecture_code="360100", prefecture="南昌市", **common),
    ]  # fmt: skip
    return above + [
        filled("core.region", region_code=code, name=f"区{code}", full_name=f"江西省南昌市区{code}", level="county",
               parent_code="360100", prefecture_code="360100", prefecture="南昌市", region_sort=int(code), **common)
        for code in codes
    ]  # fmt: skip


def indicators() -> list[Row]:
    """The headline indicators and a few more."""
    declared = [
        ("gdp", "CNY", "better", True),
        ("budget_revenue", "CNY", "better", True),
        ("unemployment_rate", "PT", "worse", True),
        ("fiscal_revenue", "CNY", "better", False),
        ("retail_sales", "CNY", "better", False),
        ("fixed_investment", "CNY", "better", False),
        ("gdp_primary", "CNY", "better", False),
        ("gdp_secondary", "CNY", "better", False),
        ("gdp_tertiary", "CNY", "better", False),
        ("income_urban", "CNY", "better", False),
        ("income_rural", "CNY", "better", False),
        ("hightech_firms", "UNITS", "better", False),
    ]
    return [
        filled("core.indicator", indicator_id=name, name_zh=name, unit_measure=unit, price_basis="current",
               higher_is=direction, headline=headline, aliases=name)
        for name, unit, direction, headline in declared
    ]  # fmt: skip


def codes() -> list[Row]:
    """Base units, and nothing else: other lists are checked without blocking."""
    units = ("CNY", "USD", "PT", "PP", "TIMES", "RANK", "PERSONS", "UNITS")
    return [filled("meta.code_list", list="unit_measure", code=code) for code in units]


def with_mentions(rows: dict[str, Iterable[Row]]) -> dict[str, Iterable[Row]]:
    """The same with the mentions of themes that sections hold, as the compaction of a lake counts them."""
    sections = pl.DataFrame(list(rows.get("text.section", ())), schema=table_schema("text.section"), orient="row")
    themes = {row["theme_id"]: row["terms"].split("|") for row in rows["core.theme"]}
    return {**rows, TABLE: theme_mentions(sections, themes).to_dicts()}


def inputs(
    folder: Path,
    documents: Iterable[Row],
    observations: Iterable[Row],
    *,
    region_codes: Iterable[str] = ("360102", "360103"),
    **tables: Iterable[Row],
) -> Inputs:
    """Inputs of a build; further tables by name with `__` for the dot (text__section=[...])."""
    rows: dict[str, Iterable[Row]] = {
        "core.region": regions(*region_codes),
        "core.indicator": indicators(),
        "core.theme": [filled("core.theme", theme_id="digital", name_zh="数字经济", terms="数字经济|数字化")],
        "meta.code_list": codes(),
        "text.document": documents,
        "core.observation": observations,
        **{name.replace("__", "."): listed for name, listed in tables.items()},
    }
    files = {table: [write_rows(table, listed, folder / "rows")] for table, listed in with_mentions(rows).items()}
    return Inputs(tables=files, headlines=HEADLINES, input_count=1, input_hash="0" * 64)
