"""Policy themes and the terms that count for them, as declared in `themes.yaml`.

Belongs here: the typed loader. Does not belong here: counting (see `govreports.marts`, mart.policy_attention).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from govreports.declarations import read_yaml
from govreports.metadata.tables import DeclarationError

FILE = Path(__file__).resolve().parent / "themes.yaml"
_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Theme:
    """A policy theme; `terms` in the order declared, each two characters or longer."""

    id: str
    name_zh: str
    name_en: str
    terms: tuple[str, ...]


@cache
def load_themes() -> dict[str, Theme]:
    """Every theme by id. Raises `DeclarationError` for a malformed entry or a term that two themes claim."""
    return themes_from(read_yaml(FILE))


def themes_from(spec: Mapping[str, Any]) -> dict[str, Theme]:
    """Themes out of parsed YAML. Raises `DeclarationError`."""
    owners: dict[str, str] = {}
    themes = {}
    for id_, entry in spec.items():
        where = f"{FILE.name}: {id_}"
        if not _ID.fullmatch(str(id_)):
            raise DeclarationError(f"{where}: an id is snake_case (a-z, 0-9, _)")
        if not isinstance(entry, list) or len(entry) != 3 or not isinstance(entry[2], list) or not entry[2]:
            raise DeclarationError(f"{where}: a theme is [zh, en, [terms]]")
        zh, en, terms = entry
        for term in terms:
            if len(str(term)) < 2:
                raise DeclarationError(f"{where}: the term {term!r} is too short; two characters or more")
            if term in owners:
                raise DeclarationError(f"{where}: the term {term!r} counts for {owners[term]} already; keep one")
            owners[term] = id_
        themes[id_] = Theme(id_, zh, en, tuple(terms))
    return themes
