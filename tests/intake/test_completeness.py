"""Full, truncated, excerpt, secondary; and what is no document."""

import pytest
from report_pages import ADDRESS, CLOSING, PROSE, body, communique, report

from govreports.intake.completeness import assess, find_fault
from govreports.intake.doctype import find_type
from govreports.intake.header import open_page, read_header

SPEECH = report("攀枝花市米易县", 2023)
NOTES = "名词解释\n" + "".join(
    f"{i}.“三新”经济：指新产业、新业态、新商业模式，是经济中的新动能。\n" for i in range(1, 30)
)
OPENING = ADDRESS.format(speaks_for="米易县")


def completeness(text: str) -> str:
    page = open_page(text)
    header = read_header(page)
    return assess(page, header, find_type(page, header.title))


def type_of(text: str, name: str = "") -> str:
    page = open_page(text)
    return find_type(page, read_header(page).title, name)


def fault(text: str) -> str | None:
    page = open_page(text)
    found = find_fault(page, read_header(page))
    return found.reason_code if found else None


@pytest.mark.parametrize("end", ["", NOTES, "附件一\n" + PROSE * 9, "上一篇：某县报告\n下一篇：某县报告\n版权所有\n"])
def test_a_speech_with_its_closing_is_full_whatever_follows(end: str) -> None:
    assert completeness(SPEECH + end) == "full"


@pytest.mark.parametrize(
    "closing",
    [
        CLOSING,
        "同志们，目标已经明确，我们要真抓实干，为高水平推进经济社会发展做出新的、更大的贡献！\n",
        "各位代表，新一年里，我们将牢记使命、锐意进取，努力开创经济社会发展新局面！\n",
        "我们坚信，在党中央的坚强领导下，一定能够迎来更加光明、更加灿烂的明天！\n",
    ],
)
def test_speeches_close_in_many_ways(closing: str) -> None:
    assert completeness(SPEECH.replace(CLOSING, closing)) == "full"


def test_a_speech_on_one_line() -> None:
    line = SPEECH.replace("\n", "   ")
    assert completeness(line) == "full"
    assert completeness(line[: len(line) - 600]) == "truncated"


def test_a_speech_that_breaks_off_is_truncated_though_it_spoke_of_striving_before() -> None:
    cut = SPEECH.replace(CLOSING, "") + "我们一定要抓住机遇，团结奋斗。\n" + PROSE * 4
    assert completeness(cut) == "truncated"


def test_a_review_without_a_plan_is_an_excerpt() -> None:
    review = OPENING + "一、2022年工作回顾\n" + PROSE.format(kind="县") * 14
    assert completeness(review) == "excerpt"


@pytest.mark.parametrize(
    "start",
    [
        "近日，在五莲县第十七届人民代表大会第二次会议上，县长杜某作政府工作报告，回顾了2012年的工作。\n",
        "本报讯 1月20日，县人大会议召开。\n",
        "《报告》指出，2022年是极不平凡的一年，经济稳中有进，全县上下团结一心，各项事业取得新的进步。\n",
    ],
)
def test_an_account_in_the_third_person_is_secondary(start: str) -> None:
    assert completeness(start + PROSE.format(kind="县") * 3) == "secondary"


def test_a_speaker_who_addresses_the_deputies_gives_no_account() -> None:
    assert completeness(OPENING + "报告指出的问题已经整改。\n" + body("县", 2023)) == "full"


def test_the_opening_of_a_communique_is_truncated() -> None:
    assert completeness(communique("安徽省望江县", 2022)) == "truncated"


@pytest.mark.parametrize(
    ("text", "doc_type"),
    [
        (SPEECH, "work_report"),
        (report("大鹏新区", 2019, head="2019年大鹏新区管委会工作报告\n").replace("人民政府", "管委会"), "work_report"),
        (communique("安徽省望江县", 2022), "statistical_communique"),
        (
            "一、综 合\n初步核算，全县生产总值254.5亿元，比上年增长5.2%，其中第一产业增长5.2%。\n" + PROSE,
            "statistical_communique",
        ),
        ("南昌市西湖区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要\n前言\n" + PROSE, "five_year_plan"),
        ("关于米易县2022年财政预算执行情况的报告\n各位代表：\n" + PROSE, "other"),
        ("现将有关情况报告如下：\n一、2021年主要工作情况\n法治政府建设全面铺开，" + PROSE, "other"),
    ],
)
def test_kinds_of_documents(text: str, doc_type: str) -> None:
    assert type_of(text) == doc_type


def test_the_name_of_a_file_counts_where_the_page_has_no_title() -> None:
    assert type_of(PROSE * 3, "某县关于2021年度法治政府建设情况的报告") == "other"
    assert type_of(SPEECH, "某县关于2021年度法治政府建设情况的报告") == "work_report"


def test_a_report_is_no_fault() -> None:
    assert fault(SPEECH) is None
    assert fault(SPEECH.replace("120.5", "404")) is None


@pytest.mark.parametrize(
    "text",
    [
        "20xx年政府工作，" + "预计实现地区生产总值xxx亿元，年均增长x.x%，财政总收入xx.x亿元，增长x.x%；" * 9,
        "政府工作，" + "地区生产总值达到 亿元，比上年增长 %，财政收入完成 亿元，年均增长 %；" * 9,
        "政府工作报告范文\n各位代表：\n我代表XX县人民政府报告工作。" + PROSE * 5,
    ],
)
def test_templates_are_faults(text: str) -> None:
    assert fault(text) == "blank_template"


@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_bytes_that_were_read_as_latin_letters_are_named(charset: str) -> None:
    assert fault(SPEECH.encode(charset).decode("latin-1")) == "undecodable"
    assert fault("The report of the mayor: l'économie a progressé. " * 40) == "not_chinese"
