"""Corrections that a reader writes on the page of a report.

Belongs here: judging an entry and writing it into corrections/. Does not belong here: the request that brings it (see `serve`),
or what a correction does (see `govreports.warehouse.corrections`).
"""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from govreports.warehouse.connection import WarehouseError, published_file, records
from govreports.warehouse.corrections import CorrectionError, load_corrections, read_correction

_ID = re.compile(r"review-o[0-9a-f]{16}")
_ACTIONS = ("drop", "override", "flag")
_LONGEST_REASON = 2000


class Refused(ValueError):
    """The entry cannot become a correction; the message says why."""


def accept(entry: Any, published: Path, corrections: Path) -> Path:
    """Write an entry of one observation as a file of its own, so that the next build finds it. Returns the file.

    Raises `Refused` where the entry is malformed, where the published observation is not what it expects, or where a correction
    claims the observation already: such an entry would stop the next build.
    """
    spec = _checked(entry)
    observation = str(spec["where"]["observation_id"])
    try:
        read_correction("the entry", spec)
        row = _observation(published, observation)
        claimed = [c for c in load_corrections(corrections) if _claims(c.where, row)]
    except CorrectionError as error:
        raise Refused(str(error)) from error
    except WarehouseError as error:
        raise Refused(str(error)) from error
    for name, expected in spec["expect"].items():
        if row[name] != expected:
            raise Refused(f"the value has changed: {name} is {row[name]!r} now; load the page again")
    if claimed:
        raise Refused(f"the value is corrected already by {claimed[0].correction_id}")
    return _write(spec, corrections / f"{spec['id']}.yml")


def _checked(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get("where"), dict):
        raise Refused("the entry must be a mapping with `where`")
    if list(entry["where"]) != ["observation_id"] or entry.get("id") != f"review-{entry['where']['observation_id']}":
        raise Refused("the entry must be about one observation, and be named after it")
    if not _ID.fullmatch(str(entry["id"])):
        raise Refused("the observation_id is none")
    if entry.get("action") not in _ACTIONS:
        raise Refused(f"the action must be one of {', '.join(_ACTIONS)}")
    reason = entry.get("reason")
    if not isinstance(reason, str) or not reason.strip() or len(reason) > _LONGEST_REASON:
        raise Refused(f"a reason is needed, of at most {_LONGEST_REASON} characters")
    if not all(_is_scalar(value) for part in ("expect", "set") for value in dict(entry.get(part) or {}).values()):
        raise Refused("`expect` and `set` hold numbers and words only")
    try:
        made_on = date.fromisoformat(str(entry.get("date")))
    except ValueError as error:
        raise Refused("the date must be a day such as 2025-03-01") from error
    return {**entry, "date": made_on}


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _observation(published: Path, observation_id: str) -> dict[str, Any]:
    with published_file(published) as con:
        rows = records(con, "SELECT * FROM core.observation WHERE observation_id = ?", [observation_id])
    if not rows:
        raise Refused("the published file holds no such observation: load the page again")
    return rows[0]


def _claims(where: dict[str, Any], row: dict[str, Any]) -> bool:
    return all(row.get(name) == value for name, value in where.items())


def _write(spec: dict[str, Any], path: Path) -> Path:
    """Write a file that does not exist yet, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump([spec], allow_unicode=True, sort_keys=False, width=120)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    beside.write_text(text, encoding="utf-8")
    try:
        os.link(beside, path)
    except FileExistsError as error:
        raise Refused(f"{path.name} exists already") from error
    finally:
        beside.unlink()
    return path


def parsed(body: bytes) -> Any:
    """The entry in the body of a request. Raises `Refused`."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise Refused("the body is no JSON") from error
