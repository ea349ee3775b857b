"""A built file: tables, comments, keys, rejects, statistics, and what makes a build fail."""

from pathlib import Path

import duckdb
import pytest
from synthetic_warehouse import HEADLINES, document, filled, inputs, observation

from govreports.marts import sql as mart_files
from govreports.metadata.tables import SCHEMA_VERSION, load_tables, published_tables
from govreports.warehouse import checks as checks_module
from govreports.warehouse import filling as filling_module
from govreports.warehouse.build import build_warehouse
from govreports.warehouse.connection import records
from govreports.warehouse.filling import MartError
from govreports.warehouse.inputs import Inputs


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory):
    """A file with good rows and bad ones, and the report of its build."""
    folder = tmp_path_factory.mktemp("sample")
    good, lost = document("d1"), document("d9", region="999999")
    rows = [
        observation(good, "gdp", "level", 100, "2023"),
        observation(good, "nonsense", "level", 1, "2023", at=20),
        observation(good, "gdp", "level", 1, "2022", at=40, unit_measure="PARSECS", unit="秒差距"),
        observation(good, "gdp", "growth_yoy", 5, "2023", at=60),
        observation(good, "gdp", "growth_yoy", 5, "2023", at=60),
        {**observation(good, "gdp", "share", 5, "2023", at=80), "quote": None},
        observation(lost, "gdp", "level", 3, "2023"),
    ]
    quantity = filled(
        "core.quantity", quantity_id="q1", doc_id="d1", quote="1", raw_start=20, raw_end=21,
        observation_id=rows[1]["observation_id"],
    )  # fmt: skip
    made = inputs(folder, [good, lost], rows, core__quantity=[quantity])
    path = folder / "sample.duckdb"
    return build_warehouse(made, path, run_id="run-1"), path


def ask(sample, query: str) -> list[dict]:
    with duckdb.connect(sample[1], read_only=True) as con:
        return records(con, query)


def test_every_declared_table_and_column_stands_in_the_file(sample) -> None:
    found = {
        (f"{row['schema_name']}.{row['table_name']}", row["column_name"], row["data_type"])
        for row in ask(sample, "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()")
    }
    for table in published_tables():
        for column in table.expanded(HEADLINES).columns:
            assert (table.key, column.name, column.type) in found


def test_every_table_and_column_has_a_comment_in_both_languages(sample) -> None:
    tables = ask(
        sample,
        "SELECT table_name, comment FROM duckdb_tables() UNION ALL "
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal",
    )
    columns = ask(sample, "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal")
    assert len(tables) == len(published_tables())
    for row in (*tables, *columns):
        assert row["comment"] and " | " in row["comment"], row


def test_dimensions_and_facts_have_primary_keys(sample) -> None:
    keyed = {
        f"{row['schema_name']}.{row['table_name']}"
        for row in ask(sample, "FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'")
    }
    assert keyed == {table.key for table in published_tables() if table.has_key_constraint}
    assert {"core.observation", "core.region", "core.indicator", "core.period", "text.document"} <= keyed


def test_flat_types_only(sample) -> None:
    types = {
        row["data_type"] for row in ask(sample, "SELECT DISTINCT data_type FROM duckdb_columns() WHERE NOT internal")
    }
    assert types <= {"VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"}


def test_bad_rows_are_kept_out_with_a_reason(sample) -> None:
    assert len(ask(sample, "FROM core.observation")) == 2
    reasons = ask(sample, "SELECT table_name, reason_code, reason FROM meta.reject ORDER BY reason_code, reason")
    assert [(row["table_name"], row["reason_code"]) for row in reasons] == [
        ("observation", "duplicate_key"),
        ("observation", "missing_value"),
        ("observation", "unknown_document"),
        ("observation", "unknown_indicator"),
        ("document", "unknown_region"),
        ("observation", "unknown_unit"),
    ]
    assert "nonsense" in reasons[3]["reason"] and "PARSECS" in reasons[5]["reason"]
    (check,) = [c for c in sample[0].checks if c.name == "no_rejects"]
    assert not check.passed and not check.blocking and check.failing == 6


def test_a_document_that_is_kept_out_is_quarantined(sample) -> None:
    (row,) = ask(sample, "FROM text.quarantine")
    assert (row["source_file"], row["reason_code"]) == ("d9.txt", "unknown_region")
    assert ask(sample, "SELECT doc_id FROM text.document") == [{"doc_id": "d1"}]


