"""Measures: what kind of number a quantity is for its indicator, and its sign.

Belongs here: level, growth, share, rank, gap, multiple, decided from unit and wording. Does not belong here: which indicator it
is (`attach`), period and status (`settle`).
"""

from __future__ import annotations

import re

from govreports.indicators import words
from govreports.indicators.quantity import Quantity
from govreports.metadata.catalogue import Alias, Indicator

_YEARS_GROWTH = re.compile(
    r"(?:五|5|三|3|四|4|十|10)年(?:来|间)?(?:累计)?(?:增长|增加|下降|降低|翻)"
    r"|累计(?:增长|增加|提高|下降|降低|减少|削减)"
)
_OF_AVERAGE = re.compile(r"平均(?:水平|数|值)?的\s*$")
_STRUCTURE = re.compile(r"结构|比例|比$")
_RATE = re.compile(r"率|比|强度|占|度$")
_GROWS = re.compile(r"(?:增长|增速|下降|增幅)[^到至]{0,4}$")


def measure_of(
    quantity: Quantity, indicator: Indicator, alias: Alias | None, context: str, clause: str, base: bool
) -> str | None:
    """The measure; None where the quantity cannot belong to the indicator.

    `context`: the words between the name (or the number before) and this one. `clause`: the clause up to the number. `base`:
    whether an earlier year is named as the base of comparison.
    """
    kind, dimension = quantity.kind, quantity.dimension
    context = context.replace("年均浓度", "浓度")
    if dimension == "rank" and kind != "rank":
        # 前移2位 is a way between ranks and none itself.
        return None
    if kind == "rank":
        return "rank"
    if kind == "ratio":
        return "share"
    if kind == "share" and dimension is None:
        return "share"
    if kind == "quotient" or (kind == "number" and not quantity.unit and indicator.unit_measure == "TIMES"):
        # 城乡收入比2.1:1, or 为2.1.
        return "level" if indicator.unit_measure == "TIMES" else None
    if dimension == "percentage_points":
        # 消费价格上升2.8个百分点 says how much prices rose.
        rise = indicator.id == "cpi" and _ROSE.search(context) and not _COMPARED.search(context)
        return "growth_yoy" if rise else None if _DRIVES.search(clause) else "pp_change"
    if dimension == "multiple":
        return _multiple(quantity, indicator, context)
    if dimension == "percent":
        if indicator.id == "cpi":
            growth = "growth_avg_annual" if words.AVERAGE.search(context) else "growth_yoy"
            return "level" if (quantity.value or 0) > _INDEX else growth
        return _percent(indicator, alias, context, clause, base)
    if quantity.is_bare_sum and indicator.dimension == "money":
        dimension = "money"
    accepted = (alias.accepts if alias and alias.accepts else None) or indicator.accepts
    if dimension not in accepted | indicator.accepts or dimension is None:
        return None
    if (
        alias
        and alias.measure
        and alias.measure != "level"
        and indicator.dimension == "money"
        and "percent" in alias.accepts
    ):
        return None
    if (words.CHANGE.search(context) and not words.TO.search(context)) or _APART.search(context):
        return None
    return "level"


# How far a level is from another one (比全省高1.18万元).
_APART = re.compile(r"[比较][^,，。；;]{1,10}[高低多少]出?(?:约|近)?$")


def _multiple(quantity: Quantity, indicator: Indicator, context: str) -> str | None:
    if quantity.kind == "fold":
        return "multiple"
    if indicator.unit_measure == "TIMES":
        return "level"
    if re.search(r"(?:增速|增幅|涨幅)(?:[^,，]*(?:增长|提高|高出|快)|的?\s*$)", context):
        return None
    if re.search(r"(?:增长|增加|提高|扩大|上升|增)(?:了|约|近|达|超过|超)*\s*$", context):
        return "growth_cumulative"
    return "multiple"


