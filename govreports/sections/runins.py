"""Headings that open a paragraph without a number, or stand within one: 产业转型步伐加快。…

Belongs here: telling such headings from the first sentences of running text, also where the full stop between was lost. Does not
belong here: numbered headings and headings on a line of their own (`headings`).

No single sentence is sure. What decides is company: paragraphs in a row that open alike, or a numbered heading above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from govreports.sections.headings import COLON, MIDDLE, RUN_IN, Mark, first_clause
from govreports.sections.lines import Line
from govreports.sections.numbering import read_number
from govreports.sections.words import Words, words

_LONGEST = 36
_LONGEST_COLON = 22
_LONGEST_ALONE = 16
_LEAST_BODY = 14
_FOLLOWING = 20
_MIDDLE = re.compile(r"(?<=[。!;])(?=([^。!?;:,、\d\s]{3,13})。)")
_LOST_FROM, _LOST_TO = 4, 24


@dataclass(slots=True)
class _Opening:
    """The first sentence of a paragraph. `formed`: it begins or ends as headings do."""

    line: int
    title: str
    closing: str
    formed: bool


def read_run_ins(text: str, lines: Sequence[Line], marks: list[Mark], skipped: set[int]) -> list[Mark]:
    """Headings that open paragraphs, for lines that hold no heading yet; mends titles of `marks` that lost their stop."""
    lists = words()
    taken = {m.line: m for m in marks}
    out: list[Mark] = []
    for run in _runs(lines, taken, skipped):
        out += _of_run(text, lines, run, lists)
    _mend_numbered(text, lines, marks, lists)
    opened = {m.line: m for m in out} | taken
    out += _within(text, lines, opened, skipped, lists)
    return out


def _runs(lines: Sequence[Line], taken: dict[int, Mark], skipped: set[int]) -> list[list[int]]:
    """Paragraphs between two headings."""
    runs: list[list[int]] = [[]]
    for i, line in enumerate(lines):
        if i in taken or i in skipped:
            if runs[-1]:
                runs.append([])
        elif len(line.view) > _FOLLOWING:
            runs[-1].append(i)
    return [run for run in runs if run]


def _of_run(text: str, lines: Sequence[Line], run: list[int], lists: Words) -> list[Mark]:
    openings = {i: o for i in run if (o := _opening(lines[i], i, lists))}
    kept: dict[int, _Opening] = {}
    for at, i in enumerate(run):
        opening = openings.get(i)
        if opening is None:
            continue
        around = [openings[j] for j in run[max(0, at - 2) : at + 3] if j != i and j in openings]
        near = [o for o in around if o.closing == opening.closing]
        alike = [o for o in near if abs(len(o.title) - len(opening.title)) <= 6]
        if opening.closing == ":":
            if near:
                kept[i] = opening
        elif opening.formed:
            if alike or (len(opening.title) <= _LONGEST_ALONE and "," not in opening.title):
                kept[i] = opening
        elif any(o.formed for o in alike) or len(alike) > 1:
            kept[i] = opening
    out = [_mark(text, lines[i], o) for i, o in kept.items()]
    sizes = [len(o.title) for o in kept.values() if o.closing != ":"]
    for at, i in enumerate(run):
        if i in kept or lists.prose_openings.match(lines[i].view) or lists.turns.match(lines[i].view):
            continue
        beside = any(j in kept for j in run[max(0, at - 1) : at + 2])
        cut = _lost_stop(lines[i].view, sizes, lists) if beside else 0
        if cut:
            line = lines[i]
            out.append(
                Mark(
                    line.start,
                    line.start + cut,
                    RUN_IN,
                    None,
                    None,
                    text[line.start : line.start + cut],
                    i,
                    inline=True,
                )
            )
    return out


def _opening(line: Line, i: int, lists: Words) -> _Opening | None:
    view = line.view
    if lists.prose_openings.match(view) or lists.turns.match(view):
        return None
    title, closing = first_clause(view[: _LONGEST + 1])
    if closing not in ("。", ":", "!") or len(view) - len(title) < _LEAST_BODY or len(title) < 2:
        return None
    if len(title) > (_LONGEST_COLON if closing == ":" else _LONGEST) or lists.not_heading.search(title):
        return None
    formed = lists.verbs.match(title) is not None or lists.endings.search(title) is not None
    if closing == "!":
        return None
    return _Opening(i, title, closing, formed)


def _mark(text: str, line: Line, opening: _Opening) -> Mark:
    end = line.start + len(opening.title)
    style = COLON if opening.closing == ":" else RUN_IN
    return Mark(line.start, end + 1, style, None, None, text[line.start : end], opening.line, inline=True)


def _lost_stop(view: str, sizes: list[int], lists: Words) -> int:
    """Length of a heading that runs into its paragraph without a full stop, 0 where there is none."""
    clause = first_clause(view)[0]
    head = clause[: _LOST_TO + 12]
    best, best_score = 0, 1
    for cut in range(_LOST_FROM, min(_LOST_TO, len(head) - 2) + 1):
        title = head[:cut]
        if title[-1] in ",、" or head[cut] in ",、的地得和与了":
            continue
        ends = lists.endings.search(title) is not None
        opens = lists.openings.match(head, cut) is not None
        alike = sum(1 for s in sizes if s == cut) > 0
        score = ends + opens + alike
        if (ends or alike) and score > best_score and not lists.not_heading.search(title):
            best, best_score = cut, score
    return best


def _mend_numbered(text: str, lines: Sequence[Line], marks: list[Mark], lists: Words) -> None:
    """Titles of numbered paragraphs whose first sentence is no heading: those that lost their stop, else none."""
    sizes = [len(m.title) for m in marks if m.inline and m.title]
    for mark in [m for m in marks if not m.title]:
        line = lines[mark.line]
        number = read_number(line.view)
        length = number.length if number else 0
        cut = _lost_stop(line.view[length:], sizes, lists)
        if cut:
            start = line.start + length
            mark.title, mark.end = text[start : start + cut], start + cut
    marks[:] = [m for m in marks if m.title]


def _within(text: str, lines: Sequence[Line], opened: dict[int, Mark], skipped: set[int], lists: Words) -> list[Mark]:
    """Short headings within a paragraph that has a heading of its own."""
    out = []
    for i, line in enumerate(lines):
        if i in skipped or i not in opened or not opened[i].inline or line.end - line.start < 80:
            continue
        begin = opened[i].end - line.start
        found = []
        for match in _MIDDLE.finditer(line.view, max(begin - 1, 0)):
            title = match[1]
            after = match.end(1) + 1
            following = line.view.find("。", after)
            if following - after < _FOLLOWING or lists.not_heading.search(title) or lists.prose_openings.match(title):
                continue
            ended = lists.endings.search(title) is not None
            found.append((match.start(), title, ended, lists.verbs.match(title) is not None))
        sizes = [len(title) for _, title, _, _ in found]
        for at, title, ended, verb in found:
            company = sum(1 for s in sizes if abs(s - len(title)) <= 1) > 1
            if (company and (ended or verb)) or (ended and not verb and len(title) <= 10):
                start = line.start + at
                out.append(
                    Mark(
                        start,
                        start + len(title) + 1,
                        MIDDLE,
                        None,
                        None,
                        text[start : start + len(title)],
                        i,
                        inline=True,
                    )
                )
    return out
