"""Numerals: every number that is written in characters comes back."""

from hypothesis import given
from hypothesis import strategies as st

from govreports.indicators.numerals import numeral, with_digit_years


def chinese_numeral(number: int) -> str:
    """The numeral in characters of an integer from 0 to 99,999,999."""
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        gap = "零" if 0 < low < 1000 else ""
        return chinese_numeral(high) + "万" + (gap + chinese_numeral(low) if low else "")
    out, zero = "", False
    for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            out += ("零" if zero else "") + "零一二三四五六七八九"[digit] + sign
            zero = False
        elif out and number:
            zero = True
    return out or "零"


@given(st.integers(0, 99_999_999))
def test_chinese_numerals_come_back(number: int) -> None:
    assert numeral(chinese_numeral(number)) == number


def test_years_in_characters_keep_their_place() -> None:
    assert with_digit_years("到二〇二五年，比二○一〇年和一九九八年增长") == "到2025年，比2010年和1998年增长"
    assert with_digit_years("二零二0年、二O三五年，二十二年、第二〇年") == "2020年、2035年，二十二年、第二〇年"
