"""Sentences of a cleaned text and the sections they stand in.

Belongs here: cutting lines into sentences, finding the section, role and headings of a place. Does not belong here:
making sections (see `govreports.sections`), reading sentences (`reading`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_END = re.compile(r"[。！？!?]+[”’」』）)]*|\n")
# A sentence without any of these holds no quantity.
_MAY_COUNT = re.compile(
    r"\d|第[一二三四五六七八九十]|[首之]位|[榜之居]首|翻|[一二两三四五六七八九十]成|分之|位数|连冠|前[一二三四五六七八九十]"
    r"|[一二两三四五六七八九十百千万亿][余多]?(?:元|美元|人|亩|吨|倍|台阶|大关)|[十百千万]亿"
    r"|[三四五六七八九十](?:家|项|座|所)|[一二两三四五六七八九十]个百分点"
)
_ALONE = {"section_id": None, "role": "other", "title": None, "parent_id": None, "kind": "passage"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """text[start:end] without its closing mark; `first` in its line; `section` the innermost section.

    `skipped`: the span of the sentence right before, where it stands in the same line and was passed over.
    """

    start: int
    end: int
    first: bool
    section: dict[str, Any]
    skipped: tuple[int, int] | None = None


def sentences(text: str, sections: list[dict[str, Any]]) -> Iterator[Sentence]:
    """Every sentence that may hold a quantity, in order."""
    places = _Places(sections)
    first = True
    last = 0
    skipped: tuple[int, int] | None = None
    for match in _END.finditer(text):
        start, last_end = last, match.start()
        last = match.end()
        if last_end > start:
            if first or _MAY_COUNT.search(text, start, last_end):
                yield Sentence(start, last_end, first, places.at(start), skipped)
                skipped = None
            else:
                skipped = (start, last_end)
            first = False
        if match[0] == "\n":
            first, skipped = True, None
    if last < len(text):
        yield Sentence(last, len(text), first, places.at(last), skipped)


class _Places:
    """Innermost sections for ascending places."""

    def __init__(self, sections: list[dict[str, Any]]) -> None:
        self._sections = sorted(sections, key=lambda s: (s["clean_start"], -s["clean_end"]))
        self._next = 0
        self._open: list[dict[str, Any]] = []

    def at(self, place: int) -> dict[str, Any]:
        while self._next < len(self._sections) and self._sections[self._next]["clean_start"] <= place:
            self._open.append(self._sections[self._next])
            self._next += 1
        while self._open and self._open[-1]["clean_end"] <= place:
            self._open.pop()
        inside = [s for s in self._open if s["clean_end"] > place]
        self._open = inside
        return inside[-1] if inside else _ALONE
