"""Expressions of time."""

from datetime import date

import pytest

from govreports.indicators.periods import Frame, bounds, find_times, last_year

TERM = Frame(date(2016, 1, 1), date(2021, 9, 30), date(2021, 1, 1), date(2025, 12, 31), 2021)
YEAR = Frame(date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), 2024)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020年完成", [("point", "2020")]),
        ("2021年上半年", [("point", "2021-H1")]),
        ("上半年,", [("point", "2021-H1")]),
        ("1-8月,", [("point", "2021-01/2021-08")]),
        ("前三季度", [("point", "2021-01/2021-09")]),
        ("比2015年增长", [("base", "2015")]),
        ("是2015年的1.6倍", [("base", "2015")]),
        ("比2015增长", [("base", "2015")]),
        ("在“十二五”末的基础上", [("base", "2015")]),
        ("在2015年的基础上", [("base", "2015")]),
        ("“十三五”规划主要指标", []),
        ("“十四五”规划期", [("span", "2021/2025")]),
        ("到2025年", [("until", "2025")]),
        ("“十三五”期间,", [("span", "2016/2020")]),
        ("“十四五”末,", [("point", "2025")]),
        ("五年来,", [("five", "2016/2020")]),
        ("自2018年以来连续三年", [("since", "2018/2020")]),
        ("2017-2019年", [("span", "2017/2019")]),
        ("同比增长", []),
        ("建于20世纪90年代", []),
    ],
)
def test_expressions(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(t.kind, t.period) for t in find_times(text, TERM)] == expected


def test_frames() -> None:
    assert (TERM.review_span, TERM.year_to_date, TERM.plan_years) == ("2016/2020", "2021-01/2021-09", "2021/2025")
    assert (YEAR.review_span, YEAR.year_to_date, YEAR.plan_years) == ("2023", None, "2024")


def test_bounds_of_periods() -> None:
    assert bounds("2023") == (date(2023, 1, 1), date(2023, 12, 31), "A")
    assert bounds("2021-H1") == (date(2021, 1, 1), date(2021, 6, 30), "S")
    assert bounds("2021-01/2021-08") == (date(2021, 1, 1), date(2021, 8, 31), None)
    assert bounds("2016/2020") == (date(2016, 1, 1), date(2020, 12, 31), "A5")
    assert bounds(None) == (None, None, None)
    assert last_year("2016/2020") == "2020"
