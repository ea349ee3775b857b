"""Bringing a published file up to date: a copy of it, in which the rows of what changed are exchanged.

Belongs here: which rows follow from changed partitions, and exchanging them. Does not belong here: which partitions changed (see
`basis`), how marts and values are made (see `govreports.marts`, `load`), what every build ends with (see `finishing`).

What changed are documents. All that a mart says of a region follows from the documents of that region, so the marts of the
regions concerned are made anew, by the same SQL, in a small warehouse in memory (`part`) that holds nothing but their documents.
Only `ranking` compares regions: it is made anew for every fact that a changed document states, now or before. Content hash,
dictionary and checks are made of the whole file, as always: a file that was brought up to date has the hash of one that was built
anew.

Where that cannot be said, as with keys that occur twice over documents, `CannotRevise` says so, and the file is built anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from govreports.marts.sql import MARTS, reviewed_years
from govreports.metadata.tables import Table, load_tables
from govreports.warehouse import changelog
from govreports.warehouse.basis import Basis, changed_partitions
from govreports.warehouse.build import create_tables, under_way
from govreports.warehouse.connection import TARGET, Limits, scalar
from govreports.warehouse.corrections import Correction, apply_corrections
from govreports.warehouse.filling import fill_marts, share_statements
from govreports.warehouse.finishing import Work, finish
from govreports.warehouse.inputs import Inputs
from govreports.warehouse.load import LOADED, load_all, load_periods
from govreports.warehouse.report import BuildReport, Progress, silent

# Where more documents are concerned, by number and by share of all, copying and exchanging costs as much as building anew.
MANY, LARGEST_SHARE = 20, 0.1

_PART, _BEFORE, _FACTS = "part", "before", "facts"
_RANKING = "mart.ranking"
_BY_REGION = tuple(f"mart.{name}" for name in MARTS if f"mart.{name}" != _RANKING)
# Tables with the rows of documents, each after those that it refers to.
_OF_DOCUMENTS = tuple(
    key for key in LOADED if {"doc_id", "section_id"} & set(load_tables()[key].column_names) and key != "meta.reject"
)
# Those of them that marts read, for the other documents of a region.
_READ_BY_MARTS = (
    "text.document",
    "text.section",
    "text.table_cell",
    "text.theme_mention",
    "core.observation",
    "core.correction",
)
_CHANGED = "doc_id IN (SELECT doc_id FROM old_document UNION ALL SELECT doc_id FROM new_document)"
_FACT = ("indicator_id", "measure", "unit_measure", "time_period")


class CannotRevise(RuntimeError):
    """The file has to be built anew; the message says why."""


def refuse_many(concerned: int, total: int, what: str) -> None:
    """Raise `CannotRevise` where so many of the documents or partitions of a file are concerned that it is better built anew."""
    if concerned > max(MANY, LARGEST_SHARE * total):
        raise CannotRevise(f"{concerned:,} {what}, {total:,} were there")


def revise_warehouse(
    inputs: Inputs,
    before: Basis,
    path: Path,
    *,
    corrections: Iterable[Correction] = (),
    run_id: str | None = None,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> BuildReport:
    """Bring a file up to date that was made from `before`: the copy at `path` of the published one.

    `inputs` has all partitions of the lake, but rows only of those that differ from `before`; its rules are those of `before`.
    Raises `CannotRevise`, and what `govreports.warehouse.build.build_warehouse` raises.
    """
    changed = changed_partitions(before.partitions, inputs.partitions)
    report = BuildReport(path, progress, how=f"brought up to date: partitions changed: {len(changed):,}")
    with under_way(inputs, report, limits) as work, _only_new_keys():
        _revise(work, changed, list(corrections))
        basis = Basis(before.rules, inputs.partitions, before.revisions + 1)
        finish(work, basis, run_id, lambda: _changes(work.con), TARGET)
    return report


@contextmanager
def _only_new_keys() -> Iterator[None]:
    try:
        yield
    except duckdb.ConstraintException as error:
        raise CannotRevise(f"a key occurs twice ({str(error).splitlines()[0]})") from error


def _revise(work: Work, changed: Iterable[str], corrections: list[Correction]) -> None:
    con, report = work.con, work.report
    with report.step("load"):
        _table_of(con, "changed_partition", "partition_key", changed)
        _load_changed(work)
        _find_concerned(con)
        _remember(con)
        years = _reviewed_years(con)
        _exchange_documents(con)
        load_periods(con, work.temp)
        if _reviewed_years(con) != years:
            raise CannotRevise("reports review other years now, which coverage tells of for every region")
    with report.step("corrections"):
        con.execute("DELETE FROM core.correction")
        report.corrected = apply_corrections(con, corrections)
        _complete_part(con)
    with _in(con, _PART):
        share_statements(con, report)
        # Coverage tells of the years that any report reviews.
        con.execute("UPDATE reviewed SET first_year = ?, last_year = ?", years)
        fill_marts(con, work.inputs.headlines, report, [name for name in MARTS if f"mart.{name}" != _RANKING])
    _rank(work)
    with report.step("exchange"):
        for key in _BY_REGION:
            _exchange(con, key, _PART, "region_code IN (SELECT region_code FROM concerned_region)")


# -- what changed --------------------


def _load_changed(work: Work) -> None:
    """Fill `part` with the rows of changed partitions, as a build does."""
    with _in_memory(work.con, _PART, work.tables):
        load_all(work.con, work.inputs.tables)
    for catalog in (TARGET, _PART):
        if odd := scalar(work.con, _ODD.format(catalog=catalog)):
            raise CannotRevise(f"rows were kept out that may depend on other documents ({odd})")


# Rejected rows that cannot be told to be of one document, or for which others may be to blame.
_ODD = """
    SELECT any_value(table_name || ' ' || row_key || ': ' || reason_code) FROM {catalog}.meta.reject
    WHERE (reason_code IN ('missing_value', 'duplicate_key') OR starts_with(reason_code, 'unknown_'))
      AND (doc_id IS NULL OR table_name = 'document' OR reason_code = 'duplicate_key')"""


def _find_concerned(con: duckdb.DuckDBPyConnection) -> None:
    """Find the documents that changed, the regions that these concern, and the other documents of those."""
    statements = (
        f"""CREATE TEMP TABLE old_document AS
            SELECT doc_id, region_code_current FROM {TARGET}.text.document SEMI JOIN changed_partition USING (partition_key)""",
        f"CREATE TEMP TABLE new_document AS SELECT doc_id, region_code_current FROM {_PART}.text.document",
        f"""CREATE TEMP TABLE concerned_region AS
            SELECT region_code_current AS region_code FROM old_document
            UNION SELECT region_code_current FROM new_document
            UNION SELECT split_part(partition_key, '-', 1) FROM (
                {_refusals(TARGET)} EXCEPT {_refusals(_PART)} UNION ({_refusals(_PART)} EXCEPT {_refusals(TARGET)})
            ) WHERE partition_key IS NOT NULL""",
        f"""CREATE TEMP TABLE other_document AS
            SELECT doc_id FROM {TARGET}.text.document ANTI JOIN old_document USING (doc_id)
            WHERE region_code_current IN (SELECT region_code FROM concerned_region)""",
    )
    for statement in statements:
        con.execute(statement)
    if scalar(con, "SELECT count(*) FROM concerned_region WHERE region_code IS NULL"):
        raise CannotRevise("a document is of no region of today")
    concerned = sum(_count(con, table) for table in ("old_document", "new_document", "other_document"))
    refuse_many(concerned, _count(con, f"{TARGET}.text.document"), "documents of regions are concerned")


def _reviewed_years(con: duckdb.DuckDBPyConnection) -> tuple[int | None, int | None]:
    """The first and the last year that any report in the file reviews."""
    con.execute(reviewed_years())
    ((first, last),) = con.execute("FROM reviewed").fetchall()
    return first, last


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(str(scalar(con, f"SELECT count(*) FROM {table}")))


def _refusals(catalog: str) -> str:
    return f"SELECT source_file, sha256, reason_code, partition_key FROM {catalog}.text.quarantine"


# -- rows of documents --------------------


def _exchange_documents(con: duckdb.DuckDBPyConnection) -> None:
    """Take the rows of the old documents out of the file, and put those of the new ones in."""
    for key in reversed(_OF_DOCUMENTS):
        con.execute(f"DELETE FROM {key} WHERE {_of('old_document', key)}")
    for key in _OF_DOCUMENTS:
        con.execute(f"INSERT INTO {key} BY NAME SELECT * FROM {_PART}.{key}")
    _exchange(con, "text.quarantine", _PART, "true")
    _exchange(con, "meta.reject", _PART, f"doc_id IS NULL OR {_CHANGED}")


def _complete_part(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `part` what marts read of the other documents of the regions concerned, and all corrections there."""
    for key in _READ_BY_MARTS:
        wanted = _of("other_document", key)
        if key == "core.correction":
            wanted += f" OR {_of('new_document', key)}"
        con.execute(f"INSERT INTO {_PART}.{key} BY NAME SELECT * FROM {TARGET}.{key} WHERE {wanted}")


