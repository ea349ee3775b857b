"""Corrections: what a hand changed in the observations, declared in `corrections/*.yml`, never in code.

Belongs here: reading the declarations, finding what they mean, `core.correction`. Does not belong here: judging
values (see `mart.consistency`), or changes of `core.observation`, which stays as the reports say.

A file holds a list of corrections:

    - id: lost-decimal-point            # unique over all files
      action: override                  # drop, override, scale or flag
      where: {indicator_id: fixed_investment, quote: 完成固定资产投资3.2万亿元}   # equal to columns of core.observation
      expect: {value: 3.2}              # what the row says today; the correction fails once the source says otherwise
      set: {value: 320, unit: 亿元, obs_value: 3.2e10}   # override: columns and their new values
      factor: 0.01                      # scale: multiplies the values
      obs_status: U                     # flag: an obs_status
      reason: The decimal point was lost; the communique says 320 亿元.
      date: 2025-03-01
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from govreports.metadata.tables import load_tables
from govreports.warehouse.connection import WarehouseError, records
from govreports.warehouse.ddl import quoted

ACTIONS = ("drop", "override", "scale", "flag")
_KEYS = frozenset({"id", "action", "where", "expect", "set", "factor", "obs_status", "reason", "date"})
_REQUIRED = ("id", "action", "where", "expect", "reason", "date")
_NEEDS = {"override": "set", "scale": "factor", "flag": "obs_status"}
_VALUES = ("value", "value_low", "value_high", "obs_value")
_OBSERVATION = "core.observation"


class CorrectionError(WarehouseError):
    """A correction is misspelt, matches nothing, or its source has changed."""


@dataclass(frozen=True)
class Correction:
    """One declared correction; see the module for the meaning of its fields."""

    correction_id: str
    action: str
    where: dict[str, Any]
    expect: dict[str, Any]
    reason: str
    made_on: date
    change: dict[str, Any] = field(default_factory=dict)
    factor: float = 1.0
    obs_status: str = ""


def load_corrections(folder: Path | None) -> list[Correction]:
    """All corrections of a folder, by file and order; none where there is no folder.

    Raises `CorrectionError` naming file and correction.
    """
    if folder is None or not folder.is_dir():
        return []
    found = [read for path in sorted(folder.glob("*.yml")) for read in _read_file(path)]
    names = [correction.correction_id for correction in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CorrectionError(f"{folder}: correction ids occur twice: {', '.join(twice)}")
    return found


def apply_corrections(con: duckdb.DuckDBPyConnection, corrections: Iterable[Correction]) -> int:
    """Fill core.correction, from which core.observation_corrected follows. Returns the number of rows that a hand touched.

    Raises `CorrectionError` where a correction matches no row, where what it expects is not what stands there, or where two
    corrections claim one row.
    """
    touched: dict[str, dict[str, Any]] = {}
    for correction in corrections:
        for row in _matched(con, correction):
            key = row["observation_id"]
            if key in touched:
                raise CorrectionError(f"correction {correction.correction_id}: {key} was corrected already")
            touched[key] = _corrected(row, correction)
    for made in touched.values():
        names, marks = ", ".join(map(quoted, made)), ", ".join("?" * len(made))
        con.execute(f"INSERT INTO core.correction ({names}) VALUES ({marks})", list(made.values()))
    return len(touched)


def _read_file(path: Path) -> list[Correction]:
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise CorrectionError(f"{path.name} is no YAML: {error}") from error
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise CorrectionError(f"{path.name} must hold a list of corrections")
    return [read_correction(path.name, spec) for spec in listed]


def read_correction(file: str, spec: Any) -> Correction:
    """A correction as declared in a file. Raises `CorrectionError` naming both."""
    where = f"{file}: correction {spec.get('id', '?') if isinstance(spec, dict) else spec!r}"
    if not isinstance(spec, dict):
        raise CorrectionError(f"{where} must be a mapping")
    if unknown := sorted(spec.keys() - _KEYS):
        raise CorrectionError(f"{where} has unknown keys: {', '.join(unknown)}")
    action = spec.get("action")
    if action not in ACTIONS:
        raise CorrectionError(f"{where}: action must be one of {', '.join(ACTIONS)}")
    needed = [*_REQUIRED, *([_NEEDS[action]] if action in _NEEDS else [])]
    if missing := [key for key in needed if not spec.get(key)]:
        raise CorrectionError(f"{where} lacks {', '.join(missing)}")
    columns = load_tables()[_OBSERVATION].column_names
    for part in ("where", "expect", "set"):
        if unknown := sorted(set(spec.get(part) or {}) - set(columns)):
            raise CorrectionError(f"{where}: {part} names no columns of {_OBSERVATION}: {', '.join(unknown)}")
    if not isinstance(spec["date"], date):
        raise CorrectionError(f"{where}: date must be a day such as 2025-03-01")
    return Correction(
        correction_id=spec["id"],
        action=action,
        where=spec["where"],
        expect=spec["expect"],
        reason=spec["reason"],
        made_on=spec["date"],
        change=spec.get("set") or {},
        factor=float(spec.get("factor", 1.0)),
        obs_status=spec.get("obs_status", ""),
    )


def _matched(con: duckdb.DuckDBPyConnection, correction: Correction) -> list[dict[str, Any]]:
    conditions = " AND ".join(f"{quoted(name)} IS NOT DISTINCT FROM ?" for name in correction.where)
    rows = records(con, f"SELECT * FROM {_OBSERVATION} WHERE {conditions}", list(correction.where.values()))
    if not rows:
        raise CorrectionError(
            f"correction {correction.correction_id} matches no observation ({correction.where}): "
            "the report is gone or reads otherwise now; mend or remove the correction"
        )
    for row in rows:
        for name, expected in correction.expect.items():
            if row[name] != expected:
                raise CorrectionError(
                    f"correction {correction.correction_id} expects {name} = {expected!r}, but {row['observation_id']} "
                    f"says {row[name]!r}: the source has changed; mend or remove the correction"
                )
    return rows


def _corrected(row: dict[str, Any], correction: Correction) -> dict[str, Any]:
    """The row of core.correction; a dropped one keeps its values."""
    changed = {
        **row,
        "correction_id": correction.correction_id,
        "original_value": row["obs_value"],
        "action": correction.action,
        "reason": correction.reason,
        "corrected_on": correction.made_on,
    }
    if correction.action == "flag":
        changed["obs_status"] = correction.obs_status
    if correction.action == "override":
        changed.update(correction.change)
        if "obs_value" not in correction.change and correction.change.keys() & set(_VALUES):
            changed["obs_value"] = _rescaled(row, changed)
    if correction.action == "scale":
        changed.update({name: row[name] * correction.factor for name in _VALUES if row[name] is not None})
    return changed


def _rescaled(row: dict[str, Any], changed: dict[str, Any]) -> float:
    """The value in the base unit after a change of the written value, by the factor that held before."""
    if changed["unit"] != row["unit"]:
        raise CorrectionError(f"correction {changed['correction_id']} changes the unit: it must set obs_value as well")
    before, after = _written(row), _written(changed)
    if not before:
        raise CorrectionError(f"correction {changed['correction_id']} must set obs_value as well")
    return float(row["obs_value"] / before * after)


def _written(row: dict[str, Any]) -> float:
    """The value as written, for a range its middle."""
    return float(row["value"] if row["value"] is not None else (row["value_low"] + row["value_high"]) / 2)
