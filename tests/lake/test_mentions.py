"""Counting the terms of themes in sections."""

import re
from collections import Counter

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from govreports.lake.frames import table_schema
from govreports.lake.mentions import TABLE, theme_mentions
from govreports.metadata.themes import load_themes

THEMES = {"digital": ("数字经济", "数字化"), "economy": ("经济",), "web": ("互联网+", "5G")}
ALL = "|".join(
    re.escape(term) for term in sorted((t for terms in THEMES.values() for t in terms), key=len, reverse=True)
)


def mentions(*sections: tuple[str | None, str | None], themes: dict[str, tuple[str, ...]] | None = None) -> list[tuple]:
    rows = [
        {"section_id": f"s{at}", "doc_id": "d", "title": title, "text": text}
        for at, (title, text) in enumerate(sections)
    ]
    frame = pl.DataFrame(
        [{name: row.get(name) for name in table_schema("text.section")} for row in rows],
        schema=table_schema("text.section"),
    )
    made = theme_mentions(frame, THEMES if themes is None else themes)
    assert dict(made.schema) == table_schema(TABLE)
    return made.select("section_id", "theme_id", "mentions", "terms").rows()


def test_longer_terms_are_not_counted_as_shorter_ones() -> None:
    assert mentions(("发展数字经济", "经济增长，数字化、数字经济。")) == [
        ("s0", "digital", 3, "数字化|数字经济"),
        ("s0", "economy", 1, "经济"),
    ]


def test_terms_do_not_run_from_title_to_text_and_signs_mean_themselves() -> None:
    assert mentions(("数字", "经济"), (None, "互联网+政务，互联网，5G5G"), ("5G", None), (None, None)) == [
        ("s0", "economy", 1, "经济"),
        ("s1", "web", 3, "5G|互联网+"),
        ("s2", "web", 1, "5G"),
    ]


def test_no_themes_and_no_sections() -> None:
    assert mentions(("经济", "经济"), themes={}) == []
    assert mentions() == []


def test_declared_themes_are_counted() -> None:
    (row,) = mentions((None, "实施乡村振兴战略"), themes={theme.id: theme.terms for theme in load_themes().values()})
    assert row == ("s0", "rural_revitalisation", 1, "乡村振兴")


@given(st.lists(st.text(alphabet="数字经济化互联网+5G。", max_size=30), max_size=4))
def test_counts_are_those_of_a_search_from_left_to_right(texts: list[str]) -> None:
    theme_of = {term: theme for theme, terms in THEMES.items() for term in terms}
    wanted = Counter((f"s{at}", theme_of[found]) for at, text in enumerate(texts) for found in re.findall(ALL, text))
    assert {
        (section, theme): count for section, theme, count, _ in mentions(*((None, text) for text in texts))
    } == wanted