def _of(documents: str, key: str) -> str:
    """SQL condition for the rows of a table of the file that are of some documents, which a temporary table lists."""
    if "doc_id" in load_tables()[key].column_names:
        return f"doc_id IN (SELECT doc_id FROM {documents})"
    return f"section_id IN (SELECT section_id FROM {TARGET}.text.section SEMI JOIN {documents} USING (doc_id))"


def _exchange(con: duckdb.DuckDBPyConnection, key: str, catalog: str, condition: str) -> None:
    """Let those rows of a table for which the condition holds be the ones that another catalog has."""
    con.execute(f"DELETE FROM {key} WHERE {condition}")
    con.execute(f"INSERT INTO {key} BY NAME SELECT * FROM {catalog}.{key} WHERE {condition}")


# -- ranking --------------------


def _rank(work: Work) -> None:
    """Make the ranks anew of every fact that a changed document states, now or before, over all regions."""
    con, fact = work.con, ", ".join(_FACT)
    con.execute(
        f"""CREATE TEMP TABLE fact AS SELECT DISTINCT {fact} FROM (
                SELECT doc_id, scope, {fact} FROM {_BEFORE}.core.observation_corrected SEMI JOIN old_document USING (doc_id)
                UNION ALL
                SELECT doc_id, scope, {fact} FROM core.observation_corrected SEMI JOIN new_document USING (doc_id)
            ) WHERE scope = 'region' AND time_period IS NOT NULL"""
    )
    with _in_memory(con, _FACTS, [table for table in work.tables if table.key == _RANKING]):
        for key in ("text.document", "text.section", "core.region", "core.indicator"):
            con.execute(f"CREATE VIEW {key} AS FROM {TARGET}.{key}")
        con.execute(
            f"""CREATE TABLE core.observation_corrected AS
                FROM {TARGET}.core.observation_corrected SEMI JOIN fact USING ({fact}) WHERE scope = 'region'"""
        )
        share_statements(con, work.report)
        fill_marts(con, work.inputs.headlines, work.report, ["ranking"])
    with work.report.step("exchange"):
        _exchange(con, _RANKING, _FACTS, f"({fact}) IN (SELECT ({fact}) FROM fact)")
    con.execute(f"DETACH {_FACTS}")


