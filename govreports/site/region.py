"""The pieces of a region: everything that its page shows.

Belongs here: their rows, and when they are stale. Does not belong here: how they are drawn (see `app/region.js`).

A report moves the ranks of all peers of its region. So ranks are a piece of their own: that with all the rest changes with the
region's own reports alone. Ranks are those within prefecture and province: those among all regions would change with every report
anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb

from govreports.site.overview import COVERAGE_LETTERS
from govreports.site.pieces import table
from govreports.warehouse.connection import records

Row = dict[str, Any]

# For each part of the piece its columns and the rest of a SELECT that starts with region_code. Each ends in an order.
_PARTS: dict[str, tuple[dict[str, str], str]] = {
    "reports": (
        {
            "doc": "doc_id", "year": "report_year", "type": "doc_type", "completeness": "completeness", "title": "title",
            "delivered": "delivered_on", "speaker": "speaker", "file": "source_file", "duplicate_of": "duplicate_of",
        },
        "FROM (SELECT *, region_code_current AS code FROM text.document) WHERE code IN (FROM wanted) ORDER BY code, year, doc",
    ),
    "values": (
        {
            "year": "year", "indicator": "indicator_id", "measure": "measure", "value": "obs_value", "unit": "unit_measure",
            "bound": "bound", "status": "status", "obs_status": "obs_status", "price_basis": "price_basis", "doc": "doc_id",
            "obs": "observation_id", "note": "definition_note", "quote": "quote",
        },
        "FROM (SELECT *, region_code AS code FROM mart.region_year_long) WHERE code IN (FROM wanted) "
        "ORDER BY code, indicator, measure, year",
    ),
    "targets": (
        {
            "indicator": "indicator_id", "measure": "measure", "period": "time_period", "unit": "unit_measure",
            "low": "target_low", "high": "target_high", "bound": "target_bound", "quote": "target_quote",
            "doc": "target_doc_id", "obs": "target_observation_id", "actual": "actual", "actual_status": "actual_status",
            "basis": "actual_basis", "actual_doc": "actual_doc_id", "actual_obs": "actual_observation_id",
            "actual_quote": "actual_quote", "gap": "gap", "verdict": "verdict",
        },
        "FROM (SELECT *, region_code AS code FROM mart.target_vs_actual) WHERE code IN (FROM wanted) "
        "ORDER BY code, period DESC, indicator, measure, doc",
    ),
    "contradictions": (
        {
            "check": "check_id", "rule": "rule", "reason": "reason", "verdict": "verdict", "indicator": "indicator_id",
            "measure": "measure", "period": "time_period", "stated": "stated", "implied": "implied", "deviation": "deviation",
            "tolerance": "tolerance", "doc": "doc_id", "obs": "observation_id", "other_obs": "other_observation_id",
            "third_obs": "third_observation_id", "quote": "quote", "other_quote": "other_quote", "third_quote": "third_quote",
        },
        "FROM (SELECT *, region_code AS code FROM mart.consistency) WHERE code IN (FROM wanted) AND verdict = 'contradicts' "
        "ORDER BY code, doc, \"check\", obs, other_obs",
    ),
    "themes": (
        {
            "theme": "theme_id", "year": "report_year", "mentions": "sum(mentions)::INTEGER", "characters": "sum(characters)",
        },
        "FROM (SELECT *, region_code AS code FROM mart.policy_attention) WHERE code IN (FROM wanted) "
        "GROUP BY ALL ORDER BY code, theme, year",
    ),
}  # fmt: skip
_RANKS = {name: f'"{name}"' for name in ("indicator", "group", "measure", "year", "rank", "peers")}
# What a part's rows are made of, for fingerprints.
_SOURCES = {
    "text.document": (
        "region_code_current",
        "doc_id, report_year, doc_type, completeness, title, source_file, duplicate_of",
    ),
    "mart.region_year_long": ("region_code", "*COLUMNS(*)"),
    "mart.target_vs_actual": ("region_code", "*COLUMNS(*)"),
    "mart.consistency": ("region_code", "*COLUMNS(*)"),
    "mart.policy_attention": ("region_code", "*COLUMNS(*)"),
    "mart.coverage": ("region_code", "*COLUMNS(*)"),
}


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `standing`: for each region, headline indicator and group of peers the latest rank, that of a
    level where there is one."""
    con.execute(
        """CREATE OR REPLACE TEMP TABLE standing AS
            SELECT region_code AS code, indicator_id AS indicator, split_part(peer_group, ':', 1) AS "group", measure,
                   time_period::INTEGER AS year, rank, peers
            FROM mart.ranking SEMI JOIN place USING (region_code)
            WHERE NOT starts_with(peer_group, 'all') AND time_period SIMILAR TO '[0-9]{4}'
              AND indicator_id IN (SELECT indicator_id FROM core.indicator WHERE headline)
            QUALIFY row_number() OVER (PARTITION BY code, indicator, "group"
                                       ORDER BY year DESC, measure <> 'level', measure, unit_measure) = 1"""
    )


