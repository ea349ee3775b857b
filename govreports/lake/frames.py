"""Rows of the stages as Polars frames, after the declared columns.

Belongs here: the layout of a stage file (one row per document, the stage's tables nested in it) and the frames of its tables.
Does not belong here: the declarations (see `govreports.metadata.tables`), or where files lie (see `govreports.lake.store`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl

from govreports.metadata.tables import load_tables

Row = dict[str, Any]

_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "VARCHAR": pl.String,
    "INTEGER": pl.Int32,
    "BIGINT": pl.Int64,
    "DOUBLE": pl.Float64,
    "BOOLEAN": pl.Boolean,
    "DATE": pl.Date,
    "TIMESTAMP": pl.Datetime("us"),
    "BIGINT[]": pl.List(pl.Int64),
}


@dataclass(frozen=True)
class Layout:
    """A stage file: the table of its rows, and the tables nested in them by column."""

    root: str
    nested: dict[str, str] = field(default_factory=dict)


LAYOUTS: dict[str, Layout] = {
    "raw": Layout("lake.raw"),
    "cleaned": Layout("lake.cleaned", {"span": "text.span"}),
    "sections": Layout(
        "lake.sections",
        {
            "section": "text.section",
            "table_cell": "text.table_cell",
            "glossary": "text.glossary",
            "self_check": "text.self_check",
        },
    ),
    "indicators": Layout("lake.indicators", {"observation": "core.observation", "quantity": "core.quantity"}),
}


class UndeclaredColumns(ValueError):
    """A stage returned columns that no table declares, or left declared ones out."""


@cache
def table_schema(table: str) -> dict[str, pl.DataType | type[pl.DataType]]:
    """Polars types of a declared table's columns, in order."""
    return {column.name: _TYPES[column.type] for column in load_tables()[table].columns}


@cache
def stage_schema(stage: str) -> dict[str, Any]:
    """Polars schema of a stage file."""
    layout = LAYOUTS[stage]
    nested = {name: pl.List(pl.Struct(table_schema(table))) for name, table in layout.nested.items()}
    return {**table_schema(layout.root), **nested}


def stage_frame(stage: str, rows: list[Row]) -> pl.DataFrame:
    """The frame of a stage file. Raises `UndeclaredColumns` where rows and declarations differ."""
    layout, schema = LAYOUTS[stage], stage_schema(stage)
    for row in rows:
        _same_columns(f"stage {stage}", row, schema)
        for name, table in layout.nested.items():
            for inner in row[name]:
                _same_columns(table, inner, table_schema(table))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _same_columns(where: str, row: Row, schema: dict[str, Any]) -> None:
    if row.keys() != schema.keys():
        unknown, missing = sorted(row.keys() - schema.keys()), sorted(schema.keys() - row.keys())
        raise UndeclaredColumns(f"{where}: undeclared columns {unknown}, missing columns {missing}")


def flat(stage: str, frame: pl.DataFrame | pl.LazyFrame, table_column: str) -> pl.LazyFrame:
    """One of a stage's nested tables as a flat frame."""
    table = LAYOUTS[stage].nested[table_column]
    exploded = frame.lazy().select(table_column).explode(table_column).drop_nulls()
    return exploded.unnest(table_column).select(list(table_schema(table)))
