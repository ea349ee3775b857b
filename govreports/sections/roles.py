"""What a section is about: review, problems, targets, tasks and the rest.

Belongs here: roles of headings from their words and their place, roles of paragraphs without one. Does not belong here: the words
(`words.yaml`), cutting passages (`passages`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from govreports.sections.headings import Mark
from govreports.sections.numbering import ANNEX
from govreports.sections.tree import Node
from govreports.sections.words import words

_RELATIVE = ("今年", "明年", "去年")
_DIGITS = "〇一二三四五六七八九"
_ZEROS = str.maketrans("○零", "〇〇")
_AHEAD = ("targets", "tasks")
# Roles that a passage may have under a heading of another role.
_WITHIN = {
    "review": ("problems", "review_ytd", "other"),
    "review_ytd": ("problems", "other"),
    "basis": ("problems", "targets", "review"),
    "outlook": ("targets",),
    "targets": ("problems",),
    "tasks": ("targets",),
    "other": ("problems", "targets", "review_ytd"),
}
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
    """The role of a heading that names the work of a year: behind or ahead of the report."""
    match = words().dated_work.search(title)
    if match is None:
        return None
    when = match["when"]
    if when[-1] != "年" or when in _RELATIVE:
        return "review" if when in ("过去", "去年") else "tasks"
    digits = when[:-1] if when[0] in "12" else "".join(str(_DIGITS.index(c)) for c in when[:-1].translate(_ZEROS))
    return None if report_year is None else "tasks" if int(digits) >= report_year else "review"


def heading_roles(nodes: Sequence[Node], is_plan: bool, report_year: int | None) -> list[str]:
    """A role for each heading, from the top down."""
    roles: dict[int, str] = {}
    tops = [n for n in nodes if n.parent is None]
    for node, role in zip(tops, _top_roles(tops, is_plan, report_year), strict=True):
        _give(node, role, is_plan, roles)
    return [roles[id(n)] for n in nodes]


def passage_in(role: str | None, above: str | None) -> str:
    """The role of a passage under a heading of role `above` (None: before the first heading)."""
    if above is None:
        return role or "other"
    if role in _WITHIN.get(above, ()):
        return str(role)
    return above


def _top_roles(tops: Sequence[Node], is_plan: bool, report_year: int | None) -> list[str]:
    found: list[str | None] = []
    for node in tops:
        title = _folded(node.mark)
        role = dated_role(title, report_year) or title_role(title)
        if is_plan and (role is None or role in ("tasks", "self_building")):
            role = _of_children(node) or ("tasks" if role is None else role)
        if node.mark.style == ANNEX and role is None:
            role = "other"
        found.append(role)
    if not is_plan:
        first = next((i for i, r in enumerate(found) if r in (*_AHEAD, "outlook", "self_building")), len(found))
        found = [r or ("review" if i < first else "tasks") for i, r in enumerate(found)]
    return [r or "other" for r in found]


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
    role = passage_in(child.turn.role, above)
    if role in (*_AHEAD, "problems") and (child.mark.style in _NUMBERED or not child.mark.inline):
        return above
    return role


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
    if above in _AHEAD:
        return own if own in ("self_building", "targets", "tasks") else _default(child, above, is_plan)
    return above


def _default(child: Node, above: str, is_plan: bool) -> str:
    """Under aims, numbered sections of a work report are what is to be done; items and run-in headings are aims."""
    if (
        above == "targets"
        and not is_plan
        and not child.mark.inline
        and child.mark.style in ("cn", "cn_bracket", "section")
    ):
        return "tasks"
    return above


def _folded(mark: Mark) -> str:
    return re.sub(r"\s", "", mark.title)
