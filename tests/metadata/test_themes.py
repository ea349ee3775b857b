"""Policy themes."""

from typing import Any

import pytest

from govreports.metadata.tables import DeclarationError
from govreports.metadata.themes import load_themes, themes_from


def test_at_least_forty_themes_with_terms_in_both_languages() -> None:
    themes = load_themes()
    assert len(themes) >= 40
    for theme in themes.values():
        assert theme.terms and theme.name_zh and theme.name_en.isascii(), theme.id


@pytest.mark.parametrize(
    ("theme", "term"),
    [
        ("digital_economy", "数字经济"),
        ("business_environment", "营商环境"),
        ("rural_revitalisation", "乡村振兴"),
        ("carbon", "碳达峰"),
        ("srdi", "专精特新"),
        ("new_quality_productive_forces", "新质生产力"),
        ("old_communities", "老旧小区"),
        ("real_estate", "房地产"),
        ("debt", "隐性债务"),
    ],
)
def test_the_themes_that_people_ask_for(theme: str, term: str) -> None:
    assert term in load_themes()[theme].terms


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({"X": ["甲", "A", ["甲乙"]]}, "X: an id is snake_case"),
        ({"x": ["甲", "A", []]}, "x: a theme is [zh, en, [terms]]"),
        ({"x": ["甲", "A", ["甲"]]}, "x: the term '甲' is too short"),
        ({"x": ["甲", "A", ["甲乙"]], "y": ["乙", "B", ["甲乙"]]}, "y: the term '甲乙' counts for x already"),
    ],
)
def test_a_faulty_theme_is_named(spec: dict[str, Any], says: str) -> None:
    with pytest.raises(DeclarationError) as error:
        themes_from(spec)
    assert says in str(error.value)
