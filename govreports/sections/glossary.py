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
from govreports.sections.numbering import ANNEX, BOX, STRONG
from govreports.sections.words import words

_LONGEST_TITLE = 36
_LONGEST_TERM = 50
_EARLIEST = 8  # notes do not stand in the first eighth
_NUMBER = re.compile(r"[\[(【〔*※\s]*(?:注\s*)?(?:(\d{1,3})\s*[\])】〕.、:．]+|([①-⑳])\s*[.、]?)\s*")
_COLON = re.compile(r":|——|—")
_AROUND = " :：*※"
_PAIRS = {("“", "”"), ('"', '"'), ("‘", "’"), ("《", "》"), ("【", "】"), ("[", "]")}
_BARE = str.maketrans("", "", '“”"')


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
    last = 0
    for i, line in enumerate(lines):
        if line.zone in ("title_block", "contents"):
            continue
        title = _title(text, lines, i)
        if title:
            inside, last = True, 0
            notes.marks.append(title)
            notes.lines.update(range(title.line, i + 1))
            continue
        if inside and _is_other_annex(line):
            inside = False
        if line.zone == "notes" and not zoned:
            zoned = True
            inside = inside or _entry(text, line, 0) is not None
        if inside:
            notes.lines.add(i)
            last = _add(notes, text, line, last)
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
    if len(view) > _LONGEST_TITLE or i + 1 >= len(lines) or not _is_title(lines[i]):
        return None
    if lines[i].zone != "notes" and (i < len(lines) // _EARLIEST or _entry(text, lines[i + 1], 0) is None):
        return None
    number = lines[i].number
    number = number if number and number.style == ANNEX else None
    title = text[lines[i].start + (number.length if number else 0) : lines[i].end].strip(_AROUND)
    first = i
    if number is None and i:
        above = lines[i - 1].number
        if above and above.style == ANNEX and above.length >= len(lines[i - 1].view):
            number, first = above, i - 1
    return Mark(
        lines[first].start,
        lines[i].end,
        ANNEX,
        None,
        number.printed if number else None,
        title or view,
        first,
        wide=True,
    )


def _is_title(line: Line) -> bool:
    role, pattern = words().title_roles[0]
    number, view = line.number, line.view
    rest = view[number.length :] if number and number.style == ANNEX else view
    return role == "notes" and "。" not in view and not re.match(r"\d", rest) and pattern.search(rest) is not None


def _is_other_annex(line: Line) -> bool:
    number, view = line.number, line.view
    if number is None or number.style not in (ANNEX, BOX, *STRONG[:2]):
        return False
    return len(view) <= _LONGEST_TITLE and "。" not in view and not _is_title(line)


def _add(notes: Notes, text: str, line: Line, last: int) -> int:
    """Add what a line says to the notes; the number of its entry, else `last`."""
    entry = _entry(text, line, last)
    if entry:
        notes.entries.append(entry)
        number = _NUMBER.match(line.view)
        return int(number[1]) if number and number[1] else last
    if notes.entries and "。" in line.view and not _NUMBER.match(line.view):
        before = notes.entries[-1]
        before.definition, before.end = text[before.end - len(before.definition) : line.end], line.end
    return last


def _entry(text: str, line: Line, last: int) -> Entry | None:
    """The term and definition that a line holds: 3.双减:即…, 瞪羚企业是指… `last`: the number of the entry before.

    A term may begin with a digit (20.3290:…), which only the row of numbers tells from a decimal.
    """
    number = _NUMBER.match(line.view)
    if number and line.view[number.end() : number.end() + 1].isdecimal() and number[1] != str(last + 1):
        number = None
    at = number.end() if number else 0
    rest = line.view[at:]
    colon = _COLON.search(rest[: _LONGEST_TERM + 1])
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
    begin = line.start + at
    term = _bare(text[begin : begin + term_end])
    definition = text[begin + sense_start : line.end].strip()
    if not term or "。" in term or (number is None and split is sense) or len(definition) < 2:
        return None
    return Entry(term, definition, begin, line.end)


def _bare(term: str) -> str:
    """A term without the marks around the whole of it."""
    term = term.strip(" *※")
    while len(term) > 2 and (term[0], term[-1]) in _PAIRS and term[0] not in term[1:] and term[-1] not in term[:-1]:
        term = term[1:-1].strip()
    return term
