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
# How far the end of a passage reaches that leads over to the headings after it.
_LEAD = 120
# A passage dates the headings after it where it says what follows, or what year they are about.
_LEADS_OVER = re.compile(
    r"(?:做了|抓了|开展了|做好|抓好|推进了?|完成了?|取得)[^。]{0,24}(?:工作|成绩|成效|进展|任务|方面|实事)[^。]{0,12}[:：。]?\s*$"
    r"|(?:之年|关键一年|重要一年|的一年|第一年|首年|元年)[^。]{0,60}[:：。]?\s*$|一年来[^。]{0,40}[:：。]?\s*$"
)


def section_times(sections: list[Row], frame: Frame) -> dict[str, Time | None]:
    """The expression of time that holds in each section by section_id, None where nothing above it names one."""
    out: dict[str, Time | None] = {}
    leads: dict[str | None, Time | None] = {}
    for section in sorted(sections, key=lambda s: s["clean_start"]):
        parent = section.get("parent_id")
        own = _first(section["title"] or "", frame)
        if own is None and section["title"] is None:
            leads[parent] = _lead(section.get("text") or "", frame, leads.get(parent))
            out[section["section_id"]] = out.get(parent) if parent else None
            continue
        out[section["section_id"]] = own or leads.get(parent) or (out.get(parent) if parent else None)
    return out


def _first(text: str, frame: Frame) -> Time | None:
    return next((t for t in find_times(text, frame) if t.kind in DATING), None)


def _lead(text: str, frame: Frame, before: Time | None) -> Time | None:
    """What a passage without a heading says of the sections after it; one that says nothing of time leaves what was said."""
    end = text.rstrip()[-_LEAD:]
    if _LEADS_OVER.search(end):
        last = end[max(end.rfind("。", 0, len(end) - 1), end.rfind("\n")) + 1 :]
        return _first(last, frame) or before
    return None if _first(text[:40], frame) else before
