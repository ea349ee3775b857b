"""Marts and publication for millions of observations: real ones, multiplied.

Belongs here: copying the tables of a lake under new ids and regions, building from them, telling seconds, memory and size. Does
not belong here: limits that fail a build; the figures are read by people.

    python -m benchmarks.warehouse [--warehouse warehouse] [--observations 4000000]
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from govreports.lake.store import Lake
from govreports.metadata.tables import load_tables
from govreports.warehouse.connection import Limits
from govreports.warehouse.ddl import literal, quoted
from govreports.warehouse.inputs import Inputs, from_lake
from govreports.warehouse.publish import publish
from govreports.warehouse.report import BuildReport

# Columns whose values get another value in each copy, so that copies are other documents of other regions.
_IDS = frozenset({"doc_id", "section_id", "parent_id", "observation_id", "quantity_id", "duplicate_of"})
_NAMES = frozenset({"region_code", "region_code_current", "source_file", "partition_key"})
_COPIED = ("text.", "core.observation", "core.quantity", "core.region")


def multiplied(inputs: Inputs, copies: int, folder: Path) -> Inputs:
    """Inputs with every document, its rows and its region copied. Regions without a document stay one: there is one gazetteer."""
    documents = _listed(inputs.tables["text.document"])
    once = f"region_code IN (SELECT unnest([region_code, region_code_current]) FROM {documents})"
    tables = {
        table: [_copy(table, paths, copies, folder, once if table == "core.region" else "true")]
        if table.startswith(_COPIED) and paths
        else paths
        for table, paths in inputs.tables.items()
    }
    return replace(inputs, tables=tables, input_count=inputs.input_count * copies)


def run(inputs: Inputs, observations: int, limits: Limits) -> tuple[BuildReport, float, int]:
    """Publish at least `observations` rows. Returns the report, seconds and bytes of the file."""
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        real = _count(inputs.tables["core.observation"])
        many = multiplied(inputs, -(-observations // max(real, 1)), folder)
        started = time.perf_counter()
        report = publish(many, folder / "warehouse", limits=limits)
        return report, time.perf_counter() - started, report.path.stat().st_size


def _copy(table: str, paths: Sequence[Path], copies: int, folder: Path, copied: str) -> Path:
    """The rows for which the SQL condition `copied` holds under as many ids, the others once."""
    path = folder / f"{table}.parquet"
    columns = ", ".join(_copied(column.name) for column in load_tables()[table].columns)
    # Within bounds: the peak that is told is to be that of the publication.
    with duckdb.connect(config={"memory_limit": "1GB", "preserve_insertion_order": False}) as con:
        con.execute(
            f"COPY (SELECT {columns} FROM range({copies}) AS copies(k), {_listed(paths)} WHERE k = 0 OR {copied}) "
            f"TO {literal(str(path))} (FORMAT parquet)"
        )
    return path


def _copied(column: str) -> str:
    name = quoted(column)
    if column in _IDS:
        return f"CASE WHEN k = 0 THEN {name} ELSE left({name}, 1) || left(md5({name} || k), 16) END AS {name}"
    if column in _NAMES:
        return f"CASE WHEN k = 0 THEN {name} ELSE {name} || '_' || k END AS {name}"
    return name


def _count(paths: Sequence[Path]) -> int:
    with duckdb.connect() as con:
        return int(con.execute(f"SELECT count(*) FROM {_listed(paths)}").fetchall()[0][0])


def _listed(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(literal(str(p)) for p in paths)}], union_by_name = true)"


def _show(report: BuildReport, seconds: float, size: int, steps: Mapping[str, float]) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{report.rows['core.observation']:,} observations: {seconds:.1f} s, {peak:.2f} GiB at most, {size / 1e9:.2f} GB"
    )
    for name, took in steps.items():
        print(f"  {took:7.2f} s  {name}")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse"))
    parser.add_argument("--observations", type=int, default=4_000_000)
    parser.add_argument("--memory", default="2500MB")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    inputs = from_lake(Lake(options.warehouse / "lake"))
    report, seconds, size = run(inputs, options.observations, Limits(options.memory, options.threads))
    _show(report, seconds, size, report.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
