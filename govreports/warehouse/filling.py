"""Filling the marts, and the keys of tables.

Belongs here: running a mart's SQL into its table, and seeing to it that no key has two rows. Does not belong here: the SQL (see
`govreports.marts`), or which rows the marts are made from (see `build` and `revision`). All of it in the default catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from govreports.marts.sql import MARTS, mart_sql, prelude
from govreports.metadata.tables import Headline, Table, load_tables
from govreports.warehouse.checks import duplicate_keys
from govreports.warehouse.connection import WarehouseError, scalar
from govreports.warehouse.ddl import LARGEST_INDEX, add_primary_key, may_lack_index
from govreports.warehouse.report import BuildReport


class MartError(WarehouseError):
    """A mart returned two rows for one key, or columns other than the declared ones."""


def share_statements(con: duckdb.DuckDBPyConnection, report: BuildReport) -> None:
    """Make the temporary tables that marts read, from text and core."""
    with report.step("statements"):
        con.execute(prelude())


def fill_marts(
    con: duckdb.DuckDBPyConnection, headlines: Sequence[Headline], report: BuildReport, marts: Iterable[str] = MARTS
) -> None:
    """Fill marts, which stand empty, from text, core and the shared tables, which are dropped.

    Raises `MartError` where columns are not the declared ones.
    """
    for name in marts:
        with report.step(f"mart.{name}"):
            table = load_tables()[f"mart.{name}"].expanded(headlines)
            _fill_mart(con, table, mart_sql(name, headlines))
            report.rows[table.key] = count_rows(con, table)
    con.execute("DROP TABLE statement; DROP TABLE outturn; DROP TABLE reviewed")


def _fill_mart(con: duckdb.DuckDBPyConnection, table: Table, select: str) -> None:
    made = [row[0] for row in con.execute(f"DESCRIBE ({select})").fetchall()]
    if set(made) != set(table.column_names):
        differing = sorted(set(made) ^ set(table.column_names))
        raise MartError(f"{table.key}: columns of the SQL and of the declaration differ: {', '.join(differing)}")
    con.execute(f"INSERT INTO {table.key} BY NAME {select}")


def add_key(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Add the primary key, where the table is to have one and has none yet.

    Raises `MartError` naming keys that have more than one row.
    """
    if not table.has_key_constraint or (may_lack_index(table) and count_rows(con, table) > LARGEST_INDEX):
        return
    if has_key(con, table):
        return
    try:
        con.execute(add_primary_key(table))
    except duckdb.ConstraintException:
        refuse_repeated_keys(con, table)
        raise


def has_key(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether the primary key of a table stands in the file."""
    return bool(
        con.execute(
            """SELECT 1 FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'
               AND database_name = current_database() AND schema_name = ? AND table_name = ?""",
            [table.schema, table.name],
        ).fetchall()
    )


def refuse_repeated_keys(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Raise `MartError` naming keys that have more than one row, if there are any."""
    if twice := duplicate_keys(con, table, table.key):
        shown = "; ".join(", ".join(f"{k} {v}" for k, v in row.items() if k != "n") for row in twice)
        raise MartError(f"{table.key} has more than one row for a key: {shown}")


def count_rows(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    """The number of rows of a table."""
    return int(str(scalar(con, f"SELECT count(*) FROM {table.key}")))
