"""Status and period of a value, from its words, its section and the identity of the report.

Belongs here: choosing among the expressions of time in reach, resolving spans, and the four statuses. Does not belong
here: reading the expressions (`periods`), attachment (`attach`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from govreports.indicators import words
from govreports.indicators.numerals import numeral
from govreports.indicators.periods import PLANS, Frame, Time, is_over, last_year

AHEAD = frozenset({"targets", "tasks", "self_building", "guarantee"})
BEHIND = frozenset({"review", "review_ytd", "basis", "problems"})
# Flows that a review or plan of several years counts over all of them unless it says otherwise.
COUNTED = frozenset({"new_jobs", "rural_transfer_jobs", "reemployment"})


# Flows that a list behind 五年累计 goes on to sum up.
_FLOWS = """
    fdi domestic_capital out_province_capital trade_total exports imports fixed_investment industrial_investment
    private_investment real_estate_investment livelihood_expenditure
"""
FLOWS = frozenset(_FLOWS.split())


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a sentence stands: the role of its section, the time that headings name, and what earlier sentences carry."""

    role: str
    frame: Frame
    heading: Time | None = None
    carried: Time | None = None
    # Whether the paragraph said that all of it is estimated (预计，下同).
    estimated: bool = False
    # The year before the span under review, where the paragraph said that it compares with it (比2005年增长86%。…增长58.9%).
    base: str | None = None
    # Whether an earlier paragraph of the review said so: then the main figures are, not what was counted by then.
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """The time that governs a value and the base it is compared with."""

    time: Time | None
    base: str | None
    came_from: bool = False
    clause_start: int = 0
    inherited: bool = False
    # Where the sentence told a way from one year to another, the year from which.
    origin: str | None = None
    # The same for the subject of the value alone.
    way: str | None = None
    # The year of comparison right before the value: a level there is that year's (比2000年的2500亿元增长1.5倍).
    direct: str | None = None


def moment(
    text: str, times: Sequence[Time], clause_start: int, at: int, setting: Setting, subject: int | None = None
) -> Moment:
    """The expression that governs the value at a place of a sentence; `subject`: where its indicator is named."""
    base = None
    origin = way = direct = None
    chosen: Time | None = None
    named = clause_start if subject is None else min(subject, clause_start)
    for time in times:
        if time.start >= at:
            break
        if time.kind == "base" and len(time.period) == 4 and _REACHED_THEN.fullmatch(text, time.end, at):
            direct = time.period
        if time.kind in ("base", "standing"):
            if time.start >= clause_start or time.kind == "standing" or SO_ALL.match(text, time.end):
                base = time.period
            continue
        starts_from = text[max(0, time.start - 1) : time.start] in ("由", "从")
        if starts_from:
            # 由2005年的1.47万元提高到2.8万元: the year of the start holds for the next number only.
            origin = _year_before(time.period) if text.startswith(("上年", "上一年"), time.start) else time.period
            way = origin if time.start >= named else None
            if not re.search(r"\d(?!\d*个)", text[time.end : at]):
                return Moment(time, base, True, clause_start, origin=origin)
            continue
        if time.start < named and _is_local(text, time):
            continue
        if time.kind == "whole":
            # After quarters and months, the whole year is the year under review or planned for again; so it is where a review
            # of several years speaks of 全年.
            chosen = None if chosen and "-" in chosen.period else chosen
            year = setting.frame.last_full_year
            if chosen is None and setting.role in BEHIND and setting.frame.several_years and year:
                chosen = Time(time.start, time.end, "point", str(year))
            continue
        if time.kind == "since" and time.start < clause_start and text[time.end : clause_start].strip(" ,，"):
            continue
        if time.kind == "five" and setting.role in AHEAD and time.last:
            plan = _span_named(times, time) or setting.frame.plan_years
            chosen = Time(time.start, time.end, "five", plan, True) if plan and "/" in plan else chosen
            continue
        if time.kind == "five" and chosen is not None and chosen.kind == "point" and time.start < clause_start:
            continue
        chosen = time
    outer = setting.carried or setting.heading
    if setting.role == "review_ytd" and outer and "/" in outer.period and "-" not in outer.period:
        # Years that stand over the part of the year so far are those before it.
        outer = None
    governing = _as_headed(chosen or outer, setting)
    return Moment(governing, base, False, clause_start, chosen is None, origin, way, direct)


