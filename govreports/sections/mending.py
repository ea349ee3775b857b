"""Headings whose number or beginning was lost: mended by the contents list, else by the gap in their row.

Belongs here: reading the contents list of a plan, giving headings of the body the style and number that they had. Does not belong
here: cutting the list out of the text (see `govreports.clean`), headings that lost their full stop (`lost_stops`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from govreports.sections.headings import PLAIN, TOP, Mark
from govreports.sections.lines import Line
from govreports.sections.numbering import STRONG

_PAGE = re.compile(r"[\s.·…—\-]*\d{0,3}$")
_MARKS = re.compile(r"[\W_]+")
_ROWS = ("section", "cn", "cn_bracket")
_LEAST_ENTRIES = 3
_LEAST_ALIKE = 4
_LEAST_CUT = 5  # so many characters of a title whose start was lost tell it


@dataclass(slots=True)
class Entry:
    """A line of the list."""

    style: str
    value: int | None
    title: str


def read_contents(lines: Sequence[Line]) -> list[Entry]:
    """The entries of the contents list, empty where there is none."""
    out = []
    for line in lines:
        if line.zone != "contents":
            continue
        number = line.number
        title = _key(_PAGE.sub("", line.view[number.length if number else 0 :]))
        if title and title not in ("目录", "目次"):
            out.append(Entry(number.style if number else TOP, number.value if number else None, title))
    return out if len(out) >= _LEAST_ENTRIES else []


def mend_by_contents(marks: Sequence[Mark], entries: Sequence[Entry]) -> list[Entry]:
    """Give headings on lines of their own the style and number of their entry; the entries that the body lacks.

    A heading keeps its title as printed. Entries are looked for in order, since titles may recur.
    """
    at = 0
    missing: list[Entry] = []
    rows = [m for m in marks if not m.inline]
    found: set[int] = set()
    for mark in rows:
        hit = next((k for k in range(at, len(entries)) if _same(mark, entries[k])), None)
        if hit is None:
            continue
        entry = entries[hit]
        missing += entries[at:hit]
        at = hit + 1
        found.add(id(mark))
        mark.style, mark.value = entry.style, entry.value
    return missing + list(entries[at:])


def mend_by_gaps(marks: Sequence[Mark]) -> None:
    """An unnumbered heading between 一、 and 三、, or alone behind a lonely 一、, lost its number."""
    rows = [m for m in marks if not m.inline]
    for before, mark, after in zip(rows, rows[1:], [*rows[2:], None], strict=False):
        if mark.style != PLAIN or before.style not in _ROWS or before.value is None:
            continue
        gap = after is not None and after.style == before.style and after.value == before.value + 2
        lonely = before.value == 1 and (after is None or STRONG.index(before.style) > _rank(after))
        if gap or lonely:
            mark.style, mark.value = before.style, before.value + 1


def _rank(mark: Mark) -> int:
    return STRONG.index(mark.style) if mark.style in STRONG else len(STRONG)


def _same(mark: Mark, entry: Entry) -> bool:
    title = _key(mark.title)
    if mark.style in (PLAIN, TOP) or (mark.value is None and mark.style == entry.style):
        return title == entry.title or (len(title) >= _LEAST_CUT and entry.title.endswith(title))
    numbered_alike = mark.value == entry.value and title[:_LEAST_ALIKE] == entry.title[:_LEAST_ALIKE]
    return mark.style == entry.style and (title == entry.title or numbered_alike)


def _key(title: str) -> str:
    return _MARKS.sub("", title)
