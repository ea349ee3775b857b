"""Lines of a cleaned text, folded for matching.

Belongs here: cutting the text into lines with their zones, folding punctuation without moving offsets. Does not belong here:
what a line is (see `headings`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from govreports.sections.numbering import Number, read_number

Row = dict[str, Any]

ZONES = ("title_block", "contents", "body", "notes")
# Full-width marks and their half-width forms, dashes and blanks of all kinds to one; one character to one, so that places stay.
_FOLD = tuple(
    zip("（）：，；！？［］｛｝．―–─━－﹣−﹔﹕\u3000\xa0\u2002\u2003\u2009", "():,;!?[]{}.———————;:     ", strict=True)
)


@dataclass(frozen=True, slots=True)
class Line:
    """text[start:end] of the cleaned text without its newline.

    `view` is it folded, character for character; `number` is the number that heads it.
    """

    start: int
    end: int
    zone: str
    view: str
    number: Number | None


def fold(text: str) -> str:
    """The text with marks folded to half-width and dashes to —. Keeps the length."""
    for mark, folded in _FOLD:  # several times faster than str.translate where few of them occur
        text = text.replace(mark, folded)
    return text


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
            out.append(Line(at, end, zone, part, read_number(part)))
        at = end + 1
    return out
