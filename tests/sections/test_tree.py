"""Depth, parents and numbering breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from section_documents import cleaned_row, filler, headings

from govreports.sections.headings import Mark
from govreports.sections.numbering import read_number
from govreports.sections.stage import outline_document
from govreports.sections.tree import nest


def marks(*numbers: str) -> list[Mark]:
    out = []
    for i, written in enumerate(numbers):
        number = read_number(written + "标题")
        assert number is not None
        out.append(Mark(i * 10, i * 10 + 5, number.style, number.value, number.printed, "标题", i))
    return out


def depths(*numbers: str) -> list[int]:
    return [node.depth for node in nest(marks(*numbers), [])[0]]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["一、", "(一)", "(二)", "二、", "(一)"], [1, 2, 2, 1, 2]),
        (["第一章", "第一节", "一、", "二、", "第二节", "一、", "第二章"], [1, 2, 3, 3, 2, 3, 1]),
        # A row that begins anew inside another one of its style lies below it.
        (["一、", "二、", "一、", "二、", "三、"], [1, 1, 2, 2, 2]),
        # Here (一) is the outer style: 一、 restarts under it.
        (["(一)", "一、", "二、", "(二)", "一、", "二、", "(三)", "一、"], [1, 2, 2, 1, 2, 2, 1, 2]),
        # A misnumbered chapter stays a chapter.
        (["第九章", "第十章", "第十一章", "第十章"], [1, 1, 1, 1]),
        (["第一节", "专栏1", "1.", "2.", "第二节"], [1, 2, 3, 3, 1]),
    ],
)
def test_depths(numbers: list[str], expected: list[int]) -> None:
    assert depths(*numbers) == expected


def test_a_box_does_not_end_the_row_around_it() -> None:
    assert depths("第一节", "一、", "二、", "专栏1", "1.", "三、") == [1, 2, 2, 2, 3, 2]


def test_breaks_are_recorded() -> None:
    found = nest(marks("一、", "二、", "四、"), [])[1]
    assert [(b.mark.value, b.expected) for b in found] == [(4, 3)]


def test_unnumbered_tops_stand_above_rows_that_restart() -> None:
    outline = outline_document(
        cleaned_row(
            "2023年工作回顾",
            filler(),
            "一、经济发展稳中有进",
            filler(),
            "二、民生福祉持续改善",
            filler(),
            "2024年工作安排",
            filler(),
            "一、着力稳增长",
            filler(),
            "二、着力惠民生",
            filler(),
            "加强政府自身建设",
            filler(),
        )
    )
    assert [depth for depth, _, _ in headings(outline)] == [1, 2, 2, 1, 2, 2, 1]


def test_unnumbered_headings_stay_below_numbered_parts() -> None:
    titles = ("一、2023年工作回顾", "二、2024年主要工作", "强力推进八项工作", "加强政府自身建设")
    outline = outline_document(cleaned_row(*(line for title in titles for line in (title, filler()))))
    assert [depth for depth, _, _ in headings(outline)] == [1, 1, 2, 1]


def test_unnumbered_headings_between_items_lie_below_these() -> None:
    outline = outline_document(
        cleaned_row(
            "一、2023年工作回顾",
            "一是产业结构优化升级。" + filler(),
            "二是城市功能持续完善。" + filler(),
            "供水保障能力增强。" + filler(),
            "供电保障能力增强。" + filler(),
            "三是改革开放不断深化。" + filler(),
        )
    )
    assert [(depth, number) for depth, number, _ in headings(outline)] == [
        (1, "一、"),
        (2, "一是"),
        (2, "二是"),
        (3, None),
        (3, None),
        (2, "三是"),
    ]


def test_paragraphs_that_speak_of_the_whole_again_leave_the_last_heading() -> None:
    outline = outline_document(
        cleaned_row(
            "一、2023年工作回顾",
            "综合实力稳步攀升。" + filler(),
            "产业转型步伐加快。" + filler(),
            "各位代表,过去一年的成绩来之不易,我代表区人民政府表示衷心感谢!" + filler(),
            "在肯定成绩的同时,我们也清醒认识到,发展中还存在不少困难和问题:一是经济总量不大。" + filler(),
            "二、2024年工作安排",
            "今年经济社会发展的主要预期目标是:地区生产总值增长6%以上。",
            "(一)着力稳增长",
            filler(),
        )
    )
    sections = outline["section"]
    top = sections[0]["section_id"]
    problems = next(s for s in sections if s["role"] == "problems")
    assert problems["kind"] == "passage"
    assert problems["parent_id"] == top
    assert next(s for s in sections if s["role"] == "targets")["text"].startswith("今年经济社会发展")


@given(
    st.lists(
        st.sampled_from(["一、", "二、", "三、", "(一)", "(二)", "1.", "2.", "第一章", "第一节", "——", "专栏1"]),
        max_size=30,
    )
)
def test_every_heading_has_a_place(numbers: list[str]) -> None:
    given_marks = marks(*numbers)
    nodes = nest(given_marks, [])[0]
    assert [node.mark for node in nodes] == given_marks
    for node in nodes:
        assert node.depth == (node.parent.depth + 1 if node.parent else 1)
        assert node.parent is None or node.parent.mark.start < node.mark.start
