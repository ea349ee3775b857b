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
from govreports.warehouse.connection import scalar
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
    "text.theme_mention",
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
    """Fill every table of `LOADED` in the default catalog, where they stand empty."""
    loaded = Loaded()
    for key in LOADED:
        table = load_tables()[key]
        if files.get(key):
            _load(con, table, files[key], loaded)
        loaded.rows[key] = int(str(scalar(con, f"SELECT count(*) FROM {key}")))
    return loaded


def load_periods(con: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Let core.period hold the periods that observations name, and no others. Returns the number of rows.

    Periods that cannot be read are left out: the reference check names them.
    """
    con.execute(
        """CREATE OR REPLACE TEMP TABLE named AS
            SELECT DISTINCT time_period FROM core.observation WHERE time_period IS NOT NULL
            UNION SELECT DISTINCT time_period FROM core.quantity WHERE time_period IS NOT NULL
            UNION SELECT DISTINCT base_period FROM core.observation WHERE base_period IS NOT NULL"""
    )
    con.execute("DELETE FROM core.period WHERE time_period NOT IN (SELECT time_period FROM named)")
    new = con.execute("SELECT time_period FROM named ANTI JOIN core.period USING (time_period) ORDER BY 1").fetchall()
    rows = [vars(period) for (text,) in new if (period := _period(text))]
    if rows:
        path = folder / "core.period.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(rows, schema=table_schema("core.period"), orient="row").write_parquet(path)
        con.execute(f"INSERT INTO core.period BY NAME SELECT * FROM {_source([path])}")
    return int(str(scalar(con, "SELECT count(*) FROM core.period")))


def _period(text: str) -> Period | None:
    try:
        return parse_period(text)
    except ValueError:
        return None


def _load(con: duckdb.DuckDBPyConnection, table: Table, paths: Sequence[Path], loaded: Loaded) -> None:
    source = _source(paths)
    good = f"SELECT * FROM {source} AS incoming"
    if _any_bad(con, table, source):
        loaded.lossy.add(table.key)
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE bad AS SELECT *, {_reason(table)} AS problem FROM {source} AS incoming "
            "WHERE problem IS NOT NULL"
        )
        _reject(con, table)
        good += f" WHERE ({_reason(table)}) IS NULL"
    if _any_twice(con, table, source):
        loaded.lossy.add(table.key)
        good = _without_repeated_keys(con, table, good)
    _insert(con, table, f"({good})", loaded)


def _without_repeated_keys(con: duckdb.DuckDBPyConnection, table: Table, good: str) -> str:
    """Reject all but the first row of each key that occurs more than once; a SELECT of the rest."""
    key = ", ".join(map(quoted, table.primary_key))
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE repeated AS
            WITH twice AS (SELECT {key} FROM ({good}) GROUP BY ALL HAVING count(*) > 1)
            SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY to_json(incoming)) AS place
            FROM ({good}) AS incoming SEMI JOIN twice USING ({key})"""
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE bad AS SELECT * EXCLUDE (place), 'duplicate_key' AS problem FROM repeated WHERE place > 1"
    )
    _reject(con, table)
    return (
        f"SELECT * FROM ({good}) ANTI JOIN repeated USING ({key}) "
        "UNION ALL BY NAME SELECT * EXCLUDE (place) FROM repeated WHERE place = 1"
    )


