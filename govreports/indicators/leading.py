"""Values that stand before their names (76.1%的财政支出用于民生, 新增35家规上企业).

Belongs here: telling that a number is about what is named behind it. Does not belong here: numbers behind names (`attach`), what
a name stands for (`heads`).
"""

from __future__ import annotations

import re

from govreports.indicators import words
from govreports.indicators.heads import Head
from govreports.indicators.quantity import Quantity
from govreports.indicators.subjects import declared
from govreports.metadata.catalogue import Alias

_OF = re.compile(r"\s*(?:以上|左右|以内)?的(?:全[省市区县]|本级|地方)?")
_OF_SHARE = re.compile(r"\s*(?:以上|左右|以内)?(?:的)?(?:全[省市区县]|本级|地方)?")
# Dimensions of things that are counted, and what may stand between the count and the thing.
_COUNTED_IN = frozenset(["count", "persons", "person_times", "households", "area", "length"])
_ADJECTIVE = re.compile(r"(?:国家级?|省级|市级|区级|县级|各类|新增?|优质|重点|大型|一批|的){1,2}")
# Before a value that stands before its name: a contribution to it, or what it is divided by.
_NOT_LEADING = re.compile(r"贡献|推动|拉动|带动|支撑|每人|每户|户均|" + words.DENSITY.pattern)
# 财政支出的八成投向民生领域: the share, or the sum, is that of spending on livelihood.
_SPENDING = re.compile(r"(?:支出|财力|预算收入|财政收入|财政资金)(?:总额)?的?$")
_ON_LIVELIHOOD = re.compile(
    r"(?:以上|左右)?(?:将|都|全部|均)?(?:安排在|安排用于|用于|投向|投入到?|用在)[^，,。；;\d]{0,10}民生"
)
_PUT_IN = re.compile(r"(?:投入|安排)(?:财政)?(?:资金)?$")
_LIVELIHOOD_SUM = re.compile(r"(?:的)?财政(?:资金|投入|支出)(?:用于|投入)?(?:保障和改善|保障|改善)?(?:基本)?民生")


def precedes(shadow: str, run: list[Quantity], after: tuple[Head, ...], named: bool, start: int, end: int) -> bool:
    """Whether a value of the clause from `start` to `end` is about the names behind it.

    `named`: whether the clause names something before it too.
    """
    if _counts(shadow, run, after, end):
        # 新增35家规上企业、10家国家高新技术企业: each number counts the noun right after it.
        return True
    if run[0].kind == "share" and _OF_SHARE.fullmatch(shadow, run[-1].quote_end, after[0].start):
        return True
    return not named and _leads(shadow, run, after, start)


def _counts(shadow: str, run: list[Quantity], after: tuple[Head, ...], end: int) -> bool:
    """Whether a number counts the thing named right after it, at whose end the item of a list ends."""
    head = after[0]
    if len(run) != 1 or head.indicator is None or len(after) != 1 or run[0].kind != "number":
        return False
    gap = shadow[run[0].quote_end : head.start]
    accepted = {head.indicator.dimension} | (head.alias.accepts if head.alias else frozenset()) | head.indicator.accepts
    countable = run[0].dimension in accepted and run[0].dimension in _COUNTED_IN
    closes = head.end >= end or shadow[head.end] in "、和及与并"
    return countable and closes and (not gap or _ADJECTIVE.fullmatch(gap) is not None)


def _leads(shadow: str, run: list[Quantity], after: tuple[Head, ...], start: int) -> bool:
    """Whether a value stands before its name: 76.1%的财政支出用于民生."""
    of = _OF.fullmatch(shadow, run[-1].quote_end, after[0].start)
    return of is not None and not _NOT_LEADING.search(shadow, start, run[0].start)


def livelihood(shadow: str, quantity: Quantity, start: int) -> Head | None:
    """The people's livelihood, where a share or sum of spending is said to go to it (财政支出的八成投向民生领域)."""
    share = quantity.dimension == "percent" or quantity.kind == "share"
    if not share and quantity.dimension != "money":
        return None
    if share and not _SPENDING.search(shadow, start, quantity.quote_start):
        return None
    put_in = not share and _PUT_IN.search(shadow, start, quantity.quote_start)
    patterns = [_ON_LIVELIHOOD] if share else [_LIVELIHOOD_SUM, *([_ON_LIVELIHOOD] if put_in else [])]
    if not any(pattern.match(shadow, quantity.quote_end) for pattern in patterns):
        return None
    alias = Alias("民生支出", "livelihood_expenditure", measure="share" if share else None)
    return Head(declared("livelihood_expenditure"), alias, quantity.quote_start, quantity.quote_start)
