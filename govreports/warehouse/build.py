"""Building a warehouse file anew from its inputs.

Belongs here: the order of the work (load, correct, marts, and what every build ends with). Does not belong here: bringing a file
up to date (see `revision`), the last steps (see `finishing`), what lies under `warehouse/` and the swap (see `publish`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from govreports.metadata.tables import Table
from govreports.warehouse import changelog
from govreports.warehouse.basis import Basis, rules_of
from govreports.warehouse.connection import (
    TARGET,
    Limits,
    attach_read_only,
    one_transaction,
    target_file,
    writing,
)
from govreports.warehouse.corrections import Correction, apply_corrections
from govreports.warehouse.ddl import SCHEMAS, comments, create
from govreports.warehouse.filling import fill_marts, share_statements
from govreports.warehouse.finishing import Work, finish
from govreports.warehouse.inputs import Inputs
from govreports.warehouse.load import load_all, load_periods
from govreports.warehouse.report import BuildReport, Progress, silent

_PREVIOUS = "previous"


def build_warehouse(
    inputs: Inputs,
    path: Path,
    *,
    corrections: Iterable[Correction] = (),
    previous: Path | None = None,
    run_id: str | None = None,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> BuildReport:
    """Build a new file at `path` from `inputs`; `previous` is the published file that the change log compares with.

    Raises `govreports.warehouse.filling.MartError`, `govreports.warehouse.corrections.CorrectionError`, and `WarehouseError`
    where the disk is full. Failed checks do not raise: see `BuildReport.blocking`.
    """
    report = BuildReport(path, progress)
    with under_way(inputs, report, limits) as work:
        _build(work, list(corrections), previous, run_id)
    return report


@contextmanager
def under_way(inputs: Inputs, report: BuildReport, limits: Limits | None) -> Iterator[Work]:
    """A build of the new or copied file that a report names, which is the default catalog; written to disk in the end."""
    path = report.path
    with writing(path.parent, path.name), TemporaryDirectory(prefix=".rows-", dir=path.parent) as temp:
        with target_file(path, limits) as con:
            con.execute(f"USE {TARGET}")
            yield Work(con, inputs, report, Path(temp))
            filled = time.perf_counter()
        report.seconds["checkpoint"] = time.perf_counter() - filled


def create_tables(con: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """Schemas and empty tables, without keys, in the default catalog."""
    with one_transaction(con):
        for schema in SCHEMAS:
            con.execute(f"CREATE SCHEMA {schema}")
        for table in tables:
            con.execute(create(table))


def _build(work: Work, corrections: list[Correction], previous: Path | None, run_id: str | None) -> None:
    con, report, inputs = work.con, work.report, work.inputs
    create_tables(con, work.tables)
    with report.step("load"):
        report.rows.update(load_all(con, inputs.tables).rows)
        report.rows["core.period"] = load_periods(con, work.temp)
    with report.step("corrections"):
        report.corrected = apply_corrections(con, corrections)
    share_statements(con, report)
    fill_marts(con, inputs.headlines, report)
    basis = Basis(rules_of(corrections, inputs.gold), inputs.partitions)
    if previous is None:
        finish(work, basis, run_id, list, None)
    else:
        attach_read_only(con, previous, _PREVIOUS)
        finish(work, basis, run_id, lambda: changelog.compare(con, _PREVIOUS, TARGET), _PREVIOUS)
        con.execute(f"DETACH {_PREVIOUS}")
    with one_transaction(con):
        for statement in (s for table in work.tables for s in comments(table)):
            con.execute(statement)
