"""Reading one sentence: quantities, heads, measures, periods and statuses put together.

Belongs here: the order of the steps for a sentence, and what a reading is. Does not belong here: the steps
themselves, rows (`stage`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from govreports.indicators import words
from govreports.indicators.attach import GOES_ON, Spoken, attach
from govreports.indicators.grammar import find_quantities
from govreports.indicators.heads import Head
from govreports.indicators.measures import measure_of, signed
from govreports.indicators.pairing import Attached
from govreports.indicators.periods import Time, find_times, last_year
from govreports.indicators.quantity import Quantity, joined
from govreports.indicators.scope import REGION, Home, comparison_set
from govreports.indicators.settle import AHEAD, FLOWS, Moment, Setting, is_standing, moment, period_of, status_of
from govreports.indicators.subjects import Names, declared
from govreports.metadata.catalogue import Indicator

_CONFIDENCE = {
    "name_before_value": 0.95,
    "same_clause": 0.9,
    "respectively": 0.93,
    "respectively_carried": 0.9,
    "shared_by_all": 0.85,
    "carried": 0.88,
    "value_before_name": 0.85,
    "industry_ratio": 0.95,
    "bracketed_area": 0.8,
    "table_cell": 0.93,
}
_VERB = re.compile(
    r"(?:同比|年均|可比)?(?:增长|增加|增幅|增速|提高|提升|上升|上涨|下降|减少|降低|回落|负增长|达到?|完成|实现|位居|位列|居|列|翻)(?:了|到|至|为)?\s*$"
)
_OWN_VERB = re.compile(r"(?:增长|下降|提高|提升|上升|减少|降低|回落|上涨)(?:了|约|近)?\s*$")
# Growth that is not against the base of the sentence before.
_ON_LAST_YEAR = re.compile(r"同比|[比较](?:上|去)一?年")
_OF_ONE_YEAR = re.compile(r"同比|上年|去年|上一年|年均|平均|每年|环比|当年")
_SPEED = re.compile(r"增速|增幅")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """A quantity of a sentence and, with an indicator, what it says. Offsets are the sentence's; `head` is what it measures."""

    quantity: Quantity
    head: str
    indicator: Indicator | None
    measure: str | None
    value: float | None
    low: float | None
    high: float | None
    status: str
    time_period: str | None
    base_period: str | None
    scope: str
    reference_area: str | None
    definition_note: str | None
    obs_status: str
    price_basis: str | None
    subject_start: int | None
    subject_end: int | None
    quote_start: int
    quote_end: int
    rule: str
    confidence: float


# Signs of units and names that cleaning leaves as wide as they came.
_NARROW = str.maketrans("／＆", "/&")


