"""What a section is about: review, problems, targets, tasks and the rest.

Belongs here: roles of headings from their words and their place, roles of paragraphs without one. Does not belong here: the words
(`words.yaml`), cutting passages (`passages`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from govreports.sections.headings import FRAME, PLAIN, TOP, Mark
from govreports.sections.numbering import ANNEX, value_of
from govreports.sections.passages import Paragraph
from govreports.sections.tree import Node
from govreports.sections.words import words

_YEAR = re.compile(r"((?:19|20)\d\d|二[〇○零一二三四五六七八九]{3})年")
_PLAN = re.compile(r"[“\"]?(十?[一二三四五六七八九十])五(?:[”\"]|时期|规划|计划)")
_YEAR_ZERO_OF_PLANS = 1951  # the tenth five-year plan began in 2001
_RELATIVE = ("今年", "明年", "去年")
_DIGITS = "〇一二三四五六七八九"
_ZEROS = str.maketrans("○零", "〇〇")
_AHEAD = ("targets", "tasks")
# Roles that a passage may have under a heading of another role.
_WITHIN = {
    "review": ("problems", "review_ytd", "other"),
    "review_ytd": ("problems", "other"),
    "basis": ("problems", "targets", "review"),
    "outlook": ("targets", "self_building"),
    "targets": ("problems", "outlook", "self_building"),
    "tasks": ("targets", "outlook", "self_building"),
    "other": ("problems", "targets", "review_ytd"),
}
_CLOSING = "closing"
# Parts that may follow the numbered ones without a number.
_LAST = ("self_building", "guarantee", "notes")
_NUMBERED = ("cn", "cn_bracket", "section")
# What a chapter of a plan may hold under a title of its own.
_OF_PLAN = ("review", "problems", "basis", "outlook", "targets", "guarantee")


def title_role(title: str) -> str | None:
    """The role that the words of a heading give."""
    for role, pattern in words().title_roles:
        if pattern.search(title):
            return role
    return None


def dated_role(title: str, report_year: int | None) -> str | None:
    """The role of a heading that names no more than the work of a year: behind or ahead of the report."""
    match = words().dated_work.search(title)
    if match is None:
        return None
    when = match["when"]
    if when[-1] != "年" or when in _RELATIVE:
        return "review" if when in ("过去", "去年") else "tasks"
    return _by_year(title, report_year)


def raise_tops(marks: Sequence[Mark]) -> None:
    """Let unnumbered headings stand at the top whose words may.

    Where numbered headings already part the review from what lies ahead, only self-building and the like behind them may.
    """
    for style in ("part", "cn"):
        row = [m for m in marks if m.style == style and not m.inline]
        roles = {title_role(_folded(m)) for m in row if words().top_titles.search(_folded(m))}
        if "review" in roles and roles.intersection(_AHEAD) and [m.value for m in row].count(1) == 1:
            last = row[-1].start
            break
    else:
        last = -1
    for mark in marks:
        if mark.style == PLAIN and mark.wide:
            behind = mark.start > last and title_role(_folded(mark)) in _LAST
            mark.style = TOP if last < 0 or behind or FRAME.match(mark.title) else PLAIN


def heading_roles(
    nodes: Sequence[Node], paragraphs: Sequence[Paragraph], is_plan: bool, report_year: int | None
) -> list[str]:
    """A role for each heading, from the top down."""
    roles: dict[int, str] = {}
    tops = [n for n in nodes if n.parent is None]
    aims = [p.start for p in paragraphs if p.role == "targets"]
    for node, role in zip(tops, _top_roles(tops, aims, is_plan, report_year), strict=True):
        _give(node, role, is_plan, roles)
    return [roles[id(n)] for n in nodes]


def passage_in(paragraph: Paragraph, above: str | None) -> str:
    """The role of a passage under a heading of role `above` (None: before the first heading)."""
    role = paragraph.role
    if role == _CLOSING:
        return "other" if above in (None, "targets") else str(above)
    if above is None:
        return role or "other"
    if role and (paragraph.sure or role in _WITHIN.get(above, ())):
        return role
    return above


def _top_roles(tops: Sequence[Node], aims: Sequence[int], is_plan: bool, report_year: int | None) -> list[str]:
    """Roles of the top headings. `aims`: where the text states aims."""
    found = [_title_of_top(node, is_plan, report_year) for node in tops]
    if is_plan:
        return [role or "tasks" for role in found]
    last_review = max((i for i, r in enumerate(found) if r == "review"), default=-1)
    behind = last_review < 0
    for i, node in enumerate(tops):
        if found[i] is None:
            end = tops[i + 1].mark.start if i + 1 < len(tops) else None
            states_aims = any(node.mark.start <= at and (end is None or at < end) for at in aims)
            led_by_aims = any(at < tops[0].mark.start for at in aims)
            ahead = i > last_review and not behind and words().looks_ahead.search(_folded(node.mark)) is not None
            after = any(r in (*_AHEAD, "outlook", "self_building") for r in found[:i])
            found[i] = "tasks" if states_aims or led_by_aims or ahead or after else "review"
    return [role or "other" for role in found]


def _title_of_top(node: Node, is_plan: bool, report_year: int | None) -> str | None:
    """The role that a top heading's words and years give."""
    title = _folded(node.mark)
    role = dated_role(title, report_year) or title_role(title)
    if is_plan and (role is None or role in ("tasks", "self_building")):
        return _of_children(node) or ("tasks" if role is None else role)
    if role is None and node.mark.style == ANNEX:
        return "other"
    if role is None or (role == "outlook" and "工作" in title):
        return _by_year(title, report_year) or _by_plan(title, report_year) or role
    return role


