"""Pieces of the overview: the index, the regions of a province, the values and gaps of an indicator in a province.

Belongs here: their rows, and when a piece is stale. Does not belong here: how they are drawn (see `app/overview.js`).

Values are cut by province, so that a new report touches the pieces of its own one, and a reader of one province loads no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import duckdb

from govreports.indicators.rules import load_rules
from govreports.metadata.units import load_units
from govreports.site.pieces import table
from govreports.warehouse.connection import records

Row = dict[str, Any]

_LISTS = (
    "measure", "bound", "status", "obs_status", "price_basis", "doc_type", "completeness", "region_level", "unit_measure",
    "coverage_reason", "target_verdict", "consistency_verdict", "section_role", "span_kind", "reason_code", "reject_reason",
    "severity", "correction_action", "change",
)  # fmt: skip
# Indicator, measure, province.
Key = tuple[str, str, str]

# One character a year in the string that says why a cell is empty.
COVERAGE_LETTERS = {
    "found": "f", "not_stated": "n", "no_document": "d", "region_did_not_exist": "x", "refused": "r", "truncated": "t",
}  # fmt: skip
NO_PROVINCE = "000000"
_VALUES = (
    "region", "year", "value", "unit", "bound", "status", "obs_status", "price_basis", "doc", "obs",
)  # fmt: skip
_TARGETS = ("region", "year", "low", "high", "bound", "unit", "verdict", "actual", "doc", "obs")

_WANTED = "JOIN place USING (region_code) SEMI JOIN wanted_values USING (indicator_id, measure, province_code)"
_STATED = f"""
    SELECT indicator_id, province_code, region_code AS region, year, measure, obs_value AS value, unit_measure AS unit, bound,
           status, obs_status, price_basis, doc_id AS doc, observation_id AS obs
    FROM mart.region_year_long {_WANTED} ORDER BY region, year"""
_AIMED = f"""
    SELECT indicator_id, province_code, region_code AS region, time_period::INTEGER AS year, measure, target_low AS low,
           target_high AS high, target_bound AS bound, unit_measure AS unit, verdict, actual, target_doc_id AS doc,
           target_observation_id AS obs
    FROM mart.target_vs_actual {_WANTED} WHERE time_period SIMILAR TO '[0-9]{{4}}' ORDER BY region, year, doc"""


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary views that the pieces read: `place`, a region of today with its province."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE place AS
            WITH named AS (
                SELECT region_code_current AS region_code FROM text.document
                UNION SELECT region_code FROM mart.region_year_long
                UNION SELECT region_code FROM mart.coverage
            )
            SELECT r.region_code, r.name, coalesce(r.full_name, r.name) AS full_name, r.name_pinyin, r.level,
                   r.prefecture_code, r.prefecture, coalesce(r.province_code, '{NO_PROVINCE}') AS province_code,
                   coalesce(r.province, r.name) AS province, r.region_sort
            FROM named JOIN core.region AS r USING (region_code)"""
    )


def index(con: duckdb.DuckDBPyConnection, valued: Iterable[Key], gapped: Iterable[tuple[str, str]]) -> Row:
    """What every page needs first: labels, how much there is, and which pieces of values and gaps there are."""
    totals = records(
        con,
        """SELECT (SELECT count(*) FROM text.document) AS documents, (SELECT count(*) FROM place) AS regions,
                  (SELECT count(*) FROM core.observation) AS observations,
                  (SELECT count(*) FROM text.quarantine) AS refused,
                  (SELECT count(*) FROM mart.target_vs_actual WHERE verdict <> 'no_outturn') AS pairs,
                  (SELECT min(year) FROM mart.region_year_long WHERE status <> 'target') AS first_year,
                  (SELECT max(year) FROM mart.region_year_long WHERE status <> 'target') AS last_year""",
    )[0]
    provinces = records(
        con,
        """SELECT province_code AS code, any_value(province ORDER BY province) AS name,
                  count(DISTINCT p.region_code) AS regions, count(d.doc_id) AS reports
           FROM place AS p LEFT JOIN text.document AS d ON d.region_code_current = p.region_code
           GROUP BY province_code ORDER BY province_code""",
    )
    built = records(con, "SELECT content_hash, package_version, input_count FROM meta.build")
    return {
        "build": built[0] if built else {},
        "totals": totals,
        "provinces": provinces,
        "indicators": table(
            _indicators(con, [str(p["code"]) for p in provinces], valued, gapped),
            ("id", "zh", "en", "domain", "unit", "headline", "measures", "gaps"),
        ),
        "themes": records(con, "SELECT theme_id AS id, name_zh AS zh, name_en AS en FROM core.theme ORDER BY theme_id"),
        "codes": _codes(con),
        "rules": {rule.rule_id: [rule.zh, rule.en] for rule in load_rules().values()},
        "base_units": {code: [unit.zh, unit.en] for code, unit in load_units().measures.items()},
    }