def _span_named(times: Sequence[Time], time: Time) -> str | None:
    """The span of whole years that a sentence names before an expression (“十一五”期间…，五年累计)."""
    named = [t.period for t in times if t.start < time.start and t.kind == "span" and len(t.period) == 9]
    return named[-1] if named else None


# Between the year of comparison and its own level (在2011年突破10亿元的基础上).
_REACHED_THEN = re.compile(r"(?:的|约|近|超过?|突破|达到?|为)*")
_STRIVES = re.compile(r"力争|确保|争取|努力|将(?!近)|计划(?=[招完实新建安投推])")
# What makes a base that of all that follows.
SO_ALL = re.compile(r"[（(]下同[)）]")


def _as_headed(time: Time | None, setting: Setting) -> Time | None:
    """今年 among the aims of a report delivered in the December before is the year that it plans."""
    plan = setting.frame.plan_start
    if time and time.spoken and plan and setting.role in AHEAD and time.period == str(plan.year - 1):
        return replace(time, period=str(plan.year))
    return time


def _is_local(text: str, time: Time) -> bool:
    """Whether an expression holds for its own clause only: in brackets, or inside a predicate (并于2024年突破…)."""
    before = text[: time.start]
    opened = max(before.rfind("("), before.rfind("（"))
    if opened > max(before.rfind(")"), before.rfind("）")):
        return True
    return bool(re.search(r"[\u4e00-\u9fff]于$", before)) and text[time.end : time.end + 1] not in ("，", ",")


def _year_before(period: str) -> str:
    return str(int(period[:4]) - 1) if period[:4].isdigit() else period


# Where what 有望 or 可达 hopes of one value ends.
_HOPE_ENDS = re.compile(r"[；;）)]|[，,][^，,；;]*?(?:完成|实现|达到)")
_VALUE = re.compile(
    r"第[一二三四五六七八九十\d](?!产业|季|届|次|个)|首位|\d\s?(?:[%‰亿万千元倍个家户人名吨亩件项所辆]|平方|公里|公顷)"
)
# What marks the value before it alone (285亿元（预计数）).
_MARKED_ESTIMATE = re.compile(r"(?:左右|以上)?[（(]预计(?:数|值|完成数)?[)）]")
# What stands before 预计 where it opens a clause, and so speaks for those after it too.
_OPENS = re.compile(r"(?:^|经|据|[，,；;：:。、]|全年|年|月|核算|统计|测算|[我全][省市区县州旗])\s*$")


def _is_estimated(before: str, period: str | None) -> bool:
    """Whether 预计 governs a value; `before`: the sentence up to it.

    It ends with its semicolon where months that are over follow (预计全年…；1-11月，…), and where it stood behind its subject
    and so spoke of that alone (生产总值预计完成60.7亿元；固定资产投资完成53.7亿元).
    """
    hopes = list(words.HOPED.finditer(before))
    if hopes and not _HOPE_ENDS.search(before, hopes[-1].end()):
        return True
    found = list(words.ESTIMATED.finditer(before))
    if not found:
        return False
    if not re.search(r"[；;]", before[found[-1].end() :]):
        return True
    return "-" not in (period or "") and any(_opens(before, m.start()) for m in found)


def _opens(before: str, at: int) -> bool:
    """Whether a word opens its part of a sentence: no value stands before it there (…，2021年预计突破1000亿元；)."""
    part = re.split(r"[；;]", before[:at])[-1]
    return _OPENS.search(before, 0, at) is not None and not _VALUE.search(part)


