"""Golden labels: what people read in a report, one row per stated value.

Belongs here: the typed rows, the shipped sets with their floors, reading label files. Scoring does not belong here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from govreports.metadata.units import load_units

FOLDER = Path(__file__).resolve().parent / "gold"


@dataclass(frozen=True)
class Reading:
    """A value as a person or the program read it.

    `value`, `low` and `high` are in the bare written unit: 万 and 亿 multiplied out (28.2 亿元 is 2.82e9 元). `places` are raw
    spans: of a label wherever its evidence stands, of a prediction its quote. `optional` labels are neither demanded nor
    punished.
    """

    indicator_id: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    bound: str
    status: str
    time_period: str
    base_period: str
    scope: str
    places: tuple[tuple[int, int], ...]
    optional: bool = False


@dataclass(frozen=True)
class LabelSet:
    """Labels by document, the indicators that they cover exhaustively, and the floors of F1 by kind of match."""

    name: str
    labels: dict[str, list[Reading]]
    exhaustive: frozenset[str]
    floors: dict[str, float] = field(default_factory=dict)


# The raw places of a text that a label quotes, given the document that it names.
Finder = Callable[[str, str], tuple[tuple[int, int], ...]]


@cache
def shipped_sets() -> tuple[LabelSet, ...]:
    """The label sets that come with the package."""
    declared = yaml.safe_load((FOLDER / "sets.yaml").read_text(encoding="utf-8"))
    return tuple(
        LabelSet(name, read_labels(FOLDER / spec["file"]), frozenset(spec["exhaustive"]), spec["floors"])
        for name, spec in declared.items()
    )


def read_labels(path: Path, find: Finder | None = None) -> dict[str, list[Reading]]:
    """Labels of a CSV file by document.

    Two layouts are read: that of the shipped files (`sets.yaml`), and that of annotators, whose columns are doc, indicator,
    qualifier, period and evidence; for the latter `find` gives the raw places of the evidence.
    """
    out: dict[str, list[Reading]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            document, reading = _shipped(row) if "document" in row else _annotated(row, find)
            out.setdefault(document, []).append(reading)
    return out


def bare_unit(unit: str | None) -> tuple[float, str]:
    """Factor and bare unit of a written one: 亿美元 is (1e8, 美元), 成 is (10, %)."""
    unit = (unit or "").strip()
    if unit == "成":
        return 10.0, "%"
    units = load_units()
    known = units.lookup(unit)
    if known and known.written_mult == 0:
        return 1.0, unit
    for length in (2, 1):
        power = units.multipliers.get(unit[:length])
        if power is not None and len(unit) >= length:
            return 10.0**power, unit[length:]
    return 1.0, unit


def _shipped(row: dict[str, str]) -> tuple[str, Reading]:
    return row["document"], _reading(
        row, row["indicator_id"], row["bound"], row["time_period"], ((int(row["raw_start"]), int(row["raw_end"])),)
    )


def _annotated(row: dict[str, str], find: Finder | None) -> tuple[str, Reading]:
    bound = "range" if row["value_low"] and row["value_high"] else row["qualifier"].strip() or "point"
    places = find(row["doc"], row["evidence"]) if find else ()
    return row["doc"], _reading(row, row["indicator"], bound, row["period"].strip(), places)


def _reading(
    row: dict[str, str], indicator_id: str, bound: str, period: str, places: tuple[tuple[int, int], ...]
) -> Reading:
    factor, unit = bare_unit(row["unit"])
    value, low, high = (float(row[k]) * factor if row[k] else None for k in ("value", "value_low", "value_high"))
    return Reading(
        indicator_id=indicator_id,
        measure=row["measure"],
        value=value,
        low=low,
        high=high,
        unit=unit,
        bound=bound,
        status=row["status"],
        time_period=period,
        base_period=row["base_period"].strip(),
        scope="region" if row["scope"] == "region" else "other",
        places=places,
        optional=row.get("optional") == "yes",
    )


def all_places(text: str, evidence: str) -> tuple[tuple[int, int], ...]:
    """Every place of a text where the evidence stands."""
    return tuple(_places(text, evidence))


def _places(text: str, evidence: str) -> Iterator[tuple[int, int]]:
    at = text.find(evidence) if evidence else -1
    while at >= 0:
        yield at, at + len(evidence)
        at = text.find(evidence, at + 1)
