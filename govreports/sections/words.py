"""Typed loader of `words.yaml`.

Belongs here: compiling the declared word lists. Does not belong here: what follows from a match (`roles`, `headings`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True)
class Words:
    """Compiled word lists. All expect folded text (see `lines`); those of openings match at the start of a paragraph.

    `title_roles`, `passage_roles`: (role, pattern) in the order in which they are tried.
    """

    title_roles: tuple[tuple[str, re.Pattern[str]], ...]
    passage_roles: tuple[tuple[str, re.Pattern[str]], ...]
    stated_aims: re.Pattern[str]
    dated_work: re.Pattern[str]
    looks_ahead: re.Pattern[str]
    top_endings: re.Pattern[str]
    top_titles: re.Pattern[str]
    turns: re.Pattern[str]
    soft_turns: re.Pattern[str]
    prose_openings: re.Pattern[str]
    not_heading: re.Pattern[str]
    facts: re.Pattern[str]
    verbs: re.Pattern[str]
    endings: re.Pattern[str]
    closed_endings: re.Pattern[str]
    nouns: re.Pattern[str]
    objects: re.Pattern[str]
    bare_verbs: re.Pattern[str]
    openings: re.Pattern[str]
    fresh_openings: re.Pattern[str]
    glossary_senses: re.Pattern[str]


@cache
def words() -> Words:
    """The word lists, compiled once."""
    lists = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return Words(
        title_roles=tuple((role, re.compile(pattern)) for role, pattern in lists["title_roles"]),
        passage_roles=tuple((role, re.compile(pattern)) for role, pattern in lists["passage_roles"]),
        stated_aims=re.compile(lists["stated_aims"]),
        dated_work=re.compile(lists["dated_work"]),
        looks_ahead=re.compile(lists["looks_ahead"]),
        top_endings=_ending(lists["top_endings"]),
        top_titles=_join(lists["top_titles"]),
        turns=_join(lists["turns"]),
        soft_turns=_join(lists["soft_turns"]),
        prose_openings=_join(lists["prose_openings"]),
        not_heading=_join(lists["not_heading"]),
        facts=re.compile(lists["facts"]),
        verbs=re.compile(_either(lists["verbs"].split())),
        endings=_ending(lists["endings"]),
        closed_endings=_ending(f"{lists['endings']} {lists['closed_endings']}"),
        nouns=re.compile(_either(lists["nouns"].split())),
        objects=_ending(lists["objects"]),
        bare_verbs=re.compile(f"(?:{_either(lists['verbs'].split())})+"),
        openings=re.compile(_either([*lists["openings"].split(), *lists["fresh_openings"].split()])),
        fresh_openings=re.compile(_either(lists["fresh_openings"].split())),
        glossary_senses=re.compile(_either(lists["glossary_senses"])),
    )


def _ending(entries: str) -> re.Pattern[str]:
    return re.compile(f"(?:{_either(entries.split())})[”’》)]?$")


def _join(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _either(entries: list[str]) -> str:
    return "|".join(map(re.escape, sorted(set(entries), key=lambda w: (-len(w), w))))
