"""The commands of the library: what they print, and what they say when something is wrong."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import click
import duckdb
import pytest
from click.testing import CliRunner, Result

from govreports.cli import _restore_catalogue, cli, compare, register
from govreports.metadata.tables import load_tables
from govreports.warehouse.publish import FILE_NAME

SENTENCE = "地区生产总值380.5亿元,增长6%。"
OBSERVATION: dict[str, Any] = {
    "observation_id": "oaa11",
    "doc_id": "d1",
    "section_id": "s1",
    "region_code": "360102",
    "report_year": 2024,
    "indicator_id": "gdp",
    "measure": "level",
    "value": 380.5,
    "unit": "亿元",
    "obs_value": 380.5e8,
    "unit_measure": "CNY",
    "bound": "point",
    "status": "actual",
    "obs_status": "A",
    "time_period": "2023",
    "scope": "region",
    "quote": "380.5亿元",
    "raw_start": 6,
    "raw_end": 13,
    "sentence": SENTENCE,
    "rule_id": "clause",
    "confidence": 0.9,
}
GROWTH = OBSERVATION | {
    "observation_id": "oaa22",
    "measure": "growth_yoy",
    "value": 6.0,
    "unit": "%",
    "obs_value": 6.0,
    "unit_measure": "PT",
    "quote": "增长6%",
    "raw_start": 14,
    "raw_end": 18,
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def report(**changes: Any) -> SimpleNamespace:
    document = {"region_name": "东湖区", "region_code": "360102", "report_year": 2024, "doc_type": "work_report"}
    base: dict[str, Any] = {
        "source_file": "a.txt",
        "raw": {"raw_text": SENTENCE},
        "cleaned": document | {"title": "政府工作报告", "clean_text": SENTENCE, "span": []},
        "sections": [{"section_id": "s1", "path": "一、回顾", "title": "一、回顾", "role": "review"}],
        "observations": [GROWTH, OBSERVATION],
        "quantities": [
            {"observation_id": "oaa11", "quote": "380.5亿元", "head": "地区生产总值"},
            {"observation_id": None, "quote": "3座", "head": "公园"},
        ],
        "reason_code": "",
        "reason": "",
    }
    return SimpleNamespace(**(base | changes))


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stands in for the stages: commands are tested for what they print of a report."""
    fake = SimpleNamespace(report=report())
    module = ModuleType("govreports.pipeline")
    module.read_report = lambda file: fake.report  # type: ignore[attr-defined]
    module.read_sentence = lambda sentence, year, role: fake.report  # type: ignore[attr-defined]
    module.source_file = lambda path, root=None: SimpleNamespace(source_file=path.name)  # type: ignore[attr-defined]
    module.source_files = lambda raw: [SimpleNamespace(source_file="a.txt")]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "govreports.pipeline", module)
    return fake


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Path]:
    """A published file with one observation."""
    rows: dict[str, dict[str, Any]] = {
        "core.observation": OBSERVATION,
        "core.region": {"region_code": "360102", "name": "东湖区", "full_name": "江西省南昌市东湖区"},
        "core.indicator": {"indicator_id": "gdp", "name_zh": "地区生产总值", "domain": "national_accounts"},
        "text.document": {
            "doc_id": "d1",
            "source_file": "a.txt",
            "title": "政府工作报告",
            "region_name": "东湖区",
            "report_year": 2024,
        },
        "text.section": {"section_id": "s1", "path": "一、回顾"},
        "mart.region_year_long": {
            "region_code": "360102",
            "year": 2023,
            "indicator_id": "gdp",
            "measure": "level",
            "obs_value": 380.5e8,
            "unit_measure": "CNY",
            "status": "actual",
            "observation_id": "oaa11",
            "quote": "380.5亿元",
        },
    }
    with duckdb.connect(tmp_path / FILE_NAME) as con:
        for key in (*rows, "core.correction", "mart.consistency"):
            table, row = load_tables()[key], rows.get(key, {})
            columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}; CREATE TABLE {key} ({columns})")
            names = [name for name in row if name in table.column_names]
            if not names:
                continue
            marks = ", ".join("?" for _ in names)
            con.execute(f"INSERT INTO {key} ({', '.join(names)}) VALUES ({marks})", [row[name] for name in names])
    yield tmp_path


