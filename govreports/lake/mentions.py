"""How often sections name the terms of themes.

Belongs here: counting terms in the texts of sections, as rows of `text.theme_mention`. Does not belong here: the themes (see
`govreports.metadata.themes`), or sums over regions and years (see `mart.policy_attention`).

Counted once when a year is compacted: looking for some 360 terms in all texts would be the dearest step of every publication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from govreports.lake.frames import table_schema

TABLE = "text.theme_mention"
_BETWEEN = "\n"


def theme_mentions(sections: pl.DataFrame, themes: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Rows of `text.theme_mention` for rows of `text.section`, sorted by key; `themes` maps ids to terms, each of one theme only.

    Terms do not overlap: of those that begin at one place the longest counts, so that 数字经济 is not counted as 经济.
    """
    theme_of = {term: theme for theme, terms in themes.items() for term in terms}
    if not theme_of:
        return pl.DataFrame(schema=table_schema(TABLE))
    longest_first = sorted(theme_of, key=lambda term: (-len(term), term))
    words = pl.concat_str(pl.col("title").fill_null(""), pl.lit(_BETWEEN), pl.col("text").fill_null(""))
    found = sections.select(
        "section_id", "doc_id", "role", words.str.extract_many(longest_first, leftmost=True).alias("term")
    )
    named = found.explode("term").drop_nulls("term")
    counted = (
        named.with_columns(theme_id=pl.col("term").replace_strict(theme_of, return_dtype=pl.String))
        .group_by("section_id", "doc_id", "role", "theme_id")
        .agg(mentions=pl.len().cast(pl.Int32), terms=pl.col("term").unique().sort().str.join("|"))
    )
    return counted.sort("section_id", "theme_id").select(list(table_schema(TABLE)))
