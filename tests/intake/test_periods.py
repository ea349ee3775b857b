"""The report year by the contract's rule, and the spans that a document reviews and plans."""

from datetime import date

import pytest
from report_pages import CLOSING, PROSE, body, report

from govreports.intake.dates import day_value, find_days, make_day, number_value, year_value
from govreports.intake.header import open_page, read_header
from govreports.intake.periods import Spans, YearFound, find_spans, find_year, reaches_plan

WORK = "work_report"
ADDRESS = "各位代表：\n现在，我代表区人民政府，向大会报告工作，请予审议。\n"
FIVE_YEARS = f"一、过去五年工作回顾\n{PROSE.format(kind='区') * 6}"


def year_of(text: str, doc_type: str = WORK, name: str = "") -> YearFound | None:
    page = open_page(text)
    return find_year(page, read_header(page, name), doc_type, name)


def spans_of(text: str, year: int, doc_type: str = WORK) -> Spans:
    page = open_page(text)
    return find_spans(page, read_header(page), doc_type, year)


def settled(text: str, doc_type: str = WORK, name: str = "") -> tuple[int, str]:
    found = year_of(text, doc_type, name)
    assert found is not None
    return found.year, found.basis


# -- dates --------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2021年10月11日", date(2021, 10, 11)),
        ("二〇一二年一月六日", date(2012, 1, 6)),
        ("二○○九年十二月三十一日", date(2009, 12, 31)),
        ("2024/1/23", date(2024, 1, 23)),
        ("2024-6-15 16:26", date(2024, 6, 15)),
    ],
)
def test_written_days(written: str, day: date) -> None:
    assert find_days(written) == [day]


def test_days_that_do_not_exist_are_none() -> None:
    assert find_days("2021年2月30日 2021年13月1日 1066年10月14日") == []
    assert make_day(2021, 2, 29) is None
    assert (year_value("二〇二四"), number_value("廿一"), number_value("十"), number_value("三十")) == (
        2024,
        21,
        10,
        30,
    )
    assert day_value.__doc__


# -- report year --------------------


def test_the_year_is_the_one_that_the_text_plans_for() -> None:
    assert settled(ADDRESS + body("区", 2019)) == (2019, "text")


def test_a_day_of_delivery_in_december_is_of_the_next_year() -> None:
    assert settled(report("武汉市江岸区", 2024).replace("2024年1月12日", "2023年12月24日")) == (2024, "text")


def test_a_header_with_another_year_does_not_count() -> None:
    assert settled("某县2014年政府工作报告\n发布时间：2014-03-01\n" + ADDRESS + body("县", 2012)) == (2012, "text")


def test_the_year_under_review_in_a_title_is_not_the_reports() -> None:
    assert settled("2019年政府工作报告\n" + ADDRESS + body("县", 2020)) == (2020, "text")


def test_a_report_at_the_change_of_term_is_of_the_year_of_delivery() -> None:
    head = "政府工作报告\n（2021年10月11日在东湖区第十七届人民代表大会第一次会议上）\n"
    text = head + ADDRESS + FIVE_YEARS + "今年前三季度，财政收入增长5%。\n二、今后五年的目标任务\n" + CLOSING
    assert settled(text) == (2021, "text")
    assert spans_of(text, 2021) == Spans(date(2016, 1, 1), date(2021, 9, 30), date(2021, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ("地区生产总值从2015年2694亿元增长到2020年3847亿元，固定资产投资再创新高。\n", 2021),
        ("地区生产总值是2011年的1.6倍，一般公共预算收入是2011年的2.3倍。\n", 2017),
        ("刚刚过去的2016年，是发展史上极不平凡的一年。\n", 2017),
        ("2009年达到8201亿元，2009年三次产业结构进一步优化，到2015年力争翻番。\n", 2010),
    ],
)
def test_a_review_of_five_years_without_a_day_tells_its_last_year(said: str, year: int) -> None:
    text = ADDRESS + FIVE_YEARS + said + "二、今后五年的目标任务\n到2035年，基本实现现代化。\n" + CLOSING
    assert settled(text) == (year, "text")


def test_the_title_counts_where_the_text_is_silent_and_the_file_name_last() -> None:
    silent = ADDRESS + PROSE.format(kind="区") * 4 + CLOSING
    assert settled("2018年某区政府工作报告\n" + silent) == (2018, "title")
    assert settled(silent, name="某区_2017") == (2017, "file_name")
    assert year_of(silent) is None


def test_the_latest_session_spoken_of_is_a_guess_of_little_confidence() -> None:
    found = year_of(ADDRESS + "深入贯彻党的十九届四中全会精神，各项工作取得进展。\n" + PROSE.format(kind="区"))
    assert found is not None
    assert found.year == 2020
    assert found.confidence < 0.5


def test_a_communique_is_of_the_year_that_it_reports() -> None:
    text = "统计局\n2012年3月19日\n一、综合\n初步核算，2011年全市实现地区生产总值1403.24亿元，比上年增长11.3%。\n"
    assert settled(text, "statistical_communique") == (2011, "text")
    assert settled(text.replace("2011年", ""), "statistical_communique", "某市_2011公报")[0] == 2011
    assert spans_of(text, 2011, "statistical_communique") == Spans(date(2011, 1, 1), date(2011, 12, 31))


# -- spans --------------------


def test_a_yearly_report_reviews_one_year_and_plans_the_next() -> None:
    text = report("武汉市江岸区", 2024)
    assert spans_of(text, 2024) == Spans(date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31))


def test_a_part_of_the_year_without_its_year_is_of_the_one_named_before() -> None:
    said = "今年上半年生产总值增长10%，增速全市第二。1-8月工业增加值增长9%。"
    text = ADDRESS + FIVE_YEARS + said + PROSE.format(kind="区") * 3 + "上年1-9月增长8%。\n二、今后五年的目标任务\n"
    assert spans_of(text, 2021).review_end == date(2021, 8, 31)


def test_whether_a_text_comes_to_what_is_to_be_done() -> None:
    assert reaches_plan(PROSE * 4 + "二、2024年工作安排\n")
    assert not reaches_plan(PROSE * 4)


def test_five_years_are_reviewed_when_their_plan_is_over() -> None:
    over = "政府工作报告\n各位代表：\n一、“九五”回顾\n五年中，各项事业取得显著成就。\n二、2001年的工作\n"
    assert spans_of(over, 2001).review_start == date(1996, 1, 1)
    begun = (
        "政府工作报告\n各位代表：\n一、2021年工作回顾\n“十四五”实现强势开局，各项工作有序推进。\n二、2022年工作安排\n"
    )
    assert spans_of(begun, 2022) == Spans(date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31))
