"""Typed loader of `words.yaml`.

Belongs here: compiling the declared words of intake. Does not belong here: what follows from a match.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True)
class Words:
    """Compiled word lists; `labels` is field → labels in order of precedence."""

    labels: dict[str, list[str]]
    label: re.Pattern[str]
    patterns: dict[str, re.Pattern[str]]

    def __getitem__(self, name: str) -> re.Pattern[str]:
        return self.patterns[name]


@cache
def words() -> Words:
    """The word lists, compiled once."""
    lists = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    labels: dict[str, list[str]] = lists.pop("labels")
    known = sorted({label for group in labels.values() for label in group}, key=len, reverse=True)
    compiled = {name: re.compile("|".join(f"(?:{entry})" for entry in entries)) for name, entries in lists.items()}
    label = re.compile(f"(?<![一-鿿])({'|'.join(known)})\\s*(?:[:：]|(?<=发表于))")
    return Words(labels, label, compiled)
