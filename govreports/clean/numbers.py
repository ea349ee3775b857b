"""Digits, letters, percent signs and points: width and damage.

Belongs here: what makes numbers unreadable. Does not belong here: reading numbers (`govreports.indicators`).
"""

import re

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.text.digits import letters_in_numbers
from govreports.text.hanzi import FOLD_WIDTH

_WIDE = re.compile("[" + "".join(map(chr, FOLD_WIDTH)) + "]+")
_PERCENT = re.compile(r"(?<=\d)(?:\s?℅|(?:_M_)+(?:M_)*|%%)")
# What stands behind a number only, not behind the day of an event (5·12地震).
_UNIT = r"(?:[%％‰]|[亿万倍元亩吨户斤]|个百分点|公里|公顷|平方|立方|千瓦|美元|人次)"
# Between the members of a ratio (0·16:7·91:91·93), the last one too.
_OF_RATIO = r"(?=\d+\s?[:：︰∶]\s?\d)|(?<=[:：︰∶]\d.)(?=\d)|(?<=[:：︰∶]\d\d.)(?=\d)"
_MIDDLE_DOT = re.compile(rf"[·・•∙](?<=\d.)(?:(?=\d+\s?{_UNIT})|{_OF_RATIO})")
_STOP_POINT = re.compile(rf"。(?<=\d.)(?:(?=\d{{1,3}}\s?{_UNIT})|{_OF_RATIO})")
_COMMA = re.compile(rf"[,，](?<=\d.)(?=\d{{1,2}}\s?{_UNIT})")
# Behind a verb: in a list (增长8、5和3%) no comma would part two numbers of which the first has no unit.
_VERB_AND_NUMBER = re.compile(r"(?:增长|增加|增|下降|减少|降|提高|[达降]?到|达|完成|突破|为)\d{1,4}$")
_WIDE_COMMA = re.compile(r"，(?<=\d，)\d{3}")
# Of a list with commas each number would have its unit.
_WIDE_THOUSANDS = re.compile(
    r"(?<=[\u4e00-\u9fff、，：（(—~～-])[1-9]\d{0,2}(?:，\d{3})+(?=(?:\.\d+)?[ ]?(?:[亿万]?(?:元|美元|人|户|吨|亩)|[亿万家个辆]))"
)
# In a text in simplified characters; in others all are converted.
_UNITS = "億萬噸畝戶個臺"
_TRADITIONAL_UNIT = re.compile(rf"[{_UNITS}](?<=[\d百千十多余亿万億萬].)")
_TO_SIMPLIFIED = str.maketrans(_UNITS, "亿万吨亩户个台")
_DOUBLED_STOP = re.compile(r"[,，](?=[;；。])")
_STOP_PAIRS = tuple(comma + stop for comma in ",，" for stop in ";；。")
_BOUND = re.compile(r"。(?=(?:以内|以上|以下|左右)[，。；、,;])")


def find_wide_characters(text: str, config: CleaningConfig) -> list[Replacement]:
    """Full-width digits, letters, percent signs and points. Keeps the length; recorded nowhere: nothing is in doubt."""
    return [Replacement(*m.span(), m[0].translate(FOLD_WIDTH), recorded=False) for m in _WIDE.finditer(text)]


def find_traditional_units(text: str, config: CleaningConfig) -> list[Replacement]:
    """Traditional characters of units behind a number (12億元)."""
    if not any(char in text for char in _UNITS):
        return []
    return [Replacement(*m.span(), m[0].translate(_TO_SIMPLIFIED)) for m in _TRADITIONAL_UNIT.finditer(text)]


def find_percent_damage(text: str, config: CleaningConfig) -> list[Replacement]:
    """What stands for a percent sign behind a number: ℅ (care of), _M_, two of them."""
    if not any(sign in text for sign in ("℅", "_M_", "%%")):
        return []
    return [Replacement(*m.span(), "%") for m in _PERCENT.finditer(text)]


def find_letters_in_numbers(text: str, config: CleaningConfig) -> list[Replacement]:
    """Letters O, o, l and I in place of digits."""
    return [Replacement(*found) for found in letters_in_numbers(text)]


def find_middle_dots(text: str, config: CleaningConfig) -> list[Replacement]:
    """Middle dots in place of decimal points before a unit; dates of events (5·12) have none."""
    return [Replacement(*m.span(), ".") for m in _MIDDLE_DOT.finditer(text)]


def find_wide_thousands(text: str, config: CleaningConfig) -> list[Replacement]:
    """Chinese commas between the thousands of a number (42，170元)."""
    if not _WIDE_COMMA.search(text):
        return []
    return [Replacement(*m.span(), m[0].replace("，", "")) for m in _WIDE_THOUSANDS.finditer(text)]


def find_stop_points(text: str, config: CleaningConfig) -> list[Replacement]:
    """Stops and commas in place of decimal points (增长8。5%, 8,5%): a number before a real one would have its unit."""
    commas = (m for m in _COMMA.finditer(text) if _VERB_AND_NUMBER.search(text, max(0, m.start() - 6), m.start()))
    found = sorted(match.span() for match in (*_STOP_POINT.finditer(text), *commas))
    return [Replacement(start, end, ".") for start, end in found]


def find_doubled_stops(text: str, config: CleaningConfig) -> list[Replacement]:
    """A comma before another stop, and a stop between a number and the bound that belongs to it."""
    spans = set()
    if any(pair in text for pair in _STOP_PAIRS):
        spans = {m.span() for m in _DOUBLED_STOP.finditer(text)}
    for match in _BOUND.finditer(text):
        if re.match(r"[\d%‰]", text[: match.start()].rstrip(",，")[-1:]):
            spans.add(match.span())
    return [Replacement(start, end, "") for start, end in sorted(spans)]
