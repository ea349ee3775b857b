"""Pages print the same report in many ways: the outline has to be the same."""

import re
from collections.abc import Callable

import pytest
from section_documents import SEEDS, filler, headings, outline_of, seed, seed_text


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def glued(text: str) -> str:
    """Numbered headings and the paragraph behind them on one line."""
    out: list[str] = []
    for paragraph in paragraphs(text):
        heading = out and re.match(r"[一二三四五六]、|\([一二三四五六]\)", out[-1]) and len(out[-1]) < 60
        if heading and len(paragraph) > 60:
            out[-1] += " " + paragraph
        else:
            out.append(paragraph)
    return "\n".join(out)


SAME: dict[str, Callable[[str], str]] = {
    "literal line ends": lambda text: "\\r\\n".join(paragraphs(text)),
    "literal line ends and indents": lambda text: "\\r\\n\\r\\n".join("　　" + p for p in paragraphs(text)),
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "twice in one file": lambda text: text + "\n" + text,
}
ONE_LINE: dict[str, Callable[[str], str]] = {
    "wide blanks": lambda text: "　　".join(paragraphs(text)),
    "single spaces": lambda text: " ".join(paragraphs(text)),
}
WORK_REPORTS = [name for name in SEEDS if not name.startswith("003")]


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("way", SAME)
def test_outline_does_not_depend_on_line_ends(name: str, way: str) -> None:
    assert headings(outline_of(name, SAME[way](seed_text(name)))) == headings(seed(name)[1])


@pytest.mark.parametrize("name", WORK_REPORTS)
@pytest.mark.parametrize("way", ONE_LINE)
def test_reports_on_one_line_keep_their_outline(name: str, way: str) -> None:
    found = headings(outline_of(name, ONE_LINE[way](seed_text(name))))
    expected = headings(seed(name)[1])
    missing = [h for h in expected if h not in found]
    # The heading of the notes may lie hidden in blanks within it; no other heading is lost.
    assert [h for h in missing if not re.fullmatch(r"注 ?释|名 ?词 ?解 ?释", h[2])] == []


@pytest.mark.parametrize("name", SEEDS)
def test_headings_glued_to_their_paragraphs_are_parted(name: str) -> None:
    assert headings(outline_of(name, glued(seed_text(name)))) == headings(seed(name)[1])


def test_one_line_with_blanks_inside_sentences_and_numbers_at_paragraphs() -> None:
    inner = "规模以上 工业增加值稳步增长，出 口总额持续扩大，长城科 技加快发展。"
    paragraphs = (
        *("各位代表：", "2023年工作回顾", "2023年是很不平凡的一年。" + filler(), "1.工业经济提质。" + filler() + inner),
        *(
            "2.服务业扩容。" + filler() + inner,
            "2024年工作安排",
            "2024年任务更加繁重。" + filler() * 40,
            "各位代表！" + filler(),
        ),
    )
    found = headings(outline_of("x.txt", "　　".join(paragraphs)))
    assert found == [
        (1, None, "2023年工作回顾"),
        (2, "1.", "工业经济提质"),
        (2, "2.", "服务业扩容"),
        (1, None, "2024年工作安排"),
    ]


def test_initials_set_apart_are_joined_again() -> None:
    paragraphs = [
        f"加 强{what}。{filler()}"
        for what in ("市场体系建设", "基础设施建设", "人才队伍建设", "生态环境保护", "社会治安治理")
    ]
    found = headings(outline_of("x.txt", "\n".join(["一、2023年工作回顾", *paragraphs])))
    assert [title for _, _, title in found[1:3]] == ["加强市场体系建设", "加强基础设施建设"]
