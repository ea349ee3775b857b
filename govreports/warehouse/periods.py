"""Time periods as the warehouse writes them, and their labels.

Belongs here: reading and naming 2023, 2021-H1, 2021-Q1, 2021-09, 2021-01/2021-08, 2016/2020. Does not belong here: finding out
which period a text speaks of (see `govreports.indicators`).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_SHAPES: tuple[tuple[str, str | None], ...] = (
    (r"(\d{4})", "A"),
    (r"(\d{4})-H([12])", "S"),
    (r"(\d{4})-Q([1-4])", "Q"),
    (r"(\d{4})-(\d{2})", "M"),
)
_MONTHS = {"A": 12, "S": 6, "Q": 3, "M": 1}


@dataclass(frozen=True)
class Period:
    """A period: first and last day, frequency (None for spans that are neither a calendar unit nor five years), label."""

    time_period: str
    period_start: date
    period_end: date
    freq: str | None
    label: str


def parse_period(text: str) -> Period:
    """Read a period. Raises ValueError where it is none."""
    first, slash, last = text.partition("/")
    start, end = _unit(first), _unit(last) if slash else None
    if end is None:
        return start
    if end.period_end < start.period_start:
        raise ValueError(f"{text} ends before it starts")
    years = end.period_end.year - start.period_start.year + 1
    five = start.freq == end.freq == "A" and years == 5
    return Period(
        text, start.period_start, end.period_end, "A5" if five else None, f"{start.label}—{_short(start, end)}"
    )


def _unit(text: str) -> Period:
    for shape, freq in _SHAPES:
        found = re.fullmatch(shape, text)
        if found and freq:
            year, number = int(found[1]), int(found[2]) if found.lastindex == 2 else 1
            length = _MONTHS[freq]
            if not 1 <= number <= 12 // length:
                break
            month = (number - 1) * length + 1
            end = month + length - 1
            return Period(
                text,
                date(year, month, 1),
                date(year, end, calendar.monthrange(year, end)[1]),
                freq,
                _label(freq, year, number),
            )
    raise ValueError(f"{text!r} is no time period")


def _label(freq: str, year: int, number: int) -> str:
    part = {
        "A": "",
        "S": ("上半年", "下半年")[min(number, 2) - 1],
        "Q": f"第{'一二三四'[min(number, 4) - 1]}季度",
        "M": f"{number}月",
    }
    return f"{year}年{part[freq]}"


def _short(start: Period, end: Period) -> str:
    """The label of a span's end, without the year where it is the start's."""
    same_year = end.freq == "M" and start.period_start.year == end.period_start.year
    return end.label.split("年", 1)[1] if same_year else end.label
