"""The time that the outline gives to a section: by its own heading, by the lead-in before it, or by what it stands in.

Belongs here: dating sections. Does not belong here: reading expressions of time (`periods`), which expression governs a value
(`settle`), making outlines (see `govreports.sections`).
"""

from __future__ import annotations

import re
from typing import Any

from govreports.indicators.periods import Frame, Time, find_times

Row = dict[str, Any]

DATING = ("point", "span", "five", "until")
# How far the end of a text reaches that leads over to the headings after it.
_LEAD = 120
# How far into a paragraph the year stands that it begins with.
_OPENING = 24
# It dates them where it says what follows, or what year they are about.
_LEADS_OVER = re.compile(
    r"(?:做了|抓了|开展了|做好|抓好|推进了?|完成了?|取得|以下|下列)[^。]{0,24}(?:工作|成绩|成效|进展|任务|方面|实事)[^。]{0,12}[:：。]?\s*$"
    r"|(?:之年|关键一年|重要一年|的一年|第一年|首年|元年)[^。]{0,60}[:：。]?\s*$|一年来[^。]{0,40}[:：。]?\s*$"
)
# Aims and arrangements of one year, in a report that plans several.
_YEAR_AHEAD = re.compile(
    r"(?:今年|明年|20\d\d年)[，,]?[^。，,；;]{0,24}?(?:预期目标|主要目标|总体要求|总体思路|(?:要|将)?(?:重点|着力|聚力|突出)?(?:抓好|做好))"
)


def section_times(sections: list[Row], frame: Frame) -> dict[str, Time | None]:
    """The expression of time that holds in each section by section_id, None where nothing above it names one."""
    ordered = sorted(sections, key=lambda s: s["clean_start"])
    parents = {s["section_id"]: s.get("parent_id") for s in ordered}
    out: dict[str, Time | None] = {}
    leads: dict[str | None, Time | None] = {}
    for section in ordered:
        parent, text = section.get("parent_id"), section.get("text") or ""
        above = out.get(parent) if parent else None
        if section["role"] == "notes":
            out[section["section_id"]] = None
            continue
        if section["title"] is None:
            leads[parent] = _lead(text, frame, leads.get(parent))
            out[section["section_id"]] = above
        else:
            own = _first(section["title"], frame)
            out[section["section_id"]] = own or leads.get(parent) or above
        over = _leading_over(text, frame)
        if over and not (section["role"] == "review" and _lies_ahead(over, frame)):
            # What ends a section may lead over to its brothers, or to those of the one it stands in.
            leads[parent] = leads[parents.get(parent or "")] = over
    return out


def _lies_ahead(time: Time, frame: Frame) -> bool:
    """Whether a review cannot lead over to an expression: it is of a year after those reviewed."""
    return bool(frame.review_end and time.period[:4].isdigit() and int(time.period[:4]) > frame.review_end.year)


def _first(text: str, frame: Frame) -> Time | None:
    return next((t for t in find_times(text, frame) if t.kind in DATING), None)


def _leading_over(text: str, frame: Frame) -> Time | None:
    """The time that the end of a text gives to what comes after it."""
    text = text.rstrip()
    end = text[-_LEAD:]
    if _LEADS_OVER.search(end):
        last = end[max(end.rfind("。", 0, len(end) - 1), end.rfind("\n")) + 1 :]
        return _first(last, frame) or _turn_of_year(text, frame)
    ahead = list(_YEAR_AHEAD.finditer(text))
    return _first(ahead[-1][0], frame) if ahead else None


def _turn_of_year(text: str, frame: Frame) -> Time | None:
    """The year that the last paragraphs of a text begin to speak of (2017年是本届政府的收官之年。…)."""
    for paragraph in reversed(text.split("\n")[-3:]):
        found = _first(paragraph[:_OPENING], frame)
        if found and found.kind == "point":
            return found
    return None


def _lead(text: str, frame: Frame, before: Time | None) -> Time | None:
    """A passage that opens with a time of its own ends what was said before it."""
    return None if _first(text[:40], frame) else before