_ROSE = re.compile(r"(?:上升|上涨|下降|下跌)(?:了|约)?\s*$")
_COMPARED = re.compile(r"涨幅|比|较|回落|扩大|高|低")
# Growth that a region lends to a larger one (拉动全市经济增长0.9个百分点).
_DRIVES = re.compile(r"(?:拉动|带动)全[省市区县国][^，,]{0,12}$")
# A consumer price index stands near 100; its growth does not.
_INDEX = 85.0


def _percent(indicator: Indicator, alias: Alias | None, context: str, clause: str, base: bool) -> str | None:
    if words.CONTRIBUTION.search(context) or _OF_AVERAGE.search(context):
        return None
    grows = bool(words.GROWTH.search(context))
    share = bool(words.SHARE.search(context))
    if alias and alias.parts and alias.parts[0].startswith("gdp_") and _STRUCTURE.search(alias.text):
        share = True
    if alias and (alias.measure == "share" or re.search(r"占比|比重|比例|份额", alias.text)):
        share = True
    if indicator.percentage:
        native = indicator.percentage
        if indicator.dimension == "money" and alias and not _RATE.search(alias.text) and _GROWS.search(context):
            # 研发投入增长12%: the money grew, not its share in the product.
            return "growth_avg_annual" if words.AVERAGE.search(context) else "growth_yoy"
        to = re.search(r"(?:到|至|达|达到|为|在|过|高于|超|突破)\s*(?:了)?$", context)
        if grows and not to and words.CHANGE.search(context):
            return "pp_change"
        if grows and re.search(r"(?:同比|年均)?(?:增长|增速|增幅)(?:为|达到?)?\s*$", context):
            return "growth_avg_annual" if words.AVERAGE.search(context) else "growth_yoy"
        return native
    if alias and alias.measure and not share:
        if words.AVERAGE.search(context):
            return "growth_avg_annual"
        if alias.measure.startswith("growth"):
            return "growth_cumulative" if base else alias.measure
        return alias.measure
    if share and not _grows_after_share(context):
        return "share"
    if words.AVERAGE.search(context):
        return "growth_avg_annual"
    if base or _YEARS_GROWTH.search(context):
        return "growth_cumulative"
    if alias and words.AVERAGE.search(alias.text) and "浓度" not in alias.text:
        return "growth_avg_annual"
    # A percentage of things that are counted, without a word of growth (普及率超过90%), is no growth of theirs.
    grows = grows or bool(alias and words.GROWTH.search(alias.text))
    bare = indicator.dimension == "money" and not re.search(r"[和与、]|的\s*$|完成\s*$", context)
    return "growth_yoy" if grows or bare else None


def _grows_after_share(context: str) -> bool:
    """Whether growth words, not 提高到, follow the words of a share: the share is over (占全省1/5，增长14.5%)."""
    last = list(words.SHARE.finditer(context))
    tail = context[last[-1].end() :] if last else context
    return bool(re.search(r"(?:同比|增长|增速|增幅)[^到至]*$", tail)) and not words.TO.search(tail)


_BRACKETED = re.compile(r"[（(][^（()）]*[)）]")


def signed(value: float | None, measure: str, context: str, bound: str) -> float | None:
    """The value with a minus for a decline."""
    # 下降（剔除留抵退税因素）5%: brackets do not part a verb from its number.
    context = _BRACKETED.sub("", context)
    if (
        value is None
        or value < 0
        or measure not in ("growth_yoy", "growth_avg_annual", "growth_cumulative", "pp_change")
    ):
        return value
    if words.DECLINE.search(context) and not words.DECLINE_TO.search(context):
        return -value
    if re.search(r"降幅(?:为|达到?|约|(?:收窄|缩小|扩大)(?:至|到|为))?\s*$", context):
        return -value
    if measure == "pp_change" and re.search(r"(?:低于|慢于|收窄|减少|少于|落后)[^,，]*$", context):
        return -value
    return value
