"""The sections stage: a cleaned row → rows of text.section, text.table_cell, text.glossary and self_check.

Belongs here: the order of the steps, cutting the text at headings and passages, making rows. Does not belong here: finding
headings (`headings`, `runins`), how they nest (`tree`), what they are about (`roles`).

The text is cut without gaps: each row's `text` is its own span, and all of them in order give the cleaned text. A heading with
something below it owns its line only; the text before the first thing below is a passage.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from govreports.sections.checks import Finding, check, is_filled
from govreports.sections.glossary import Entry, Notes, first_use, read_notes
from govreports.sections.headings import (
    TOP,
    Mark,
    join_torn,
    read_headings,
    with_company,
    without_announced_annexes,
    without_lists,
)
from govreports.sections.lines import Line, read_lines
from govreports.sections.lost_stops import mend_numbered
from govreports.sections.mending import mend_by_contents, mend_by_gaps, read_contents
from govreports.sections.numbering import ANNEX
from govreports.sections.passages import Paragraph, read_paragraphs
from govreports.sections.roles import heading_roles, passage_in, raise_tops, title_role
from govreports.sections.runins import read_run_ins
from govreports.sections.tables import Table, find_tables
from govreports.sections.tree import Node, home, nest
from govreports.text import ids
from govreports.text.offsets import OffsetMap

Row = dict[str, Any]

_NOT_BODY = ("title_block", "contents")


@dataclass(slots=True)
class _Piece:
    """text[start:end], a heading's line with what follows it, or a passage. `head_end`: where what it heads begins."""

    start: int
    end: int
    kind: str
    role: str
    parent: _Piece | None
    mark: Mark | None = None
    head_end: int = 0
    table: Table | None = None
    section_id: str = ""
    below: list[_Piece] = field(default_factory=list)


def outline_document(cleaned: Row) -> Row:
    """`{doc_id, section, table_cell, glossary, self_check}` of a document."""
    text = cleaned["clean_text"]
    lines = read_lines(text, cleaned["span"])
    notes = read_notes(text, lines)
    skipped = {i for i, line in enumerate(lines) if line.zone in _NOT_BODY} | notes.lines
    tables = find_tables(text, lines, skipped)
    skipped |= {i for table in tables for i in range(table.first, table.last)}
    marks = mend_numbered(text, lines, read_headings(text, lines, skipped))
    _lower_titles(marks, tables)
    marks = join_torn(without_lists(lines, with_company(marks), skipped))
    marks += read_run_ins(text, lines, marks, skipped)
    marks += notes.marks
    marks.sort(key=lambda m: m.start)
    marks = without_announced_annexes(marks)
    raise_tops(marks)
    missing = mend_by_contents(marks, read_contents(lines))
    mend_by_gaps(marks)
    paragraphs = read_paragraphs(lines, marks, skipped)
    nodes, breaks = nest(marks, [p for p in paragraphs if p.turns])
    breaks = [b for b in breaks if not is_filled(b, lines)]
    is_plan = cleaned.get("doc_type") == "five_year_plan" or sum(m.style in ("chapter", "section") for m in marks) > 3
    if cleaned.get("doc_type") == "statistical_communique":
        roles = ["notes" if title_role(n.mark.title) == "notes" else "review" for n in nodes]
        paragraphs = [replace(p, role="review", sure=True) for p in paragraphs]
    else:
        roles = heading_roles(nodes, paragraphs, is_plan, cleaned.get("report_year"))
    pieces = _cut(text, lines, nodes, roles, paragraphs, notes, tables)
    offsets = OffsetMap.decode(cleaned["offsets"])
    sections = _rows(cleaned, offsets, pieces)
    return {
        "doc_id": cleaned["doc_id"],
        "section": sections,
        "table_cell": _cell_rows(cleaned, offsets, pieces),
        "glossary": [_glossary_row(cleaned, offsets, entry) for entry in notes.entries],
        "self_check": [
            _check_row(cleaned, offsets, finding) for finding in check(cleaned, sections, breaks, missing, notes)
        ],
    }


def _lower_titles(marks: list[Mark], tables: list[Table]) -> None:
    """The title of a table never stands at the top, whatever it says (“十四五”主要指标)."""
    above = {table.first - 1 for table in tables}
    for mark in marks:
        mark.wide = mark.wide and mark.line not in above


