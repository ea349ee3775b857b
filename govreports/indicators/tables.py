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

from govreports.indicators.grammar import unit_at
from govreports.indicators.periods import Frame, find_times, last_year
from govreports.indicators.reading import Reader, Reading
from govreports.indicators.settle import Setting
from govreports.text.offsets import OffsetMap

Row = dict[str, Any]

_UNIT = re.compile(r"[(（]\s*([^()（）]{1,10})\s*[)）]\s*$")
_VALUE = re.compile(r"\s*[\[【〔(（]?\s*[≤≥<>＜＞＝=约超]?\s*[-−－]?\d[\d.,]*\s*(?:[-—–~～至]+\s*\d[\d.]*)?")
_MINUS = ("-", "−", "－")
_RATE = re.compile(r"(?:率|比例|比重|增速|增幅|增长|占比)(?:[(（].*)?$")
_GROWTH = re.compile(r"增长|增速|增幅|±|同比|[%％]$")
_CHANGE = re.compile(r"年均|五年累计")
_PLAN_YEARS = 5
_VERB = re.compile(r"(?:降低|下降|减少)$")
_ORDINAL = re.compile(r"序\s*号?$|编号$")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年|$)")
_CUMULATIVE = re.compile(r"\s*[\[【〔]")
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
        years = sorted({m[0] for c in row for m in _YEAR.finditer(c.get("header") or "")})
        for cell in row:
            text, header = cell["text"] or "", cell.get("header") or ""
            if cell is label or not _VALUE.match(text) or _ORDINAL.match(header):
                continue
            start, end = offsets.to_clean(cell["raw_start"], cell["raw_end"])
            if cleaned["clean_text"][start:end] != text:
                continue
            written = _unit_of_column(header) or unit
            if _CUMULATIVE.match(text) and _CHANGE.search(header) and written == "%":
                continue  # [6.8]: percentage points gained, no level
            header = _spanned(header, years, _CUMULATIVE.match(text) is not None)
            found = _read(text, label, header, written, reader, frame)
            if found:
                yield found, section, start, end


def _label(row: list[Row], reader: Reader) -> Row | None:
    """The cell that names the row: the first with the name of an indicator, else the first that is words."""
    worded = [c for c in row if c["text"] and not _VALUE.match(c["text"]) and len(c["text"]) <= 60]
    named = [c for c in worded if any(s.indicator for s in reader.names.find(c["text"]))]
    return next(iter(named or worded), None)


def _spanned(header: str, years: list[str], cumulative: bool) -> str:
    """A header with the years that its column spans: from the base to the aim for growth, up to its year for sums in brackets."""
    if not years:
        return header
    length = int(years[-1]) - int(years[0]) or _PLAN_YEARS
    if _CHANGE.search(header):
        return f"{int(years[-1]) - length + 1}-{years[-1]}年{header}"
    own = _YEAR.search(header)
    if cumulative and own:
        return f"{int(own[0]) - length + 1}-{own[0]}年累计"
    return header


def _unit_of_column(header: str) -> str:
    """The unit that a header gives its column, whatever the row's; growth without one is in percent."""
    stated = _UNIT.search(header)
    if stated and _is_unit(stated[1]):
        return stated[1]
    return "%" if _GROWTH.search(header) else ""


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
    verb = _VERB.search(name)
    lead = name[: verb.start() if verb else None] + _UNIT.sub("", header) + (verb[0] if verb else "")
    value = re.sub(r"[\[\]【】〔〕]", " ", text)
    if value.lstrip()[:1] in _MINUS:
        # 增长%-0.2 must not be read as the end of a range.
        lead += "为"
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
    width = len(value.rstrip())

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