@dataclass(slots=True)
class Reader:
    """Reads sentences of one document."""

    names: Names
    home: Home
    # What the paragraph speaks of so far; whoever reads paragraphs clears it at their start.
    spoken: Spoken = field(default_factory=Spoken)
    # The sentence right before, where it had no numbers.
    passed: str | None = None

    def pass_over(self, text: str) -> None:
        """Note a sentence without numbers; what it speaks of is looked up where the next one goes on about it."""
        self.passed = text

    def _spoken_of(self, text: str) -> Spoken:
        """What the sentences before leave spoken of."""
        if self.passed is None:
            return self.spoken
        passed, self.passed = self.passed, None
        head = None
        if GOES_ON.match(text):
            named = [s for s in self.names.find(passed) if s.indicator]
            head = Head(named[0].indicator, named[0].alias, 0, 0) if len(named) == 1 else None
        return replace(self.spoken, head=head)

    def read(self, text: str, setting: Setting) -> tuple[list[Reading], list[Time]]:
        """Readings of a sentence in the order of its quantities, and the expressions of time found."""
        if "／" in text or "＆" in text:
            text = text.translate(_NARROW)
        times = find_times(text, setting.frame)
        quantities = find_quantities(text)
        if not quantities:
            self.pass_over(text)
            return [], times
        attached, self.spoken = attach(text, quantities, self.names, self.home, self._spoken_of(text))
        out = [self._settle(text, a, times, setting) for a in attached]
        return _with_spans(text, sorted(out, key=lambda r: r.quantity.start), times), times

    def _settle(self, text: str, attached: Attached, times: list[Time], setting: Setting) -> Reading:
        quantity, head = attached.quantity, attached.head
        first = attached.first_of_run or quantity
        context = text[attached.context_start : first.quote_start]
        steering = context + text[first.quote_start : first.start]
        named = head.start if head.indicator is not None else None
        when = moment(text, times, attached.clause_start, first.start, setting, named)
        if setting.base and when.base is None and not _OF_ONE_YEAR.search(text, attached.clause_start, first.start):
            when = replace(when, base=setting.base)
        measure = None
        if setting.expected and head.indicator is not None and head.indicator.headline:
            setting = replace(setting, estimated=True)
        if head.indicator is not None:
            clause = text[attached.clause_start : first.quote_start]
            long = _is_long(when) and not _ON_LAST_YEAR.search(clause)
            based = when.base is not None or long
            measure = measure_of(quantity, head.indicator, head.alias, steering, clause, based)
        indicator = _of_share(head.indicator, measure, steering) if measure else None
        if indicator and quantity.is_bare_sum and indicator.dimension == "money":
            quantity = quantity.as_money()
        if measure == "growth_cumulative" and (
            (_is_last_year(when.base, setting) and not _is_far(when))
            or (when.base is None and _within_a_year(when, quantity, steering, setting))
        ):
            measure = "growth_yoy"
        if measure == "growth_yoy" and _is_of_years(when, quantity) and not _OF_ONE_YEAR.search(clause):
            measure = "growth_cumulative"
        name = indicator.id if indicator else ""
        clause = text[attached.clause_start : first.start]
        own = steering if head.start < attached.clause_start else text[attached.clause_start : first.start]
        period, base = period_of(when, measure or "level", name, own, setting)
        if measure == "level" and name in FLOWS and _summed_before(text, attached.clause_start, when, period, setting):
            period = setting.frame.review_span
        standing = is_standing(text, attached.clause_start, first.start, setting)
        span = (first.start, quantity.quote_end)
        status = status_of(text, span, attached.clause_start, period, setting, standing)
        if standing and when.inherited:
            period = None
        if (when.came_from or (when.direct and measure == "level")) and status == "estimated":
            status = "actual"
        note = _note(
            text, head.end, quantity, attached.clause_start, head.alias.definition_note if head.alias else None
        )
        own_verb = _OWN_VERB.search(text, max(0, quantity.start - 6), quantity.start) if quantity is not first else None
        turn = own_verb[0] if own_verb else steering
        turning = measure or ("growth_yoy" if quantity.dimension in ("percent", "percentage_points") else "level")
        sign = lambda v: signed(v, turning, turn, quantity.bound)  # noqa: E731
        rule = attached.rule if indicator else "unknown_head"
        provisional = words.PROVISIONAL.search(text[: quantity.start]) is not None
        quote_start, quote_end = _quote(text, quantity, attached.clause_start)
        low, high = sign(quantity.low), sign(quantity.high)
        if low is not None and high is not None and low > high:
            low, high = high, low
        return Reading(
            quantity=quantity,
            head=head.text if indicator else phrase(text, quantity, attached),
            indicator=indicator,
            measure=measure if indicator else None,
            value=sign(quantity.value),
            low=low,
            high=high,
            status=status,
            time_period=period,
            base_period=base if measure in ("growth_cumulative", "multiple") else None,
            scope=head.scope or REGION,
            reference_area=comparison_set(context + text[quantity.start : quantity.end])
            if measure in ("rank", "pp_change", "share")
            else None,
            definition_note=note,
            obs_status="D" if note else "P" if provisional else "E" if status == "estimated" else "A",
            price_basis=_price_basis(text, attached.clause_start, quantity, indicator, measure),
            subject_start=head.start if indicator else None,
            subject_end=head.end if indicator else None,
            quote_start=quote_start,
            quote_end=quote_end,
            rule=rule,
            confidence=round(_CONFIDENCE.get(rule, 0.5) - 0.02 * min(attached.distance, 8), 2) if indicator else 0.5,
        )


# What taxes are a share of, and not of a larger area's taxes.
_OF_REVENUE = re.compile(r"占比|占[^，,]*(?:收入|财政|预算)")


def _of_share(indicator: Indicator | None, measure: str, steering: str) -> Indicator | None:
    """The indicator of a measure: the share of taxes in revenue is one of its own (税收收入8亿元，占财政收入的83%)."""
    if indicator and indicator.id == "tax_revenue" and measure == "share" and _OF_REVENUE.search(steering):
        return declared("tax_share")
    return indicator


# 累计 of a flow holds for those after it in its row.
_SUM_OF_ROW = re.compile(r"累计[^；;。]*[，,]$")


def _summed_before(text: str, clause_start: int, when: Moment, period: str | None, setting: Setting) -> bool:
    """Whether a flow goes on with a row of sums over the years under review (投资累计208亿元，实际利用外资5.5亿美元)."""
    span = setting.frame.review_span or ""
    dated = when.time is not None and not when.inherited and when.time.kind == "point"
    return (
        setting.role not in AHEAD
        and "/" in span
        and period == last_year(span)
        and not dated
        and _SUM_OF_ROW.search(text, 0, clause_start) is not None
    )


