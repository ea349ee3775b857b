"""The declared tables: complete, consistent, and what the contract promises."""

from pathlib import Path

import pytest

from govreports.lake.frames import LAYOUTS, stage_schema
from govreports.metadata import tables as declared
from govreports.metadata.code_lists import load_code_lists
from govreports.metadata.tables import DeclarationError, Headline, code_lists_needed, load_tables, published_tables

# Names that outsiders rely on; a change here is a breaking change.
CONTRACT = {
    "text.document": {"doc_id", "source_file", "region_code_current", "report_year", "duplicate_of", "plan_end"},
    "text.quarantine": {"source_file", "sha256", "reason_code", "reason", "seen_at"},
    "text.section": {"section_id", "parent_id", "kind", "role", "path", "text", "clean_end"},
    "core.observation": {
        "observation_id",
        "obs_value",
        "unit_measure",
        "bound",
        "status",
        "time_period",
        "quote",
        "rule_id",
    },
    "core.observation_corrected": {"correction_id", "original_value", "obs_value"},
    "core.quantity": {"quantity_id", "head", "observation_id"},
    "mart.region_year_long": {"region_code", "year", "indicator_id", "measure", "obs_value", "quote", "evidence_url"},
    "mart.target_vs_actual": {"target_low", "target_high", "target_bound", "actual", "gap", "verdict"},
    "mart.ranking": {"peer_group", "rank", "peers", "percentile", "gap_to_best", "gap_to_median"},
    "mart.consistency": {"rule", "stated", "implied", "deviation", "tolerance", "verdict", "quote", "other_quote"},
    "meta.build": {"built_at", "content_hash", "schema_version", "input_count", "run_id"},
    "meta.change_log": set(),
    "meta.table_stats": set(),
    "meta.quality": {"precision", "recall", "f1"},
}


@pytest.mark.parametrize("key", sorted(CONTRACT))
def test_tables_hold_the_columns_of_the_contract(key: str) -> None:
    assert set(load_tables()[key].column_names) >= CONTRACT[key]


def test_every_published_table_and_column_is_described_in_both_languages() -> None:
    for table in published_tables():
        assert table.description_zh and table.description_en, table.key
        for column in (*table.columns, *table.per_headline):
            assert column.label_zh and column.description_zh and column.description_en, f"{table.key}.{column.name}"
            assert column.type in declared.TYPES


def test_every_code_list_that_a_column_names_is_declared() -> None:
    assert code_lists_needed() - load_code_lists().keys() == set()


def test_corrected_observations_have_the_columns_of_observations_first() -> None:
    tables = load_tables()
    plain = tables["core.observation"].column_names
    corrected = tables["core.observation_corrected"].column_names
    assert corrected == (*plain, "correction_id", "original_value")


def test_headline_columns_follow_the_declared_ones() -> None:
    table = load_tables()["mart.region_year"].expanded([Headline("gdp", "地区生产总值", "GRP", "CNY")])
    assert table.column_names[-4:] == ("gdp", "gdp_growth_yoy", "gdp_status", "gdp_observation_id")
    assert table.column("gdp").unit == "CNY"
    assert "地区生产总值" in table.column("gdp").description_zh
    assert table.per_headline == ()


def test_the_lake_can_lay_out_every_stage() -> None:
    for stage, layout in LAYOUTS.items():
        assert "doc_id" in stage_schema(stage), stage
        assert set(layout.nested) <= set(stage_schema(stage))


def _declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "_fields.yaml").write_text("{}", encoding="utf-8")
    (tmp_path / "core.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(declared, "FOLDER", tmp_path)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("t: {zh: 表, en: T, stage: x, columns: {a: {label_zh: 甲, zh: 甲}}}", "missing keys.*en"),
        ("t: {zh: 表, en: T, stage: x, columns: {a: {label_zh: 甲, zh: 甲, en: A, tpye: DATE}}}", "unknown keys.*tpye"),
        (
            "t: {zh: 表, en: T, stage: x, columns: {a: {label_zh: 甲, zh: 甲, en: A, type: STRUCT}}}",
            "unknown type STRUCT",
        ),
        (
            "t: {zh: 表, en: T, stage: x, primary_key: [b], columns: {a: {label_zh: 甲, zh: 甲, en: A}}}",
            "primary key",
        ),
        (
            "t: {zh: 表, en: T, stage: x, primary_key: [a], columns: {a: {label_zh: 甲, zh: 甲, en: A}}}",
            "cannot be null",
        ),
    ],
)
def test_a_faulty_declaration_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, complaint: str
) -> None:
    _declare(tmp_path, monkeypatch, text)
    with pytest.raises(DeclarationError, match=complaint):
        load_tables.__wrapped__()
