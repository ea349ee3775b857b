"""Exports and the comparison of two files, through the commands."""

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from synthetic_warehouse import HEADLINES, document, inputs, observation

from govreports.warehouse.changelog import compare_files
from govreports.warehouse.commands import diff, export
from govreports.warehouse.connection import WarehouseError
from govreports.warehouse.publish import publish

DOC = document("d1")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse published twice: one value changed, one gone, one new."""
    folder = tmp_path_factory.mktemp("exported")
    common = [
        observation(DOC, "gdp", "growth_avg_annual", 7, "2016/2020", at=90, status="target", bound="at_least"),
        observation(DOC, "gdp", "level", 50.5, "2023-H1", at=120),
    ]
    first = [observation(DOC, "gdp", "level", 100, "2023"), observation(DOC, "gdp", "level", 90, "2022", at=40)]
    second = [
        {**first[0], "value": 101.0, "obs_value": 101e8, "quote": "101亿元"},
        observation(DOC, "gdp", "level", 80, "2021", at=60),
    ]
    for rows in (first, second):
        publish(inputs(folder / "in", [DOC], [*rows, *common]), folder / "wh")
    return folder / "wh"


def test_the_datapackage_describes_the_parquet_files(warehouse: Path) -> None:
    folder = warehouse / "exports" / "parquet"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    by_path = {resource["path"]: resource for resource in package["resources"]}
    assert {path.name for path in folder.glob("*.parquet")} == by_path.keys()
    assert "mart.region_year.parquet" in by_path and "core.indicator.parquet" in by_path
    for path, resource in by_path.items():
        assert pl.read_parquet_schema(folder / path).names() == [f["name"] for f in resource["schema"]["fields"]]
    wide = by_path["mart.region_year.parquet"]["schema"]
    assert wide["primaryKey"] == ["region_code", "year"]
    assert len(wide["fields"]) == 11 + 4 * len(HEADLINES)
    assert len(package["contentHash"]) == 64


def test_sdmx_writes_base_units_and_sdmx_periods(warehouse: Path) -> None:
    done = CliRunner().invoke(export, ["sdmx", "--warehouse", str(warehouse)])
    assert done.exit_code == 0, done.output
    rows = {row["TIME_PERIOD"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows.keys() == {"2021", "2023", "2023-S1", "2016-01-01/P5Y"}
    assert (rows["2023"]["OBS_VALUE"], rows["2023"]["UNIT_MULT"]) == ("10100000000.0", "0")
    goal = rows["2016-01-01/P5Y"]
    assert (goal["FREQ"], goal["STATUS"], goal["BOUND"], goal["OBS_STATUS"]) == ("A5", "target", "at_least", "A")


def builds(warehouse: Path) -> list[str]:
    return [str(path) for path in sorted((warehouse / "builds").glob("*.duckdb"))]


def test_diff_tells_added_removed_and_changed_values(warehouse: Path) -> None:
    done = CliRunner().invoke(diff, builds(warehouse))
    assert done.exit_code == 0, done.output
    assert "core.observation_corrected: 1 row added" in done.output
    assert "core.observation_corrected: 1 row removed" in done.output
    assert "mart.region_year_long: 1 row changed in obs_value" in done.output
    assert "10000000000.0 -> 10100000000.0" in done.output


def test_diff_for_machines_and_of_equal_files(warehouse: Path) -> None:
    old, new = builds(warehouse)
    listed = json.loads(CliRunner().invoke(diff, [old, new, "--json"]).output)
    assert {change["change"] for change in listed} == {"added", "removed", "changed"}
    assert CliRunner().invoke(diff, [new, new]).output == "The same.\n"


def test_a_file_that_is_no_warehouse_is_named(warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "x.duckdb").write_text("no database at all")
    with pytest.raises(WarehouseError, match=r"x\.duckdb cannot be read as a DuckDB file"):
        compare_files(tmp_path / "x.duckdb", Path(builds(warehouse)[0]))
    with pytest.raises(WarehouseError, match="does not exist"):
        compare_files(tmp_path / "none.duckdb", Path(builds(warehouse)[0]))
