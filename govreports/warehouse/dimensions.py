"""Rows of the dimensions, from the metadata.

Belongs here: regions, indicators, themes and code lists as rows of their tables. Does not belong here: the declarations.
"""

from __future__ import annotations

from typing import Any

from govreports.metadata.catalogue import load_catalogue
from govreports.metadata.code_lists import load_code_lists
from govreports.metadata.tables import Headline, load_tables
from govreports.metadata.themes import load_themes

Row = dict[str, Any]


def dimension_rows() -> dict[str, list[Row]]:
    """Rows of core.region, core.indicator, core.theme and meta.code_list."""
    return {
        "core.region": region_rows(),
        "core.indicator": indicator_rows(),
        "core.theme": theme_rows(),
        "meta.code_list": code_rows(),
    }


def headlines() -> list[Headline]:
    """The indicators that mart.region_year has columns for."""
    return load_catalogue().headlines()


def indicator_rows() -> list[Row]:
    """The catalogue."""
    return [
        {
            "indicator_id": indicator.id,
            "name_zh": indicator.name_zh,
            "name_en": indicator.name_en,
            "domain": indicator.domain,
            "unit_measure": indicator.unit_measure,
            "price_basis": indicator.price_basis,
            "definition": f"{indicator.definition_zh} {indicator.definition_en}",
            "aliases": "|".join(indicator.aliases),
            "higher_is": indicator.higher_is,
            "headline": indicator.headline,
        }
        for indicator in load_catalogue().indicators.values()
    ]


def code_rows() -> list[Row]:
    """The code lists."""
    return [
        {"list": name, "code": code.code, "zh": code.zh, "en": code.en}
        for name, codes in sorted(load_code_lists().items())
        for code in codes
    ]


def theme_rows() -> list[Row]:
    """The themes."""
    return [
        {"theme_id": theme.id, "name_zh": theme.name_zh, "name_en": theme.name_en, "terms": "|".join(theme.terms)}
        for theme in load_themes().values()
    ]


def region_rows() -> list[Row]:
    """The gazetteer: every code that is or was in use. Its regions have the columns of core.region as attributes."""
    from govreports.metadata.gazetteer import load_gazetteer

    columns = load_tables()["core.region"].column_names
    return [{name: getattr(region, name) for name in columns} for region in load_gazetteer().regions.values()]
