"""Numbers that a scan or a page has damaged."""

from govreports.text.digits import letters_in_numbers, split_years
from govreports.text.spans import exchange


def test_letters_for_digits() -> None:
    text = "2O20年增长1l.5%，O2O平台，20l9年完成12.O亿元"
    assert exchange(text, letters_in_numbers(text)) == "2020年增长11.5%，O2O平台，2019年完成12.0亿元"


def test_years_with_a_blank_inside() -> None:
    text = "2 016 年、19 98年，完成2 016元，12 2016年"
    assert exchange(text, split_years(text)) == "2016 年、1998年，完成2 016元，12 2016年"
