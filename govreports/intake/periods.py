"""The year of a report and the spans that it reviews and plans.

Belongs here: the contract's rule for the report year, change-of-term and mid-year reports. Does not belong here: reading the
header (`govreports.intake.header`), periods of single values (`govreports.indicators.periods`).
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

from govreports.intake.dates import FIRST_YEAR, LAST_YEAR, YEAR, year_value
from govreports.intake.doctype import COMMUNIQUE, OTHER, PLAN
from govreports.intake.header import Header, Page

TEXT, TITLE, FILE_NAME = "text", "title", "file_name"

_ERA_FILE = Path(__file__).with_name("congresses.yaml")
_YEAR = re.compile(YEAR)
_NOT_AFTER = r"(?<![到至—–~-])(?<!达到)(?<!截至)"
_OF = (
    r"(?:的|度|全年|我?[省市县区州旗]|全[省市县区州旗]|政府|国民|经济|社会|发展|各项|工作|主要|重点|总体|奋斗|预期|下半年|"
    r"和|与|及|、)*?"
)
_REVIEW = re.compile(
    rf"{_NOT_AFTER}(?P<y>{YEAR}) ?年度?(?P<since>以来)?[^，,。；;：:\n\d]{{0,16}}?"
    r"(?:回顾|工作总结|工作情况|发展情况|完成情况|基本情况|主要情况|发展成就|主要成绩|工作成绩)"
)
_PLAN = re.compile(
    rf"(?<!完成)(?<!完成了)(?<!实现了)(?<!超额完成)(?<!确定的){_NOT_AFTER}(?P<y>{YEAR}) ?年{_OF}"
    r"(?:工作安排|工作任务|主要任务|重点任务|目标任务|任务目标|重点工作|工作总体|总体要求|总体思路|总体目标|工作思路|工作打算|工作部署|"
    r"工作要求|工作重点|预期目标|发展目标|奋斗目标|工作目标|主要目标|工作建议|安排意见|工作意见|计划安排|工作计划|总体安排|民生实事)(?![^，。]{0,6}(?:完成|办理|落实)情况)"
)
_DO_WORK = re.compile(
    rf"(?:做好|部署|抓好|安排|谋划|开展|对|提出)(?:(?:今后|未来)五年[和及、])?(?P<y>{YEAR}) ?年(?:的|度)?"
    r"(?:政府|各项|主要|全部|全年|经济社会发展)?(?:的)?工作"
)
_ABOUT = re.compile(
    rf"(?:^|\n|[、)）])[ \u3000\t]*(?:关于)?(?P<y>{YEAR}) ?年的?(?:主要|政府|重点)?(?:工作)?\s*(?:\n|$|  )"
)
_PAST = re.compile(rf"过去的(?P<y>{YEAR})年|(?P<y2>{YEAR})年[，,]?是[^。]{{4,120}}?(?:一年|之年|年份|年)[。；，,]")
_AIMS = re.compile(r"(?:工作|发展)的?(?:总体要求|总体思路|基本思路|指导思想|总要求)|预期目标")
_PERIOD = re.compile(r"(?:第|“|\"|‘)?(十[一二三四五六]?)个?五[”\"’]?(?:年规划|年计划|时期|规划|期间|计划)?")
_NAME_YEAR = re.compile(rf"(?<!\d)(?P<y>{YEAR})(?=年|[_ )）(（.-]|$|[政工国关计统公])")
# A year that a text speaks of as reached: neither aimed at (到2025年, 2025年前) nor an end of a span (2008-2020年).
_REACHED = re.compile(
    rf"(?<![到至\d—–~－-])(?<!将[于在])(?<!力争)(?<!确保)(?P<y>{YEAR}) ?年(?!以?前|之前|[底末]前|底以前|远景|目标|计划)"
)
_PAST_YEAR = re.compile(rf"(?:刚|刚刚|已经)过去的(?P<y>{YEAR})年")
# The end of a rise (从2015年2694亿元增长到2020年3847亿元), and the year that results are compared with.
_FROM_TO = re.compile(rf"[从由](?:{YEAR}) ?年[^。，；]{{0,30}}[到至](?P<y>{YEAR}) ?年")
_BASE = re.compile(rf"[比较是为从由](?P<y>{YEAR}) ?年[底末]?[的增提上翻净]")
_FIVE_REVIEWED = re.compile(
    r"(?:过去(?:的)?(?P<past>[四五六])年|(?P<since>[四五六])年来|本届政府(?:任期)?(?:的(?P<term>[四五六])年)?|(?P<plan>八|九|十[一二三四五六]?)五[”\"]?(?:时期|期间)?|届人大一次会议以来|大会第一次会议以来|换届以来)"
    r"(?:[^。，,\n]{0,24}(?:回顾|成就|成绩|情况|总结|工作)|(?(term)[，,]?是|(?!)))"
)
_FIVE_PLANNED = re.compile(
    r"(?:今后|未来)(?:的)?五年(?:的)?[^。，,\n]{0,16}(?:目标|任务|思路|要求|工作|发展|设想|建议)|(?:新一届政府|本届政府任期)[^。\n]{0,20}目标"
)
_SO_FAR = re.compile(
    r"(?:今年|(?P<y>20\d\d)年)?(?:前(?P<quarters>[一二三])个?季度|(?P<half>上半年)|1[-—－–~～至到](?P<month>\d{1,2})月)"
)
_REACHES_PLAN = re.compile(
    r"主要(?:预期)?目标(?:任务)?(?:是|为)|(?:今后|未来)五年[^。\n]{0,20}(?:目标|任务|要求|思路)|下一步工作|总体要求|指导思想"
)
_MONTH_OF_YEAR_END = 12
_CHANGE_OF_TERM = (6, 11)  # months in which a report of the running year is delivered at a change of term
_FIVE = 5
_NEAR_AIMS = 200  # characters from the sentence that opens a plan to its aims
_SAME_PASSAGE = 150  # characters within which a part of a year is of the year named before
_OPENING = 900  # characters in which a report says what it reviews
_PREAMBLE = 300  # characters in which a report may name its parts before they come
_LEAST_REVIEW = 1500


@dataclass(frozen=True)
class YearFound:
    """A report year, where it comes from (text, title, file_name) and how sure it is."""

    year: int
    basis: str
    confidence: float


@dataclass(frozen=True)
class Spans:
    """First and last days of what a report reviews and plans."""

    review_start: date | None = None
    review_end: date | None = None
    plan_start: date | None = None
    plan_end: date | None = None


def find_year(page: Page, header: Header, doc_type: str, file_name: str) -> YearFound | None:
    """The report year by the contract's rule; null where neither text nor title nor file name tells it."""
    if doc_type in (COMMUNIQUE, OTHER):
        return _year_reported(page, header, file_name)
    if doc_type == PLAN:
        return _year_of_plan(page, header, file_name)
    return (
        _year_planned(page, header)
        or _named_year(header, file_name, page)
        or _year_after_review(page.body)
        or _year_published(header.published_on)
        or _year_by_congresses(page)
    )


