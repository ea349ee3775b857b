"""Notes of a report: terms and what the report says they mean.

Belongs here: where notes begin and end, cutting them into terms and definitions, where the body uses a term. Does not belong
here: other annexes, whose headings are headings like any other (`headings`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from govreports.sections.headings import Mark
from govreports.sections.lines import Line
from govreports.sections.numbering import ANNEX, BOX, STRONG, read_number
from govreports.sections.words import words

_LONGEST_TITLE = 36
_LONGEST_TERM = 50
_NUMBER = re.compile(r"[\[(【〔*※\s]*(?:注\s*)?(?:\d{1,3}|[①-⑳])\s*[\])】〕.、:．]*\s*")
_LOOSE_NUMBER = re.compile(r"[\[(【〔]\s*(?:注\s*)?\d{1,3}\s*[\])】〕]\s*|\d{1,3}\s*[.、．]\s*(?!\d)|[①-⑳]\s*")
_BARE = str.maketrans("", "", '“”"')
_QUOTES = "“”\"'‘’《》【】[] "


@dataclass(slots=True)
class Entry:
    """A term, its definition and where both stand together."""

    term: str
    definition: str
    start: int
    end: int


@dataclass(slots=True)
class Notes:
    """The notes' headings, the lines that they take (headings included) and their entries."""

    marks: list[Mark] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)


def read_notes(text: str, lines: Sequence[Line]) -> Notes:
    """All notes of a text."""
    notes = Notes()
    inside = False
    zoned = False
    for i, line in enumerate(lines):
        if line.zone in ("title_block", "contents"):
            continue
        title = _title(text, lines, i)
        if title:
            mark, inside = title, True
            notes.marks.append(mark)
            notes.lines.add(i)
            continue
        if inside and _is_other_annex(line.view):
            inside = False
        if line.zone == "notes" and not zoned:
            zoned = True
            inside = inside or _entry(text, line, line.start) is not None
        if inside:
            notes.lines.add(i)
            _add(notes, text, line)
    return notes


def first_use(text: str, entry: Entry) -> tuple[int, int] | None:
    """Where the text before an entry uses its term first."""
    for term in (f"“{entry.term}”", entry.term, entry.term.translate(_BARE)):
        at = text.find(term, 0, entry.start) if term else -1
        if at >= 0:
            return at, at + len(term)
    return None


def _title(text: str, lines: Sequence[Line], i: int) -> Mark | None:
    """The heading of notes that a line is, if it is one: notes follow it, and it stands in the last half."""
    view = lines[i].view
    if len(view) > _LONGEST_TITLE or i + 1 >= len(lines) or not _is_title(view):
        return None
    if lines[i].zone != "notes" and i < len(lines) // 2:
        return None
    number = read_number(view)
    start = lines[i].start + (number.length if number and number.style == ANNEX else 0)
    title = text[start : lines[i].end].strip(" :：*※")
    printed = number.printed if number and number.style == ANNEX else None
    return Mark(lines[i].start, lines[i].end, ANNEX, None, printed, title or view, i, wide=True)


def _is_title(view: str) -> bool:
    role, pattern = words().title_roles[0]
    number = read_number(view)
    rest = view[number.length :] if number and number.style == ANNEX else view
    return role == "notes" and "。" not in view and not re.match(r"\d", rest) and pattern.search(rest) is not None


def _is_other_annex(view: str) -> bool:
    number = read_number(view)
    if number is None or number.style not in (ANNEX, BOX, *STRONG[:2]):
        return False
    return len(view) <= _LONGEST_TITLE and "。" not in view and not _is_title(view)


def _add(notes: Notes, text: str, line: Line) -> None:
    entry = _entry(text, line, line.start)
    if entry:
        notes.entries.append(entry)
    elif notes.entries and "。" in line.view and not _NUMBER.match(line.view):
        last = notes.entries[-1]
        last.definition, last.end = text[last.end - len(last.definition) : line.end], line.end


def _entry(text: str, line: Line, start: int) -> Entry | None:
    """The term and definition that a line holds: 3.双减:即…, 瞪羚企业是指…"""
    number = _LOOSE_NUMBER.match(line.view)
    at = number.end() if number else 0
    rest = line.view[at:]
    colon = re.search(r"[:]|——|—", rest[: _LONGEST_TERM + 1])
    sense = words().glossary_senses.search(rest[: _LONGEST_TERM + 1])
    split = min((m for m in (colon, sense) if m and m.start() > 1), key=lambda m: m.start(), default=None)
    if split is None:
        stop = rest.find("。")
        if number is None or not 1 < stop <= _LONGEST_TERM or stop + 4 > len(rest):
            return None
        term_end, sense_start = stop, stop + 1
    else:
        term_end = split.start()
        sense_start = split.end() if split is colon else split.start()
    term = rest[:term_end].strip(_QUOTES)
    if not term or "。" in term or (number is None and split is sense):
        return None
    begin = line.start + at
    definition = text[begin + sense_start : line.end].strip()
    if len(definition) < 2:
        return None
    shown = text[begin : begin + term_end].strip(_QUOTES)
    return Entry(shown, definition, begin, line.end)