# -- what the change log compares --------------------


def _remember(con: duckdb.DuckDBPyConnection) -> None:
    """Keep the rows that may be exchanged as they were."""
    with _in_memory(con, _BEFORE, ()):
        for key in dict.fromkeys((*changelog.COMPARED, "core.observation")):
            con.execute(f"CREATE TABLE {key} AS FROM {TARGET}.{key} WHERE {_concerned(load_tables()[key])}")


def _concerned(table: Table) -> str:
    if table.schema == "mart":
        return "region_code IN (SELECT region_code FROM concerned_region)"
    if "doc_id" in table.column_names:
        return "doc_id IN (SELECT doc_id FROM old_document UNION ALL SELECT doc_id FROM other_document)"
    return "true"


def _changes(con: duckdb.DuckDBPyConnection) -> list[changelog.Change]:
    """What differs between the rows as they were and as they are; `part` has no other rows but of the regions concerned."""
    return changelog.compare_rows(con, _BEFORE, _PART)


# -- catalogs in memory --------------------


@contextmanager
def _in(con: duckdb.DuckDBPyConnection, catalog: str) -> Iterator[None]:
    """Another catalog as the default one."""
    con.execute(f"USE {catalog}")
    yield
    con.execute(f"USE {TARGET}")


@contextmanager
def _in_memory(con: duckdb.DuckDBPyConnection, name: str, tables: Iterable[Table]) -> Iterator[None]:
    """A new catalog in memory with these tables, as the default one."""
    con.execute(f"ATTACH ':memory:' AS {name}")
    with _in(con, name):
        create_tables(con, list(tables))
        yield


def _table_of(con: duckdb.DuckDBPyConnection, name: str, column: str, values: Iterable[str]) -> None:
    """A temporary table of one column."""
    con.execute(f"CREATE TEMP TABLE {name} AS SELECT unnest(?::VARCHAR[]) AS {column}", [sorted(values)])
