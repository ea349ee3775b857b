"""Titles: what a heading in print is like, and how alike two of them are.

Belongs here: the forms, lengths and likeness of titles that no number marks. Does not belong here: where headings stand
(`headings`, `runins`, `lost_stops`, `middles`), the word lists (`words`).
"""

from __future__ import annotations

from collections.abc import Sequence

from govreports.sections.words import Words

LONGEST = 36  # title of running text, unless others bear it out
LONGEST_ALONE = 16  # title that nothing else bears out
LEAST_BODY = 14  # of what a heading heads
NEAR = 6  # titles are of like length when they differ by no more
PREFIX = 2  # so many same characters at the start make titles parallel
_SHARED, _SHARED_PART = 2, 0.25  # or so many at the same places, and such a part of them
_MANY, _WEAK_PART = 3, 0.2  # or a smaller part, of so many titles
NO_START = "的地得和与及了、,。"  # what no sentence begins with


def ends_as_heading(title: str, lists: Words) -> bool:
    """Whether a title ends as headings do."""
    return lists.endings.search(title) is not None or lists.objects.search(title) is not None


def likeness(a: str, b: str) -> int:
    """How parallel two titles are: 2 when they begin alike, 1 when they share enough characters at the same places, else 0."""
    if a[:PREFIX] == b[:PREFIX]:
        return 2
    same = sum(1 for x, y in zip(a, b, strict=False) if x == y)
    return int(same >= _SHARED and same >= _SHARED_PART * min(len(a), len(b)))


def likeness_to_any(title: str, others: Sequence[str]) -> int:
    """How parallel a title is to others of its length, as `likeness` counts; to many of them it needs to be less so."""
    best = max((likeness(title, other) for other in others), default=0)
    if best == 0 and len(others) >= _MANY:
        same = [sum(1 for x, y in zip(title, other, strict=False) if x == y) for other in others]
        weak = [n for n in same if n >= max(_SHARED, _WEAK_PART * len(title))]
        best = int(len(weak) >= _MANY)
    return best


def came_about(title: str, lists: Words) -> bool:
    """Whether a title says what has come about: 治理效能有效提升, not 加快转型升级."""
    verb = lists.verbs.match(title) is not None and lists.nouns.match(title) is None
    return not verb and lists.closed_endings.search(title) is not None