def versions(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """For each region a fingerprint of the rows of its piece."""
    union = " UNION ALL ".join(
        f"SELECT {code} AS region_code, hash('{name}', {columns}) AS h FROM {name}"
        for name, (code, columns) in _SOURCES.items()
    )
    found = con.execute(
        f"SELECT region_code, sum(h)::VARCHAR || '/' || count(*) FROM ({union}) SEMI JOIN place USING (region_code) GROUP BY ALL"
    )
    return dict(found.fetchall())


def pieces(con: duckdb.DuckDBPyConnection, codes: Iterable[str]) -> Iterator[tuple[str, Row]]:
    """The pieces of some regions."""
    _want(con, codes)
    places = records(con, "SELECT * FROM place WHERE region_code IN (FROM wanted) ORDER BY region_code")
    parts = {name: _by_region(con, columns, rest) for name, (columns, rest) in _PARTS.items()}
    gaps = _gaps(con)
    for place in places:
        code = str(place["region_code"])
        piece = {name: table(rows.get(code, []), list(_PARTS[name][0])) for name, rows in parts.items()}
        yield code, {"region": place, **piece, "gaps": gaps.get(code, {})}


def rank_versions(con: duckdb.DuckDBPyConnection) -> dict[tuple[str], str]:
    """For each region a fingerprint of the rows of its piece of ranks."""
    columns = ", ".join(_RANKS.values())
    found = con.execute(
        f"""SELECT region_code, count(year) || '/' || coalesce(sum(hash({columns})) FILTER (year IS NOT NULL), 0)
            FROM place LEFT JOIN standing ON code = region_code GROUP BY ALL"""
    )
    return {(code,): version for code, version in found.fetchall()}


def rank_pieces(con: duckdb.DuckDBPyConnection, keys: Iterable[tuple[str]]) -> Iterator[tuple[tuple[str], Row]]:
    """The pieces of ranks of some regions."""
    codes = [code for (code,) in keys]
    _want(con, codes)
    ranks = _by_region(con, _RANKS, 'FROM standing WHERE code IN (FROM wanted) ORDER BY code, indicator, "group"')
    for code in codes:
        yield (code,), table(ranks.get(code, []), list(_RANKS))


def _want(con: duckdb.DuckDBPyConnection, codes: Iterable[str]) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest(?::VARCHAR[]) AS code", [sorted(codes)])


def _by_region(con: duckdb.DuckDBPyConnection, columns: dict[str, str], rest: str) -> dict[str, list[Row]]:
    selected = ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    out: dict[str, list[Row]] = defaultdict(list)
    for row in records(con, f"SELECT code, {selected} {rest}"):
        out[str(row.pop("code"))].append(row)
    return out


def _gaps(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """For each region the first year, and for each indicator a letter for each year from there."""
    out: dict[str, dict[str, Any]] = {}
    for code, indicator, first, reasons in con.execute(
        """SELECT region_code, indicator_id, min(year), list(reason ORDER BY year) FROM mart.coverage
           WHERE region_code IN (FROM wanted) GROUP BY region_code, indicator_id ORDER BY region_code, indicator_id"""
    ).fetchall():
        part = out.setdefault(code, {"first": first, "indicators": {}})
        part["indicators"][indicator] = "".join(COVERAGE_LETTERS[reason] for reason in reasons)
    return out