def reaches_plan(body: str) -> bool:
    """Whether a text comes to what is to be done."""
    return _PLAN.search(body, min(len(body), 300)) is not None or _REACHES_PLAN.search(body, 300) is not None


# -- work reports --------------------


def _year_planned(page: Page, header: Header) -> YearFound | None:
    body = page.body
    years = [match.start() for match in _YEAR.finditer(body)]
    reach = len(body) * 3 // 5 + 600
    reviewed = _counted(_REVIEW.match(body, at) for at in years if at < reach)
    planned = _counted(_PLAN.match(body, at) for at in years) + _counted(_DO_WORK.finditer(body))
    _sort_in_neutral(body, reviewed, planned)
    review = _commonest(reviewed)
    if header.delivered_on:
        return YearFound(_year_by_delivery(header.delivered_on, review, planned, body), TEXT, 0.98)
    if review:
        if planned[review + 1] or not planned[review]:
            return YearFound(review + 1, TEXT, 0.95)
        return YearFound(review, TEXT, 0.8)
    prose = _year_in_prose(body)
    if planned:
        fitting = [year for year in planned if prose and year == prose + 1]
        return YearFound(fitting[0] if fitting else min(planned, key=lambda y: (-planned[y], y)), TEXT, 0.9)
    return YearFound(prose + 1, TEXT, 0.7) if prose else None


def _year_by_delivery(day: date, review: int | None, planned: Counter[int], body: str) -> int:
    """What a report of known day plans for: its year, or the next one where it is delivered late and says so."""
    if day.month < _CHANGE_OF_TERM[1] - 1:
        return day.year
    if planned[day.year + 1] > planned[day.year]:
        return day.year + 1
    if day.month == _MONTH_OF_YEAR_END:
        return day.year + 1
    of_term = _FIVE_REVIEWED.search(body[:_OPENING]) is not None
    return day.year + 1 if review == day.year and not of_term and not planned[day.year] else day.year


def _sort_in_neutral(body: str, reviewed: Counter[int], planned: Counter[int]) -> None:
    """Headings such as 关于2008年工作 tell by their place only: the first is of the review, a later year is planned."""
    years = [(match.start(), year_value(match["y"])) for match in _ABOUT.finditer(body)]
    for at, year in years:
        if reviewed and year == max(reviewed) + 1:
            planned[year] += 1
        elif not reviewed and at < len(body) // 4:
            reviewed[year] += 1


