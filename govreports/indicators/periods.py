"""Time: what the words of a text and the report's own identity say about the period of a value.

Belongs here: reading expressions of time, and the period that a value has where the text says nothing more. Does not belong here:
naming periods for people (see `govreports.warehouse.periods`), choosing which words count for which value (see `attach`).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from govreports.indicators.numerals import numeral

_FIVE = 5
# Month and day by which reports that tell of the year so far, and not of its aims, have been delivered.
_SPRING = (5, 1)
# First and last year of the plans by their ordinal.
PLANS = {
    f"{name}五": (1991 + 5 * i, 1995 + 5 * i)
    for i, name in enumerate(("八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六"))
}

_YEAR = r"(?:19[5-9]\d|20[0-6]\d)"
_MONTHS = r"(?:1\s?[-—–~～至到]\s?(?P<m>\d{1,2})月份?)"
_PART = rf"(?:上半年|下半年|前三季度|(?:第?(?P<q>[一二三四1-4])季度)|{_MONTHS}|(?P<month>\d{{1,2}})月(?:份|底|末)?(?!\d*日))"
# Every expression of time has one of these.
_MAY_DATE = re.compile(r"[年月季五届]|[比较是](?:19|20)\d\d")
_TIME = re.compile(
    rf"(?=[比较相对是为超高低与和同在自从由到至“九十\d上下第前去过一这全今本年明五四三近未两二四])(?:"
    rf"(?P<standing>(?:(?:与|和|同)(?:“?(?P<wp>[八九十][一二三四五]?五)”?(?:末|期末)|(?P<wy>{_YEAR})年(?:底|末|[\u4e00-\u9fff]{{1,10}}(?:时|前|初|之初))?)(?:相比|比)"
    rf"|(?:相比于?|对比|较)(?P<wc>{_YEAR})年(?:底|末)?(?=[，,]))[，,]?)"
    rf"|(?P<ago>(?P<ap>比|较|是|为|相当于)?(?:五|5)年前)"
    rf"|(?P<fore>(?:比|较|是|为|相当于)?(?:上一?个五年|前五年))"
    rf"|(?P<base>(?:比|较|相比于?|对比|相当于|是|为|超过|高于|低于)(?:“?(?P<bp>[八九十][一二三四五]?五)”?(?P<bw>末|期末|初|期间|时期)?(?:总和)?|(?P<by>{_YEAR})(?:年(?:底|末|初|的|同期)?|(?=增|提高|下降|翻|的\d)))(?!的?以来))"
    rf"|(?P<onbase>在(?:(?P<oy>{_YEAR})年(?:底|末)?|“?(?P<op>[八九十][一二三四五]?五)[”\"]?(?:期)?末)的?基础上)"
    rf"|(?P<since>(?:[自从由]|(?<!\d))(?P<sy>{_YEAR})年(?:以来|起|开始)(?:,|，)?(?:(?:已)?(?:经)?连续(?P<sn>[一二两三四五六七八九十\d]+)年)?)"
    rf"|(?P<span>(?P<y1>{_YEAR})(?:年)?(?:[-—–~～－至到]{{1,2}})(?P<y2>{_YEAR})年)"
    rf"|(?P<until>(?:到|至)(?P<uy>{_YEAR})年(?:底|末)?)"
    rf"|(?P<year>(?<!\d)(?P<y>{_YEAR})年(?!代|版|价|不变价|可比价)(?P<part>{_PART})?)"
    rf"|(?P<plan>“?(?P<p>[九十][一二三四五六]?五|八五(?=”))”?(?P<pw>期末|末|期间|时期|以来|初)?(?:[,，]|(?=[我全年主经的目要地城累时期末力实回,]|规划?(?:期|时期|目标|[:：]))))"
    rf"|(?P<ytd>上半年|前三季度|前三季|{_MONTHS.replace('?P<m>', '?P<m2>')}|(?:第?(?P<q2>[一二三四])季度)"
    r"|前(?P<m3>[一二三四五六七八九十\d]{1,2})个?月)"
    r"|(?P<several>(?P<sv>[两二三四])年(?=平均|年均))"
    r"|(?P<past>(?<![与比较同和超于是为])(?:去年(?!同期|末|底|水平|持平)|上年(?!度?末|增|同|提|下|回|水平|持平)|上一年)|过去一年|过去的一年|一年来|这一年|一年中)"
    r"|(?P<whole>全年(?!度|龄|期))"
    r"|(?P<this>今年|本年度?|年内|今年以来)"
    r"|(?P<next>明年)"
    r"|(?P<five>过去(?:的)?[三四五六]年|[三四五六]年来|[四五六]年间|近五年来?|这[三四五六]年|(?<![\d.])[3-6]年来|本届(?:区|县|市|省)?政府(?:任期)?"
    r"|(?:五|(?<![\d.])5)年(?=累计|共|完成|实现|城镇|实际|全|新增|地区|生产|增|翻|总|平均|年均|来))"
    r"|(?P<ahead>未来五年|今后五年|下一个五年|未来5年|今后5年|五年后|未来几年))"
)


@dataclass(frozen=True, slots=True)
class Time:
    """An expression at text[start:end]. `kind`: point (a period), span (years), base (compared with), five, ahead, from."""

    start: int
    end: int
    kind: str
    period: str
    # Whether the text names the span's end only (到2025年) or its last year (十四五末).
    last: bool = False
    # Whether it is told by the day of speaking (今年), which a heading may move.
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The spans that a report reviews and plans, from its identity."""

    review_start: date | None
    review_end: date | None
    plan_start: date | None
    plan_end: date | None
    this_year: int | None
    delivered_on: date | None = None

    @classmethod
    def of(cls, cleaned: dict[str, Any]) -> Frame:
        """The frame of a cleaned row."""
        delivered = cleaned.get("delivered_on")
        year = delivered.year if delivered else cleaned.get("report_year")
        get = cleaned.get
        return cls(get("review_start"), get("review_end"), get("plan_start"), get("plan_end"), year, delivered)

    @property
    def last_full_year(self) -> int | None:
        """Last calendar year that the review covers to its end."""
        if not self.review_end:
            return None
        whole = self.review_end.month == 12 and self.review_end.day >= 28
        # A review that lies within one year has no earlier full year.
        if not whole and self.review_start and self.review_start.year == self.review_end.year:
            return self.review_end.year
        return self.review_end.year if whole else self.review_end.year - 1

    @property
    def several_years(self) -> bool:
        """Whether the review covers more than one full year."""
        return bool(self.review_start and self.last_full_year and self.last_full_year > self.review_start.year)

    @property
    def review_span(self) -> str | None:
        """The years under review: 2023 or 2016/2020."""
        if not self.last_full_year or not self.review_start:
            return None
        return f"{self.review_start.year}/{self.last_full_year}" if self.several_years else str(self.last_full_year)

    @property
    def year_to_date(self) -> str | None:
        """The part of the year of delivery that the review covers, where it ends within a year."""
        if not self.review_end or (self.review_end.month == 12 and self.review_end.day >= 28):
            return None
        return months(self.review_end.year, self.review_end.month)

    @property
    def plan_years(self) -> str | None:
        """The years planned for: 2024 or 2021/2025."""
        if not self.plan_start or not self.plan_end:
            return None
        first, last = self.plan_start.year, self.plan_end.year
        return str(first) if first == last else f"{first}/{last}"