def _indicators(
    con: duckdb.DuckDBPyConnection,
    provinces: Sequence[str],
    valued: Iterable[Key],
    gapped: Iterable[tuple[str, str]],
) -> list[Row]:
    """All indicators, those of the headlines first, each with its measures and how many cells they fill, none where none do.

    A number says in which provinces there is a piece of values, or of gaps: its bit n stands for the nth province.
    """
    bit = {province: 1 << place for place, province in enumerate(provinces)}
    held: dict[tuple[str, str], int] = defaultdict(int)
    for indicator, measure, province in valued:
        held[indicator, measure] |= bit[province]
    explained: dict[str, int] = defaultdict(int)
    for indicator, province in gapped:
        explained[indicator] |= bit[province]
    rows = records(
        con,
        """SELECT i.indicator_id AS id, name_zh AS zh, name_en AS en, domain, i.unit_measure AS unit, headline,
                  m.measure, m.unit_measure, m.cells
           FROM core.indicator AS i
           LEFT JOIN (SELECT indicator_id, measure, mode(unit_measure ORDER BY unit_measure) AS unit_measure, count(*) AS cells
                      FROM mart.region_year_long GROUP BY indicator_id, measure) AS m USING (indicator_id)
           ORDER BY headline DESC, indicator_id, cells DESC, measure""",
    )
    out: dict[str, Any] = {}
    for row in rows:
        id_, name, unit, cells = str(row["id"]), row.pop("measure"), row.pop("unit_measure"), row.pop("cells")
        listed = out.setdefault(id_, {**row, "measures": [], "gaps": explained[id_]})
        if name:
            listed["measures"].append([name, unit, cells, held[id_, str(name)]])
    return list(out.values())


def _codes(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, list[Any]]]:
    found = con.execute(
        "SELECT list, code, zh, en FROM meta.code_list WHERE list IN (SELECT unnest(?)) ORDER BY list, code",
        [list(_LISTS)],
    )
    out: dict[str, dict[str, list[Any]]] = {}
    for name, code, zh, en in found.fetchall():
        out.setdefault(name, {})[code] = [zh, en]
    return out


def regions(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Row]]:
    """For each province its regions, their reports, and how many headline cells of each year are filled."""
    reports: dict[str, list[Any]] = defaultdict(list)
    for code, *report in con.execute(
        """SELECT region_code_current, report_year, doc_id, doc_type, completeness
           FROM text.document ORDER BY region_code_current, report_year, doc_id"""
    ).fetchall():
        reports[code].append(report)
    filled: dict[str, dict[int, int]] = defaultdict(dict)
    for code, year, found in con.execute(
        """SELECT region_code, year, count(*) FILTER (reason = 'found') FROM mart.coverage
           GROUP BY region_code, year HAVING count(*) FILTER (reason = 'found') > 0 ORDER BY region_code, year"""
    ).fetchall():
        filled[code][year] = found
    headlines = con.execute("SELECT count(*) FROM core.indicator WHERE headline").fetchone()
    provinces: dict[str, list[Row]] = defaultdict(list)
    columns = (
        "region_code",
        "name",
        "full_name",
        "name_pinyin",
        "level",
        "prefecture_code",
        "prefecture",
        "region_sort",
    )
    for row in records(con, "SELECT * FROM place ORDER BY region_code"):
        code = str(row["region_code"])
        more = {"reports": reports[code], "filled": filled[code]}
        provinces[str(row["province_code"])].append({**row, **more})
    for province, rows in sorted(provinces.items()):
        yield province, {"headlines": headlines[0] if headlines else 0, **table(rows, (*columns, "reports", "filled"))}


