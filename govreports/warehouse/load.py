"""Bringing rows into the tables of text and core.

Belongs here: reading Parquet into declared tables, keeping bad rows out and saying why, the period dimension. Does not belong
here: marts, corrections, checks of what stands in the file.

A row is bad when a required column is null, when a required reference or the unit does not exist, or when its key was there
before. A nullable reference to a row that was itself kept out becomes null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from govreports.lake.frames import table_schema
from govreports.metadata.tables import Column, Table, load_tables
from govreports.warehouse.connection import TARGET, scalar
from govreports.warehouse.ddl import literal, quoted
from govreports.warehouse.periods import Period, parse_period

# In the order of their references.
LOADED = (
    "meta.reject",
    "meta.code_list",
    "core.region",
    "core.indicator",
    "core.theme",
    "text.quarantine",
    "text.document",
    "text.span",
    "text.section",
    "text.table_cell",
    "text.glossary",
    "text.self_check",
    "core.observation",
    "core.quantity",
)
# Columns whose values must stand in their code list, or the row is kept out.
_STRICT_CODES = {"core.observation": ("unit_measure",)}


@dataclass
class Loaded:
    """What was loaded: rows by table, and tables that lost rows."""

    rows: dict[str, int] = field(default_factory=dict)
    lossy: set[str] = field(default_factory=set)


def load_all(con: duckdb.DuckDBPyConnection, files: Mapping[str, Sequence[Path]]) -> Loaded:
    """Fill every table of `LOADED` in the attached target, where they stand empty."""
    loaded = Loaded()
    for key in LOADED:
        table = load_tables()[key]
        if files.get(key):
            _load(con, table, files[key], loaded)
        loaded.rows[key] = int(str(scalar(con, f"SELECT count(*) FROM {TARGET}.{key}")))
    _quarantine_documents_kept_out(con, loaded)
    return loaded


def load_periods(con: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Fill core.period from the periods that observations name. Returns the number of rows.

    Periods that cannot be read are left out: the reference check names them.
    """
    named = con.execute(
        f"""SELECT DISTINCT time_period FROM {TARGET}.core.observation WHERE time_period IS NOT NULL
            UNION SELECT DISTINCT time_period FROM {TARGET}.core.quantity WHERE time_period IS NOT NULL
            UNION SELECT DISTINCT base_period FROM {TARGET}.core.observation WHERE base_period IS NOT NULL ORDER BY 1"""
    ).fetchall()
    rows = [vars(period) for (text,) in named if (period := _period(text))]
    if rows:
        path = folder / "core.period.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(rows, schema=table_schema("core.period"), orient="row").write_parquet(path)
        con.execute(f"INSERT INTO {TARGET}.core.period BY NAME SELECT * FROM {_source([path])}")
    return len(rows)


def _period(text: str) -> Period | None:
    try:
        return parse_period(text)
    except ValueError:
        return None


def _load(con: duckdb.DuckDBPyConnection, table: Table, paths: Sequence[Path], loaded: Loaded) -> None:
    source = _source(paths)
    bad = _find_bad(con, table, source)
    duplicates = _find_duplicates(con, table, source)
    if not bad and not duplicates:
        _insert(con, table, source, loaded, "")
        return
    loaded.lossy.add(table.key)
    # Row numbers tell rows of one key apart: the first good one stays.
    con.execute(f"CREATE OR REPLACE TEMP TABLE incoming AS SELECT *, row_number() OVER () AS row_id FROM {source}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE bad AS {_bad_rows(table, 'incoming')}")
    if duplicates:
        con.execute(f"INSERT INTO bad {_later_rows(table)}")
    con.execute(_rejects(table))
    if table.key == "text.document":
        _remember_documents_kept_out(con)
    _insert(con, table, "incoming", loaded, "WHERE row_id NOT IN (SELECT row_id FROM bad)")
    con.execute("DROP TABLE incoming; DROP TABLE bad")


def _insert(con: duckdb.DuckDBPyConnection, table: Table, source: str, loaded: Loaded, where: str) -> None:
    columns = ", ".join(_kept(column, table, loaded) for column in table.columns)
    con.execute(f"INSERT INTO {TARGET}.{table.key} BY NAME SELECT {columns} FROM {source} AS incoming {where}")


def _kept(column: Column, table: Table, loaded: Loaded) -> str:
    """A column as it goes in: a nullable reference into a table that lost rows is checked."""
    name = quoted(column.name)
    if not (column.nullable and column.references in loaded.lossy) or column.references == table.key:
        return name
    (key,) = load_tables()[column.references].primary_key
    found = f"SELECT {quoted(key)} FROM {TARGET}.{column.references}"
    return f"CASE WHEN {name} IN ({found}) THEN {name} END AS {name}"


