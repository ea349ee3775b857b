"""Tables: values in cells, named by the row and dated by the column.

Belongs here: reading the cells of an outline's tables. Does not belong here: finding tables (see `govreports.sections`), reading
wording (see `reading`): a cell is read as the sentence that its row, its header and its unit make with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from govreports.indicators.periods import Frame, find_times, last_year
from govreports.indicators.quantity import unit_at
from govreports.indicators.reading import Reader, Reading
from govreports.indicators.settle import Setting
from govreports.text.offsets import OffsetMap

Row = dict[str, Any]

_UNIT = re.compile(r"[(（]\s*([^()（）]{1,10})\s*[)）]\s*$")
_VALUE = re.compile(r"\s*[\[【〔(（]?\s*[≤≥<>＜＞＝=约超]?\s*[-−]?\d[\d.,]*\s*(?:[-—–~～至]+\s*\d[\d.]*)?")
_RATE = re.compile(r"(?:率|比例|比重|增速|增幅|增长|占比)(?:[(（].*)?$")
_AHEAD = re.compile(r"目标|预期|规划|预计|十四五|十五五|预测")


def read_tables(
    cleaned: Row, outline: Row, reader: Reader, frame: Frame
) -> Iterator[tuple[Reading, str | None, int, int]]:
    """Readings of every table: reading, section, and the cleaned span of the cell that the reading's offsets count from."""
    offsets = OffsetMap.decode(cleaned["offsets"])
    cells = sorted(outline["table_cell"], key=lambda c: (c["section_id"], c["row_number"], c["column_number"]))
    for (section, _), group in groupby(cells, key=lambda c: (c["section_id"], c["row_number"])):
        row = list(group)
        label = _label(row, reader)
        if label is None:
            continue
        unit = _unit(row, label)
        for cell in row:
            text = cell["text"] or ""
            if cell is label or not _VALUE.match(text):
                continue
            start, end = offsets.to_clean(cell["raw_start"], cell["raw_end"])
            if cleaned["clean_text"][start:end] != text:
                continue
            found = _read(text, label, cell.get("header") or "", unit, reader, frame)
            if found:
                yield found, section, start, end


def _label(row: list[Row], reader: Reader) -> Row | None:
    """The cell that names the row: the first with the name of an indicator, else the first that is words."""
    worded = [c for c in row if c["text"] and not _VALUE.match(c["text"]) and len(c["text"]) <= 60]
    named = [c for c in worded if any(s.indicator for s in reader.names.find(c["text"]))]
    return next(iter(named or worded), None)


def _unit(row: list[Row], label: Row) -> str:
    stated = _UNIT.search(label["text"])
    if stated and _is_unit(stated[1]):
        return stated[1]
    for cell in row:
        text = (cell["text"] or "").strip()
        if cell is not label and _is_unit(text):
            return text
        header = _UNIT.search(cell.get("header") or "")
        if header and _is_unit(header[1]):
            return header[1]
    return "%" if _RATE.search(label["text"]) else ""


def _is_unit(text: str) -> bool:
    unit = unit_at(text, 0) if text else None
    return unit is not None and unit.written == text


def _read(text: str, label: Row, header: str, unit: str, reader: Reader, frame: Frame) -> Reading | None:
    name = _UNIT.sub("", label["text"])
    lead = name + _UNIT.sub("", header)
    value = re.sub(r"[\[\]【】〔〕]", " ", text)
    tail = "" if unit and unit in text else unit
    times = [t for t in find_times(header + "年", frame) if t.kind in ("point", "span", "until")]
    last = frame.last_full_year
    end = int(last_year(times[0].period)[:4]) if times else None
    ahead = end > last if end is not None and last is not None else bool(_AHEAD.search(header))
    setting = Setting("targets" if ahead else "review", frame, None, times[0] if times else None)
    readings, _ = reader.read(f"{lead}{value.rstrip()}{tail}", setting)
    inside = [r for r in readings if r.quantity.start >= len(lead)]
    if not inside:
        return None
    reading, shift = inside[0], len(lead)
    quantity = reading.quantity
    width = len(text)

    def place(at: int) -> int:
        return min(max(at - shift, 0), width)

    moved = replace(
        quantity,
        start=place(quantity.start),
        end=place(quantity.end),
        quote_start=place(quantity.quote_start),
        quote_end=place(quantity.quote_end),
    )
    rule = "table_cell" if reading.indicator else reading.rule
    return replace(
        reading,
        quantity=moved,
        quote_start=moved.quote_start,
        quote_end=moved.quote_end,
        subject_start=None,
        subject_end=None,
        head=reading.head if reading.indicator else name,
        rule=rule,
        confidence=0.93 if reading.indicator else reading.confidence,
    )
