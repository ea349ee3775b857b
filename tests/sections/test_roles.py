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
        ("回顾这段发展历程,我们深刻地体会到:", "lessons"),
        ("上半年,全区地区生产总值完成221.8亿元,增长10%。", "review_ytd"),
        ("全年完成投资28亿元,增长10%。", None),
    ],
)
def test_passages(paragraph: str, role: str | None) -> None:
    assert passage_role(paragraph) == role


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
