"""The commands about published files: diff, export.

Belongs here: options and printing. Does not belong here: comparing and writing (see `changelog` and `export`). `govreports.cli`
finds `COMMANDS` by itself.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import click
import duckdb

from govreports.warehouse.changelog import Change, compare_files
from govreports.warehouse.connection import published_file
from govreports.warehouse.export import SDMX_COLUMNS, MartExport, sdmx_rows
from govreports.warehouse.publish import FILE_NAME

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_warehouse = click.option(
    "--warehouse",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("warehouse"),
    show_default=True,
    help="Folder that holds the published file.",
)


@click.command()
@click.argument("old", metavar="A", type=_FILE)
@click.argument("new", metavar="B", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def diff(old: Path, new: Path, as_json: bool) -> None:
    """What changed from one published file to another, value by value.

    The builds before the current one lie under warehouse/builds.
    """
    changes = compare_files(old, new)
    if as_json:
        click.echo(json.dumps([asdict(change) for change in changes], ensure_ascii=False, indent=1))
        return
    if not changes:
        click.echo("The same.")
    last = None
    for change in changes:
        head = (change.table, change.change, change.column_name)
        if head != last:
            click.echo(_head(change))
        if change.row_key is not None:
            values = f": {change.old_value} -> {change.new_value}" if change.change == "changed" else ""
            click.echo(f"    {change.row_key}{values}")
        last = head


@click.group()
def export() -> None:
    """The published file in other formats."""


@export.command()
@_warehouse
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; standard output without."
)
def sdmx(warehouse: Path, output: Path | None) -> None:
    """SDMX-CSV: one line for each region, indicator, measure, unit and period."""
    with published_file(warehouse / FILE_NAME) as con:
        if output is None:
            count = _write_csv(con, sys.stdout)
        else:
            with output.open("w", encoding="utf-8", newline="") as handle:
                count = _write_csv(con, handle)
    click.echo(f"{count} observations written", err=True)


@export.command()
@_warehouse
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Folder to write, replaced whole.")
def parquet(warehouse: Path, output: Path | None) -> None:
    """Parquet of every mart with a Frictionless datapackage.json."""
    click.echo(MartExport(warehouse / FILE_NAME, output or warehouse / "exports" / "parquet").swap())


COMMANDS = (diff, export)


def _head(change: Change) -> str:
    if change.change == "schema":
        return f"{change.table}.{change.column_name}: {change.new_value}"
    rows = "row" if change.row_count == 1 else "rows"
    column = f" in {change.column_name}" if change.column_name else ""
    return f"{change.table}: {change.row_count} {rows} {change.change}{column}, such as"


def _write_csv(con: duckdb.DuckDBPyConnection, handle: TextIO) -> int:
    writer = csv.DictWriter(handle, SDMX_COLUMNS, lineterminator="\n")
    writer.writeheader()
    rows = sdmx_rows(con)
    return sum(1 for row in rows if writer.writerow(row))
