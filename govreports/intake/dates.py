"""Years and days as official texts write them.

Belongs here: patterns of written years and days, in digits and in characters, and their values. Does not belong here: which of
them tells something about the document.
"""

import re
from datetime import date

_DIGIT = "〇○零OＯ0一二三四五六七八九"
YEAR = rf"(?:(?:19|20)\d ?\d|[一二][{_DIGIT}九][{_DIGIT}]{{2}})"
_NUMBER = r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
# Groups y, m, d.
DAY = re.compile(
    rf"(?P<y>{YEAR})\s?(?:年\s?(?P<m>{_NUMBER})\s?月\s?(?P<d>{_NUMBER})\s?日|[-/.](?P<m2>\d{{1,2}})[-/.](?P<d2>\d{{1,2}})(?!\d))"
)
MONTH_DAY = re.compile(rf"(?<![\d年])(?P<m>{_NUMBER})月(?P<d>{_NUMBER})日")
FIRST_YEAR, LAST_YEAR = 1990, 2035
_VALUES = {char: i for i, char in enumerate("零一二三四五六七八九")} | dict.fromkeys("〇○OＯ", 0)


def year_value(written: str) -> int:
    """The year that four digits or characters write."""
    return int("".join(str(_VALUES.get(char, char)) for char in written if char != " "))


def number_value(written: str) -> int:
    """The number of a month or a day, in digits or characters."""
    if written.isdigit():
        return int(written)
    written = written.replace("廿", "二十")
    tens, ten, ones = written.partition("十")
    if not ten:
        return _VALUES[tens]
    return 10 * (_VALUES[tens] if tens else 1) + (_VALUES[ones] if ones else 0)


def day_value(match: re.Match[str]) -> date | None:
    """The day that a match of `DAY` writes, null where there is no such day."""
    parts = match.groupdict()
    month, day = parts["m"] or parts["m2"], parts["d"] or parts["d2"]
    return make_day(year_value(parts["y"]), number_value(month), number_value(day))


def make_day(year: int, month: int, day: int) -> date | None:
    """A day of the years that reports are of, else null."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_days(text: str) -> list[date]:
    """All full dates of a text in order."""
    return [day for match in DAY.finditer(text) if (day := day_value(match))]