def test_help_names_every_command() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for name in ("explain", "read", "try", "show", "trace", "score"):
        assert name in result.output


def test_wrong_usage_exits_with_2_and_a_sentence() -> None:
    for arguments in (
        ["expalin"],
        ["explain", "no-such-file.txt"],
        ["show", "东湖区"],
        ["read", " "],
        ["score", "--frob"],
    ):
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert "Error: " in result.output


def test_explain_marks_each_value_in_its_sentence(pipeline: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    result = run("explain", str(tmp_path / "a.txt"))
    assert result.exit_code == 0
    assert "地区生产总值【380.5亿元】,【增长6%】。" in result.output
    assert "gdp level 380.5亿元 point actual 2023 region  clause 0.90" in result.output
    assert "2 observations; 2 quantities, 1 of them of known indicators" in result.output
    assert "\x1b" not in result.output


def test_explain_for_machines_holds_no_text_but_all_rows(pipeline: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    printed = json.loads(run("explain", str(tmp_path / "a.txt"), "--json").output)
    assert [row["observation_id"] for row in printed["observations"]] == ["oaa22", "oaa11"]
    assert "clean_text" not in printed["document"]


def test_a_refused_file_is_told_with_its_reason(pipeline: SimpleNamespace, tmp_path: Path) -> None:
    pipeline.report = report(reason_code="not_a_report", reason="it is a notice: remove it from raw/")
    (tmp_path / "a.txt").write_text("通知", encoding="utf-8")
    result = run("explain", str(tmp_path / "a.txt"))
    assert result.exit_code == 1
    assert "was refused (not_a_report): it is a notice" in result.output


def test_read_prints_values_with_and_without_an_indicator(pipeline: SimpleNamespace) -> None:
    output = run("read", SENTENCE, "--year", "2024").output
    assert "gdp growth_yoy 6% point actual 2023" in output
    assert "no indicator  公园: 3座" in output


def test_read_says_so_where_nothing_is_found(pipeline: SimpleNamespace) -> None:
    pipeline.report = report(observations=[], quantities=[])
    assert "No value was found" in run("read", "团结奋斗。").output


def test_try_refuses_an_unknown_indicator_and_suggests(tmp_path: Path) -> None:
    result = run("try", "retail", "--raw", str(tmp_path))
    assert result.exit_code == 2
    assert "retail is not in the catalogue; did you mean retail_sales" in result.output


def test_try_shows_what_is_new(pipeline: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govreports.cli._rows_before", lambda indicator, raw: [{**OBSERVATION, "source_file": "a.txt"}])
    output = run("try", "gdp", "--raw", str(tmp_path)).output
    assert "+ a.txt 14: growth_yoy 6% actual 2023 region  增长6%" in output
    assert "gdp: 1 before, 2 after (0 removed, 1 added, 0 changed)" in output


def test_compare_tells_removed_added_and_changed_apart() -> None:
    def row(at: int, **changes: Any) -> dict[str, Any]:
        return {**OBSERVATION, "source_file": "a.txt", "raw_start": at, **changes}

    result = compare([row(1), row(2), row(3)], [row(2), row(3, status="target"), row(4)])
    assert {name: [r["raw_start"] for r in rows] for name, rows in result.items()} == {
        "removed": [1],
        "added": [4],
        "changed": [3],
    }


@pytest.mark.parametrize("region", ["360102", "东湖区", "江西省南昌市东湖区"])
def test_show_finds_a_region_by_code_or_name(warehouse: Path, region: str) -> None:
    result = run("show", region, "2023", "--warehouse", str(warehouse))
    assert result.exit_code == 0, result.output
    assert "地区生产总值 level" in result.output
    assert "38,050,000,000 CNY" in result.output


def test_show_says_what_it_does_not_know(warehouse: Path) -> None:
    assert "nothing stated of cpi" in run("show", "360102", "2023", "cpi", "--warehouse", str(warehouse)).output
    unknown = run("show", "无名县", "2023", "--warehouse", str(warehouse))
    assert (unknown.exit_code, "no region is called 无名县" in unknown.output) == (2, True)


def test_trace_leads_to_the_characters(warehouse: Path) -> None:
    output = run("trace", "oaa1", "--warehouse", str(warehouse)).output
    assert "a.txt, characters 6–13 of the decoded text" in output
    assert "地区生产总值【380.5亿元】" in output
    assert json.loads(run("trace", "oaa11", "--warehouse", str(warehouse), "--json").output)["value"] == 380.5
    assert run("trace", "ozz", "--warehouse", str(warehouse)).exit_code == 2


def test_words_of_a_report_cannot_steer_the_terminal(warehouse: Path) -> None:
    with duckdb.connect(warehouse / FILE_NAME) as con:
        con.execute("UPDATE text.document SET title = 'a' || chr(27) || '[2J' || chr(10) || 'b'")
        con.execute("UPDATE mart.region_year_long SET quote = chr(27) || ']0;x' || chr(7)")
    for arguments in (["trace", "oaa11"], ["show", "360102", "2023"]):
        output = CliRunner().invoke(cli, [*arguments, "--warehouse", str(warehouse)], color=True).output
        assert "\x1b[2J" not in output and "\x1b]" not in output and "\x07" not in output


def test_trace_tells_of_hands_and_contradictions_and_stays_plain_in_a_pipe(warehouse: Path) -> None:
    with duckdb.connect(warehouse / FILE_NAME) as con:
        con.execute(
            """INSERT INTO core.correction BY NAME SELECT 'oaa11' AS observation_id, 'scale' AS action,
               'mine' AS correction_id, 'a typo' AS reason;
               INSERT INTO mart.consistency BY NAME SELECT 'oaa11' AS observation_id, 'contradicts' AS verdict,
               'parts add up' AS rule, 380.5 AS stated, 400 AS implied, '400亿元' AS other_quote,
               'oaa22' AS other_observation_id"""
        )
    page = warehouse / "site" / "report" / "d1.html"
    page.parent.mkdir(parents=True)
    page.touch()
    output = run("trace", "oaa11", "--warehouse", str(warehouse)).output
    assert "by hand     scale, mine: a typo" in output
    assert "parts add up: stated 380.5, implied 400 by “400亿元”" in output
    assert f"{page.as_uri()}#obs=oaa11" in output
    assert "\x1b" not in output
    coloured = CliRunner().invoke(cli, ["trace", "oaa11", "--warehouse", str(warehouse)], color=True).output
    assert "\x1b[32m【380.5亿元】" in coloured


def test_without_a_warehouse_the_way_out_is_told(tmp_path: Path) -> None:
    result = run("trace", "oaa11", "--warehouse", str(tmp_path))
    assert result.exit_code == 1
    assert "run `govreports build` first" in result.output


def test_a_broken_warehouse_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database" * 1000)
    result = run("show", "360102", "2023", "--warehouse", str(tmp_path))
    assert result.exit_code == 1
    assert "cannot be read as a DuckDB file" in result.output


def test_a_command_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="a command explain exists already"):
        register([click.Command("explain")])


def test_the_committed_catalogue_replaces_the_changed_one(tmp_path: Path) -> None:
    package, copy = tmp_path / "repo" / "govreports", tmp_path / "copy"
    for folder in (package, copy):
        (folder / "metadata" / "indicators").mkdir(parents=True)
    entry = package / "metadata" / "indicators" / "a.yaml"
    entry.write_text("committed", encoding="utf-8")

    def git(*arguments: str) -> None:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", "-C", str(package), *who, *arguments], check=True, capture_output=True)

    git("init")
    assert not _restore_catalogue(package, copy)
    git("add", ".")
    git("commit", "-m", "first")
    entry.write_text("changed", encoding="utf-8")
    (copy / "metadata" / "indicators" / "new.yaml").write_text("not committed", encoding="utf-8")
    assert _restore_catalogue(package, copy)
    left = {path.name: path.read_text(encoding="utf-8") for path in (copy / "metadata" / "indicators").iterdir()}
    assert left == {"a.yaml": "committed"}
