"""What sections are about."""

import pytest
from section_documents import cleaned_row, filler

from govreports.sections.passages import passage_role
from govreports.sections.roles import title_role
from govreports.sections.stage import outline_document


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("2023年工作回顾", "review"),
        ("本届政府工作回顾", "review"),
        ("“十二五”时期各项建设取得重大成就", "review"),
        ("2023年以来经济运行情况", "review"),
        ("2025年总体要求", "targets"),
        ("主要目标", "targets"),
        ("今后五年的指导思想和奋斗目标", "targets"),
        ("2024年工作安排", "tasks"),
        ("2025年重点任务", "tasks"),
        ("2018年目标任务和重点工作", "tasks"),
        ("加强政府自身建设", "self_building"),
        ("努力建设人民满意的服务型政府", "self_building"),
        ("全面提升政府治理现代化水平", "self_building"),
        ("努力建设人民更加满意的政府", "self_building"),
        ("全面提升政府现代化治理水平", "self_building"),
        ("坚持转作风,推动政府工作提质提效", "self_building"),
        ("2023年民生实事完成清单", "review"),
        ("2024年民生实事计划清单", "tasks"),
        ("提升社会治理水平", None),
        ("“十三五”主要定位和目标", "targets"),
        ("远景目标", "outlook"),
        ("“十三五”时期城市建设主要思路", "outlook"),
        ("发展环境", "basis"),
        ("强化规划实施保障措施", "guarantee"),
        ("存在的主要问题", "problems"),
        ("名词解释", "notes"),
        ("加强社会治理能力", None),
        ("产业发展提质增效", None),
    ],
)
def test_titles(title: str, role: str | None) -> None:
    assert title_role(title) == role


@pytest.mark.parametrize(
    ("paragraph", "role"),
    [
        ("在看到成绩的同时,我们也清醒地认识到,发展中还存在不少困难和问题:一是总量不大。", "problems"),
        ("今年全区经济社会发展的主要预期目标是:地区生产总值增长6%。", "targets"),
        ("我们要把成绩讲够,也要把问题说透。当前发展仍然面临不小压力和挑战。从需求看,消费偏弱。", "problems"),
        ("我们深刻认识到,投身和见证新区建设,是我们的使命与光荣。", "lessons"),
        ("回顾这段发展历程,我们深刻地体会到:", "lessons"),
        ("援建三十周年之际,各方对口支援,积累了宝贵经验。", None),
        ("各位代表!新征程新使命,对政府工作提出了新的更高要求。我们要牢记宗旨。", "self_building"),
        ("完成好全年各项任务,我们必须持之以恒加强政府自身建设,不断提高治理效能。", "self_building"),
        ("站在新起点上,我们要以更高要求加强政府自身建设。", "self_building"),
        ("各位代表!面对新形势、新任务,政府工作要有新提升、新作为。", "self_building"),
        ("一年来,我们持续加强政府自身建设,行政效能明显提升。", None),
        ("展望2035年,我区将基本实现现代化,经济总量再上台阶。", "outlook"),
        ("各位代表!让我们更加紧密地团结起来,同心协力,开拓进取。", "closing"),
        ("上半年,全区地区生产总值完成221.8亿元,增长10%。", "review_ytd"),
        ("全年完成投资28亿元,增长10%。", None),
        ("上述问题,在新的一年里,我们将采取有力措施,切实加以解决。", "problems"),
        ("与此同时,干部作风离群众期盼还有一定差距,部门之间合力不足。", "problems"),
    ],
)
def test_passages(paragraph: str, role: str | None) -> None:
    assert passage_role(paragraph) == role


def roles_of(*paragraphs: str, year: int = 2024) -> list[str]:
    return [s["role"] for s in outline_document(cleaned_row(*paragraphs, year=year))["section"]]


AIMS = "今年全区经济社会发展的主要预期目标是:地区生产总值增长6%左右,财政收入增长5%。"
SELF_BUILDING = "各位代表!新征程新使命,对政府工作提出了新的更高要求。我们要加强政治建设,永葆本色。"
CLOSING = "各位代表!让我们更加紧密地团结起来,同心协力,为建设美好家园而努力奋斗!"


