"""What a materialisation of a mart shows: how its rows are spread, and a few of them with the way to their sentence.

Belongs here: the queries and their tables in Markdown. Does not belong here: the marts, or pages (see `govreports.site`).
"""

from __future__ import annotations

from typing import Any

import dagster as dg
import duckdb

_BARS, _BAR_WIDTH, _CELL = 12, 24, 60
# For each mart what its rows are counted by, and the rows that tell most, the best evidenced first.
_SPREAD = {
    "region_year_long": "coalesce(status, 'none') || ' ' || measure",
    "region_year": "year::VARCHAR",
    "target_vs_actual": "verdict",
    "vintage": "CASE WHEN revision IS NULL THEN 'first or not comparable' WHEN revision = 0 THEN 'as before' ELSE 'revised' END",
    "ranking": "split_part(peer_group, ':', 1) || ' of ' || CASE WHEN peers < 5 THEN 'under 5' ELSE '5 and more' END",
    "consistency": "check_id || ' ' || verdict",
    "policy_attention": "role",
    "coverage": "reason",
    "plan_indicators": "coalesce(binding, 'not said')",
}
_EVIDENCE = "'site/report/' || {doc} || '.html#obs=' || {obs} AS evidence"
_ROWS = {
    "region_year_long": "SELECT region_code, year, indicator_id, measure, obs_value, unit_measure, quote, evidence_url "
    "FROM mart.region_year_long WHERE observation_id IS NOT NULL ORDER BY year DESC, indicator_id, region_code, measure",
    "region_year": "SELECT region_name, year, columns('^(gdp|budget_revenue)(_growth_yoy)?$') FROM mart.region_year "
    "ORDER BY year DESC, region_code",
    "target_vs_actual": "SELECT region_code, indicator_id, measure, time_period, target_quote, actual_quote, verdict, "
    + _EVIDENCE.format(doc="target_doc_id", obs="target_observation_id")
    + " FROM mart.target_vs_actual ORDER BY verdict NOT IN ('met', 'missed'), time_period DESC, 1, 2, 3, 4, 5, 6",
    "vintage": "SELECT region_code, indicator_id, measure, time_period, previous_value, obs_value, revision, "
    + _EVIDENCE.format(doc="doc_id", obs="observation_id")
    + " FROM mart.vintage ORDER BY abs(revision / nullif(previous_value, 0)) DESC NULLS LAST, 1, 2, 3, 4, 5, 6",
    "ranking": "SELECT indicator_id, measure, time_period, region_code, peer_group, obs_value, rank, peers FROM mart.ranking "
    "ORDER BY time_period DESC, peers DESC, 1, 2, 3, 4, 5, 6",
    "consistency": "SELECT rule, stated, implied, verdict, quote, other_quote, "
    + _EVIDENCE.format(doc="doc_id", obs="observation_id")
    + " FROM mart.consistency ORDER BY verdict <> 'contradicts', 1, 2, 3, 4, 5, 6",
    "policy_attention": "SELECT theme_id, sum(mentions)::INTEGER AS mentions, "
    "count(DISTINCT (region_code, report_year)) AS reports"
    " FROM mart.policy_attention GROUP BY ALL ORDER BY mentions DESC, theme_id",
    "coverage": "SELECT indicator_id, count(*) FILTER (reason = 'found') AS found, count(*) AS cells FROM mart.coverage "
    "GROUP BY ALL ORDER BY found DESC, indicator_id",
    "plan_indicators": "SELECT region_code, indicator_id, measure, base_value, target_value, target_bound, binding, "
    "target_quote, "
    + _EVIDENCE.format(doc="doc_id", obs="target_observation_id")
    + " FROM mart.plan_indicators ORDER BY target_value IS NULL, 1, 2, 3, 4, 5, 6",
}
_SHOWN = 6


def mart_previews(con: duckdb.DuckDBPyConnection, mart: str) -> dict[str, dg.MetadataValue]:
    """The chart and the rows of a mart in an open warehouse file."""
    counts = con.execute(
        f"SELECT {_SPREAD[mart]} AS part, count(*) AS n FROM mart.{mart} GROUP BY ALL ORDER BY n DESC, part LIMIT {_BARS}"
    ).fetchall()
    found = con.execute(f"{_ROWS[mart]} LIMIT {_SHOWN}")
    names = [column[0] for column in found.description or []]
    rows = found.fetchall()
    if not rows:
        return {}
    return {
        "spread": dg.MetadataValue.md(
            _markdown(["", "rows", ""], [[part, n, _bar(n, counts[0][1])] for part, n in counts])
        ),
        "preview": dg.MetadataValue.md(_markdown(names, rows)),
    }


def _bar(count: int, most: int) -> str:
    return "█" * max(1, round(_BAR_WIDTH * count / most))


def _markdown(names: list[str], rows: list[Any]) -> str:
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in (names, *rows)]
    lines.insert(1, "|" + " --- |" * len(names))
    return "\n".join(lines)


def _cell(value: object) -> str:
    """A value in a cell. Quotes are the words of reports: nothing in them is markup."""
    if value is None:
        return ""
    text = f"{value:,.6g}" if isinstance(value, float) else str(value)
    shown = text if len(text) <= _CELL or text.startswith("site/") else text[:_CELL] + "…"
    for char in "\\`*_[]<>|":
        if not text.startswith("site/"):
            shown = shown.replace(char, f"\\{char}" if char not in "<>" else {"<": "&lt;", ">": "&gt;"}[char])
    return shown.replace("\n", " ")
