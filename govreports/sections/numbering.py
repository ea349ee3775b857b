"""Numbers that head a line: 第一章, Ⅰ, 一、, (一), 1., 第一,, 一是, ——, 专栏1.

Belongs here: reading a number and its style. Does not belong here: depth and parents, which follow from the document's own use of
the styles (see `tree`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_CN = "一二三四五六七八九十百零〇"

# Styles from the outside in, as print has them; a document may nest them otherwise (see `tree`).
STRONG = ("part", "chapter", "section", "cn", "cn_bracket", "digit", "digit_bracket", "circled")
# Styles of items within a section: they are never over a strong one.
WEAK = ("ordinal", "item", "dash")
BOX = "box"
ANNEX = "annex"

_UNITS = {"编": "part", "篇": "part", "部分": "part", "章": "chapter", "节": "section"}
_DI = re.compile(
    rf"第\s*([{_CN}]{{1,4}}|\d{{1,3}})\s*(编|篇(?!:.{{0,40}}(?:报告|讲话|纲要|范文|总结))|部分|章|节)(?![能点省约目假日水气])[\s、:.,]*"
)
_CUT = re.compile(r"(节|章)\s+(?=[\u4e00-\u9fff“])")
_PATTERNS = (
    ("section", re.compile(r"([Ⅰ-Ⅻ])\s*[、.,:]?\s*")),
    ("cn", re.compile(rf"([{_CN}]{{1,3}})\s*[、.]\s*(?![{_CN}]、)")),
    # The opening bracket is easily lost.
    ("cn_bracket", re.compile(rf"(?:\(?\s*([{_CN}]{{1,3}})\s*\)|([㈠-㈩]))[、.,:]?\s*")),
    ("digit", re.compile(r"(\d{1,3})\s*[.、](?!\d)\s*")),
    ("digit_bracket", re.compile(r"\(?\s*(\d{1,2})\s*\)[、.]?\s*")),
    ("circled", re.compile(r"([①-⑳])\s*")),
    ("ordinal", re.compile(r"第\s?([一二三四五六七八九十])\s*[,、:]\s*")),
    ("item", re.compile(rf"([{_CN}]{{1,3}})(?:是要?|要)(?=[\u4e00-\u9fff“])")),
    ("dash", re.compile(r"(—+|-{2,}|•|●|■|◆)\s*(?=[\u4e00-\u9fff“《\d])")),
)
# Rows of characters that are numbers from one upwards.
_ROWS = (("①", "⑳"), ("㈠", "㈩"), ("Ⅰ", "Ⅻ"))
_BOX = re.compile(rf"专\s*栏\s*(\d{{1,2}}|[{_CN}]{{1,3}})?\s*[:、.]?\s*")
_ANNEX = re.compile(rf"(附\s*[件表录])\s*(\d{{1,2}}|[{_CN}]{{1,2}})?\s*[:、.]?\s*")


class Number(NamedTuple):
    """A number at the head of a line: its style, its value (None: none, or lost), as printed, and its length."""

    style: str
    value: int | None
    printed: str
    length: int


def read_number(view: str) -> Number | None:
    """The number that opens a folded line, if one does."""
    first = view[:1]
    if first == "第" and (match := _DI.match(view)):
        return Number(_UNITS[match[2]], value_of(match[1]), match[0].rstrip(" :,.、"), match.end())
    if first in "节章" and (match := _CUT.match(view)):
        return Number(_UNITS[match[1]], None, match[1], match.end())
    if first == "专" and (match := _BOX.match(view)):
        return Number(BOX, value_of(match[1]) if match[1] else None, match[0].rstrip(" :,.、"), match.end())
    if first == "附" and (match := _ANNEX.match(view)):
        return Number(ANNEX, value_of(match[2]) if match[2] else None, match[0].rstrip(" :,.、"), match.end())
    for style, pattern in _PATTERNS:
        if match := pattern.match(view):
            value = None if style == "dash" else value_of(match[match.lastindex or 0])
            return Number(style, value, match[0].rstrip(), match.end())
    return None


def value_of(numeral: str) -> int | None:
    """The value of a numeral up to 199 in digits, characters, a circle or brackets, or as a Roman one."""
    if numeral.isdecimal():
        return int(numeral)
    for first, last in _ROWS:
        if len(numeral) == 1 and first <= numeral <= last:
            return ord(numeral) - ord(first) + 1
    if not numeral or any(c not in _CN + "两" for c in numeral):
        return None
    hundreds, _, rest = numeral.rpartition("百")
    value = 100 * (_DIGITS.get(hundreds, 1) if hundreds else 1) if "百" in numeral else 0
    if "十" in rest:
        tens, _, ones = rest.partition("十")
        return value + 10 * (_DIGITS.get(tens, 1) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)
    for char in rest:
        value = value * 10 + _DIGITS[char] if "百" not in numeral else value + _DIGITS[char]
    return value
