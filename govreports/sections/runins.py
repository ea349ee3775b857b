"""Headings that open a paragraph without a number: 产业转型步伐加快。…

Belongs here: telling such headings from the first sentences of running text, and the order in which all headings of running text
are looked for. Does not belong here: numbered headings and headings on a line of their own (`headings`), those without their full
stop (`lost_stops`), those within a paragraph (`middles`).

No single sentence is sure. What decides is company: paragraphs in a row that open alike, or a heading above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from govreports.sections.headings import COLON, LONGEST_LINE, RUN_IN, Mark, first_clause
from govreports.sections.lines import Line
from govreports.sections.lost_stops import read_lost_stops
from govreports.sections.middles import read_behind_numbered, read_middles
from govreports.sections.passages import passage_role
from govreports.sections.titles import LEAST_BODY, LONGEST, LONGEST_ALONE, NEAR, PREFIX, ends_as_heading, likeness
from govreports.sections.words import Words, words

_LONGEST_COLON = 22
_PARAGRAPH = 20  # a line that is no longer opens nothing
_SAME_START, _SAME_END = 4, 3
_SAME_WORDS, _LEAST_SPEAKING = 3, 3
_COMPANY = 2  # so many others alike keep a doubtful one
_LOSSY, _CLOSING = 2, "。:!：！"  # so many headings without their stop make a text one that lost them
_ADDRESS = re.compile(r"各位代表|同志们")


@dataclass(slots=True)
class _Opening:
    """The first sentence of a paragraph. `formed`: it begins or ends as headings do; `prose`: it opens as running text does;
    `doubtful`: it is long or states something, so that only several paragraphs that open alike make it a heading.
    """

    line: int
    title: str
    closing: str
    formed: bool
    verb: bool
    prose: bool
    doubtful: bool


def read_run_ins(text: str, lines: Sequence[Line], marks: list[Mark], skipped: set[int]) -> list[Mark]:
    """Headings that open paragraphs, for lines that hold no heading yet, and those within paragraphs."""
    lists = words()
    taken = {m.line: m for m in marks}
    dashed = _without_dash(text, lines, taken, skipped, lists)
    taken |= {m.line: m for m in dashed}
    runs = [(run, _of_run(text, lines, run, taken.get(run[0] - 1), lists)) for run in _runs(lines, taken, skipped)]
    labels = Counter(mark.title for _, found in runs for mark in found if mark.style == COLON)
    runs = [(run, [m for m in found if labels[m.title] <= _COMPANY]) for run, found in runs]
    out = [mark for _, found in runs for mark in found] + dashed
    titles = [m.title for m in out if m.style == RUN_IN]
    for run, found in runs:
        out += read_lost_stops(text, lines, run, found, _is_line(taken.get(run[0] - 1)), titles, lists)
    opened = {m.line: m for m in out} | {m.line: m for m in marks}
    lost = [m for m in opened.values() if m.inline and m.end < lines[m.line].end and text[m.end - 1] not in _CLOSING]
    lossy = len(lost) >= _LOSSY
    behind = read_behind_numbered(text, lines, opened, lists)
    taken_starts = {m.start for m in behind}
    out += behind + [m for m in read_middles(text, lines, opened, lossy, lists) if m.start not in taken_starts]
    return out


def _without_dash(
    text: str, lines: Sequence[Line], taken: dict[int, Mark], skipped: set[int], lists: Words
) -> list[Mark]:
    """Headings of a row of dashes that lost theirs: they begin as the one above and the one below do."""
    out = []
    for i in range(1, len(lines) - 1):
        above, below = taken.get(i - 1), taken.get(i + 1)
        if i in taken or i in skipped or above is None or below is None or not above.style == below.style == "dash":
            continue
        opening = _opening(lines, i, lists)
        if opening and len({title[:_SAME_START] for title in (above.title, opening.title, below.title)}) == 1:
            mark = _mark(text, lines[i], opening)
            mark.style = "dash"
            out.append(mark)
    return out


def _runs(lines: Sequence[Line], taken: dict[int, Mark], skipped: set[int]) -> list[list[int]]:
    """Paragraphs between two headings."""
    runs: list[list[int]] = [[]]
    for i, line in enumerate(lines):
        if i in taken or i in skipped:
            if runs[-1]:
                runs.append([])
        elif len(line.view) > _PARAGRAPH:
            runs[-1].append(i)
    return [run for run in runs if run]


def _of_run(text: str, lines: Sequence[Line], run: list[int], above: Mark | None, lists: Words) -> list[Mark]:
    openings = {i: o for i in run if (o := _opening(lines, i, lists))}
    heads = Counter(form for o in openings.values() for form in _forms(o.title))
    speaking = _speaking(run, openings)
    kept = []
    for at, i in enumerate(run):
        opening = openings.get(i)
        if opening is None:
            continue
        around = [openings[j] for j in run[max(0, at - 2) : at + 3] if j != i and j in openings]
        near = [o for o in around if o.closing == opening.closing]
        if opening.prose and not opening.doubtful and i in speaking:
            fits = True
        elif opening.doubtful:
            fits = any(heads[form] > _COMPANY for form in _forms(opening.title))
        else:
            fits = _is_run_in(opening, near, at == 0 and _is_line(above), len(run) == 1, above)
        if fits:
            kept.append(opening)
    return [_mark(text, lines[o.line], o) for o in kept + _between(lines, run, openings, {o.line for o in kept})]


def _speaking(run: list[int], openings: dict[int, _Opening]) -> set[int]:
    """Paragraphs in a row that begin with the same words, however prose-like: 我们要加快…。 我们要建设…。"""
    out: set[int] = set()
    row: list[int] = []
    for i in [*run, -1]:
        opening = openings.get(i)
        start = opening.title[:_SAME_WORDS] if opening and opening.closing == "。" else ""
        if row and start != openings[row[-1]].title[:_SAME_WORDS]:
            out |= set(row) if len(row) >= _LEAST_SPEAKING else set()
            row = []
        if start:
            row.append(i)
    return out


def _between(lines: Sequence[Line], run: list[int], openings: dict[int, _Opening], kept: set[int]) -> list[_Opening]:
    """Openings of a heading's form between two paragraphs that have headings; none that turns to another matter."""
    out = []
    for before, i, after in zip(run, run[1:], run[2:], strict=False):
        opening = openings.get(i)
        if opening is None or i in kept or opening.prose or opening.doubtful or not opening.formed:
            continue
        beside = all(j in kept and openings[j].closing == opening.closing == "。" for j in (before, after))
        if beside and not passage_role(lines[i].view):
            out.append(opening)
    return out


