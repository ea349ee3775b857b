"""Lines of a cleaned text, folded for matching.

Belongs here: cutting the text into lines with their zones, folding punctuation without moving offsets. Does not belong here:
what a line is (see `headings`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

ZONES = ("title_block", "contents", "body", "notes")
# Full-width marks and their half-width forms, dashes and blanks of all kinds to one; one character to one, so that places stay.
_FOLD = str.maketrans("（）：，；！？［］｛｝．―–─━－﹣−﹔﹕\u3000\xa0\u2002\u2003\u2009", "():,;!?[]{}.———————;:     ")


@dataclass(frozen=True, slots=True)
class Line:
    """text[start:end] of the cleaned text without its newline; `view` is it folded, character for character."""

    start: int
    end: int
    zone: str
    view: str


def fold(text: str) -> str:
    """The text with marks folded to half-width and dashes to —. Keeps the length."""
    return text.translate(_FOLD)


def read_lines(text: str, spans: Iterable[Row]) -> list[Line]:
    """All lines in order. A line that no zone holds counts as body."""
    zones = sorted((s["clean_start"], s["clean_end"], s["kind"]) for s in spans if s["kind"] in ZONES)
    starts = [z[0] for z in zones]
    view, out, at = fold(text), [], 0
    for part in view.split("\n"):
        end = at + len(part)
        if part.strip():
            i = bisect_right(starts, at) - 1
            zone = zones[i][2] if i >= 0 and at < zones[i][1] else "body"
            out.append(Line(at, end, zone, part))
        at = end + 1
    return out
