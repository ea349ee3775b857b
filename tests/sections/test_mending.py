"""Headings that lost their number or beginning."""

from section_documents import cleaned_row, filler, headings

from govreports.sections.stage import outline_document

CONTENTS = [
    "目 录",
    "第一章 发展基础 1",
    "第一节 综合实力 1",
    "第二章 全面提高教育水平 3",
    "第一节 持续改善环境质量 5",
    "第三章 保障措施 9",
]


def outline(*body: str) -> dict:
    return outline_document(cleaned_row(*CONTENTS, *body, zones=(("contents", len(CONTENTS)),)))


def test_the_contents_list_gives_lost_numbers_back() -> None:
    found = outline(
        *("第一章 发展基础", filler(), "第一节 综合实力", filler()),
        *("全面提高教育水平", filler(), "续改善环境质量", filler(), "第三章 保障措施", filler()),
    )
    assert headings(found) == [
        (1, "第一章", "发展基础"),
        (2, "第一节", "综合实力"),
        (1, None, "全面提高教育水平"),
        (2, None, "续改善环境质量"),
        (1, "第三章", "保障措施"),
    ]
    assert [c["check_id"] for c in found["self_check"] if c["severity"] == "warning"] == []


def test_the_contents_list_is_not_body() -> None:
    found = outline("第一章 发展基础", filler())
    assert [s["kind"] for s in found["section"]] == ["front", "chapter"]
    assert found["section"][0]["text"].startswith("目 录")


def test_headings_of_the_list_that_the_body_lacks_are_told() -> None:
    found = outline("第一章 发展基础", filler(), "第一节 综合实力", filler())
    assert "contents" in {c["check_id"] for c in found["self_check"]}


def test_a_gap_in_a_row_is_the_unnumbered_heading_in_it() -> None:
    found = outline_document(
        cleaned_row(
            "第一节 城市更新",
            filler(),
            "一、提高城区品质",
            filler(),
            "提升城区形象",
            filler(),
            "三、健全管理体系",
            filler(),
        )
    )
    assert [depth for depth, _, _ in headings(found)] == [1, 2, 2, 2]
    assert "numbering" not in {c["check_id"] for c in found["self_check"]}