def _year_in_prose(body: str) -> int | None:
    """The year that the first pages speak of as past, or the one before that of which they name the aims."""
    for match in _PAST.finditer(body[: max(1500, len(body) // 10)]):
        ahead = match["y2"] and _AIMS.search(body, match.end(), match.end() + _NEAR_AIMS)
        return year_value(match["y"] or match["y2"]) - bool(ahead)
    return None


def _named_year(header: Header, file_name: str, page: Page) -> YearFound | None:
    for name, basis, confidence in (
        (header.title or "", TITLE, 0.7),
        (page.title or "", TITLE, 0.7),
        (file_name, FILE_NAME, 0.5),
    ):
        found = [year_value(match["y"]) for match in _NAME_YEAR.finditer(name)]
        found = [year for year in found if FIRST_YEAR <= year <= LAST_YEAR]
        if found:
            return YearFound(found[0], basis, confidence)
    return None


def _year_after_review(body: str) -> YearFound | None:
    """The year after the latest one that the review speaks of as reached: for reports that name no year in their headings."""
    past = _latest(_PAST_YEAR.finditer(body))
    if past:
        return YearFound(past + 1, TEXT, 0.7)
    plan = _FIVE_PLANNED.search(body, _PREAMBLE)
    review = body[: max(plan.start() if plan else len(body) // 2, _LEAST_REVIEW)]
    reached = _counted([*_REACHED.finditer(review), *_FROM_TO.finditer(review)])
    last = _latest(_FROM_TO.finditer(review)) or max(
        (year for year, count in reached.items() if count > 1), default=None
    )
    base = _commonest(_counted(_BASE.finditer(review)))
    if base and (not last or last < base + _FIVE - 1) and _FIVE_REVIEWED.search(body[:_OPENING]):
        last = base + _FIVE
    if last:
        return YearFound(last + 1, TEXT, 0.6)
    return YearFound(max(*reached, _newest_plan(body) - 1) + 1, TEXT, 0.35) if reached else None


def _newest_plan(body: str) -> int:
    """First year of the newest five-year plan that a text names, 0 where it names none."""
    return max((_plan_start(match) for match in _PERIOD.finditer(body)), default=0)


def _plan_start(match: re.Match[str]) -> int:
    return 2001 + _FIVE * ("一二三四五六".find(match[1][1:]) + 1 if match[1][1:] else 0)


def _year_published(day: date | None) -> YearFound | None:
    """A guess: pages show reports soon after the session."""
    return YearFound(day.year + (day.month == _MONTH_OF_YEAR_END), TEXT, 0.4) if day else None


def _latest(matches: Iterable[re.Match[str]]) -> int | None:
    return max(_counted(matches), default=None)


@cache
def _congresses() -> list[tuple[re.Pattern[str], int]]:
    entries = yaml.safe_load(_ERA_FILE.read_text(encoding="utf-8"))["plenary_sessions"]
    return [(re.compile(pattern), year) for pattern, year in entries.items()]


def _year_by_congresses(page: Page) -> YearFound | None:
    """A guess: the year after the latest session of the Central Committee that the text speaks of."""
    years = [year for pattern, year in _congresses() if pattern.search(page.body)]
    return YearFound(max(years) + 1, TEXT, 0.3) if years else None


# -- other documents --------------------


def _year_reported(page: Page, header: Header, file_name: str) -> YearFound | None:
    """The year that a communiqué or a special report gives an account of."""
    named = _named_year(Header(title=header.title), "", page)
    if named:
        return YearFound(named.year, TITLE, 0.9)
    body = page.body[:3000]
    found = re.search(rf"(?:初步核算|统计)[，,]?(?P<y>{YEAR})年", body) or _REVIEW.search(body)
    if found:
        return YearFound(year_value(found["y"]), TEXT, 0.85)
    last = re.findall(rf"(?P<y>{YEAR})年", body)
    in_name = _named_year(Header(), file_name, page)
    if header.published_on and not last:
        return YearFound(header.published_on.year - 1, TEXT, 0.5)
    if last:
        years = Counter(year_value(year) for year in last)
        common = years.most_common(1)[0][0]
        if not in_name or in_name.year in years or years[common] > 2:
            return YearFound(in_name.year if in_name and in_name.year in years else common, TEXT, 0.6)
    return in_name


def _year_of_plan(page: Page, header: Header, file_name: str) -> YearFound | None:
    start = plan_period(page, header)
    day = header.delivered_on
    if day:
        return YearFound(day.year + (day.month == _MONTH_OF_YEAR_END), TEXT, 0.95)
    issued = re.search(
        rf"(?P<y>{YEAR}) ?年 ?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}}) ?月(?![\d一二三]{{0,3}}日?至)",
        "\n".join(page.block),
    )
    if issued:
        return YearFound(year_value(issued["y"]), TEXT, 0.9)
    if header.published_on and start and abs(header.published_on.year - start) <= 1:
        return YearFound(header.published_on.year, TEXT, 0.8)
    return YearFound(start, TEXT, 0.7) if start else _named_year(header, file_name, page)


def plan_period(page: Page, header: Header) -> int | None:
    """First year of the five that a plan is for."""
    for text in (header.title or "", " ".join(page.block), page.body[:3000]):
        match = _PERIOD.search(text.replace(" ", ""))
        if match:
            return _plan_start(match)
    return None


# -- spans --------------------


def find_spans(page: Page, header: Header, doc_type: str, year: int) -> Spans:
    """What a document of a year reviews and plans."""
    if doc_type in (COMMUNIQUE, OTHER):
        return Spans(*_years(year, year))
    if doc_type == PLAN:
        start = plan_period(page, header) or year
        return Spans(*_years(start - _FIVE, start - 1), *_years(start, start + _FIVE - 1))
    reviewed = _years_reviewed(page.body[:_OPENING], year)
    plans_five = reviewed > 1 and (_FIVE_PLANNED.search(page.body) is not None or (year - 2001) % _FIVE == 0)
    so_far = _end_of_year_so_far(page.body, header.delivered_on, year, reviewed > 1)
    if reviewed > 1 and _is_at_years_end(header.delivered_on, year) and so_far is None:
        # At the end of a term and of a year the year itself is looked back on, and the years planned begin with the next.
        return Spans(*_years(year - reviewed + 1, year), *_years(year + 1, year + (_FIVE if plans_five else 1)))
    last = year + _FIVE - 1 if plans_five else year
    return Spans(date(year - reviewed, 1, 1), so_far or date(year - 1, 12, 31), *_years(year, last))


def _is_at_years_end(delivered: date | None, year: int) -> bool:
    return delivered is not None and delivered.year == year and delivered.month >= _CHANGE_OF_TERM[1]


def _years_reviewed(opening: str, year: int) -> int:
    """How many years a report reviews: those of a term or of a plan that is over, else one. A plan under way (“十四五”开局)
    tells nothing."""
    for match in _FIVE_REVIEWED.finditer(opening):
        number = match["plan"]
        if not number:
            told = match["past"] or match["since"] or match["term"] or "五"
            return "一二三四五六".index(told) + 1
        last = 1995 + _FIVE * ("八九".find(number) if number in "八九" else "十一二三四五六".index(number[-1]) + 2)
        if last in (year - 1, year):
            return _FIVE
    return 1


def _end_of_year_so_far(body: str, delivered: date | None, year: int, of_term: bool) -> date | None:
    """The last day that a report of the running year reviews, null for one that reviews whole years only."""
    if delivered and not (delivered.year == year and _CHANGE_OF_TERM[0] <= delivered.month <= _CHANGE_OF_TERM[1]):
        return None
    if not delivered and not of_term:
        return None
    limit = delivered or date(year, 12, 1)
    ends = [end for end in _ends_of_parts(body, year) if end <= limit]
    if ends:
        return max(ends)
    of_year = delivered and of_term and not _is_at_years_end(delivered, year)
    return delivered.replace(day=1) - timedelta(days=1) if delivered and of_year else None


def _ends_of_parts(body: str, year: int) -> list[date]:
    """Last days of the parts of a year that a text speaks of; a part without its year (1-8月) is of the last named one."""
    ends: list[date] = []
    last = -_SAME_PASSAGE
    for match in _SO_FAR.finditer(body):
        of_year = int(match["y"]) == year if match["y"] else match[0].startswith("今年") or bool(match["quarters"])
        if not of_year and (match["y"] or match.start() - last > _SAME_PASSAGE):
            continue
        last, month = match.end(), _last_month(match)
        if 1 <= month <= _MONTH_OF_YEAR_END - 1:
            ends.append(date(year, month + 1, 1) - timedelta(days=1))
    return ends


def _last_month(match: re.Match[str]) -> int:
    if match["quarters"]:
        return 3 * ("一二三".index(match["quarters"]) + 1)
    return 6 if match["half"] else int(match["month"])


def _years(first: int, last: int) -> tuple[date, date]:
    return date(first, 1, 1), date(last, 12, 31)


def _counted(matches: Iterable[re.Match[str] | None]) -> Counter[int]:
    years: Counter[int] = Counter()
    for match in filter(None, matches):
        year = year_value(match["y"])
        if FIRST_YEAR <= year <= LAST_YEAR:
            years[year] += 1
    return years


def _commonest(years: Counter[int]) -> int | None:
    return max(years, key=lambda year: (years[year], year)) if years else None
