"""Numerals: digits and Chinese characters that write a number, and what else the reading of a text folds.

Belongs here: the value of a numeral. Does not belong here: numbers in a text, with their units (`grammar`).
"""

import re

NUMERALS = "零〇一二两三四五六七八九十百千万亿"
DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_POWER = {"十": 10, "百": 100, "千": 1000}
_MYRIAD = {"万": 10**4, "亿": 10**8}


_ZEROS = "〇零○ΟОOＯ0"
_YEAR = re.compile(rf"(?<![一二三四五六七八九十百])(?:二[{_ZEROS}]|一九)[{_ZEROS}一二三四五六七八九]{{2}}(?=年)")
_YEAR_DIGITS = str.maketrans({**dict.fromkeys(_ZEROS, "0"), **{char: str(i) for char, i in DIGITS.items()}})


def with_digit_years(text: str) -> str:
    """The text with years in characters (二〇二三年) in digits. Keeps the length."""
    return _YEAR.sub(lambda match: match[0].translate(_YEAR_DIGITS), text)


_ASCII_QUOTES = re.compile(r'"([^"\n]{1,40})"')
_QUOTES = tuple(zip("「」『』‚‛", "“”“”“”", strict=True))


def with_curly_quotes(text: str) -> str:
    """The text with the quotation marks of print (“十三五” for "十三五" and 「十三五」). Keeps the length."""
    for corner, curly in _QUOTES:
        text = text.replace(corner, curly)
    return _ASCII_QUOTES.sub(r"“\1”", text) if '"' in text else text


def numeral(text: str) -> float:
    """Value of a Chinese or decimal numeral: 十三 → 13, 三百五 → 350, 1,234.5 → 1234.5. Raises ValueError."""
    plain = text.replace(",", "")
    if plain[:1].isdigit():
        return float(plain)
    if not text or any(c not in NUMERALS for c in text):
        raise ValueError(f"{text!r} is no numeral")
    if len(text) > 1 and all(c in DIGITS for c in text):
        return float("".join(str(DIGITS[c]) for c in text))
    total = section = digit = 0
    last = 1
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
            last = 1 if char in "零〇" else last
        elif char in _POWER:
            section += (digit or 1) * _POWER[char]
            digit, last = 0, _POWER[char]
        else:
            power = _MYRIAD[char]
            total = (total + section + digit or 1) * power if power > 10**4 else total + (section + digit or 1) * power
            section, digit, last = 0, 0, power
    return float(
        total + section + (digit * last // 10 if last >= 10 and digit and text[-2:-1] not in "零〇" else digit)
    )
