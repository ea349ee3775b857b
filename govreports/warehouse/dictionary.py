"""What the file says of itself: dictionary and statistics of its tables.

Belongs here: meta.data_dictionary and meta.table_stats. Does not belong here: comments (see `ddl`), the build's row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from govreports.metadata.tables import Column, Table
from govreports.warehouse.connection import side_by_side
from govreports.warehouse.ddl import quoted

_LONGEST_EXAMPLE = 60
_SAMPLE = 5000


def dictionary_rows(con: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> list[dict[str, Any]]:
    """Rows of meta.data_dictionary for tables of the default catalog; shares of nulls and examples from their rows."""
    return [row for rows in side_by_side(con, _table_rows, tables) for row in rows]


def stats_rows(
    con: duckdb.DuckDBPyConnection, tables: Sequence[Table], hashes: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Rows of meta.table_stats."""
    return [
        {
            "schema_name": table.schema,
            "table_name": table.name,
            "row_count": con.execute(f"SELECT count(*) FROM {table.key}").fetchall()[0][0],
            "column_count": len(table.columns),
            "content_hash": hashes.get(table.key),
        }
        for table in tables
    ]


def _table_rows(con: duckdb.DuckDBPyConnection, table: Table) -> list[dict[str, Any]]:
    counts = ", ".join(f"count({quoted(column.name)})" for column in table.columns)
    (rows, *present) = con.execute(f"SELECT count(*), {counts} FROM {table.key}").fetchall()[0]
    smallest = ", ".join(f"min({_shown(column)})" for column in table.columns)
    sample = f"SELECT * FROM {table.key} LIMIT {_SAMPLE}"
    examples = con.execute(f"SELECT {smallest} FROM ({sample})").fetchall()[0]
    return [
        {
            "schema_name": table.schema,
            "table_name": table.name,
            "column_name": column.name,
            "column_order": at + 1,
            "type": column.type,
            "label_zh": column.label_zh,
            "description_zh": column.description_zh,
            "description_en": column.description_en,
            "unit": column.unit,
            "code_list": column.code_list,
            "primary_key": column.name in table.primary_key,
            "references": column.references,
            "nullable": column.nullable,
            "null_share": 1 - present[at] / rows if rows else None,
            "example": _text(examples[at]),
        }
        for at, column in enumerate(table.columns)
    ]


def _shown(column: Column) -> str:
    return f"left({quoted(column.name)}, {_LONGEST_EXAMPLE})" if column.type == "VARCHAR" else quoted(column.name)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
