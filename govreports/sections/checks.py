"""Self-checks of an outline: what may be wrong with it, as data.

Belongs here: findings about the tree, the numbering and the contents list. Does not belong here: mending anything, storing or
reporting findings (see the checks of `assets`).

check_id            severity  fires when
tiling              error     a character of the body is in no section's own text, or in two
offsets             error     raw offsets of sections do not ascend, or a section does not lie within the one above it
numbering           warning   a number does not follow the one before it in its row (info below 一、)
no_outline          warning   a body of some length has fewer than two headings
long_leaf           warning   a section's own text is longer than 6,000 characters
no_review           warning   a full work report has no review
no_aims             warning   a full work report has neither targets nor tasks
contents            warning   the contents list names headings that the body lacks
empty_notes         info      notes hold no entry that could be read
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from govreports.sections.glossary import Notes
from govreports.sections.headings import TOP
from govreports.sections.lines import Line
from govreports.sections.mending import Entry
from govreports.sections.tree import Break

Row = dict[str, Any]

LONGEST_LEAF = 6000
_LEAST_BODY = 1000  # characters from which on a body has to have headings
_LEAST_HEADINGS = 2
_HEADINGS = ("part", "chapter", "section", "subsection", "run_in")
_AHEAD = ("targets", "tasks")
_HIGH = ("part", "chapter", TOP, "section", "cn")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, with the cleaned offsets of the place if it has one."""

    check_id: str
    severity: str
    message: str
    start: int | None = None
    end: int | None = None


def check(
    cleaned: Row, sections: Sequence[Row], breaks: Sequence[Break], missing: Sequence[Entry], notes: Notes
) -> Iterator[Finding]:
    """All findings about an outline."""
    yield from _tiling(cleaned["clean_text"], sections)
    yield from _offsets(sections)
    for found in breaks:
        mark = found.mark
        high = mark.style in _HIGH
        message = f"“{mark.number} {mark.title[:20]}” where number {found.expected} was expected"
        yield Finding("numbering", "warning" if high else "info", message, mark.start, mark.end)
    yield from _outline(sections)
    yield from _parts(cleaned, sections)
    if missing:
        shown = "、".join(entry.title[:20] for entry in missing[:_SHOWN])
        yield Finding(
            "contents", "warning", f"{len(missing)} headings of the contents list are not in the body: {shown}"
        )
    if notes.marks and not notes.entries:
        mark = notes.marks[0]
        yield Finding("empty_notes", "info", f"no entry could be read below “{mark.title}”", mark.start, mark.end)


def is_filled(found: Break, lines: Sequence[Line]) -> bool:
    """Whether the numbers between stand in print before paragraphs that are no headings."""
    value = found.mark.value or 0
    wanted = set(range(found.expected, value))
    for line in lines[found.after.line : found.mark.line]:
        number = line.number if wanted else None
        if number and number.style == found.mark.style:
            wanted.discard(number.value or 0)
    return value > found.expected and not wanted


def _tiling(text: str, sections: Sequence[Row]) -> Iterator[Finding]:
    at = 0
    for section in sections:
        if section["clean_start"] != at:
            yield Finding("tiling", "error", f"own texts leave a gap or overlap at {at}", at, section["clean_start"])
        at = section["clean_start"] + len(section["text"])
    if at != len(text) and sections:
        yield Finding("tiling", "error", f"own texts end at {at} of {len(text)}", at, len(text))


def _offsets(sections: Sequence[Row]) -> Iterator[Finding]:
    by_id = {section["section_id"]: section for section in sections}
    last = 0
    for section in sections:
        above = by_id.get(section["parent_id"])
        within = above is None or (
            above["clean_start"] <= section["clean_start"] and section["clean_end"] <= above["clean_end"]
        )
        if section["raw_start"] < last or section["raw_end"] < section["raw_start"] or not within:
            message = f"section {section['ordinal']} lies outside of its place"
            yield Finding("offsets", "error", message, section["clean_start"], section["clean_end"])
        last = section["raw_start"]


def _outline(sections: Sequence[Row]) -> Iterator[Finding]:
    body = [s for s in sections if s["kind"] != "front"]
    headings = sum(1 for s in body if s["kind"] in _HEADINGS)
    size = sum(len(s["text"]) for s in body)
    if headings < _LEAST_HEADINGS and size > _LEAST_BODY:
        yield Finding("no_outline", "warning", f"{headings} headings in a body of {size} characters")
    for section in body:
        if len(section["text"]) > LONGEST_LEAF and section["role"] != "notes":
            message = (
                f"“{(section['title'] or section['text'])[:20]}” holds {len(section['text'])} characters of its own"
            )
            yield Finding("long_leaf", "warning", message, section["clean_start"], section["clean_end"])


def _parts(cleaned: Row, sections: Sequence[Row]) -> Iterator[Finding]:
    if cleaned.get("doc_type") != "work_report" or cleaned.get("completeness") != "full":
        return
    roles = {section["role"] for section in sections}
    if "review" not in roles:
        yield Finding("no_review", "warning", "no section reviews the work done")
    if not roles.intersection(_AHEAD):
        yield Finding("no_aims", "warning", "no section holds targets or tasks")
