"""Texts set to a width: their paragraphs come back, and no other text is taken for one."""

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.forms import printed, set_to
from govreports.text.spans import cut
from govreports.text.wrapping import wrapped_line_ends

WORDS = re.findall(
    r"\S+",
    "坚持 稳中求进 总基调 统筹 推进 各项 工作 经济 社会 保持 健康 发展 项目 建设 步伐 加快 民生 福祉 不断 增进 "
    "全县 地区 生产 总值 完成 126.9亿元 同比 增长8.5% 工业 稳步 提升",
)
HEADINGS = ("一、2023年工作回顾", "（一）经济运行稳中向好", "二、2024年工作安排")


def prose(seed: int) -> list[str]:
    """Headings and paragraphs of some hundred characters."""
    words = random.Random(seed)
    out = []
    for heading in HEADINGS:
        out.append(heading)
        for _ in range(4):
            clauses = ("".join(words.choices(WORDS, k=words.randint(2, 6))) for _ in range(words.randint(15, 40)))
            out.append("，".join(clauses) + "。")
    return out


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(18, 45), st.sampled_from([printed, len]), st.sampled_from(["\n", "\n\n"]))
def test_indented_paragraphs_come_back(seed: int, width: int, measure: Callable[[str], float], line_end: str) -> None:
    paragraphs = prose(seed)
    text = line_end.join(set_to(width, paragraphs, "\u3000\u3000", measure))
    whole = cut(text, wrapped_line_ends(text))
    assert [line.strip() for line in whole.split("\n") if line.strip()] == paragraphs


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(18, 45))
def test_no_line_end_within_a_sentence_is_left_and_no_heading_is_swallowed(seed: int, width: int) -> None:
    text = "\n".join(set_to(width, prose(seed), ""))
    whole = cut(text, wrapped_line_ends(text)).split("\n")
    assert all(line.endswith("。") or line in HEADINGS for line in whole)
    assert [line for line in whole if line in HEADINGS] == list(HEADINGS)


def test_page_numbers_go_with_the_line_end() -> None:
    lines = set_to(28, prose(1), "\u3000\u3000")
    numbered = [*lines[:10], "— 1 —", *lines[10:20], "2", *lines[20:]]
    text, plain = "\n".join(numbered), "\n".join(lines)
    within = lines[9].endswith("。"), lines[19].endswith("。")
    assert within == (False, False)
    assert cut(text, wrapped_line_ends(text)) == cut(plain, wrapped_line_ends(plain))


@given(st.integers(0, 10_000))
def test_a_paragraph_a_line_is_set_to_no_width(seed: int) -> None:
    assert wrapped_line_ends("\n".join(prose(seed))) == []


@pytest.mark.parametrize("text", ["", "\n", "各位代表：", "首页\n政务公开\n" * 40, "序号\n1\n2\n" * 30])
def test_other_pages_are_set_to_no_width(text: str) -> None:
    assert wrapped_line_ends(text) == []
