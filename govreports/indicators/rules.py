"""The documented rules, as declared in `rules.yaml`.

Belongs here: loading the declarations. Does not belong here: applying them (see `attach`, `pairing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from govreports.declarations import read_yaml

FILE = Path(__file__).resolve().parent / "rules.yaml"


@dataclass(frozen=True)
class Rule:
    """A rule: `rule_id` of observations, what it does in both languages, and a phrase that it reads."""

    rule_id: str
    zh: str
    en: str
    example: str


@cache
def load_rules() -> dict[str, Rule]:
    """Rules by id, in the order declared."""
    spec = read_yaml(FILE)
    return {id_: Rule(id_, entry["zh"], entry["en"], entry["example"]) for id_, entry in spec.items()}