def test_a_quantity_forgets_an_observation_that_was_kept_out(sample) -> None:
    assert ask(sample, "SELECT quantity_id, observation_id FROM core.quantity") == [
        {"quantity_id": "q1", "observation_id": None}
    ]


def test_the_file_tells_what_it_was_built_from(sample) -> None:
    (row,) = ask(sample, "FROM meta.build")
    assert row["content_hash"] == sample[0].content_hash and len(row["content_hash"]) == 64
    assert (row["schema_version"], row["input_count"], row["run_id"]) == (SCHEMA_VERSION, 1, "run-1")
    assert row["duckdb_version"] == duckdb.__version__


def test_dictionary_and_statistics_cover_every_table(sample) -> None:
    described = ask(sample, "SELECT DISTINCT schema_name || '.' || table_name AS t FROM meta.data_dictionary")
    assert {row["t"] for row in described} == {table.key for table in published_tables()}
    (unit,) = ask(sample, "FROM meta.data_dictionary WHERE table_name = 'observation' AND column_name = 'quote'")
    assert (unit["null_share"], unit["example"], unit["label_zh"]) == (0.0, "100亿元", "原文引句")
    (stats,) = ask(sample, "FROM meta.table_stats WHERE table_name = 'observation'")
    assert stats["row_count"] == 2 and stats["column_count"] == len(load_tables()["core.observation"].columns)


def test_periods_are_the_ones_that_occur(sample) -> None:
    assert [row["label"] for row in ask(sample, "SELECT label FROM core.period ORDER BY 1")] == ["2023年"]


def refuses_two_rows_for_a_key(made: Inputs, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        filling_module,
        "mart_sql",
        lambda name, headlines: f"SELECT m.* FROM ({mart_files.mart_sql(name, headlines)}) AS m, range(2)",
    )
    with pytest.raises(MartError, match="has more than one row for a key: region_code 360102, year 2023"):
        build_warehouse(made, folder / "twice.duckdb")


def test_a_mart_with_two_rows_for_a_key_fails_the_build_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doc = document("d1")
    made = inputs(tmp_path, [doc], [observation(doc, "gdp", "level", 100, "2023")])
    refuses_two_rows_for_a_key(made, tmp_path, monkeypatch)


def test_keys_are_seen_to_where_there_is_no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doc = document("d1")
    made = inputs(tmp_path, [doc], [observation(doc, "gdp", "level", 100, "2023")])
    for module in (filling_module, checks_module):
        monkeypatch.setattr(module, "LARGEST_INDEX", 0)
    report = build_warehouse(made, tmp_path / "large.duckdb")
    assert report.blocking == []
    with duckdb.connect(tmp_path / "large.duckdb", read_only=True) as con:
        # What has no rows is not too large for one.
        keyed = {
            f"{row['schema_name']}.{row['table_name']}"
            for row in records(con, "FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'")
        }
    assert "mart.region_year_long" not in keyed and {"core.observation", "core.correction"} <= keyed
    refuses_two_rows_for_a_key(made, tmp_path, monkeypatch)


@pytest.mark.parametrize("mart", ["vintage", "region_year"])
def test_no_mart_may_have_two_rows_for_a_key_with_or_without_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mart: str
) -> None:
    doc = document("d1")
    made = inputs(tmp_path, [doc], [observation(doc, "gdp", "level", 100, "2023")])

    def twice(name: str, headlines: object) -> str:
        text = mart_files.mart_sql(name, headlines)
        return f"SELECT m.* FROM ({text}) AS m, range(2)" if name == mart else text

    monkeypatch.setattr(filling_module, "mart_sql", twice)
    with pytest.raises(MartError, match=f"mart.{mart} has more than one row for a key"):
        build_warehouse(made, tmp_path / "twice.duckdb")


def test_a_mart_with_other_columns_fails_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doc = document("d1")
    made = inputs(tmp_path, [doc], [observation(doc, "gdp", "level", 100, "2023")])
    monkeypatch.setattr(filling_module, "mart_sql", lambda name, headlines: "SELECT 1 AS surprise")
    with pytest.raises(MartError, match="columns of the SQL and of the declaration differ"):
        build_warehouse(made, tmp_path / "x.duckdb")


def test_an_empty_corpus_makes_an_empty_file_with_all_tables(tmp_path: Path) -> None:
    report = build_warehouse(inputs(tmp_path, [], []), tmp_path / "empty.duckdb")
    assert report.blocking == []
    assert report.rows["mart.region_year"] == 0 and report.rows["core.region"] > 0
