"""Notes: terms, definitions, and where the body uses the terms."""

import pytest
from section_documents import cleaned_row, filler

from govreports.sections.stage import outline_document

BODY = [
    "一、2023年工作回顾",
    "推进“双减”工作,培育瞪羚企业。" + filler(),
    filler(),
    filler(),
    "二、2024年工作安排",
    filler(),
]


def glossary(*notes: str) -> list[tuple[str, str]]:
    outline = outline_document(cleaned_row(*BODY, *notes))
    return [(e["term"], e["definition"]) for e in outline["glossary"]]


@pytest.mark.parametrize(
    "title",
    ["名词解释", "注 释:", "※名词解释※", "【名词解释】", "《政府工作报告》名词、术语注释", "附件2 名词解释"],
)
def test_headings_of_notes(title: str) -> None:
    assert glossary(title, "1.“双减”:减轻作业负担。") == [("双减", "减轻作业负担。")]


@pytest.mark.parametrize(
    ("line", "term", "definition"),
    [
        ("1.“双减”:即减轻作业负担。", "双减", "即减轻作业负担。"),
        ("【1】瞪羚企业：指高成长企业。", "瞪羚企业", "指高成长企业。"),
        ("[3]绿色工厂是指实现集约化的工厂。", "绿色工厂", "是指实现集约化的工厂。"),
        ("①“三公”经费——因公出国等费用。", "“三公”经费", "因公出国等费用。"),
        ("“照亮”工程:改造路灯。", "“照亮”工程", "改造路灯。"),
    ],
)
def test_entries(line: str, term: str, definition: str) -> None:
    assert glossary("名词解释", line) == [(term, definition)]


def test_a_term_that_begins_with_a_digit_is_told_by_the_row() -> None:
    assert glossary("名词解释", "1.双减:减负。", "2.3290:三项指标。") == [("双减", "减负。"), ("3290", "三项指标。")]


def test_a_definition_may_go_on() -> None:
    assert glossary("名词解释", "1.双减:减负。", "一是减轻作业负担。") == [("双减", "减负。\n一是减轻作业负担。")]


def test_the_first_use_in_the_body_is_named() -> None:
    row = cleaned_row(*BODY, "名词解释", "1.双减:减负。", "2.未用:没有用到。")
    used, unused = outline_document(row)["glossary"]
    assert row["raw_text"][used["used_start"] : used["used_end"]] == "“双减”"
    assert unused["used_start"] is None


def test_a_line_that_names_the_annex_below_it_is_none() -> None:
    outline = outline_document(cleaned_row(*BODY, "附件:名词解释", "附件", "名词解释", "1.双减:减负。"))
    assert [s["role"] for s in outline["section"] if s["depth"] == 1].count("notes") == 1


def test_another_annex_ends_the_notes() -> None:
    outline = outline_document(cleaned_row(*BODY, "附件1 名词解释", "1.双减:减负。", "附件2 2024年民生实事", filler()))
    assert len(outline["glossary"]) == 1
    assert [(s["number"], s["role"]) for s in outline["section"] if s["depth"] == 1][2:] == [
        ("附件1", "notes"),
        ("附件2", "tasks"),
    ]
