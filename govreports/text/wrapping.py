"""Texts set to a width: prints and scans that break each line where the page ends, as those made from PDF do.

Belongs here: telling such a text from one with a paragraph a line, and which of its line ends break a paragraph. Does not belong
here: line ends that a page's links or cells put into a sentence (see `govreports.clean.torn`).

The width tells: in a text with a paragraph a line, lines are of any length; in a text set to a width most are of one, few are
longer, and what is shorter ends a paragraph. A number or a bracket that may not be parted leaves a line a little short.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from govreports.text.hanzi import BLANK, SENTENCE_END

_NUMERAL = "[一二三四五六七八九十]"
# What a paragraph begins with, never a line within one.
_BEGINS = re.compile(
    rf"第{_NUMERAL}{{1,3}}[章节篇编部]|{_NUMERAL}{{1,3}}、|[（(](?:{_NUMERAL}{{1,3}}|\d{{1,2}})[）)]|\d{{1,2}}[、.．](?!\d)|[①-⑳]|——|各位代表[：:，,！!]"
)
_PAGE = re.compile(r"\d{1,3}|[-—–－·]{1,2} ?\d{1,3} ?[-—–－·]{1,2}|第 ?\d{1,3} ?页(?:[ ,，]*共 ?\d{1,3} ?页)?")
_LINE = re.compile(rf"[^\n{BLANK}](?:[^\n]*[^\n{BLANK}])?")
_INDENT = re.compile(r"[ \u3000\xa0\t]{2,}|\u3000")
_STOP = re.compile(rf"[{SENTENCE_END}:：][”’」』）)]?$")
_WHOLE = re.compile(r"(?:[!-~％]{1,12}|.)[，。；、：）”》]*")
_SIGN = re.compile("[，,。；;：:、！!？?]")
# In Han characters.
_LEAST_WIDTH, _MOST_WIDTH = 15, 60
_SLACK = 2.5  # that a line may fall short of the width
_OVER = 1.5  # and that a stop may hang beyond it
_LEAST_LINES = 6
_FULL_SHARE = 0.5  # of the characters, in lines of the width
_LONGER_SHARE = 0.1  # of the characters, in longer lines
_TORN_SHARE = 0.6  # of the lines of the width, that end within a sentence
_LEAST_MARKS, _MARKED_SHARE = 3, 0.02


class _Line(NamedTuple):
    """text[start:end] without blanks around it; its width in Han characters, indent included.

    `apart`: whether a blank line stands before it.
    """

    start: int
    end: int
    text: str
    indented: bool
    apart: bool
    width: float


class _Set(NamedTuple):
    """How a text is set: its lines, their width (0 for none) as measured, and the share of the text that is of that width."""

    lines: list[_Line]
    width: float
    measure: Callable[[str], float]
    share: float


def wrapped_line_ends(text: str) -> list[tuple[int, int]]:
    """Spans from the last character of a line to the first of the next where a page's width broke a paragraph, in order.

    A page number that stands between the two lies within the span. Empty for a text that is not set to a width.
    """
    if len(text) > _MOST_WIDTH * (text.count("\n") + 1):
        return []
    # Prints are set to a width, programs count characters.
    lines, width, measure = max((_set(text, measure) for measure in (_printed, len)), key=lambda found: found.share)[:3]
    if not width:
        return []
    # What marks paragraphs here: an indent, a blank line where not every line has one before it.
    indented = sum(line.indented for line in lines) >= max(_LEAST_MARKS, _MARKED_SHARE * len(lines))
    apart = sum(line.apart for line in lines) < len(lines) / 2
    out: list[tuple[int, int]] = []
    last: _Line | None = None
    for line in lines:
        if _PAGE.fullmatch(line.text):
            continue
        begins = (line.indented and indented) or (line.apart and apart) or _BEGINS.match(line.text)
        if last and not begins and _is_full(last, line, width, measure):
            out.append((last.end, line.start))
        last = line
    return out


def _is_full(line: _Line, second: _Line, width: float, measure: Callable[[str], float]) -> bool:
    """Whether a line ends where it does because what the second begins with, which is not parted, did not fit."""
    whole = _WHOLE.match(second.text)
    room = measure(whole[0]) if whole else 0
    if not _STOP.search(line.text):
        return line.width + max(_SLACK, room + 0.5) > width - 0.5
    # Behind the end of a sentence a paragraph may end as well, and a line without signs is a heading.
    return line.width + room > width - 0.5 and _SIGN.search(second.text) is not None


def _lines(text: str, measure: Callable[[str], float]) -> Iterator[_Line]:
    last = 0
    for match in _LINE.finditer(text):
        begin = text.rfind("\n", 0, match.start()) + 1
        indent = text[begin : match.start()]
        apart = text.count("\n", last, begin) > 1
        width = measure(indent) + measure(match[0])
        yield _Line(match.start(), match.end(), match[0], bool(_INDENT.match(indent)), apart, width)
        last = match.end()


def _printed(text: str) -> float:
    """Width in print, in Han characters: Latin letters, digits and signs are half as wide."""
    return len(text) - len(text.encode("ascii", "ignore")) / 2


def _set(text: str, measure: Callable[[str], float]) -> _Set:
    """How a text is set, if widths are measured so."""
    lines = list(_lines(text, measure))
    widths = Counter(round(line.width) for line in lines if _LEAST_WIDTH <= line.width <= _MOST_WIDTH)
    if not widths:
        return _Set(lines, 0, measure, 0)
    # The commonest width with its neighbours; the widest of equals.
    width = max(widths, key=lambda w: (sum(widths[near] for near in range(w - 1, w + 2)), w))
    full = [line for line in lines if width - _SLACK <= line.width <= width + _OVER]
    total = sum(line.width for line in lines)
    share = sum(line.width for line in full) / total
    # A stop hangs over the commonest of the three.
    commonest = max(range(width - 1, width + 2), key=lambda w: (widths[w], w))
    longer = sum(line.width for line in lines if line.width > max(width, commonest) + _OVER) / total
    torn = sum(not _STOP.search(line.text) for line in full)
    is_set = (
        len(full) >= _LEAST_LINES
        and share >= _FULL_SHARE
        and longer <= _LONGER_SHARE
        and torn >= _TORN_SHARE * len(full)
    )
    return _Set(lines, width, measure, share) if is_set else _Set(lines, 0, measure, 0)