def test_unheaded_self_building_closes_the_part_on_tasks() -> None:
    assert roles_of(
        "一、2023年工作回顾",
        filler(),
        "二、2024年工作安排",
        "(一)提振工业经济,增强发展动能",
        filler(),
        SELF_BUILDING,
        "坚持依法行政。" + filler(),
        "坚持廉洁从政。" + filler(),
        CLOSING,
    )[-5:] == ["tasks", "self_building", "self_building", "self_building", "tasks"]


def test_self_building_does_not_take_a_row_of_tasks() -> None:
    assert roles_of(
        *("一、2023年工作回顾", filler(), "二、2024年工作安排", SELF_BUILDING),
        *("(一)提振工业经济,增强发展动能", filler(), "(二)办好民生实事,增进群众福祉", filler()),
    )[-2:] == ["tasks", "tasks"]


def test_a_closing_address_is_never_about_targets() -> None:
    assert roles_of("一、2023年工作回顾", filler(), "二、2024年主要目标", AIMS, filler(), CLOSING)[-1] == "other"
    assert (
        roles_of(
            *("一、2023年工作回顾", filler(), "二、2024年主要目标任务", AIMS),
            *("(一)提振工业经济,增强发展动能", filler(), CLOSING),
        )[-1]
        == "tasks"
    )


def test_stated_aims_are_targets_wherever_they_stand() -> None:
    assert roles_of("一、工作回顾", filler(), AIMS)[-1] == "targets"


def test_items_under_aims_do_not_turn_to_tasks_by_a_word() -> None:
    roles = roles_of(
        *("一、2023年工作回顾", filler(), "二、2024年工作总体要求"),
        *("突出重点领域改革。" + filler(), "突出关键产业培育。" + filler()),
    )
    assert roles[-2:] == ["targets", "targets"]


def tops(*titles: str, year: int = 2024) -> list[str]:
    paragraphs = [line for title in titles for line in (title, filler())]
    return [s["role"] for s in outline_document(cleaned_row(*paragraphs, year=year))["section"] if s["depth"] == 1]


def test_years_tell_what_lies_ahead() -> None:
    assert tops("一、关于2023年工作", "二、关于2024年工作") == ["review", "tasks"]
    assert tops("一、2024年的主要工作", year=2025) == ["review"]
    assert tops("一、“十五”计划", "二、2001年的工作", year=2001) == ["tasks", "tasks"]


def test_what_stands_between_review_and_self_building_is_ahead() -> None:
    assert tops(
        "一、坚持稳中求进,高质量发展取得新成效",
        "二、把握发展大势,在新征程上奋勇争先",
        "三、转变工作作风,建设服务型政府",
    ) == ["review", "tasks", "self_building"]


def test_what_stands_in_the_review_is_review() -> None:
    outline = outline_document(
        cleaned_row(
            "一、2023年工作回顾",
            "(一)重点任务全面落实",
            filler(),
            "(二)自身建设更加过硬",
            filler(),
            "二、2024年任务",
            filler(),
        )
    )
    assert [s["role"] for s in outline["section"]] == ["review", "review", "review", "tasks"]


def test_everything_in_a_communique_is_review() -> None:
    outline = outline_document(
        cleaned_row("全年生产总值8亿元。", "一、综合", filler(), "二、主要目标任务完成情况", filler())
        | {"doc_type": "statistical_communique"}
    )
    assert [s["role"] for s in outline["section"]] == ["review", "review", "review"]


def test_sections_of_a_plan_have_roles_of_their_own() -> None:
    titles = (
        *("第一章 规划背景", "第一节 发展基础", "第二节 发展环境"),
        *("第二章 总体要求", "第一节 指导思想", "第二节 主要目标"),
        *("第三章 构建现代产业体系", "第一节 壮大支柱产业"),
        *("第四章 强化规划实施保障", "第一节 加强组织领导"),
    )
    paragraphs = [line for title in titles for line in (title, filler())]
    outline = outline_document(cleaned_row(*paragraphs) | {"doc_type": "five_year_plan"})
    roles = {s["title"]: s["role"] for s in outline["section"] if s["title"]}
    assert roles["发展基础"] == "review"
    assert roles["发展环境"] == "basis"
    assert roles["主要目标"] == "targets"
    assert roles["构建现代产业体系"] == roles["壮大支柱产业"] == "tasks"
    assert roles["强化规划实施保障"] == roles["加强组织领导"] == "guarantee"