def _reject(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Tell of the rows in the temporary table `bad`."""
    con.execute(_rejects(table))
    if table.key == "text.document":
        con.execute(
            """INSERT INTO text.quarantine BY NAME
                SELECT source_file, any_value(sha256) AS sha256, any_value(split_part(problem, ':', 1)) AS reason_code,
                       any_value('its document was kept out of the warehouse (' || problem || ')') AS reason
                FROM bad
                WHERE source_file IS NOT NULL
                  AND source_file NOT IN (SELECT source_file FROM text.quarantine)
                GROUP BY source_file"""
        )


def _insert(con: duckdb.DuckDBPyConnection, table: Table, source: str, loaded: Loaded) -> None:
    columns = ", ".join(_kept(column, table, loaded) for column in table.columns)
    con.execute(f"INSERT INTO {table.key} BY NAME SELECT {columns} FROM {source} AS incoming")


def _kept(column: Column, table: Table, loaded: Loaded) -> str:
    """A column as it goes in: a nullable reference into a table that lost rows is checked."""
    name = quoted(column.name)
    if not (column.nullable and column.references in loaded.lossy) or column.references == table.key:
        return name
    (key,) = load_tables()[column.references].primary_key
    found = f"SELECT {quoted(key)} FROM {column.references}"
    return f"CASE WHEN {name} IN ({found}) THEN {name} END AS {name}"


def _any_bad(con: duckdb.DuckDBPyConnection, table: Table, source: str) -> bool:
    reason = _reason(table)
    return bool(reason) and bool(scalar(con, f"SELECT count(*) FROM {source} AS incoming WHERE ({reason}) IS NOT NULL"))


def _any_twice(con: duckdb.DuckDBPyConnection, table: Table, source: str) -> bool:
    if not table.primary_key:
        return False
    key = ", ".join(map(quoted, table.primary_key))
    # As many hashes as rows: no key is there twice. Whether fewer are a coincidence is seen row by row.
    return bool(scalar(con, f"SELECT count(*) > count(DISTINCT hash({key})) FROM {source}"))


def _reason(table: Table) -> str:
    """SQL that gives `<reason code>:<column>` for a bad row and null for a good one; empty where nothing can be bad."""
    cases = []
    for column in table.columns:
        name = quoted(column.name)
        if not column.nullable:
            cases.append(f"WHEN {name} IS NULL THEN 'missing_value:{column.name}'")
        if column.references and not column.nullable and column.references != table.key:
            (key,) = load_tables()[column.references].primary_key
            known = f"SELECT {quoted(key)} FROM {column.references}"
            kind = column.references.split(".")[1]
            cases.append(f"WHEN {name} NOT IN ({known}) THEN 'unknown_{kind}:{column.name}'")
        if column.name in _STRICT_CODES.get(table.key, ()):
            known = f"SELECT code FROM meta.code_list WHERE list = {literal(column.code_list or '')}"
            cases.append(f"WHEN {name} NOT IN ({known}) THEN 'unknown_unit:{column.name}'")
    return f"CASE {' '.join(cases)} END" if cases else ""


def _rejects(table: Table) -> str:
    key = f"concat_ws(' ', {', '.join(map(quoted, table.primary_key))})" if table.primary_key else "''"
    names = table.column_names
    return f"""
        INSERT INTO meta.reject BY NAME
        SELECT '{table.schema}' AS schema_name, '{table.name}' AS table_name, {key} AS row_key,
               {"doc_id" if "doc_id" in names else "NULL"} AS doc_id,
               split_part(problem, ':', 1) AS reason_code,
               CASE WHEN problem = 'duplicate_key' THEN 'another row has the same key'
                    WHEN problem LIKE 'missing_value:%' THEN split_part(problem, ':', 2) || ' is empty'
                    ELSE 'the value of ' || split_part(problem, ':', 2) || ' is not known: '
                         || coalesce({_culprit(table)}, '') END AS reason,
               {"quote" if "quote" in names else "NULL"} AS quote
        FROM bad"""


def _culprit(table: Table) -> str:
    """SQL for the value of the column that the problem names."""
    references = [c.name for c in table.columns if c.references or c.name in _STRICT_CODES.get(table.key, ())]
    cases = " ".join(f"WHEN {literal(name)} THEN {quoted(name)}::VARCHAR" for name in references)
    return f"CASE split_part(problem, ':', 2) {cases} END" if cases else "''"


def _source(paths: Sequence[Path]) -> str:
    listed = ", ".join(literal(str(path)) for path in paths)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