def status_of(
    text: str, span: tuple[int, int], clause_start: int, period: str | None, setting: Setting, standing: bool
) -> str:
    """actual, estimated, target or past_target. `span`: the value's place; `standing`: what `is_standing` says of it."""
    frame = setting.frame
    at, end = span
    before = text[:at]
    estimated = _is_estimated(before, period) or _MARKED_ESTIMATE.match(text, end) is not None
    year = _end_year(period)
    plan = frame.plan_start.year if frame.plan_start else None
    if setting.role in AHEAD:
        if standing:
            return "actual"
        if is_over(period, frame) and not words.AIM.search(before, clause_start):
            return "estimated" if estimated else "actual"
        last = frame.last_full_year
        if year is not None and last is not None and year <= last and (plan is None or year < plan):
            return "estimated" if estimated else "actual"
        return "target"
    if setting.role in BEHIND:
        future = (
            year is not None and plan is not None and year >= plan and frame.review_end and year > frame.review_end.year
        )
        aim = re.search(r"计划|目标|预期", before[clause_start:]) or _STRIVES.search(before)
        last = frame.plan_end.year if frame.plan_end else year
        if future and (aim or "到20" in before or (year and last and year > last)):
            return "target"
        if words.GOAL.search(text, clause_start, at):
            return "past_target"
        follows = setting.estimated and (year is None or frame.last_full_year is None or year >= frame.last_full_year)
        return "estimated" if estimated or follows else "actual"
    clause = before[clause_start:]
    if setting.role == "notes" and period is None and re.search(r"力争|确保|实现|达到|打造", text):
        return "target"
    if re.search(r"力争|确保|争取|目标|到20\d\d年|将达|要达", clause) or (
        year and plan and frame.review_end and year > frame.review_end.year
    ):
        return "target"
    if setting.role == "outlook":
        return "target" if words.AIM.search(clause) else "actual"
    return "estimated" if estimated else "actual"


# A part of a larger area that a plan recalls (宝安占全市1/5的土地、1/4的人口).
_PART_OF_AREA = re.compile(r"占(?:到|据|有)?(?:全[省市区县国州盟]|我国)(?:总量)?的?(?:[^，,。；;]{0,8}、)*$")
_A_PART = re.compile(r"[\d/.%％分之一二三四五六七八九成]+的?[\u4e00-\u9fff]")
# Decades that it recalls (60年来，西藏经济总量翻了七番).
_LOOKS_BACK = re.compile(
    r"(?:\d+|[一二三四五六七八九十]{2,})多?年来|[^，,]{0,10}(?:成立|改革开放|解放|建[国党政省市])[^，,]{0,6}以来"
)


def is_standing(text: str, clause_start: int, at: int, setting: Setting) -> bool:
    """Whether a plan says what is so in passing, with no word of an aim: a part of a larger area, what decades brought."""
    clause = text[clause_start:at]
    if setting.role not in AHEAD or words.AIM.search(clause):
        return False
    if _LOOKS_BACK.match(text):
        return text.startswith("翻了", at) or text[:at].endswith("了")
    return _PART_OF_AREA.search(clause) is not None and _A_PART.match(text[at : at + 12]) is not None


def period_of(
    moment_: Moment, measure: str, indicator: str, context: str, setting: Setting
) -> tuple[str | None, str | None]:
    """Period and base period of a value; None where neither text nor identity tells."""
    frame, time = setting.frame, moment_.time
    base = moment_.base
    ahead = setting.role in AHEAD
    span = frame.plan_years if ahead else frame.review_span
    if setting.role not in AHEAD and setting.role not in BEHIND and time is None:
        return None, base
    if moment_.direct and measure == "level":
        return moment_.direct, None
    if moment_.came_from and time:
        return moment_.origin or last_year(time.period), None
    if time is None and setting.role == "review_ytd" and frame.year_to_date:
        return frame.year_to_date, base
    from_ = _FROM_RANK if measure == "rank" else _FROM
    if measure in ("level", "share", "rank") and from_.search(context):
        return moment_.origin or _start_of(time, span, frame), None
    period = time.period if time else span
    if period is None:
        return None, base
    if base and "/" in base:
        # 是“十三五”时期的1.5倍: a span is compared with a span.
        whole_span = period if "/" in period else span if span and "/" in span else None
        return (whole_span or period), base
    if (time is None or moment_.inherited) and ahead and measure == "growth_yoy" and "/" in period and frame.this_year:
        # Growth on the year before in a plan of several years is that of its first year.
        return str(max(frame.this_year, int(period[:4]))), None
    end = last_year(period)
    if moment_.way and measure == "growth_avg_annual" and len(end) == 4 and end > moment_.way:
        return f"{int(moment_.way) + 1}/{end}", None
    if measure == "growth_avg_annual":
        return _average_span(period, span), None
    if measure == "growth_cumulative" and not base and time and time.kind in ("five", "span") and "/" in period:
        return period, _before(period)
    if measure == "growth_cumulative" and not base and moment_.way:
        return end, moment_.way
    if measure == "multiple" and not base and time and time.kind == "five" and "/" in period:
        return period, None
    if measure == "growth_cumulative":
        return last_year(period), base or (
            _before(period) if "/" in period and len(period) == 9 else _base_by_span(period, frame, ahead)
        )
    earlier = time is not None and not moment_.inherited and time.start < moment_.clause_start
    whole = span and "/" in span and last_year(span) == period and earlier
    if (
        whole
        and span
        and measure in ("level", "share")
        and (indicator in COUNTED or words.TOTAL.search(context) or (words.ALWAYS.search(context) and not ahead))
    ):
        return span, None
    if "/" not in period or len(period) != 9:
        if (
            time
            and time.last
            and indicator in COUNTED
            and span
            and "/" in span
            and measure == "level"
            and words.TOTAL.search(context)
        ):
            return span, None
        return period, base if measure == "multiple" else None
    if measure == "multiple":
        return last_year(period), base
    if measure == "level" and _is_total(moment_, indicator, context):
        return period, None
    if measure in ("level", "share", "rank") and words.ALWAYS.search(context):
        running = _YEARS_RUNNING.search(context)
        part = running is not None and numeral(running[1]) <= int(period[5:]) - int(period[:4])
        since = time is not None and time.kind == "since"
        return (last_year(period) if part and not since else period), None
    if time and time.kind == "span" and measure == "rank" and not _five_years(period):
        return period, None
    if measure == "pp_change" and ahead:
        return period, None
    return last_year(period), None


