"""Building a warehouse file from its inputs.

Belongs here: the order of the work (load, correct, marts, keys, comments, what the file says of itself) and a report of it.
Does not belong here: what lies under `warehouse/` and the swap (see `publish`).
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from govreports.marts.sql import MARTS, mart_sql, prelude
from govreports.metadata.tables import SCHEMA_VERSION, Headline, Table, load_tables, published_tables
from govreports.warehouse import changelog
from govreports.warehouse.checks import CheckResult, check_all, duplicate_keys
from govreports.warehouse.connection import (
    TARGET,
    Limits,
    WarehouseError,
    attach_read_only,
    one_transaction,
    records,
    scalar,
    target_file,
    writing,
)
from govreports.warehouse.content_hash import HASHED_SCHEMAS, table_hash, warehouse_hash
from govreports.warehouse.corrections import Correction, apply_corrections
from govreports.warehouse.ddl import (
    LARGEST_INDEX,
    SCHEMAS,
    add_primary_key,
    comments,
    create,
    literal,
    may_lack_index,
    quoted,
)
from govreports.warehouse.dictionary import dictionary_rows, stats_rows
from govreports.warehouse.inputs import Inputs, Row, write_rows
from govreports.warehouse.load import load_all, load_periods

Progress = Callable[[str], None]
_REPO = Path(__file__).resolve().parent.parent.parent
# Lines of the change log that are carried from build to build.
_LOG_LENGTH = 2000


class MartError(WarehouseError):
    """A mart returned two rows for one key, or columns other than the declared ones."""


@dataclass
class BuildReport:
    """What a build made: `path` of the file, rows and seconds by table, checks, quality rows, hash and row of meta.build."""

    path: Path
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    quality: list[Row] = field(default_factory=list)
    build: Row = field(default_factory=dict)
    changes: list[changelog.Change] = field(default_factory=list)
    corrected: int = 0

    @property
    def content_hash(self) -> str:
        """Hash over core, text and mart."""
        return str(self.build["content_hash"])

    @property
    def blocking(self) -> list[CheckResult]:
        """Failed checks that forbid a publication."""
        return [check for check in self.checks if check.blocking and not check.passed]


def build_warehouse(
    inputs: Inputs,
    path: Path,
    *,
    corrections: Iterable[Correction] = (),
    previous: Path | None = None,
    run_id: str | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda step: None,
) -> BuildReport:
    """Build a new file at `path` from `inputs`; `previous` is the published file that the change log compares with.

    Raises `MartError`, `govreports.warehouse.corrections.CorrectionError`, and `WarehouseError` where the disk is full.
    Failed checks do not raise: see `BuildReport.blocking`.
    """
    report = BuildReport(path)
    with writing(path.parent, path.name), TemporaryDirectory(prefix=".rows-", dir=path.parent) as temp:
        with target_file(path, limits) as con:
            _Builder(con, inputs, report, progress, Path(temp)).run(list(corrections), previous, run_id)
            filled = time.perf_counter()
        report.seconds["checkpoint"] = time.perf_counter() - filled
    return report


@dataclass
class _Builder:
    con: duckdb.DuckDBPyConnection
    inputs: Inputs
    report: BuildReport
    progress: Progress
    temp: Path

    def run(self, corrections: list[Correction], previous: Path | None, run_id: str | None) -> None:
        with one_transaction(self.con):
            for schema in SCHEMAS:
                self.con.execute(f"CREATE SCHEMA {TARGET}.{schema}")
            # Views name tables of their own file.
            self.con.execute(f"USE {TARGET}")
            for table in self._tables:
                self.con.execute(create(table, TARGET))
        with self._step("load"):
            self.report.rows.update(load_all(self.con, self.inputs.tables).rows)
            self.report.rows["core.period"] = load_periods(self.con, self.temp)
        with self._step("corrections"):
            self.report.corrected = apply_corrections(self.con, corrections)
        build_marts(self.con, self.inputs.headlines, self.report, self._step)
        with self._step("quality"):
            self._quality()
        with self._step("content hash"):
            hashes = {t.key: table_hash(self.con, t, TARGET) for t in self._tables if t.schema in HASHED_SCHEMAS}
        digests = {key: found.digest for key, found in hashes.items()}
        with self._step("change log"):
            self.report.build = self._build_row(warehouse_hash(digests), run_id)
            self._write("meta.build", [self.report.build])
            self._change_log(previous)
        with self._step("keys"):
            for table in self._tables:
                if table.key in hashes and hashes[table.key].may_repeat:
                    _refuse_repeated_keys(self.con, table)
                if table.schema != "meta":
                    _add_key(self.con, table)
        with self._step("dictionary"):
            self._describe(digests)
        with self._step("checks"):
            self.report.checks = check_all(self.con, self.inputs.headlines)

    @property
    def _tables(self) -> list[Table]:
        return [table.expanded(self.inputs.headlines) for table in published_tables()]

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self.progress(name)
        started = time.perf_counter()
        yield
        self.report.seconds[name] = time.perf_counter() - started

    def _write(self, key: str, rows: Sequence[Row]) -> None:
        """Fill a small table."""
        if rows:
            path = write_rows(key, rows, self.temp)
            self.con.execute(f"INSERT INTO {TARGET}.{key} BY NAME SELECT * FROM read_parquet({literal(str(path))})")
        self.report.rows[key] = len(rows)

    def _quality(self) -> None:
        from govreports.quality.score import score_warehouse

        self.report.quality = score_warehouse(self.con, self.inputs.gold)
        self._write("meta.quality", self.report.quality)

    def _build_row(self, content_hash: str, run_id: str | None) -> Row:
        return {
            "built_at": datetime.now(UTC).replace(tzinfo=None),
            "package_version": package_version(),
            "git_revision": git_revision(),
            "duckdb_version": duckdb.__version__,
            "schema_version": SCHEMA_VERSION,
            "input_count": self.inputs.input_count,
            "input_hash": self.inputs.input_hash,
            "content_hash": content_hash,
            "run_id": run_id,
        }

    def _change_log(self, previous: Path | None) -> None:
        rows: list[Row] = []
        if previous is not None:
            attach_read_only(self.con, previous, "previous")
            self.report.changes = changelog.compare(self.con, "previous", TARGET)
            names = ", ".join(map(quoted, load_tables()["meta.change_log"].column_names))
            with suppress(duckdb.CatalogException, duckdb.BinderException):
                rows = records(
                    self.con,
                    f"SELECT {names} FROM previous.meta.change_log ORDER BY built_at DESC LIMIT {_LOG_LENGTH}",
                )
            self.con.execute("DETACH previous")
        self._write("meta.change_log", [_logged(change, self.report.build) for change in self.report.changes] + rows)

    def _describe(self, hashes: dict[str, str]) -> None:
        described = dictionary_rows(self.con, self._tables)
        stats = stats_rows(self.con, self._tables, hashes)
        self._write("meta.data_dictionary", described)
        self._write("meta.table_stats", stats)
        self.report.rows.update({f"{row['schema_name']}.{row['table_name']}": row["row_count"] for row in stats})
        for table in self._tables:
            if table.schema == "meta":
                _add_key(self.con, table)
        with one_transaction(self.con):
            for statement in (s for table in self._tables for s in comments(table, TARGET)):
                self.con.execute(statement)


def build_marts(
    con: duckdb.DuckDBPyConnection,
    headlines: Sequence[Headline],
    report: BuildReport,
    step: Callable[[str], Any],
) -> None:
    """Fill the marts of the default catalog, which holds text and core.

    Raises `MartError` naming the key where a mart has two rows for one, and where its columns are not the declared ones.
    """
    with step("statements"):
        con.execute(prelude())
        # The pattern of policy_attention: every term, longer ones first.
        con.execute(
            r"""SET VARIABLE theme_terms = (
                SELECT coalesce(string_agg(regexp_escape(term), '|' ORDER BY length(term) DESC, term), 'no theme')
                FROM (SELECT DISTINCT unnest(string_split(terms, '|')) AS term FROM core.theme))"""
        )
    for name in MARTS:
        with step(f"mart.{name}"):
            table = load_tables()[f"mart.{name}"].expanded(headlines)
            report.rows[table.key] = _fill_mart(con, table, mart_sql(name, headlines))
    con.execute("DROP TABLE statement; DROP TABLE outturn")


def _fill_mart(con: duckdb.DuckDBPyConnection, table: Table, select: str) -> int:
    made = [row[0] for row in con.execute(f"DESCRIBE ({select})").fetchall()]
    if set(made) != set(table.column_names):
        differing = sorted(set(made) ^ set(table.column_names))
        raise MartError(f"{table.key}: columns of the SQL and of the declaration differ: {', '.join(differing)}")
    con.execute(f"INSERT INTO {TARGET}.{table.key} BY NAME {select}")
    return _count(con, table)


def _add_key(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Add the primary key, where the table is to have one. Raises `MartError` naming keys that have more than one row."""
    if not table.has_key_constraint or (may_lack_index(table) and _count(con, table) > LARGEST_INDEX):
        return
    try:
        con.execute(add_primary_key(table, TARGET))
    except duckdb.ConstraintException:
        _refuse_repeated_keys(con, table)
        raise


def _refuse_repeated_keys(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Raise `MartError` naming keys that have more than one row, if there are any."""
    if twice := duplicate_keys(con, table, f"{TARGET}.{table.key}"):
        shown = "; ".join(", ".join(f"{k} {v}" for k, v in row.items() if k != "n") for row in twice)
        raise MartError(f"{table.key} has more than one row for a key: {shown}")


def _count(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    return int(str(scalar(con, f"SELECT count(*) FROM {TARGET}.{table.key}")))


def _logged(change: changelog.Change, build: Row) -> Row:
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
