"""Numbers that head a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreports.sections.numbering import read_number, value_of


@pytest.mark.parametrize(
    ("view", "style", "value", "printed"),
    [
        ("第一章 总则", "chapter", 1, "第一章"),
        ("第二节发展环境", "section", 2, "第二节"),
        ("第三部分 工作安排", "part", 3, "第三部分"),
        ("一、2023年工作回顾", "cn", 1, "一、"),
        ("十二、其他", "cn", 12, "十二、"),
        ("(三)改革开放", "cn_bracket", 3, "(三)"),
        ("三)改革开放", "cn_bracket", 3, "三)"),
        ("(三):改革开放", "cn_bracket", 3, "(三):"),
        ("㈢改革开放", "cn_bracket", 3, "㈢"),
        ("Ⅱ、2023年工作回顾", "section", 2, "Ⅱ、"),
        ("1.工业经济高质突破", "digit", 1, "1."),
        ("12、深化改革", "digit", 12, "12、"),
        ("(2)产业", "digit_bracket", 2, "(2)"),
        ("③产业", "circled", 3, "③"),
        ("第一,抓好项目", "ordinal", 1, "第一,"),
        ("二是强化保障", "item", 2, "二是"),
        ("——经济实力", "dash", None, "——"),
        ("专栏1:主要指标", "box", 1, "专栏1"),
        ("附件2 名词解释", "annex", 2, "附件2"),
        ("节 全面提高", "section", None, "节"),
    ],
)
def test_styles(view: str, style: str, value: int | None, printed: str) -> None:
    number = read_number(view)
    assert number is not None
    assert (number.style, number.value, number.printed) == (style, value, printed)


@pytest.mark.parametrize(
    "view",
    [
        "第一篇:某省2011年政府工作报告",
        "8.5%的增长",
        "节能减排",
        "第一产业增加值",
        "一季度",
        "2023年工作",
        "章程",
        "各位代表",
    ],
)
def test_words_and_values_are_no_numbers(view: str) -> None:
    assert read_number(view) is None


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("二十三", 23),
        ("一百零二", 102),
        ("17", 17),
        ("⑨", 9),
        ("万", None),
    ],
)
def test_values(numeral: str, value: int | None) -> None:
    assert value_of(numeral) == value


@given(st.integers(1, 99))
def test_values_of_all_written_numbers(number: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    written = ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")
    assert value_of(written) == number


@given(st.text(max_size=40))
def test_a_number_is_what_the_line_begins_with(view: str) -> None:
    number = read_number(view)
    if number:
        assert 0 < number.length <= len(view)
        assert view.startswith(number.printed[:1])
