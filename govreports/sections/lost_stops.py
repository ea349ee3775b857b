"""Headings that run into their paragraph because the full stop behind them was lost.

Belongs here: finding where such a heading ends, with and without a number before it. Does not belong here: headings whose stop is
in print (`headings`, `runins`), those within a paragraph that has a heading of its own (`middles`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from govreports.sections.headings import LONGEST_RUN_IN, RUN_IN, Mark, first_clause
from govreports.sections.lines import Line
from govreports.sections.passages import passage_role
from govreports.sections.titles import LEAST_BODY, LONGEST, LONGEST_ALONE, NO_START, ends_as_heading, likeness_to_any
from govreports.sections.words import Words, words

_LEAST_SENTENCE = 6  # so many characters what follows a lost stop has before its first comma
_UP_TO_STOP = re.compile(r"[^。;!?]*")
_UP_TO_COMMA = re.compile(r"[^,、。;:!?]*")
_OPENED, _CLOSED = "“《(「『", "”》)」』"
_GROWTH = "发展"
_LOST_FROM, _LOST_TO, _AHEAD = 4, 24, 12
_NEIGHBOURS = 4


def read_lost_stops(
    text: str, lines: Sequence[Line], run: list[int], found: list[Mark], headed: bool, titles: list[str], lists: Words
) -> list[Mark]:
    """Run-in headings of a run that lost the full stop behind them.

    The first paragraph under a heading is mostly a lead-in: it has to be as long as the others and say what has come about.
    """
    out = []
    places = {m.line for m in found}
    for at, i in enumerate(run):
        view = lines[i].view
        if i in places or lists.prose_openings.match(view) or lists.turns.match(view) or lines[i].number:
            continue
        if passage_role(view):
            continue
        if at == 0 and headed:
            own = [m.title for m in found if m.style == RUN_IN]
            cut = 0
            if not lists.verbs.match(view):
                cut = _lost_stop(view, own, lists, alike=True) or _lost_stop(view, titles, lists, sure=True)
        else:
            beside = any(j in places for j in run[max(0, at - 1) : at + 2])
            cut = _lost_stop(view, titles, lists, sure=not beside) if beside or not lists.verbs.match(view) else 0
        if cut:
            start = lines[i].start
            out.append(Mark(start, start + cut, RUN_IN, None, None, text[start : start + cut], i, inline=True))
    return out


def _lost_stop(
    view: str,
    titles: Iterable[str],
    lists: Words,
    sure: bool = False,
    alike: bool = False,
    longest: int = _LOST_TO,
) -> int:
    """Length of a heading that runs into its paragraph without a full stop, 0 where there is none.

    `titles`: headings of the same row. `sure`: only one parallel to those will do; `alike`: only one as long as one of those.
    Behind an unnumbered heading only words count that open a sentence afresh, none that may follow a noun (发展, 提升, 实施).
    """
    head = first_clause(view)[0][: longest + _AHEAD]
    sizes: dict[int, list[str]] = {}
    for title in titles:
        sizes.setdefault(len(title), []).append(title)
    usual = _median(sizes) or _LOST_FROM
    best, best_score = 0, (1, 0)
    for cut in range(_LOST_FROM, min(longest, len(head) - 2) + 1):
        title = head[:cut]
        if title[-1] in ",、的" or head[cut] in NO_START or (alike and cut not in sizes) or _goes_on(view, cut, lists):
            continue
        ends = ends_as_heading(title, lists) or lists.top_endings.search(title) is not None
        opens = (lists.openings if longest > _LOST_TO else lists.fresh_openings).match(head, cut) is not None
        parallel = likeness_to_any(title, sizes.get(cut, ()))
        if not parallel and (sure or not (ends and opens) or ("," in title and longest == _LOST_TO)):
            continue
        if not opens and (lists.verbs.match(title) or not lists.endings.search(title)):
            continue
        score = (ends + 2 * opens + parallel, -cut if longest == _LOST_TO else -abs(cut - usual))
        if score > best_score and score[0] > 1 and (ends or opens) and not lists.not_heading.search(title):
            best, best_score = cut, score
    return best


def _goes_on(view: str, cut: int, lists: Words) -> bool:
    """Whether the sentence goes on at `cut`: within quotation marks, behind a verb that lacks its object, before a short rest."""
    title = view[:cut]
    if any(title.count(a) > title.count(b) for a, b in zip(_OPENED, _CLOSED, strict=True)):
        return True
    last = re.split("[,、]", title)[-1]
    if lists.bare_verbs.fullmatch(last) or len(last) < 2:
        return True
    if view.startswith(_GROWTH, cut) and not lists.objects.search(title):  # 快速健康 | 发展
        return True
    sentence = _UP_TO_STOP.match(view, cut)
    if sentence is not None and len(sentence[0]) < LEAST_BODY:
        return True
    if lists.fresh_openings.match(view, cut):
        return False
    rest = _UP_TO_COMMA.match(view, cut)
    return rest is not None and len(rest[0]) < _LEAST_SENTENCE


def _median(sizes: Iterable[int]) -> int:
    ordered = sorted(sizes)
    return ordered[len(ordered) // 2] if ordered else 0


def mend_numbered(text: str, lines: Sequence[Line], marks: list[Mark]) -> list[Mark]:
    """Titles of numbered paragraphs whose first sentence is no heading, or much longer than those of its row: no stop.

    Where the headings of a row mostly stand on lines of their own, one that was mended did so too.
    """
    lists = words()
    rows: dict[str, list[Mark]] = {}
    for mark in marks:
        rows.setdefault(mark.style, []).append(mark)
    for row in rows.values():
        own_lines = 2 * sum(1 for m in row if not m.inline) > len(row)
        for at, mark in enumerate(row):
            if not mark.inline:
                continue
            near = [m.title for m in row[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1] if m.title and m is not mark]
            usual = _median(len(title) for title in near) or LONGEST
            if mark.title and (len(mark.title) < LONGEST_ALONE or len(mark.title) < 2 * usual):
                continue
            start = mark.start + len(mark.number or "")
            while text[start] == " ":
                start += 1
            view = lines[mark.line].view[start - lines[mark.line].start :]
            longest = LONGEST_RUN_IN if mark.style in ("cn", "cn_bracket", "ordinal") else _LOST_TO
            cut = _lost_stop(view, near, lists, sure=0 < len(mark.title) <= LONGEST, longest=longest)
            if cut:
                mark.title, mark.end, mark.inline = text[start : start + cut], start + cut, not own_lines
    return [m for m in marks if m.title]