def is_over(period: str | None, frame: Frame) -> bool:
    """Whether a part of a year had ended when the report was delivered; where the day is not known, a year's first months."""
    end = bounds(period)[1] if period and "-" in period else None
    if not end or not frame.this_year:
        return False
    return end < (frame.delivered_on or date(frame.this_year, *_SPRING))


def months(year: int, last: int) -> str:
    """The period of the first `last` months of a year."""
    if last >= 12:
        return str(year)
    if last == 6:
        return f"{year}-H1"
    if last == 3:
        return f"{year}-Q1"
    return f"{year}-01/{year}-{last:02d}"


def find_times(text: str, frame: Frame) -> list[Time]:
    """Every expression of time in a text, in order."""
    out: list[Time] = []
    if not _MAY_DATE.search(text):
        return out
    for match in _TIME.finditer(text):
        found = _read(match, frame)
        if found:
            out.append(Time(match.start(), match.end(), *found))
    return out


def _read(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    kind = next(k for k in _KINDS if match[k] is not None)
    found = _READ[kind](match, frame)
    if found and kind in ("year", "past") and _is_measure(match):
        return "base", found[1]
    return found


# A year that something is measured by: 在去年…的基础上, 与2022年基本持平.
_MEASURED_BY = re.compile(r"[^，,；;]{0,24}?(?:基础上|持平|相当)")


def _is_measure(match: re.Match[str]) -> bool:
    before = match.string[match.start() - 1 : match.start()] if match.start() else ""
    return before in tuple("在与和同") and _MEASURED_BY.match(match.string, match.end()) is not None


# A year that a value has become (优化为2016年的13:48:39), not one that it is compared with (是2015年的1.6倍).
_BECAME = re.compile(r"[整化升降高变增到]为(?:19|20)\d\d年的?(?!约?近?\d[\d.]*(?:倍|%))")


def _base(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    if match["by"] and _BECAME.match(match.string, match.start() - 1):
        return "point", match["by"]
    if match["by"]:
        return "base", match["by"]
    plan = PLANS.get(match["bp"])
    if not plan:
        return None
    if match["bw"] in ("末", "期末"):
        return "base", str(plan[1])
    return "base", str(plan[0] - 1) if match["bw"] == "初" else f"{plan[0]}/{plan[1]}"


def _standing(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    """与2015年相比 holds for the rest of its sentence."""
    if match["wp"]:
        plan = PLANS.get(match["wp"])
        return ("standing", str(plan[1])) if plan else None
    return "standing", match["wy"] or match["wc"]


def _ago(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    if not frame.last_full_year:
        return None
    return "base" if match["ap"] else "point", str(frame.last_full_year - 5)


def _fore(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    year = frame.last_full_year
    return ("base", f"{year - 9}/{year - 5}") if year else None


def _several(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    year = frame.last_full_year
    return ("span", f"{year - int(numeral(match['sv'])) + 1}/{year}") if year else None


def _on_base(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    plan = PLANS.get(match["op"]) if match["op"] else None
    return ("base", str(plan[1]) if plan else match["oy"]) if plan or match["oy"] else None


def _since(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    first = int(match["sy"])
    last = first + int(numeral(match["sn"])) - 1 if match["sn"] else frame.last_full_year
    return ("since", f"{first}/{last}") if last and last > first else ("since", str(first))


def _span(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    return "span", f"{match['y1']}/{match['y2']}"


def _until(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    return "until", match["uy"], True


def _year(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    return "point", _part(int(match["y"]), match["part"], match["m"], match["q"], match["month"])


def _part(year: int, part: str | None, last: str | None, quarter: str | None, month: str | None) -> str:
    if not part:
        return str(year)
    if part == "上半年":
        return f"{year}-H1"
    if part == "下半年":
        return f"{year}-H2"
    if part.startswith("前三季"):
        return months(year, 9)
    if last:
        return months(year, int(last))
    if quarter:
        return f"{year}-Q{int(numeral(quarter))}"
    return f"{year}-{int(month):02d}" if month and 1 <= int(month) <= 12 else str(year)


def _ytd(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    year = frame.review_end.year if frame.review_end and frame.year_to_date else frame.last_full_year
    if not year or match.string[match.start() - 1 : match.start()] in tuple("比较于"):
        # 降幅较上半年收窄: what is compared with dates nothing.
        return None
    if frame.this_year and match.string[: match.start()].endswith(("今年", "本年")):
        year = frame.this_year
    if match["m3"]:
        return "point", months(year, int(numeral(match["m3"])))
    return "point", _part(year, match["ytd"], match["m2"], match["q2"], None)


_AS_DOCUMENT = re.compile(
    r"(?:围绕|落实|对标|按照|根据|编制|衔接|结合|谋划|启动|对接|实施|推进|聚焦|完成|细化|(?:提前|如期|圆满|全面|顺利)实现)(?:好|了|全[省市县区])?“?$"
)


def _plan(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    years = PLANS.get(match["p"])
    if not years:
        return None
    if _AS_DOCUMENT.search(match.string, max(0, match.start() - 4), match.start()) and match.string.startswith(
        ("规划", "纲要", "目标", "任务", "指标"), match.end()
    ):
        # 围绕“十四五”规划: the plan is a document there and no time.
        return None
    if match["pw"] in ("末", "期末"):
        return "point", str(years[1]), True
    if match["pw"] == "以来" and frame.last_full_year and years[0] < frame.last_full_year < years[1]:
        return "span", f"{years[0]}/{frame.last_full_year}"
    return "span", f"{years[0]}/{years[1]}"


def _past(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    year = frame.last_full_year
    return ("point", str(year)) if year else None


def _whole(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    return "whole", ""


def _this(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    return ("point", str(frame.this_year), False, True) if frame.this_year else None


def _next(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    return ("point", str(frame.this_year + 1)) if frame.this_year else None


_COUNT_OF_YEARS = re.compile(r"[三四五六3456](?=年)")


# What happened for the first time in years, or was the most of them (6年来首次超过), is of one year.
_SINCE_WHEN = re.compile(r"(?:的)?(?:首|最|新高|新低)")


def _five(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    if match.string[: match.start()].endswith("连续") or _SINCE_WHEN.match(match.string, match.end()):
        return None
    total = match["five"] in ("五年", "5年")
    year, count = frame.last_full_year, _COUNT_OF_YEARS.search(match["five"])
    years = int(numeral(count[0])) if count else _FIVE
    # 五年 is said of a term or plan even where the review is of a part of it; other numbers mean so many years.
    if frame.several_years and frame.review_span and years == _FIVE:
        return "five", frame.review_span, total
    return ("five", f"{year - years + 1}/{year}", total) if year and count else None


def _ahead(match: re.Match[str], frame: Frame) -> tuple[Any, ...] | None:
    plan = frame.plan_years
    if plan and "/" not in plan:
        plan = f"{plan}/{int(plan) + 4}"
    return ("span", plan) if plan else None


_READ = {
    "standing": _standing,
    "ago": _ago,
    "fore": _fore,
    "several": _several,
    "base": _base,
    "onbase": _on_base,
    "since": _since,
    "span": _span,
    "until": _until,
    "year": _year,
    "plan": _plan,
    "ytd": _ytd,
    "past": _past,
    "whole": _whole,
    "this": _this,
    "next": _next,
    "five": _five,
    "ahead": _ahead,
}
_KINDS = tuple(_READ)


def last_year(period: str) -> str:
    """The last year of a span of years; any other period as it is."""
    first, slash, last = period.partition("/")
    return last if slash and len(first) == len(last) == 4 else period


def bounds(period: str | None) -> tuple[date | None, date | None, str | None]:
    """First day, last day and frequency (A, S, Q, M, A5 or None) of a period."""
    if not period:
        return None, None, None
    first, slash, last = period.partition("/")
    start, end, freq = _unit(first)
    if not slash:
        return start, end, freq
    finish = _unit(last)[1]
    five = len(first) == len(last) == 4 and int(last) - int(first) == 4
    return start, finish, "A5" if five else None


def _unit(text: str) -> tuple[date, date, str]:
    year = int(text[:4])
    rest = text[5:]
    if not rest:
        return date(year, 1, 1), date(year, 12, 31), "A"
    length = {"H": 6, "Q": 3}.get(rest[0], 1)
    number = int(rest.lstrip("HQ"))
    first, last = (number - 1) * length + 1, number * length
    freq = {6: "S", 3: "Q", 1: "M"}[length]
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), freq
