"""Passages: spans without a heading that have a role of their own, and the lead-in text under a heading.

Belongs here: where a paragraph leaves the heading above it. Does not belong here: the words by which a paragraph's role is told
(`words.yaml`), cutting the text (`outline`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from govreports.sections.headings import COLON, PLAIN, RUN_IN, TOP, Mark
from govreports.sections.lines import Line
from govreports.sections.numbering import ANNEX
from govreports.sections.words import words

_SHORTEST = 12
_LEAD = 160
_TURNING = ("problems", "targets", "lessons", "self_building")
_HOMES = ("part", "chapter", TOP, "section", ANNEX)
_ITEMS = (RUN_IN, COLON, PLAIN, "dash", "ordinal")


@dataclass(slots=True)
class Paragraph:
    """A line without a heading. `turns`: it leaves what stands above it; `role`: what it is about, where its words tell.

    `sure`: its words tell more than the heading above it.
    """

    line: int
    start: int
    turns: bool
    role: str | None
    sure: bool = False


def read_paragraphs(lines: Sequence[Line], marks: Sequence[Mark], skipped: set[int]) -> list[Paragraph]:
    """Paragraphs that hold no heading, in order."""
    lists = words()
    taken = {m.line for m in marks} | skipped
    heads = {m.line for m in marks if not m.inline and m.style not in _HOMES}
    starts = [m.start for m in marks]
    out = []
    for i, line in enumerate(lines):
        if i in taken:
            continue
        role = passage_role(line.view) if len(line.view) > _SHORTEST else None
        turns = i - 1 not in heads and (role in _TURNING or lists.turns.match(line.view) is not None)
        if turns and role not in _TURNING and lists.soft_turns.match(line.view):
            at = bisect_right(starts, line.start)
            turns = not _within_items(marks, at)
        sure = role == "targets" and lists.stated_aims.search(line.view) is not None
        out.append(Paragraph(i, line.start, turns, "other" if role == "lessons" else role, sure))
    return out


def passage_role(view: str) -> str | None:
    """The role that the opening of a paragraph gives; `lessons` where it says what was learnt, `closing` where it exhorts."""
    head = view[:_LEAD]
    for role, pattern in words().passage_roles:
        if pattern.search(head):
            return role
    return None


def _within_items(marks: Sequence[Mark], at: int) -> bool:
    """Whether the headings before and behind are items of one row."""
    if not 0 < at < len(marks):
        return False
    return marks[at - 1].style == marks[at].style and marks[at].style in _ITEMS
