"""Value-level differences between two published files.

Belongs here: comparing tables by key and summing up what was added, removed and changed, with examples. Does not belong here:
whether two builds are the same (see `content_hash`), or printing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from govreports.metadata.tables import Table, load_tables
from govreports.warehouse.connection import attach_read_only, records
from govreports.warehouse.ddl import quoted

# What readers rely on. The rest follows from these, or speaks of the build itself.
COMPARED = (
    "text.document",
    "text.quarantine",
    "core.observation_corrected",
    "mart.region_year_long",
    "mart.target_vs_actual",
)
_EXAMPLES = 3
# Of what moved the log is a map from old ids to new ones, and no sample.
_MOVED = 1000
# A report that was scraped again is another document under the same file name: its values have new ids, even where nothing else
# of them is new. Values that it states more than once are paired in the order of the text.
_MOVES = """
    WITH again AS (SELECT source_file, a.doc_id AS old_doc, b.doc_id AS new_doc
                   FROM {old}.text.document a JOIN {new}.text.document b USING (source_file) WHERE a.doc_id <> b.doc_id),
         before AS (SELECT o.*, row_number() OVER (PARTITION BY doc_id, {same} ORDER BY raw_start, observation_id) AS turn
                    FROM {old}.core.observation o WHERE doc_id IN (SELECT old_doc FROM again)),
         after AS (SELECT o.*, row_number() OVER (PARTITION BY doc_id, {same} ORDER BY raw_start, observation_id) AS turn
                   FROM {new}.core.observation o WHERE doc_id IN (SELECT new_doc FROM again))
    SELECT after.observation_id AS key, before.observation_id || ' at ' || before.raw_start AS was,
           after.observation_id || ' at ' || after.raw_start AS is_now
    FROM again JOIN before ON before.doc_id = old_doc
    JOIN after ON after.doc_id = new_doc AND after.turn = before.turn AND {equal}"""
_SAME = ("indicator_id", "measure", "time_period", "scope", "quote", "obs_value")


@dataclass(frozen=True)
class Change:
    """One line of the change log: how many rows, and an example. `change`: added, removed, changed, moved, schema."""

    table: str
    change: str
    column_name: str | None
    row_count: int
    row_key: str | None = None
    old_value: str | None = None
    new_value: str | None = None


def compare_files(old: Path, new: Path, tables: Sequence[str] = COMPARED) -> list[Change]:
    """Differences between two published files. Raises `WarehouseError` where one cannot be read."""
    with duckdb.connect() as con:
        attach_read_only(con, old, "old")
        attach_read_only(con, new, "new")
        return compare(con, "old", "new", tables)


def compare(con: duckdb.DuckDBPyConnection, old: str, new: str, tables: Sequence[str] = COMPARED) -> list[Change]:
    """Differences between two attached catalogs, table by table, at most three examples for each line of change."""
    return [*_schema_changes(con, old, new), *compare_rows(con, old, new, tables)]


def compare_rows(con: duckdb.DuckDBPyConnection, old: str, new: str, tables: Sequence[str] = COMPARED) -> list[Change]:
    """The same for rows alone, such as those of catalogs that hold but a part of a file."""
    changes: list[Change] = []
    for key in tables:
        if shared := _columns(con, old, key) & _columns(con, new, key):
            changes += _table_changes(con, load_tables()[key], shared, old, new)
    return changes + _moves(con, old, new)


def _moves(con: duckdb.DuckDBPyConnection, old: str, new: str) -> list[Change]:
    """Values of reports that were scraped again, under their new ids."""
    needed = {"observation_id", "doc_id", "raw_start", *_SAME}
    if not needed <= _columns(con, old, "core.observation") & _columns(con, new, "core.observation"):
        return []
    equal = " AND ".join(f"before.{name} IS NOT DISTINCT FROM after.{name}" for name in _SAME)
    select = _MOVES.format(old=old, new=new, same=", ".join(_SAME), equal=equal)
    return _lines(con, "core.observation", "moved", "observation_id", select, limit=_MOVED)


def _schema_changes(con: duckdb.DuckDBPyConnection, old: str, new: str) -> Iterator[Change]:
    for table, column, change in con.execute(
        """
        WITH before AS (SELECT schema_name || '.' || table_name AS t, column_name AS c, data_type AS d
                        FROM duckdb_columns() WHERE database_name = ? AND NOT internal),
             after AS (SELECT schema_name || '.' || table_name AS t, column_name AS c, data_type AS d
                       FROM duckdb_columns() WHERE database_name = ? AND NOT internal)
        SELECT t, c, CASE WHEN before.d IS NULL THEN 'new column' WHEN after.d IS NULL THEN 'column is gone'
                          ELSE before.d || ' became ' || after.d END
        FROM before FULL JOIN after USING (t, c) WHERE before.d IS DISTINCT FROM after.d ORDER BY t, c""",
        [old, new],
    ).fetchall():
        yield Change(table, "schema", column, 0, None, None, change)


def _table_changes(con: duckdb.DuckDBPyConnection, table: Table, shared: set[str], old: str, new: str) -> list[Change]:
    """Changes of one table. Rows are first told apart by a hash: few differ, and all columns of those alone are compared."""
    keys = ", ".join(map(quoted, table.primary_key))
    values = [
        column.name
        for column in table.columns
        if column.name in shared and not column.volatile and column.name not in table.primary_key
    ]
    hashed = f"SELECT {keys}, hash({', '.join([keys, *map(quoted, values)])}) AS hashed FROM"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE differing AS
            SELECT {keys}, a.hashed IS NULL AS added, b.hashed IS NULL AS removed
            FROM ({hashed} {old}.{table.key}) AS a FULL JOIN ({hashed} {new}.{table.key}) AS b USING ({keys})
            WHERE a.hashed IS DISTINCT FROM b.hashed"""
    )
    shown = f"concat_ws(' ', {keys})"
    changes = []
    for change in ("added", "removed"):
        select = f"SELECT {shown} AS key, NULL AS was, NULL AS is_now FROM differing WHERE {change}"
        changes += _lines(con, table.key, change, None, select)
    a, b = (f"(FROM {catalog}.{table.key} SEMI JOIN differing USING ({keys}))" for catalog in (old, new))
    changed = f"{a} AS a JOIN {b} AS b USING ({keys})"
    differs = {name: f"a.{quoted(name)} IS DISTINCT FROM b.{quoted(name)}" for name in values}
    counts = con.execute(
        f"SELECT {', '.join(f'count(*) FILTER ({d})' for d in differs.values())} FROM {changed}"
    ).fetchall()[0]
    for name, count in zip(values, counts, strict=True):
        if count:
            select = (
                f"SELECT {shown} AS key, left(a.{quoted(name)}::VARCHAR, 200) AS was, "
                f"left(b.{quoted(name)}::VARCHAR, 200) AS is_now FROM {changed} WHERE {differs[name]}"
            )
            changes += _lines(con, table.key, "changed", name, select)
    con.execute("DROP TABLE differing")
    return changes


def _lines(
    con: duckdb.DuckDBPyConnection, table: str, change: str, column: str | None, select: str, limit: int = _EXAMPLES
) -> list[Change]:
    found = records(con, f"SELECT *, count(*) OVER () AS n FROM ({select}) ORDER BY key LIMIT {limit}")
    return [
        Change(table, change, column, int(str(row["n"])), _text(row["key"]), _text(row["was"]), _text(row["is_now"]))
        for row in found
    ]


def _columns(con: duckdb.DuckDBPyConnection, catalog: str, key: str) -> set[str]:
    schema, name = key.split(".")
    found = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = ? AND table_name = ?",
        [catalog, schema, name],
    ).fetchall()
    return {column for (column,) in found}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