def value_versions(con: duckdb.DuckDBPyConnection) -> dict[Key, str]:
    """For each piece of values, by indicator, measure and province, a fingerprint of its rows."""
    found = con.execute(
        """SELECT indicator_id, measure, province_code, sum(h)::VARCHAR || '/' || count(*) FROM (
               SELECT region_code, indicator_id, measure, hash(year, obs_value, unit_measure, bound, status, obs_status,
                                                               price_basis, doc_id, observation_id, region_code) AS h
               FROM mart.region_year_long
               UNION ALL
               SELECT region_code, indicator_id, measure, hash(time_period, unit_measure, target_low, target_high, target_bound,
                                                               target_observation_id, actual, verdict, region_code, 1)
               FROM mart.target_vs_actual
           ) JOIN place USING (region_code)
           -- What the index offers to choose.
           SEMI JOIN mart.region_year_long USING (indicator_id, measure)
           GROUP BY ALL"""
    ).fetchall()
    return {(indicator, measure, province): version for indicator, measure, province, version in found}


def gap_versions(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """For each piece of gaps, by indicator and province, a fingerprint of its rows."""
    found = con.execute(
        """SELECT indicator_id, province_code, sum(hash(year, reason, region_code))::VARCHAR || '/' || count(*)
           FROM mart.coverage JOIN place USING (region_code) GROUP BY ALL"""
    ).fetchall()
    return {(indicator, province): version for indicator, province, version in found}


def values(con: duckdb.DuckDBPyConnection, wanted: Iterable[Key]) -> Iterator[tuple[Key, Row]]:
    """The values and targets of some indicators under a measure in some provinces."""
    keys = sorted(wanted)
    con.execute(
        """CREATE OR REPLACE TEMP TABLE wanted_values AS
           SELECT unnest(?::VARCHAR[]) AS indicator_id, unnest(?::VARCHAR[]) AS measure, unnest(?::VARCHAR[]) AS province_code""",
        [list(part) for part in zip(*keys, strict=True)],
    )
    stated, targets = _grouped(con, _STATED), _grouped(con, _AIMED)
    for key in keys:
        yield key, {"values": table(stated.get(key, []), _VALUES), "targets": table(targets.get(key, []), _TARGETS)}


def gaps(con: duckdb.DuckDBPyConnection, wanted: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Row]]:
    """For some indicators and provinces, by region, the first year and a letter for each year from there."""
    pairs = sorted(wanted)
    con.execute(
        """CREATE OR REPLACE TEMP TABLE wanted_gaps AS
           SELECT unnest(?::VARCHAR[]) AS indicator_id, unnest(?::VARCHAR[]) AS province_code""",
        [[indicator for indicator, _ in pairs], [province for _, province in pairs]],
    )
    out: dict[tuple[str, str], Row] = defaultdict(dict)
    for indicator, province, region, first, reasons in con.execute(
        """SELECT indicator_id, province_code, region_code, min(year), list(reason ORDER BY year)
           FROM mart.coverage JOIN place USING (region_code) SEMI JOIN wanted_gaps USING (indicator_id, province_code)
           GROUP BY ALL ORDER BY ALL"""
    ).fetchall():
        out[indicator, province][region] = [first, "".join(COVERAGE_LETTERS[reason] for reason in reasons)]
    yield from out.items()


def _grouped(con: duckdb.DuckDBPyConnection, query: str) -> dict[Key, list[Row]]:
    out: dict[Key, list[Row]] = defaultdict(list)
    for row in records(con, query):
        out[str(row["indicator_id"]), str(row["measure"]), str(row["province_code"])].append(row)
    return out