def _find_bad(con: duckdb.DuckDBPyConnection, table: Table, source: str) -> bool:
    reason = _reason(table)
    return bool(reason) and bool(scalar(con, f"SELECT count(*) FROM {source} AS incoming WHERE ({reason}) IS NOT NULL"))


def _find_duplicates(con: duckdb.DuckDBPyConnection, table: Table, source: str) -> bool:
    if not table.primary_key:
        return False
    key = ", ".join(map(quoted, table.primary_key))
    found = f"SELECT 1 FROM {source} AS incoming GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
    return scalar(con, found) is not None


def _bad_rows(table: Table, source: str) -> str:
    reason = _reason(table) or "NULL"
    return (
        f"SELECT row_id, reason FROM (SELECT row_id, {reason} AS reason FROM {source} AS incoming) "
        "WHERE reason IS NOT NULL"
    )


def _later_rows(table: Table) -> str:
    key = ", ".join(map(quoted, table.primary_key))
    return (
        "SELECT row_id, 'duplicate_key' FROM incoming WHERE row_id NOT IN (SELECT row_id FROM bad) "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY row_id) > 1"
    )


def _reason(table: Table) -> str:
    """SQL that gives `<reason code>:<column>` for a bad row and null for a good one; empty where nothing can be bad."""
    cases = []
    for column in table.columns:
        name = quoted(column.name)
        if not column.nullable:
            cases.append(f"WHEN {name} IS NULL THEN 'missing_value:{column.name}'")
        if column.references and not column.nullable and column.references != table.key:
            (key,) = load_tables()[column.references].primary_key
            known = f"SELECT {quoted(key)} FROM {TARGET}.{column.references}"
            kind = column.references.split(".")[1]
            cases.append(f"WHEN {name} NOT IN ({known}) THEN 'unknown_{kind}:{column.name}'")
        if column.name in _STRICT_CODES.get(table.key, ()):
            known = f"SELECT code FROM {TARGET}.meta.code_list WHERE list = {literal(column.code_list or '')}"
            cases.append(f"WHEN {name} NOT IN ({known}) THEN 'unknown_unit:{column.name}'")
    return f"CASE {' '.join(cases)} END" if cases else ""


def _rejects(table: Table) -> str:
    key = f"concat_ws(' ', {', '.join(map(quoted, table.primary_key))})" if table.primary_key else "row_id::VARCHAR"
    names = table.column_names
    return f"""
        INSERT INTO {TARGET}.meta.reject BY NAME
        SELECT '{table.schema}' AS schema_name, '{table.name}' AS table_name, coalesce({key}, '') AS row_key,
               {"doc_id" if "doc_id" in names else "NULL"} AS doc_id,
               split_part(bad.reason, ':', 1) AS reason_code,
               CASE WHEN bad.reason = 'duplicate_key' THEN 'another row has the same key'
                    WHEN bad.reason LIKE 'missing_value:%' THEN split_part(bad.reason, ':', 2) || ' is empty'
                    ELSE 'the value of ' || split_part(bad.reason, ':', 2) || ' is not known: '
                         || coalesce({_culprit(table)}, '') END AS reason,
               {"quote" if "quote" in names else "NULL"} AS quote
        FROM incoming JOIN bad USING (row_id)"""


def _culprit(table: Table) -> str:
    """SQL for the value of the column that the reason names."""
    references = [c.name for c in table.columns if c.references or c.name in _STRICT_CODES.get(table.key, ())]
    cases = " ".join(f"WHEN {literal(name)} THEN {quoted(name)}::VARCHAR" for name in references)
    return f"CASE split_part(bad.reason, ':', 2) {cases} END" if cases else "''"


def _remember_documents_kept_out(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """CREATE OR REPLACE TEMP TABLE document_kept_out AS
           SELECT source_file, sha256, split_part(reason, ':', 1) AS reason_code,
                  'its document was kept out of the warehouse (' || reason || ')' AS reason
           FROM incoming JOIN bad USING (row_id) WHERE source_file IS NOT NULL"""
    )


def _quarantine_documents_kept_out(con: duckdb.DuckDBPyConnection, loaded: Loaded) -> None:
    """A file whose document was kept out is quarantined, so that it stands in exactly one of both tables."""
    if "text.document" not in loaded.lossy:
        return
    con.execute(
        f"""INSERT INTO {TARGET}.text.quarantine BY NAME
            SELECT source_file, sha256, reason_code, reason FROM document_kept_out
            WHERE source_file NOT IN (SELECT source_file FROM {TARGET}.text.quarantine)
              AND source_file NOT IN (SELECT source_file FROM {TARGET}.text.document)"""
    )


def _source(paths: Sequence[Path]) -> str:
    listed = ", ".join(literal(str(path)) for path in paths)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