def _is_last_year(base: str | None, setting: Setting) -> bool:
    """Whether the base is the year before the one that is reviewed or planned: growth on the year before."""
    frame = setting.frame
    if not base or "/" in base:
        return False
    if setting.role in AHEAD:
        return bool(frame.plan_start and int(base) == frame.plan_start.year - 1)
    return bool(frame.last_full_year and not frame.several_years and int(base) == frame.last_full_year - 1)


def _with_spans(text: str, readings: list[Reading], times: list[Time]) -> list[Reading]:
    """The share that follows a total of several years is of the same years (累计775.6万人，约占全国的1/9)."""
    out = readings[:1]
    for reading in readings[1:]:
        last = out[-1]
        same = reading.scope == last.scope and (
            _is_gap_of_share(last, reading) or (reading.indicator and reading.indicator is last.indicator)
        )
        if reading.quantity.kind == "growth" and any(_alike(reading, other) for other in out):
            # 增长11.3%、连续21个月保持两位数增长 says no second rate.
            reading = replace(reading, indicator=None, measure=None, rule="unknown_head", base_period=None)
        if same and not any(last.quantity.end <= t.start < reading.quantity.start for t in times):
            reading = _going_on(out, reading)
        average = _last_of_same(out, reading)
        if average and _of_average(text, average, reading):
            reading = replace(reading, time_period=average.time_period)
        if (
            same
            and last.measure == "level"
            and "/" in (reading.base_period or "")
            and "/" in (reading.time_period or "")
        ):
            # 完成固定资产投资7950亿元，比“八五”增长1.9倍: what is compared with a span is one's.
            out[-1] = replace(last, time_period=reading.time_period)
        out.append(reading)
    return out


def _going_on(readings: list[Reading], reading: Reading) -> Reading:
    """A reading with what it takes from those before it of the same thing, between which no time is named."""
    last = readings[-1]
    if _is_gap_of_share(last, reading):
        return replace(reading, indicator=last.indicator)
    if reading.measure == "share" and last.measure == "level" and "/" in (last.time_period or ""):
        return replace(reading, time_period=last.time_period)
    if reading.measure == "growth_avg_annual":
        return replace(reading, time_period=_span_before(readings) or reading.time_period)
    since = _start_of_way(readings)
    if since and reading.measure == "growth_yoy" and reading.quantity.dimension == "multiple":
        return replace(reading, measure="growth_cumulative", base_period=since)
    return reading


def _is_gap_of_share(share: Reading, reading: Reading) -> bool:
    """Whether a gap is that of the share of taxes before it (占比达76.3%，提高1.2个百分点)."""
    ids = [r.indicator.id if r.indicator else None for r in (share, reading)]
    return ids == ["tax_share", "tax_revenue"] and reading.measure == "pp_change"


def _span_before(readings: list[Reading]) -> str | None:
    """The years that a rate per year is of, by what stands before it: a total of several years, growth on an earlier year, or the
    way from one year's level to another's."""
    last = readings[-1]
    period = last.time_period or ""
    if last.measure == "level" and "/" in period:
        return period
    based = last.measure in ("growth_cumulative", "multiple")
    since = last.base_period if based else _start_of_way(readings)
    if since and since.isdigit() and period.isdigit() and int(period) - int(since) > 1:
        return f"{int(since) + 1}/{period}"
    return None


def _start_of_way(readings: list[Reading]) -> str | None:
    """The year that a way of several years began in, where the last two readings are its levels."""
    if len(readings) < 2 or readings[-1].measure != "level" or not _alike(*readings[-2:]):
        return None
    since, until = readings[-2].time_period or "", readings[-1].time_period or ""
    return since if since.isdigit() and until.isdigit() and int(until) - int(since) > 1 else None


_OF_A_YEAR = re.compile(r"上年|去年|同期|今年|上半年|\d年|[；;]")


def _last_of_same(readings: list[Reading], reading: Reading) -> Reading | None:
    """The last reading of the same thing; other members of its list may stand between (分别增长8%和9%，高于全国1和2个百分点)."""
    near = (r for r in reversed(readings[-4:]) if r.indicator is reading.indicator and r.scope == reading.scope)
    return next(near, None) if reading.indicator else None


def _of_average(text: str, average: Reading, reading: Reading) -> bool:
    """Whether a gap or a rank is that of the average before it (年均增长11%，高于全国2.7个百分点; 年均增长5.5%、增速居首位)."""
    if average.measure == reading.measure == "pp_change" and average.reference_area:
        # 高于全国、全省5.9和2.9个百分点: one gap is of the same years as the other.
        return joined(text, average.quantity, reading.quantity)
    if average.measure != "growth_avg_annual":
        return False
    if reading.measure == "pp_change":
        # 年均增长17.9%，提高7.7个百分点, 高出“九五”年均增速2.2个百分点: an average is compared with another one.
        between = text[average.quantity.end : reading.quantity.start]
        return reading.reference_area is not None or not _OF_A_YEAR.search(between)
    return reading.measure == "rank" and bool(_SPEED.search(text, average.quantity.end, reading.quantity.start))


