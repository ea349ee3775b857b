"""How headings nest, from the document's own use of its numbers.

Belongs here: depth and parents, damaged and restarting numbering. Does not belong here: finding headings (`headings`, `runins`).

A heading joins the row of its style that is open and whose next number it bears; a row that begins anew inside another heading
lies below it. Which of two styles is the outer one follows from which of them restarts under the other; where the document is too
short to tell, from the order that is usual in print. Unnumbered headings that stand between 一是 and 二是 lie below these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from govreports.sections.headings import COLON, ITEM_LINE, MIDDLE, PLAIN, RUN_IN, TOP, Mark
from govreports.sections.numbering import ANNEX, BOX, STRONG, WEAK
from govreports.sections.passages import Paragraph

_RANK = {
    style: rank
    for rank, style in enumerate(
        (
            ANNEX,
            "part",
            "chapter",
            TOP,
            "section",
            BOX,
            *STRONG[3:],
            ITEM_LINE,
            PLAIN,
            *WEAK[:1],
            *WEAK[2:],
            RUN_IN,
            COLON,
            WEAK[1],
            MIDDLE,
        )
    )
}
_HOMES = ("part", "chapter", TOP, "section", ANNEX)
_ITEMS = (RUN_IN, COLON, "dash", "ordinal")
_UNNUMBERED = (RUN_IN, COLON)
_ITEM = "item"
_COUNTED = (*STRONG, ITEM_LINE, PLAIN, TOP)
_LEAST_RESTARTS = 2


@dataclass(slots=True)
class Node:
    """A heading in its place. `turn`: the paragraph after which its row began, where that leaves the heading before it."""

    mark: Mark
    parent: Node | None
    depth: int
    turn: Paragraph | None = None
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Break:
    """A number that does not follow the one before it in its row, `after`."""

    mark: Mark
    expected: int
    after: Mark


def home(node: Node) -> Node:
    """The heading that a paragraph comes back to when it leaves what stands above it: a part, or a section of a plan."""
    while node.parent and node.mark.style not in _HOMES:
        node = node.parent
    return node


def nest(marks: Sequence[Mark], turns: Sequence[Paragraph]) -> tuple[list[Node], list[Break]]:
    """Nodes for all marks in order, and where numbering breaks.

    `turns`: paragraphs that leave the headings above them and speak of the whole part again.
    """
    outer = _outer_styles(marks)
    builder = _Builder(outer, _items_over_run_ins(marks))
    waiting = iter(turns)
    turn = next(waiting, None)
    nodes = []
    for mark in marks:
        turned = None
        while turn is not None and turn.start <= mark.start:
            turned, turn = turn, next(waiting, None)
        nodes.append(builder.add(mark, turned))
    return nodes, builder.breaks


class _Builder:
    def __init__(self, outer: dict[tuple[str, str], bool], over: set[int]) -> None:
        self._outer = outer
        self._over = over
        self._open: list[Node] = []
        self._before_box: list[Node] | None = None
        self._turned: Paragraph | None = None
        self.breaks: list[Break] = []

    def add(self, mark: Mark, turned: Paragraph | None) -> Node:
        self._turned = turned or self._turned
        if self._before_box is not None and self._leaves_box(mark):
            self._open, self._before_box = self._before_box, None
        if mark.style == BOX and self._before_box is None:
            self._before_box = list(self._open)
        at = self._place(mark)
        if at is None:
            level = self._level_for_new(mark)
        else:
            level = at
            previous = self._open[at].mark
            if mark.value is not None and previous.value is not None and mark.value != previous.value + 1:
                self.breaks.append(Break(mark, previous.value + 1, previous))
        turn = self._turned if at is None else self._open[at].turn
        self._turned = None
        del self._open[level:]
        parent = self._open[-1] if self._open else None
        node = Node(mark, parent, len(self._open) + 1, turn)
        if parent:
            parent.children.append(node)
        self._open.append(node)
        return node

    def _leaves_box(self, mark: Mark) -> bool:
        """Whether a heading goes on with what stood open before a box."""
        if mark.style in (ANNEX, "part", "chapter", TOP, "section", BOX):
            return True
        assert self._before_box is not None
        rows = [n for n in self._before_box if n.mark.style == mark.style]
        return bool(rows) and mark.value is not None and rows[-1].mark.value == mark.value - 1

    def _place(self, mark: Mark) -> int | None:
        """Index in the open headings of the one that this heading follows in its row."""
        rows = [i for i, n in enumerate(self._open) if n.mark.style == mark.style]
        if not rows:
            return None
        if mark.value is None:
            leaves = self._turned is not None and rows[-1] > 0 and mark.style not in (*STRONG, TOP)
            return None if leaves else rows[-1]
        for i in reversed(rows):
            if self._open[i].mark.value == mark.value - 1:
                return i
        if mark.value == 1:
            deepest = self._open[-1]
            if deepest.mark.style == mark.style and not self._turned and deepest.mark.value == 1:
                return rows[-1]
            return None
        lower = [i for i in rows if (self._open[i].mark.value or 0) < mark.value]
        return lower[-1] if lower else rows[-1] if len(rows) > 1 else rows[0]

    def _level_for_new(self, mark: Mark) -> int:
        """How many open headings stay open over a row that begins."""
        level = len(self._open)
        if self._turned and self._open and mark.style not in _HOMES:
            level = self._open.index(home(self._open[-1])) + 1
        while level and self._is_outer(mark, self._open[level - 1].mark):
            level -= 1
        return level

    def _is_outer(self, mark: Mark, inner: Mark) -> bool:
        if id(mark) in self._over and inner.style in _UNNUMBERED:
            return True
        if id(inner) in self._over and mark.style in _UNNUMBERED:
            return False
        style, than = mark.style, inner.style
        if style == than or (style in _ITEMS and than in _ITEMS):
            return False  # of items, those that come first are the outer ones
        known = self._outer.get((style, than))
        return _RANK[style] < _RANK[than] if known is None else known


def _items_over_run_ins(marks: Sequence[Mark]) -> set[int]:
    """Ids of the marks 一是, 二是 of rows that unnumbered headings interrupt: these lie within the items."""
    out: set[int] = set()
    row: list[Mark] = []
    between = over = False
    for mark in marks:
        if mark.style in STRONG or (mark.style == _ITEM and (not row or mark.value != (row[-1].value or 0) + 1)):
            row, between, over = [], False, False
        if mark.style == _ITEM:
            row.append(mark)
            over = over or between
            out |= {id(m) for m in row} if over else set()
        between = mark.style in _UNNUMBERED
    return out


def _outer_styles(marks: Sequence[Mark]) -> dict[tuple[str, str], bool]:
    """(a, b) → whether a is outside b, for pairs where rows of one restart under the other often enough to tell."""
    present = [s for s in _COUNTED if any(m.style == s for m in marks)]
    out: dict[tuple[str, str], bool] = {}
    for i, a in enumerate(present):
        for b in present[i + 1 :]:
            under_a, under_b = _restarts(marks, b, a), _restarts(marks, a, b)
            if under_a >= _LEAST_RESTARTS and under_b < _LEAST_RESTARTS:
                out[a, b], out[b, a] = True, False
            elif under_b >= _LEAST_RESTARTS and under_a < _LEAST_RESTARTS:
                out[a, b], out[b, a] = False, True
    return out


def _restarts(marks: Sequence[Mark], inner: str, outer: str) -> int:
    """How often a row of `inner` begins with 1 directly after a heading of `outer`, having been past 1 before."""
    count, last, fresh = 0, 0, False
    for mark in marks:
        if mark.style == outer:
            fresh = True
        elif mark.style == inner and mark.value is not None:
            if fresh and mark.value == 1 and (last > 1 or count == 0):
                count += 1
            elif fresh and mark.value != 1:
                count -= 1
            fresh, last = False, mark.value
    return count
