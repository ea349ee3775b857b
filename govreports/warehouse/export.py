"""The published file in other formats.

Belongs here: Parquet of the marts with a Frictionless datapackage.json, SDMX-CSV. Does not belong here: the DuckDB file itself.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from govreports.marts.sql import prelude
from govreports.metadata.tables import Column, Table, load_tables
from govreports.warehouse.connection import published_file, records, writing
from govreports.warehouse.ddl import literal
from govreports.warehouse.periods import parse_period

# What is under way bears this name and the number of its process.
UNDER_WAY = ".next-"
# Dimensions that readers of the marts need beside them.
_BESIDE = ("core.region", "core.indicator", "core.theme", "core.period", "meta.code_list")
_FRICTIONLESS = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}
# The SDMX structure that the CSV follows: agency, name, version.
SDMX_STRUCTURE = "GOVREPORTS:GWR(1.0)"
SDMX_COLUMNS = (
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "REF_AREA",
    "INDICATOR",
    "MEASURE",
    "UNIT_MEASURE",
    "FREQ",
    "TIME_PERIOD",
    "OBS_VALUE",
    "UNIT_MULT",
    "DECIMALS",
    "OBS_STATUS",
    "STATUS",
    "BOUND",
    "PRICE_BASIS",
    "BASE_PER",
    "COMMENT_OBS",
    "OBSERVATION_ID",
    "DOC_ID",
)


class MartExport:
    """Every mart of a file, and the dimensions beside them, as Parquet with a datapackage.json: written aside, then swapped in.

    Writing begins at once, in a thread, to a folder beside the one at `folder`, which `swap` replaces whole.
    """

    def __init__(self, file: Path, folder: Path) -> None:
        self.seconds = 0.0
        self._file, self._folder = file, folder
        self._beside = folder.with_name(f"{UNDER_WAY}{os.getpid()}")
        aside = ThreadPoolExecutor(1)
        self._written = aside.submit(self._write)
        aside.shutdown(wait=False)

    def wait(self) -> None:
        """Wait until all is written. Raises `WarehouseError` where it cannot be."""
        self._written.result()

    def swap(self) -> Path:
        """Put the finished folder in place. Returns the path of its datapackage; raises `WarehouseError` where that fails."""
        try:
            self.wait()
            with writing(self._folder.parent, self._folder.name):
                _swap(self._beside, self._folder)
        finally:
            self.discard()
        return self._folder / "datapackage.json"

    def discard(self) -> None:
        """Remove what was written, unless it was swapped in."""
        self._written.exception()
        shutil.rmtree(self._beside, ignore_errors=True)

    def _write(self) -> None:
        started = time.perf_counter()
        shutil.rmtree(self._beside, ignore_errors=True)
        with writing(self._beside, self._folder.name), published_file(self._file) as con:
            resources = [_export_table(con, _as_published(con, table), self._beside) for table in _exported()]
            text = json.dumps(_package(con, resources), ensure_ascii=False, indent=1)
            (self._beside / "datapackage.json").write_text(text + "\n", encoding="utf-8")
        self.seconds = time.perf_counter() - started


def sdmx_rows(con: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    """Rows of SDMX-CSV 2.0 for a connection to a published file, one for each region, indicator, measure, unit and period.

    OBS_VALUE is in the base unit, so UNIT_MULT is 0. Where several statements compete the marts' order decides.
    """
    con.execute(prelude())
    found = records(
        con,
        """SELECT s.region_code, s.indicator_id, s.measure, s.unit_measure, s.freq, s.time_period, s.obs_value, o.decimals,
                  s.obs_status, s.status, s.bound, o.price_basis, s.base_period, o.quote, s.observation_id,
                  s.doc_id
           FROM statement AS s
           JOIN (SELECT min(precedence) AS precedence FROM statement WHERE time_period IS NOT NULL
                 GROUP BY region_code, indicator_id, measure, unit_measure, time_period) AS best USING (precedence)
           JOIN core.observation_corrected AS o USING (observation_id)
           ORDER BY s.region_code, s.indicator_id, s.measure, s.unit_measure, s.time_period""",
    )
    for row in found:
        values = (
            "dataflow",
            SDMX_STRUCTURE,
            "I",
            row["region_code"],
            row["indicator_id"],
            row["measure"],
            row["unit_measure"],
            row["freq"] or "_O",
            sdmx_period(str(row["time_period"])),
            row["obs_value"],
            0,
            row["decimals"],
            row["obs_status"],
            row["status"],
            row["bound"],
            row["price_basis"],
            sdmx_period(str(row["base_period"])) if row["base_period"] else None,
            row["quote"],
            row["observation_id"],
            row["doc_id"],
        )
        yield dict(zip(SDMX_COLUMNS, values, strict=True))


def sdmx_period(text: str) -> str:
    """A time period as SDMX writes it: 2021-H1 is 2021-S1, 2016/2020 is 2016-01-01/P5Y, 2021-01/2021-08 is 2021-01-01/P8M."""
    period = parse_period(text)
    if "/" not in text:
        return text.replace("-H", "-S")
    months = _months(period.period_start, period.period_end)
    length = f"P{months // 12}Y" if months % 12 == 0 else f"P{months}M"
    return f"{period.period_start.isoformat()}/{length}"


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _exported() -> list[Table]:
    tables = load_tables()
    return [table for table in tables.values() if table.schema == "mart"] + [tables[key] for key in _BESIDE]


def _as_published(con: duckdb.DuckDBPyConnection, table: Table) -> Table:
    """The table with the columns that stand in the file: headline columns are described by its own dictionary."""
    if not table.per_headline:
        return table
    names = {column.name for column in table.columns}
    described = records(
        con,
        "SELECT * FROM meta.data_dictionary WHERE schema_name = ? AND table_name = ? ORDER BY column_order",
        [table.schema, table.name],
    )
    more = tuple(_column(row) for row in described if row["column_name"] not in names)
    return Table(
        schema=table.schema,
        name=table.name,
        columns=table.columns + more,
        primary_key=table.primary_key,
        description_zh=table.description_zh,
        description_en=table.description_en,
        stage=table.stage,
        published=True,
    )


def _column(row: dict[str, Any]) -> Column:
    return Column(
        name=row["column_name"],
        type=row["type"],
        label_zh=row["label_zh"],
        description_zh=row["description_zh"],
        description_en=row["description_en"],
        unit=row["unit"],
        code_list=row["code_list"],
        nullable=row["nullable"],
        references=row["references"],
    )


def _export_table(con: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> dict[str, Any]:
    path = folder / f"{table.key}.parquet"
    con.execute(f"COPY {table.key} TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")
    return {
        "name": table.key.replace("_", "-"),
        "path": path.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "title": table.description_zh,
        "description": table.description_en,
        "schema": {
            "fields": [_field(column, table) for column in table.columns],
            "primaryKey": list(table.primary_key),
            "foreignKeys": [
                {
                    "fields": column.name,
                    "reference": {
                        "resource": column.references.replace("_", "-"),
                        "fields": load_tables()[column.references].primary_key[0],
                    },
                }
                for column in table.columns
                if column.references in _BESIDE and column.references != table.key
            ],
        },
    }


def _field(column: Column, table: Table) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _FRICTIONLESS[column.type],
        "title": column.label_zh,
        "description": f"{column.description_zh} | {column.description_en}",
    }
    if column.unit:
        field["unit"] = column.unit
    if not column.nullable or column.name in table.primary_key:
        field["constraints"] = {"required": True}
    return field


def _package(con: duckdb.DuckDBPyConnection, resources: list[dict[str, Any]]) -> dict[str, Any]:
    built_at, version, content_hash = con.execute(
        "SELECT built_at, package_version, content_hash FROM meta.build"
    ).fetchall()[0]
    return {
        "name": "govreports",
        "title": "Chinese local government reports as comparable data",
        "description": "The marts of one build, with the dimensions that they refer to.",
        "version": version,
        "created": f"{built_at.isoformat()}Z",
        "contentHash": content_hash,
        "resources": resources,
    }


def _swap(beside: Path, folder: Path) -> None:
    """Put the finished folder in place; between the two renames there is a moment without one."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    with suppress(FileNotFoundError):
        folder.rename(old)
    beside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