def _alike(a: Reading, b: Reading) -> bool:
    """Whether two readings state the same measure of the same thing."""
    return a.indicator is not None and (a.indicator, a.measure, a.scope) == (b.indicator, b.measure, b.scope)


def _is_long(when: Moment) -> bool:
    """Whether the subject went a way of several years in the sentence (由2006年的32亿元增加到2011年的126亿元，增长2.9倍)."""
    end = last_year(when.time.period) if when.time else ""
    return bool(when.way and when.way.isdigit() and end.isdigit() and int(end) - int(when.way) > 1)


def _is_of_years(when: Moment, quantity: Quantity) -> bool:
    """Whether a rate is that of several years which its sentence names (过去五年，…收入分别增长31.4%、41.9%)."""
    time = when.time
    return time is not None and time.kind == "five" and not when.inherited and quantity.dimension == "percent"


def _is_far(when: Moment) -> bool:
    """Whether the year of a value that the sentence dates lies more than one after the base (2010年…比“十五”末降低20%)."""
    end = last_year(when.time.period) if when.time and not when.inherited else ""
    return bool(when.base and when.base.isdigit() and end.isdigit() and int(end) - int(when.base) > 1)


def _within_a_year(when: Moment, quantity: Quantity, steering: str, setting: Setting) -> bool:
    """Whether growth in times (增长12倍) is that of a single year: the report reviews or plans one, and no span is named."""
    frame = setting.frame
    span = frame.plan_years if setting.role in AHEAD else frame.review_span
    one = (when.time.period if when.time else span) or ""
    return (
        not _is_long(when)
        and quantity.dimension == "multiple"
        and len(one) == 4
        and "/" not in (span or "")
        and "年" not in steering
    )


def _quote(text: str, quantity: Quantity, clause_start: int) -> tuple[int, int]:
    """The quote: bound words, number and unit, with the verb before them where it adjoins."""
    start, end = quantity.quote_start, quantity.quote_end
    verb = _VERB.search(text, max(clause_start, start - 8), start)
    if verb:
        start = verb.start()
    return (start, end) if end - start <= LONGEST else (quantity.start, quantity.end)


_NOTE = re.compile(r"[（(]([^（()）]{1,40})[)）]")


def _note(text: str, subject_end: int, quantity: Quantity, clause_start: int, declared: str | None) -> str | None:
    """The definition stated beside the value: 省口径, 同口径, 可比价, 不含定州."""
    notes = [declared] if declared else []
    begin = min(subject_end, quantity.start) if subject_end else clause_start
    for match in _NOTE.finditer(text, begin, min(len(text), quantity.quote_end + 44)):
        near = match.start() <= quantity.quote_end + 1 or match.end() <= quantity.start
        if near and words.NOTE.search(match[1]):
            notes.append(match[1])
    stated = re.search(
        r"按?(可比价格?|可比口径|不变价格?|同口径|同比口径|可比)(?=计算|增长|比|下降|,|，|口径)",
        text[begin : quantity.start],
    )
    if stated:
        notes.append(stated[1])
    return "；".join(dict.fromkeys(notes)) or None


def _price_basis(
    text: str, clause_start: int, quantity: Quantity, indicator: Indicator | None, measure: str | None
) -> str | None:
    if indicator is None or measure is None:
        return None
    if measure in ("share", "rank", "pp_change"):
        return "none"
    if measure == "level":
        return indicator.price_basis
    if words.CONSTANT.search(text, clause_start, quantity.start):
        return "constant"
    if re.search(r"名义|现价", text[clause_start : quantity.start]):
        return "current"
    return indicator.growth_price_basis


_PHRASE_EDGE = re.compile(r"[，,。；;：:、\s（）()“”《》]+")


def phrase(text: str, quantity: Quantity, attached: Attached) -> str:
    """The noun phrase that a quantity without a known indicator measures, as well as it can be told without a parser."""
    before = text[attached.context_start : quantity.quote_start]
    parts = [p for p in _PHRASE_EDGE.split(before) if words.residue(p)]
    if parts:
        stripped = re.sub(
            r"(?:达到?|为|完成|实现|约|近|超过?|突破|增长|同比|分别|共|累计|以上|的|至|到|了)+$", "", parts[-1]
        )
        if stripped:
            return stripped[-24:]
    after = re.match(r"(?:以上|左右|余|多)?的?([^，,。；;：:、\d（(“]{1,16})", text[quantity.quote_end :])
    return after[1] if after else ""
