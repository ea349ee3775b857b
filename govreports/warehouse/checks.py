"""Checks of what stands in a built file, each with the rows that fail it.

Belongs here: checks that follow from the declarations (keys, nulls, references, codes) and the few that need SQL of their own.
Does not belong here: deciding what a failed check stops (see `publish` and the orchestration), or quality on labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from govreports.metadata.tables import Column, Headline, Table, load_tables, published_tables
from govreports.warehouse.connection import records, scalar, side_by_side
from govreports.warehouse.ddl import LARGEST_INDEX, literal, may_lack_index, quoted

_EXAMPLES = 5
_USABLE = """FROM core.observation_corrected AS o
    JOIN text.document AS d USING (doc_id) JOIN core.indicator AS i USING (indicator_id)
    WHERE d.completeness <> 'secondary' AND d.doc_type <> 'other' AND d.duplicate_of IS NULL
      AND o.scope = 'region' AND o.status <> 'past_target' AND o.freq = 'A'"""
# Marts that must have rows where there is something for them.
_MUST_FILL = {
    "mart.region_year_long": _USABLE,
    "mart.region_year": f"{_USABLE} AND i.headline AND o.measure = 'growth_yoy'",
    "mart.coverage": _USABLE,
}


@dataclass(frozen=True)
class CheckResult:
    """One check of one table. `blocking` results stop a publication; `failing` counts rows, `examples` shows some of them."""

    name: str
    table: str
    passed: bool
    blocking: bool
    description: str
    failing: int = 0
    examples: Sequence[dict[str, Any]] = field(default_factory=tuple)

    def __str__(self) -> str:
        shown = "; ".join(", ".join(f"{k}: {v}" for k, v in row.items()) for row in self.examples)
        return f"{self.table}: {self.description}: {self.failing} rows fail" + (f" ({shown})" if shown else "")


@dataclass(frozen=True)
class _Check:
    name: str
    table: str
    description: str
    failing: str  # SELECT of the failing rows
    blocking: bool = True


def check_all(con: duckdb.DuckDBPyConnection, headlines: Sequence[Headline]) -> list[CheckResult]:
    """Run the checks of all published tables of the default catalog, and those of the file as a whole.

    A view shows rows of tables that have the same columns and are checked themselves.
    """
    tables = [table.expanded(headlines) for table in published_tables()]
    return [check for found in side_by_side(con, _check_table, tables) for check in found] + [
        _run(con, check) for check in _FILE_CHECKS
    ]


def _check_table(con: duckdb.DuckDBPyConnection, table: Table) -> list[CheckResult]:
    return [_run(con, check) for check in _checks(table)] + _code_checks(con, table)


def duplicate_keys(con: duckdb.DuckDBPyConnection, table: Table, relation: str) -> list[dict[str, Any]]:
    """Some keys that occur more than once in a relation, with their number of rows."""
    key = ", ".join(map(quoted, table.primary_key))
    return records(
        con,
        f"SELECT {key}, count(*) AS n FROM {relation} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT {_EXAMPLES}",
    )


def _run(con: duckdb.DuckDBPyConnection, check: _Check) -> CheckResult:
    failing = int(str(scalar(con, f"SELECT count(*) FROM ({check.failing})")))
    examples = records(con, f"SELECT * FROM ({check.failing}) LIMIT {_EXAMPLES}") if failing else []
    return CheckResult(check.name, check.table, failing == 0, check.blocking, check.description, failing, examples)


def _checks(table: Table) -> Iterator[_Check]:
    if table.has_key_constraint:
        # That keys are unique has been seen to where the build hashes the rows.
        yield _Check("has_key", table.key, "the primary key stands in the file", _missing_key(table))
    if table.key in _MUST_FILL:
        empty = (
            f"SELECT 'no rows, but there are values for it' AS problem WHERE NOT EXISTS (SELECT 1 FROM {table.key}) "
            f"AND EXISTS (SELECT 1 {_MUST_FILL[table.key]})"
        )
        yield _Check("filled", table.key, "it has rows where there are values for it", empty)
    for column in () if table.view else table.columns:
        # What a mart says of observations it has read from them: asking again would take longer than making the mart.
        if column.references and column.references not in (table.key, "core.observation_corrected"):
            (key,) = load_tables()[column.references].primary_key
            unknown = (
                f"SELECT DISTINCT {quoted(column.name)} FROM {table.key} WHERE {quoted(column.name)} IS NOT NULL "
                f"AND {quoted(column.name)} NOT IN (SELECT {quoted(key)} FROM {column.references})"
            )
            yield _Check(
                f"references_{column.name}",
                table.key,
                f"{column.name} stands in {column.references}",
                unknown,
                blocking=not column.nullable,
            )


def _code_checks(con: duckdb.DuckDBPyConnection, table: Table) -> list[CheckResult]:
    """Whether coded columns hold codes of their lists: one scan of the table for all of them."""
    coded = [column for column in table.columns if column.code_list]
    if not coded or table.view:
        return []
    unknown = {column.name: _not_in_list(con, column) for column in coded}
    counts = ", ".join(f"count(*) FILTER ({condition})" for condition in unknown.values())
    failing = con.execute(f"SELECT {counts} FROM {table.key}").fetchall()[0]
    return [
        CheckResult(
            name=f"codes_{column.name}",
            table=table.key,
            passed=count == 0,
            blocking=False,
            description=f"{column.name} stands in code list {column.code_list}",
            failing=count,
            examples=_unknown_codes(con, table, column, unknown[column.name]) if count else (),
        )
        for column, count in zip(coded, failing, strict=True)
    ]


def _not_in_list(con: duckdb.DuckDBPyConnection, column: Column) -> str:
    codes = con.execute("SELECT code FROM meta.code_list WHERE list = ?", [column.code_list]).fetchall()
    known = ", ".join(literal(code) for (code,) in codes)
    return f"{quoted(column.name)} NOT IN ({known})" if known else f"{quoted(column.name)} IS NOT NULL"


def _unknown_codes(
    con: duckdb.DuckDBPyConnection, table: Table, column: Column, condition: str
) -> list[dict[str, Any]]:
    return records(
        con,
        f"SELECT {quoted(column.name)}, count(*) AS n FROM {table.key} WHERE {condition} GROUP BY ALL ORDER BY ALL "
        f"LIMIT {_EXAMPLES}",
    )


def _missing_key(table: Table) -> str:
    small = f"(SELECT count(*) FROM {table.key}) <= {LARGEST_INDEX}" if may_lack_index(table) else "true"
    return (
        f"SELECT 'no primary key' AS problem WHERE {small} "
        f"AND NOT EXISTS (SELECT 1 FROM duckdb_constraints() WHERE "
        f"constraint_type = 'PRIMARY KEY' AND database_name = current_database() "
        f"AND schema_name = '{table.schema}' AND table_name = '{table.name}')"
    )


_FILE_CHECKS = (
    _Check(
        "document_or_quarantine",
        "text.document",
        "no file is both a document and in quarantine",
        "SELECT source_file FROM text.document SEMI JOIN text.quarantine USING (source_file)",
    ),
    _Check(
        "nothing_lost_in_corrections",
        "core.observation_corrected",
        "every corrected row stands in core.observation",
        "SELECT observation_id FROM core.correction ANTI JOIN core.observation USING (observation_id)",
    ),
    _Check(
        "one_place_per_quote",
        "core.observation",
        "quotes are as long as their raw span and at most 60 characters",
        "SELECT observation_id, quote FROM core.observation WHERE length(quote) <> raw_end - raw_start OR length(quote) > 60",
        blocking=False,
    ),
    _Check(
        "no_rejects",
        "meta.reject",
        "no row was kept out",
        "SELECT table_name, reason_code, reason, row_key FROM meta.reject",
        blocking=False,
    ),
    _Check(
        "no_refusals",
        "text.quarantine",
        "no file was refused",
        "SELECT source_file, reason_code, reason FROM text.quarantine WHERE reason_code <> 'duplicate_file'",
        blocking=False,
    ),
    _Check(
        "no_contradictions",
        "mart.consistency",
        "statements agree",
        "SELECT check_id, quote, other_quote, stated, implied FROM mart.consistency WHERE verdict = 'contradicts'",
        blocking=False,
    ),
)
