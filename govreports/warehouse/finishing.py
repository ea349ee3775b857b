"""The last steps of every build, once text, core and mart are filled.

Belongs here: quality, content hash, change log, keys, what the file says of itself, checks. Does not belong here: filling the
tables (see `load`, `filling`), the order before (see `build` and `revision`).
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb

from govreports.metadata.tables import SCHEMA_VERSION, Table, load_tables, published_tables
from govreports.warehouse.basis import Basis
from govreports.warehouse.changelog import Change
from govreports.warehouse.checks import check_all
from govreports.warehouse.connection import records, side_by_side
from govreports.warehouse.content_hash import HASHED_SCHEMAS, table_hash, warehouse_hash
from govreports.warehouse.ddl import literal, quoted
from govreports.warehouse.dictionary import dictionary_rows, stats_rows
from govreports.warehouse.filling import add_key, refuse_repeated_keys
from govreports.warehouse.inputs import Inputs, Row, write_rows
from govreports.warehouse.report import BuildReport

_REPO = Path(__file__).resolve().parent.parent.parent
# Lines of the change log that are carried from build to build.
_LOG_LENGTH = 2000


@dataclass
class Work:
    """A build under way: the connection, whose default catalog is the file, its inputs and report, a folder for a moment."""

    con: duckdb.DuckDBPyConnection
    inputs: Inputs
    report: BuildReport
    temp: Path

    @property
    def tables(self) -> list[Table]:
        """The tables of the file."""
        return [table.expanded(self.inputs.headlines) for table in published_tables()]

    def replace(self, key: str, rows: Sequence[Row]) -> None:
        """Let a small table hold these rows and no others."""
        self.con.execute(f"DELETE FROM {key}")
        if rows:
            path = write_rows(key, rows, self.temp)
            self.con.execute(f"INSERT INTO {key} BY NAME SELECT * FROM read_parquet({literal(str(path))})")
        self.report.rows[key] = len(rows)


def finish(
    work: Work, basis: Basis, run_id: str | None, changes: Callable[[], list[Change]], before: str | None
) -> None:
    """Do what every build ends with. `changes` compares with the file before; `before` is the catalog with its change log.

    Raises `govreports.warehouse.filling.MartError` naming keys that have more than one row.
    """
    con, report = work.con, work.report
    with report.step("quality"):
        _quality(work)
    with report.step("content hash"):
        hashed = [table for table in work.tables if table.schema in HASHED_SCHEMAS and not table.view]
        found = side_by_side(con, table_hash, hashed)
        hashes = {table.key: each for table, each in zip(hashed, found, strict=True)}
    digests = {key: each.digest for key, each in hashes.items()}
    with report.step("change log"):
        report.build = _build_row(work.inputs, basis, warehouse_hash(digests), run_id)
        work.replace("meta.build", [report.build])
        partitions = sorted(basis.partitions.items())
        work.replace("meta.partition", [{"partition_key": key, "lake_hash": made} for key, made in partitions])
        report.changes = changes()
        logged = [_logged(change, report.build) for change in report.changes]
        work.replace("meta.change_log", logged + _log_before(con, before))
    with report.step("keys"):
        for table in work.tables:
            if table.key in hashes and hashes[table.key].may_repeat:
                refuse_repeated_keys(con, table)
            if table.schema != "meta":
                add_key(con, table)
    with report.step("dictionary"):
        _describe(work, digests)
    with report.step("checks"):
        report.checks = check_all(con, work.inputs.headlines)


def _quality(work: Work) -> None:
    from govreports.quality.score import score_warehouse

    work.report.quality = score_warehouse(work.con, work.inputs.gold)
    work.replace("meta.quality", work.report.quality)


def _build_row(inputs: Inputs, basis: Basis, content_hash: str, run_id: str | None) -> Row:
    return {
        "built_at": datetime.now(UTC).replace(tzinfo=None),
        "package_version": package_version(),
        "git_revision": git_revision(),
        "duckdb_version": duckdb.__version__,
        "schema_version": SCHEMA_VERSION,
        "input_count": inputs.input_count,
        "input_hash": inputs.input_hash,
        "content_hash": content_hash,
        "rules": basis.rules,
        "revisions": basis.revisions,
        "run_id": run_id,
    }


def _log_before(con: duckdb.DuckDBPyConnection, catalog: str | None) -> list[Row]:
    if catalog is None:
        return []
    names = ", ".join(map(quoted, load_tables()["meta.change_log"].column_names))
    with suppress(duckdb.CatalogException, duckdb.BinderException):
        return records(con, f"SELECT {names} FROM {catalog}.meta.change_log ORDER BY built_at DESC LIMIT {_LOG_LENGTH}")
    return []


def _logged(change: Change, build: Row) -> Row:
    schema, table = change.table.split(".")
    return {
        "built_at": build["built_at"],
        "schema_name": schema,
        "table_name": table,
        "change": change.change,
        "column_name": change.column_name,
        "row_count": change.row_count,
        "row_key": change.row_key,
        "old_value": change.old_value,
        "new_value": change.new_value,
    }


def _describe(work: Work, hashes: dict[str, str]) -> None:
    work.replace("meta.data_dictionary", dictionary_rows(work.con, work.tables))
    stats = stats_rows(work.con, work.tables, hashes)
    work.replace("meta.table_stats", stats)
    work.report.rows.update({f"{row['schema_name']}.{row['table_name']}": row["row_count"] for row in stats})
    for table in work.tables:
        if table.schema == "meta":
            add_key(work.con, table)


def package_version() -> str:
    """Version of this package, `unknown` where it is not installed."""
    try:
        return version("govreports")
    except PackageNotFoundError:
        return "unknown"


def git_revision() -> str | None:
    """Revision of the working tree that the package runs from, None where there is none."""
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            ["git", "-C", str(_REPO), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=True
        )
        return done.stdout.strip() or None
    return None
