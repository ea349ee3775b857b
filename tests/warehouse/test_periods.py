"""Time periods: reading, labels, SDMX."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreports.warehouse.export import sdmx_period
from govreports.warehouse.periods import parse_period


@pytest.mark.parametrize(
    ("text", "start", "end", "freq", "label", "sdmx"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31), "A", "2023年", "2023"),
        ("2021-H1", date(2021, 1, 1), date(2021, 6, 30), "S", "2021年上半年", "2021-S1"),
        ("2021-H2", date(2021, 7, 1), date(2021, 12, 31), "S", "2021年下半年", "2021-S2"),
        ("2021-Q3", date(2021, 7, 1), date(2021, 9, 30), "Q", "2021年第三季度", "2021-Q3"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "M", "2024年2月", "2024-02"),
        ("2021-01/2021-08", date(2021, 1, 1), date(2021, 8, 31), None, "2021年1月—8月", "2021-01-01/P8M"),
        ("2016/2020", date(2016, 1, 1), date(2020, 12, 31), "A5", "2016年—2020年", "2016-01-01/P5Y"),
        ("2018/2020", date(2018, 1, 1), date(2020, 12, 31), None, "2018年—2020年", "2018-01-01/P3Y"),
    ],
)
def test_periods(text: str, start: date, end: date, freq: str | None, label: str, sdmx: str) -> None:
    period = parse_period(text)
    assert (period.period_start, period.period_end, period.freq, period.label) == (start, end, freq, label)
    assert sdmx_period(text) == sdmx


@pytest.mark.parametrize("text", ["", "23", "2021-H3", "2021-13", "2021-Q0", "2021/2020", "十三五", "2021/"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match=r"period|before"):
        parse_period(text)


@given(st.integers(1950, 2100), st.integers(0, 40))
def test_spans_of_years_start_and_end_with_them(year: int, length: int) -> None:
    period = parse_period(f"{year}/{year + length}")
    assert (period.period_start, period.period_end) == (date(year, 1, 1), date(year + length, 12, 31))
    assert (period.freq == "A5") == (length == 4)