def _by_year(title: str, report_year: int | None) -> str | None:
    years = [_year(match[1]) for match in _YEAR.finditer(title)]
    if not years or report_year is None:
        return None
    return "tasks" if max(years) >= report_year else "review"


def _by_plan(title: str, report_year: int | None) -> str | None:
    """By the five-year plan that a title names: the one that begins with the report's year or later lies ahead."""
    match = _PLAN.search(title)
    if match is None or report_year is None:
        return None
    number = value_of(match[1])
    return None if number is None else "tasks" if _YEAR_ZERO_OF_PLANS + 5 * number >= report_year else "review"


def _year(written: str) -> int:
    return int("".join(c if c.isdecimal() else str(_DIGITS.index(c)) for c in written.translate(_ZEROS)))


def _of_children(node: Node) -> str | None:
    """The role of a chapter whose title tells none, from its sections."""
    roles = {title_role(_folded(child.mark)) for child in node.children if not child.mark.inline}
    for role in ("targets", "basis", "review"):
        if role in roles:
            return role
    return None


def _give(node: Node, role: str, is_plan: bool, roles: dict[int, str]) -> None:
    roles[id(node)] = role
    for child in node.children:
        turned = _turned(child, role)
        _give(child, turned if turned != role else _of_child(child, role, is_plan), is_plan, roles)


def _turned(child: Node, above: str) -> str:
    """The role of a row that a paragraph opened: of items under aims, of anything under what was learnt or done this year."""
    if child.turn is None or child.mark.style == "section":
        return above
    role = passage_in(child.turn, above)
    if child.turn.role == _CLOSING:
        return above
    if role in (*_AHEAD, "problems", "outlook") and (child.mark.style in _NUMBERED or not child.mark.inline):
        return above
    if role == "self_building" and child.mark.style in _NUMBERED and not _restarts(child):
        return above
    return role


def _restarts(child: Node) -> bool:
    """Whether another row of the same numbers stands before that of a heading under the same parent."""
    before = (
        [n for n in child.parent.children if n.mark.start < child.turn.start] if child.parent and child.turn else []
    )
    return any(n.mark.style == child.mark.style for n in before)


def _of_child(child: Node, above: str, is_plan: bool) -> str:
    own = title_role(_folded(child.mark))
    if own is None or own == above:
        return _default(child, above, is_plan)
    if is_plan:
        free = (
            above in ("basis", "targets", "outlook", "review") and not child.mark.inline and own in (*_OF_PLAN, "tasks")
        )
        return own if free else above
    if above in ("review", "review_ytd"):
        return own if own in ("problems", "review_ytd") else above
    if above == "targets" and own == "tasks" and child.mark.inline:
        return _default(child, above, is_plan)
    if above in _AHEAD:
        return own if own in ("self_building", "targets", "tasks") else _default(child, above, is_plan)
    return above


def _default(child: Node, above: str, is_plan: bool) -> str:
    """Under aims, numbered sections of a work report are what is to be done; items and run-in headings are aims."""
    if above in ("targets", "outlook") and not is_plan and child.mark.style in _NUMBERED:
        return "tasks"
    return above


def _folded(mark: Mark) -> str:
    return re.sub(r"\s", "", mark.title)