def _is_line(above: Mark | None) -> bool:
    """Whether a run of paragraphs stands below a heading on a line of its own."""
    return above is not None and not above.inline


def _forms(title: str) -> tuple[str, str]:
    """What titles that are made alike share: a long start, or a short one and the end (这是…的一年)."""
    return title[:_SAME_START], title[:PREFIX] + "…" + title[-_SAME_END:]


def _is_run_in(opening: _Opening, near: list[_Opening], first: bool, lonely: bool, above: Mark | None) -> bool:
    alike = [o for o in near if abs(len(o.title) - len(opening.title)) <= NEAR]
    parallel = [o for o in alike if o.title[:_SAME_START] == opening.title[:_SAME_START]]
    if opening.prose:
        return bool(parallel)
    if opening.closing == ":":
        return bool(near) or (above is not None and opening.title in above.title)
    if parallel or any(len(o.title) == len(opening.title) and likeness(o.title, opening.title) for o in alike):
        return True
    if opening.formed:
        alone = len(opening.title) <= LONGEST_ALONE and "," not in opening.title
        return bool(alike) or (alone and not (first and lonely and opening.verb))
    if first:
        return sum(1 for o in alike if len(o.title) == len(opening.title)) > 1
    return any(o.formed for o in alike) or len(alike) > 1


def _opening(lines: Sequence[Line], i: int, lists: Words) -> _Opening | None:
    view = lines[i].view
    addressed = i and len(lines[i - 1].view) < _PARAGRAPH and _ADDRESS.match(lines[i - 1].view)
    if lines[i].number or addressed or _ADDRESS.match(view):
        return None
    title, closing = first_clause(view[: LONGEST_LINE + 1])
    if closing not in ("。", ":") or len(view) - len(title) < LEAST_BODY or len(title) < 2:
        return None
    if closing == ":" and (len(title) > _LONGEST_COLON or lists.not_heading.search(title)):
        return None
    if lists.facts.search(title) or _ADDRESS.match(view, len(title) + 1):
        return None
    doubtful = len(title) > LONGEST or lists.not_heading.search(title) is not None
    prose = lists.prose_openings.match(view) is not None or lists.turns.match(view) is not None
    verb = lists.verbs.match(title) is not None
    formed = verb or ends_as_heading(title, lists) or lists.closed_endings.search(title) is not None
    return _Opening(i, title, closing, formed, verb, prose, doubtful)


def _mark(text: str, line: Line, opening: _Opening) -> Mark:
    end = line.start + len(opening.title)
    style = COLON if opening.closing == ":" else RUN_IN
    return Mark(line.start, end + 1, style, None, None, text[line.start : end], opening.line, inline=True)
