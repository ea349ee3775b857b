"""Headings within a paragraph that has a heading of its own.

Belongs here: short sentences that head what follows them in their paragraph, and those that stand directly behind its heading.
Does not belong here: headings that open paragraphs (`headings`, `runins`, `lost_stops`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from govreports.sections.headings import MIDDLE, RUN_IN, Mark, first_clause
from govreports.sections.lines import Line
from govreports.sections.numbering import STRONG, WEAK, read_number
from govreports.sections.titles import LEAST_BODY, LONGEST_ALONE, NEAR, NO_START, came_about, ends_as_heading, likeness
from govreports.sections.words import Words

_SIBLING = 1  # headings of one paragraph are siblings of the one that opens it when they differ in length by no more
_ANNOUNCING = 2
_LEAST_LOST = 6
_LEAST_GLUED = 3
_PREPOSITIONS = "与对在从把将向为以由按和及"
_SENTENCE = re.compile(r"(?<=[。!;])[^。!?;]+")
_MIDDLE_TITLE = re.compile(r"[^,、:\d\s]{3,13}")
_SHORT_MIDDLE, _LONGEST_LONE = 5, 10
_LEAST_WITHIN = 80
_ROW = 8  # lines


def read_behind_numbered(text: str, lines: Sequence[Line], opened: dict[int, Mark], lists: Words) -> list[Mark]:
    """First of a row of run-in headings, printed behind the numbered heading over them in one paragraph."""
    out = []
    for i, mark in sorted(opened.items()):
        following = opened.get(i + 1)
        if following is None or following.style != RUN_IN or mark.style not in STRONG or not mark.inline:
            continue
        title, closing = first_clause(lines[i].view[mark.end - lines[i].start :])
        near = abs(len(title) - len(following.title)) <= NEAR
        alike = len(title) == len(following.title) or likeness(title, following.title) or ends_as_heading(title, lists)
        body = lines[i].end - mark.end - len(title)
        if closing != "。" or not 2 < len(title) <= LONGEST_ALONE or not near or not alike or body <= LEAST_BODY:
            continue
        if not lists.not_heading.search(title) and not lists.prose_openings.match(title):
            end = mark.end + len(title)
            out.append(Mark(mark.end, end + 1, RUN_IN, None, None, text[mark.end : end], i, inline=True))
    return out


def read_middles(text: str, lines: Sequence[Line], opened: dict[int, Mark], lossy: bool, lists: Words) -> list[Mark]:
    """Short headings within a paragraph that has a heading of its own. `lossy`: the text lost stops behind headings."""
    out = []
    within: list[tuple[Mark, list[tuple[int, int]]]] = []
    for i, mark in sorted(opened.items()):
        line = lines[i]
        if not mark.inline or len(line.view) < _LEAST_WITHIN:
            continue
        begin = mark.end - line.start
        sentences = [(m.start(), m[0]) for m in _SENTENCE.finditer(line.view, max(begin - 1, 0))]
        size = 0
        if mark.style in STRONG and text[mark.end - 1] == "。":
            row = [opened[k] for k in range(i - _ROW, i + _ROW + 1) if k != i and k in opened]
            size = _glued(mark, [m for m in row if m.style == mark.style], sentences)
        found = _middles(line.view, sentences, mark.title[-size:] if size else "", lossy, lists)
        if size and found:
            out.append(Mark(mark.end - 1 - size, mark.end, MIDDLE, None, None, mark.title[-size:], i, inline=True))
            mark.title, mark.end = mark.title[:-size], mark.end - 1 - size
        if found:
            within.append((mark, [(line.start + at, size) for at, size in found]))
    # What stands directly behind the heading of a paragraph is announced by it. A text that does so does not name siblings there.
    announcing = sum(mark.style == RUN_IN and found[0][0] == mark.end for mark, found in within)
    for mark, found in within:
        near = sum(abs(size - len(mark.title)) <= _SIBLING for _, size in found)
        siblings = (
            mark.style == RUN_IN and announcing < _ANNOUNCING and "—" not in mark.title and 2 * near >= len(found)
        )
        style = RUN_IN if siblings and found[0][0] != mark.end else MIDDLE
        for start, size in found:
            closed = text[start + size : start + size + 1] == "。"
            title = text[start : start + size]
            out.append(Mark(start, start + size + closed, style, None, None, title, mark.line, inline=True))
    return out


def _middles(
    view: str, sentences: list[tuple[int, str]], before: str, lossy: bool, lists: Words
) -> list[tuple[int, int]]:
    """Place and length of each heading among the sentences of a paragraph, none where 一是, 二是 part it.

    `before`: one that is known already.
    """
    if sum(_is_item(s) for _, s in sentences) > 1:
        return []
    short = [
        (at, s)
        for at, s in sentences
        if _MIDDLE_TITLE.fullmatch(s)
        and view[at + len(s) : at + len(s) + 1] == "。"
        and not lists.not_heading.search(s)
        and not lists.prose_openings.match(s)
        and not _is_item(s)
    ]
    ends = [at for at, _ in short[1:]] + [len(view)] * bool(short)
    bodied = [(at, s) for (at, s), end in zip(short, ends, strict=True) if end - at - len(s) > LEAST_BODY]
    known = [before] * bool(before)
    kept = [(at, s) for at, s in bodied if _is_middle(s, [o for p, o in bodied if p != at] + known, lists)]
    told = [(at, s) for at, s in bodied if came_about(s, lists)]
    if kept or len(told) > 1:
        wide = len(kept) > 1
        likely = [s for _, s in kept]
        kept = [
            (at, s)
            for at, s in bodied
            if (at, s) in kept or (at, s) in told or (wide and ends_as_heading(s, lists)) or _is_alike(s, likely)
        ]
    if len(kept) + len(known) == 1 and not all(_is_lone(s, lists) or at == sentences[0][0] for at, s in kept):
        return []
    titles = [s for _, s in kept]
    out = [(at, len(s)) for at, s in kept]
    if titles and lossy:
        taken = {at for at, _ in kept}
        for at, s in sentences:
            close = any(0 < at - (p + len(t)) < LEAST_BODY for p, t in kept)
            cut = _lost_middle(s, titles, lists) if at not in taken and not close else 0
            if cut:
                out.append((at, cut))
    return sorted(out)


def _is_item(sentence: str) -> bool:
    """Whether a sentence is one of a row of 一是, 二要 within its paragraph."""
    number = read_number(sentence)
    return number is not None and number.style in WEAK


def _is_middle(title: str, others: list[str], lists: Words) -> bool:
    same = any(len(o) == len(title) for o in others)
    formed = lists.verbs.match(title) or lists.closed_endings.search(title) or lists.objects.search(title)
    if same and (formed or len(title) <= _SHORT_MIDDLE):
        return True
    return _is_lone(title, lists)


def _is_lone(title: str, lists: Words) -> bool:
    """Whether a title needs no other one beside it."""
    return came_about(title, lists) and len(title) <= _LONGEST_LONE


def _is_alike(title: str, others: list[str]) -> bool:
    """Whether a title is made as one of others that is about as long."""
    return any(abs(len(other) - len(title)) <= _SIBLING and likeness(other, title) for other in others)


def _lost_middle(sentence: str, titles: list[str], lists: Words) -> int:
    """Length of a heading within a paragraph that lost its stop: as long as another one and of its form."""
    if sentence[0] in _PREPOSITIONS or lists.prose_openings.match(sentence):
        return 0
    for size in {len(t) for t in titles if len(t) >= _LEAST_LOST}:
        head = sentence[: size + 6]
        if len(sentence) <= size + 6 or head[size] in NO_START or re.search(r"[,、:\d]", head[:size]):
            continue
        if not lists.openings.match(head, size) or lists.not_heading.search(head[:size]):
            continue
        verbs = sum(1 for t in titles if lists.verbs.match(t))
        if 2 * verbs > len(titles):
            formed = any(t[-1] == head[size - 1] for t in titles if len(t) == size)
        else:
            formed = not lists.verbs.match(head) and lists.endings.search(head[:size]) is not None
        if formed:
            return size
    return 0


def _glued(mark: Mark, row: list[Mark], sentences: list[tuple[int, str]]) -> int:
    """Length of a heading that a numbered title ends with because the stop between was lost, 0 where there is none.

    The first part is parallel to a neighbour's title, the second as long as a sentence of the paragraph and alike.
    """
    for other in row:
        size = len(mark.title) - len(other.title)
        if size < _LEAST_GLUED or not likeness(mark.title[:-size], other.title):
            continue
        rest = mark.title[-size:]
        if any(len(s) == size and (s[0] == rest[0] or likeness(s, rest)) for _, s in sentences):
            return size
    return 0
