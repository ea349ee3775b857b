"""Corrections: the four actions, and failing loudly."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from synthetic_warehouse import document, inputs, observation

from govreports.warehouse.build import build_warehouse
from govreports.warehouse.connection import published_file, records
from govreports.warehouse.corrections import CorrectionError, load_corrections

DOC = document("d1")
ROW = observation(DOC, "fixed_investment", "level", 3.2, "2023", unit="万亿元", obs_value=3.2e12, written_mult=12)
BASE = {
    "id": "lost-point",
    "action": "scale",
    "where": {"indicator_id": "fixed_investment"},
    "expect": {"value": 3.2},
    "factor": 0.01,
    "reason": "the decimal point was lost",
    "date": date(2025, 3, 1),
}


def declared(tmp_path: Path, **changes: object) -> Path:
    folder = tmp_path / "corrections"
    folder.mkdir(exist_ok=True)
    spec = {key: value for key, value in {**BASE, **changes}.items() if value is not None}
    (folder / "a.yml").write_text(yaml.safe_dump([spec], allow_unicode=True), encoding="utf-8")
    return folder


def corrected(tmp_path: Path, **changes: object) -> list[dict]:
    corrections = load_corrections(declared(tmp_path, **changes))
    path = tmp_path / "built.duckdb"
    report = build_warehouse(inputs(tmp_path, [DOC], [ROW]), path, corrections=corrections)
    assert report.blocking == []
    with published_file(path) as con:
        assert records(con, "SELECT value FROM core.observation") == [{"value": 3.2}]
        return records(con, "FROM core.observation_corrected")


def test_scale(tmp_path: Path) -> None:
    (row,) = corrected(tmp_path)
    assert row["value"] == pytest.approx(0.032) and row["obs_value"] == pytest.approx(3.2e10)
    assert (row["correction_id"], row["original_value"]) == ("lost-point", 3.2e12)


def test_drop(tmp_path: Path) -> None:
    assert corrected(tmp_path, action="drop", factor=None) == []


def test_override_keeps_the_factor_of_the_unit(tmp_path: Path) -> None:
    (row,) = corrected(tmp_path, action="override", factor=None, set={"value": 0.032})
    assert row["value"] == 0.032 and row["obs_value"] == pytest.approx(3.2e10)


def test_override_of_the_unit_must_set_the_base_value(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match="must set obs_value"):
        corrected(tmp_path, action="override", factor=None, set={"value": 320, "unit": "亿元"})


def test_flag(tmp_path: Path) -> None:
    (row,) = corrected(tmp_path, action="flag", factor=None, obs_status="U")
    assert (row["obs_status"], row["obs_value"], row["correction_id"]) == ("U", 3.2e12, "lost-point")


def test_a_correction_that_matches_nothing_fails(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match="lost-point matches no observation"):
        corrected(tmp_path, where={"indicator_id": "gdp"})


def test_a_correction_whose_source_changed_fails(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match=r"expects value = 3\.3.*says 3\.2.*the source has changed"):
        corrected(tmp_path, expect={"value": 3.3})


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"action": "mend"}, "action must be one of"),
        ({"reason": None}, "lacks reason"),
        ({"factor": None}, "lacks factor"),
        ({"why": "so"}, "unknown keys: why"),
        ({"where": {"indikator": "gdp"}}, "no columns of core.observation: indikator"),
        ({"date": "last week"}, "date must be a day"),
    ],
)
def test_a_misspelt_correction_is_named(tmp_path: Path, changes: dict, complaint: str) -> None:
    with pytest.raises(CorrectionError, match=complaint):
        load_corrections(declared(tmp_path, **changes))


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    folder = declared(tmp_path)
    (folder / "b.yml").write_text((folder / "a.yml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(CorrectionError, match="occur twice: lost-point"):
        load_corrections(folder)


def test_no_folder_means_no_corrections(tmp_path: Path) -> None:
    assert load_corrections(tmp_path / "none") == [] and load_corrections(None) == []
