"""Inputs of a warehouse as if the golden labels of the committed reports had been read from them: marts on real values.

Belongs here: turning labels and metadata into rows. Does not belong here: assertions, or anything that reads a report.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from synthetic_warehouse import document, filled, observation

from govreports.metadata.catalogue import load_catalogue
from govreports.metadata.units import load_units
from govreports.quality.labels import FOLDER
from govreports.warehouse.dimensions import code_rows, headlines, indicator_rows, theme_rows
from govreports.warehouse.inputs import Inputs, write_rows

Row = dict[str, Any]

# doc_id → region, name, prefecture, report year, delivery, first day under review, last day planned.
REPORTS = {
    "dd998cf38e4225bcb": ("360102", "东湖区", "360100", 2021, date(2021, 10, 11), date(2016, 1, 1), date(2025, 12, 31)),
    "d19a40454ab4e9b91": ("360121", "南昌县", "360100", 2022, date(2022, 2, 12), date(2021, 1, 1), date(2022, 12, 31)),
    "d0a04e0ce4a99d2dd": ("360403", "浔阳区", "360400", 2024, date(2024, 1, 20), date(2023, 1, 1), date(2024, 12, 31)),
    "d6250108c1bbdd30c": ("360103", "西湖区", "360100", 2021, date(2021, 3, 12), date(2016, 1, 1), date(2025, 12, 31)),
    "d7eca0012c9423a07": ("420102", "江岸区", "420100", 2024, date(2023, 12, 24), date(2023, 1, 1), date(2024, 12, 31)),
}


def labelled_inputs(folder: Path) -> Inputs:
    """Inputs made of the shipped labels: documents, observations and the real dimensions, regions aside."""
    documents = {doc: _document(doc) for doc in REPORTS}
    with (FOLDER / "seeds.csv").open(encoding="utf-8", newline="") as handle:
        observations = [_observation(documents[row["document"]], row) for row in csv.DictReader(handle)]
    rows = {
        "core.region": [_region(*spec[:3]) for spec in REPORTS.values()],
        "core.indicator": indicator_rows(),
        "core.theme": theme_rows(),
        "meta.code_list": code_rows(),
        "text.document": list(documents.values()),
        "core.observation": [row for row in observations if row],
    }
    files = {table: [write_rows(table, listed, folder)] for table, listed in rows.items()}
    return Inputs(files, headlines(), input_count=len(REPORTS), input_hash="0" * 64)


def _document(doc: str) -> Row:
    region, name, _, year, delivered, review, plan = REPORTS[doc]
    plan_type = "five_year_plan" if name == "西湖区" else "work_report"
    return {
        **document(doc, region=region, year=year, doc_type=plan_type, region_name=name),
        "delivered_on": delivered,
        "review_start": review,
        "plan_end": plan,
    }


def _region(code: str, name: str, prefecture: str) -> Row:
    return filled(
        "core.region", region_code=code, name=name, full_name=name, level="county", prefecture_code=prefecture,
        province_code=f"{code[:2]}0000",
    )  # fmt: skip


def _observation(doc: Row, label: dict[str, str]) -> Row | None:
    """A label as a row; None where indicator or unit are not declared."""
    indicator = load_catalogue().indicators.get(label["indicator_id"])
    unit = load_units().lookup(label["unit"] or "%")
    if indicator is None or unit is None:
        return None
    value, low, high = (float(label[k]) if label[k] else None for k in ("value", "value_low", "value_high"))
    middle = value if value is not None else (low + high) / 2
    growth = label["measure"].startswith("growth")
    start, end = int(label["raw_start"]), int(label["raw_end"])
    return observation(
        doc, indicator.id, label["measure"], value, label["time_period"] or None, at=start,
        unit=label["unit"] or "%", unit_measure=unit.unit_measure, value_low=low, value_high=high,
        obs_value=middle * unit.factor, bound=label["bound"], status=label["status"], scope=label["scope"],
        base_period=label["base_period"] or None, raw_end=min(end, start + 60),
        decimals=len(label["value"].partition(".")[2]),
        price_basis=indicator.growth_price_basis if growth else indicator.price_basis,
    )  # fmt: skip
