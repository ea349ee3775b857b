"""Codes of the coded columns with their labels, as declared in `code_lists.yaml`.

Belongs here: the typed loader. Does not belong here: which column uses which list (see `govreports.metadata.tables`). The list
unit_measure is read off `units.yaml`, the lists of indicators and themes are tables of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from govreports.declarations import read_yaml
from govreports.metadata.tables import DeclarationError
from govreports.metadata.units import load_units

FILE = Path(__file__).resolve().parent / "code_lists.yaml"


@dataclass(frozen=True)
class Code:
    """One code of a list with its labels."""

    code: str
    zh: str
    en: str


@cache
def load_code_lists() -> dict[str, tuple[Code, ...]]:
    """Every code list by name, codes in their declared order. Raises `DeclarationError` for an entry without both labels."""
    lists = code_lists_from(read_yaml(FILE))
    lists["unit_measure"] = tuple(Code(m.code, m.zh, m.en) for m in load_units().measures.values())
    return lists


def code_lists_from(spec: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[Code, ...]]:
    """Code lists out of parsed YAML. Raises `DeclarationError`."""
    lists = {}
    for name, codes in spec.items():
        for code, labels in codes.items():
            if not isinstance(code, str) or not isinstance(labels, list) or len(labels) != 2:
                raise DeclarationError(f"{FILE.name}: {name}: {code!r} must be a text with [zh, en] as its labels")
        lists[name] = tuple(Code(code, zh, en) for code, (zh, en) in codes.items())
    return lists