def _cut(
    text: str,
    lines: list[Line],
    nodes: list[Node],
    roles: list[str],
    paragraphs: list[Paragraph],
    notes: Notes,
    tables: list[Table],
) -> list[_Piece]:
    """Pieces in order, without gaps."""
    pieces: list[_Piece] = []
    by_node: dict[int, _Piece] = {}
    events: list[tuple[int, int, Any]] = [(n.mark.start, 1, (n, r)) for n, r in zip(nodes, roles, strict=True)]
    events += [(p.start, 2, p) for p in paragraphs]
    for zone, group in groupby(lines, key=lambda line: line.zone):
        if zone in _NOT_BODY:
            events.append((next(group).start, 0, zone))
    starts_of_notes = [lines[i].start for i in sorted(notes.lines) if i - 1 not in notes.lines]
    headed = {m.start for m in notes.marks}
    events += [(start, 3, None) for start in starts_of_notes if start not in headed]
    events += [(lines[table.first].start, 4, table) for table in tables]
    node: Node | None = None
    for start, kind, item in sorted(events, key=lambda e: e[:2]):
        if kind == 1:
            node, role = item
            parent = by_node.get(id(node.parent)) if node.parent else None
            piece = _Piece(start, 0, "", role, parent, node.mark, node.mark.end)
            by_node[id(node)] = piece
            pieces.append(piece)
        elif kind == 0:
            pieces.append(_Piece(start, 0, "front", "other", None))
            node = None
        elif kind == 3:
            pieces.append(_Piece(start, 0, "notes", "notes", None))
            node = None
        elif kind == 4:
            parent = by_node.get(id(node)) if node else None
            role = parent.role if parent else pieces[-1].role if pieces else "other"
            pieces.append(_Piece(start, 0, "table", role, parent, table=item))
        elif pieces and pieces[-1].kind == "table" and not item.turns:
            pieces.append(_Piece(start, 0, "passage", pieces[-1].role, pieces[-1].parent))
        else:
            above = home(node) if node else None
            role = passage_in(item, by_node[id(above)].role if above else None)
            if above and node and item.role in (None, "closing") and by_node[id(above)].role == "targets":
                role = "tasks" if by_node[id(node)].role == "tasks" else role
            last = pieces[-1] if pieces else None
            opens = item.turns or last is None or last.kind in ("front", "notes")
            if not item.turns and node and item.role and last is not None and last.mark is node.mark:
                own = by_node[id(node)]
                role = passage_in(item, own.role)
                if role != own.role:
                    pieces.append(_Piece(start, 0, "passage", role, own))
                    continue
            if not opens or (last is not None and last.kind == "passage" and last.role == role):
                continue
            pieces.append(_Piece(start, 0, "passage", role, by_node[id(above)] if above else None))
    for at, piece in enumerate(pieces):
        piece.end = pieces[at + 1].start if at + 1 < len(pieces) else len(text)
        if piece.parent:
            piece.parent.below.append(piece)
    if pieces:
        pieces[0].start = 0
    return _with_lead_ins(text, pieces)


def _with_lead_ins(text: str, pieces: list[_Piece]) -> list[_Piece]:
    """The text between a heading and the first thing below it becomes a passage."""
    out = []
    for piece in pieces:
        out.append(piece)
        begin = piece.head_end
        while begin < piece.end and text[begin] in "\n ":
            begin += 1
        if piece.mark and piece.below and begin < piece.end:
            lead = _Piece(begin, piece.end, "passage", piece.role, piece)
            piece.end = begin
            piece.below.insert(0, lead)
            out.append(lead)
    return out


def _glossary_row(cleaned: Row, offsets: OffsetMap, entry: Entry) -> Row:
    raw_start, raw_end = offsets.to_raw(entry.start, entry.end)
    used = first_use(cleaned["clean_text"], entry)
    used_start, used_end = offsets.to_raw(*used) if used else (None, None)
    return {
        "doc_id": cleaned["doc_id"],
        "term": entry.term,
        "definition": entry.definition,
        "raw_start": raw_start,
        "raw_end": raw_end,
        "used_start": used_start,
        "used_end": used_end,
    }


def _check_row(cleaned: Row, offsets: OffsetMap, finding: Finding) -> Row:
    place: tuple[int | None, int | None] = (None, None)
    if finding.start is not None and finding.end is not None:
        place = offsets.to_raw(finding.start, finding.end)
    return {
        "doc_id": cleaned["doc_id"],
        "check_id": finding.check_id,
        "severity": finding.severity,
        "message": finding.message,
        "raw_start": place[0],
        "raw_end": place[1],
    }


def _cell_rows(cleaned: Row, offsets: OffsetMap, pieces: list[_Piece]) -> list[Row]:
    text, out = cleaned["clean_text"], []
    for piece in pieces:
        for cell in piece.table.cells if piece.table else ():
            raw_start, raw_end = offsets.to_raw(cell.start, cell.end)
            out.append(
                {
                    "section_id": piece.section_id,
                    "row_number": cell.row,
                    "column_number": cell.column,
                    "header": cell.header,
                    "text": text[cell.start : cell.end],
                    "raw_start": raw_start,
                    "raw_end": raw_end,
                }
            )
    return out


def _rows(cleaned: Row, offsets: OffsetMap, pieces: list[_Piece]) -> list[Row]:
    text, doc = cleaned["clean_text"], cleaned["doc_id"]
    made: dict[int, Row] = {}
    out = []
    for ordinal, piece in enumerate(pieces):
        above = made[id(piece.parent)] if piece.parent else None
        depth = above["depth"] + 1 if above else 1
        title = piece.mark.title if piece.mark else None
        kind = _kind(piece, depth)
        end = _last_end(piece)
        raw_start, raw_end = offsets.to_raw(piece.start, len(text[piece.start : end].rstrip("\n")) + piece.start)
        if piece.mark:
            raw_start = offsets.to_raw(piece.mark.start, piece.mark.start + 1)[0]
        piece.section_id = ids.section_id(doc, kind, raw_start, title or "")
        row = {
            "section_id": piece.section_id,
            "doc_id": doc,
            "parent_id": above["section_id"] if above else None,
            "ordinal": ordinal,
            "depth": depth,
            "kind": kind,
            "number": piece.mark.number if piece.mark else None,
            "title": title,
            "path": " › ".join(t for t in (above["path"] if above else None, title) if t) or None,
            "role": piece.role,
            "raw_start": raw_start,
            "raw_end": raw_end,
            "clean_start": piece.start,
            "clean_end": end,
            "text": text[piece.start : piece.end],
        }
        made[id(piece)] = row
        out.append(row)
    return out


def _last_end(piece: _Piece) -> int:
    while piece.below:
        piece = piece.below[-1]
    return piece.end


def _kind(piece: _Piece, depth: int) -> str:
    if piece.mark is None:
        return piece.kind
    if piece.mark.inline:
        return "run_in"
    if piece.mark.style in ("part", "chapter", "section"):
        return piece.mark.style
    if piece.mark.style in (TOP, ANNEX) or depth == 1:
        return "part"
    return "section" if depth == 2 else "subsection"