# 连续2年 within a longer review is said of its end.
_YEARS_RUNNING = re.compile(r"连续(\d+|[一二三四五六七八九十两]+)年")
_FROM = re.compile(r"(?:由|从)\s*$")
_FROM_RANK = re.compile(r"(?:由|从)(?:居|位居|列)?(?:全[省市国区县州])?(?:各?[市县区])?\s*$")


def _five_years(period: str) -> bool:
    return int(period[5:]) - int(period[:4]) == 4


_SUMMED = re.compile(r"完成|实现|总额|共|引进|利用")
_REACHED = re.compile(r"突破|达到|超过?$|[增提]\w?到")


def _is_total(moment_: Moment, indicator: str, context: str) -> bool:
    if indicator in COUNTED or words.TOTAL.search(context):
        return True
    time = moment_.time
    if time and time.kind == "span" and indicator in FLOWS and not moment_.inherited and _five_years(time.period):
        # “十三五”期间完成固定资产投资500亿元; what was passed or reached is the size at its end.
        return time.end >= moment_.clause_start and (bool(_SUMMED.search(context)) or not _REACHED.search(context))
    if time is None or time.kind != "five" or not time.last:
        return False
    # 五年累计 sums up what its own clause names, and the flows after it; not the levels that are reached.
    return time.start >= moment_.clause_start or (indicator in FLOWS and "达" not in context)


def _average_span(period: str, span: str | None) -> str:
    """The years of an average: those of the report, else those of the plan or term that ends with the year named."""
    if "/" in period or len(period) != 4:
        return period
    if span and "/" in span:
        return span
    plan = next((f"{first}/{last}" for first, last in PLANS.values() if str(last) == period), None)
    # Terms of governments end in years with 1 and 6 or 2 and 7; an average of a single year there is none.
    of_term = period.isdigit() and int(period) % 5 in (1, 2)
    return plan or (f"{int(period) - 4}/{period}" if of_term else period)


def _base_by_span(period: str, frame: Frame, ahead: bool) -> str | None:
    span = frame.plan_years if ahead else frame.review_span
    return _before(span) if span and "/" in span and last_year(span) == period else None


def _before(span: str) -> str:
    return str(int(span[:4]) - 1)


def _start_of(time: Time | None, span: str | None, frame: Frame) -> str | None:
    period = time.period if time and time.kind != "point" else span
    if not period or not period[:4].isdigit():
        return None
    return str(int(period[:4]) - 1)


def _end_year(period: str | None) -> int | None:
    if not period:
        return None
    return int(period.partition("/")[2][:4] or period[:4])
