"""The command `build`: exit codes, and one clear sentence for each thing that can be wrong."""

import sqlite3
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from standins import KEYS, put

import assets.cli  # noqa: F401 - registers the commands
from assets.project import Folders
from govreports.cli import cli
from govreports.incremental.stages import run_stage
from govreports.lake import ledger


def build(folders: Folders, *arguments: str) -> Result:
    """Run the command in this process."""
    where = [
        "--raw",
        str(folders.raw),
        "--warehouse",
        str(folders.warehouse),
        "--corrections",
        str(folders.corrections),
    ]
    return CliRunner().invoke(cli, ["build", "--jobs", "1", *where, *arguments])


def test_a_build_says_what_it_did(folders: Folders) -> None:
    put(folders, "notice", "spoiled")
    result = build(folders)
    assert result.exit_code == 0, result.output
    assert "4 files (4 new, 1 refused), 3 region-years" in result.output
    assert "indicators: 3 partitions" in result.output
    for key in KEYS:
        assert key[:6] in result.output
    assert "refused: notice.txt (not_a_report): notice.txt is no report: remove it" in result.output
    assert f"warehouse: {folders.published}" in result.output
    with duckdb.connect(folders.published, read_only=True) as con:
        assert con.execute("select count(*) from text.document").fetchone() == (3,)
        assert con.execute("select source_file from text.quarantine").fetchall() == [("notice.txt",)]


def test_a_second_build_does_nothing_and_says_so(folders: Folders) -> None:
    put(folders, "notice", "spoiled")
    assert build(folders, "--strict").exit_code == 3
    before = folders.published.stat().st_mtime_ns
    result = build(folders)
    assert result.exit_code == 0
    assert "nothing changed since the last build, so nothing was done" in result.output
    assert folders.published.stat().st_mtime_ns == before
    assert build(folders, "--strict").exit_code == 3, "the file is refused still"


def test_select_limits_what_runs(folders: Folders) -> None:
    result = build(folders, "--select", "*-2022")
    assert result.exit_code == 0, result.output
    assert "indicators: 1 partitions" in result.output
    assert folders.lake.ledger.stage_file("indicators", KEYS[0]) is None


def test_select_leaves_alone_what_lies_between_in_the_range(folders: Folders) -> None:
    put(folders, between := "360102-2022")
    result = build(folders, "--select", "*-2021")
    assert result.exit_code == 0, result.output
    assert "indicators: 2 partitions" in result.output
    ledger = folders.lake.ledger
    assert [ledger.stage_file("raw", key) is None for key in (KEYS[0], between, KEYS[1])] == [False, True, False]


def test_select_of_nothing_is_wrong_usage(folders: Folders) -> None:
    result = build(folders, "--select", "110101-*")
    assert result.exit_code == 2
    assert "no region-year is like 110101-*; there are: 360102-2021" in result.output


def test_explain_says_why_and_runs_nothing(folders: Folders) -> None:
    result = build(folders, "--explain")
    assert result.exit_code == 0
    assert f"{KEYS[0]}  raw › cleaned › sections › indicators  new" in result.output
    assert not folders.published.exists()


def test_a_missing_folder_is_told(folders: Folders) -> None:
    missing = Folders.of(f"{folders.raw}/no", folders.warehouse, folders.corrections, 1)
    result = build(missing)
    assert result.exit_code == 1
    assert result.output.startswith("Error: there is no folder")
    assert "--raw" in result.output


def test_an_empty_folder_is_told_and_loses_nothing(folders: Folders) -> None:
    folders.scan()
    run_stage(folders.lake, "raw", KEYS, raw_dir=folders.raw)
    for entry in list(folders.raw.entries()):
        folders.raw.delete(entry.name)
    result = build(folders)
    assert result.exit_code == 1
    assert "is empty: put scraped reports" in result.output
    assert folders.lake.ledger.stage_file("raw", KEYS[0])


def test_a_warehouse_that_cannot_be_made_is_told(folders: Folders, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = build(Folders.of(folders.raw, tmp_path / "file", folders.corrections, 1))
    assert result.exit_code == 1
    assert "cannot be written" in result.output and "--warehouse" in result.output


def test_a_ledger_of_a_newer_package_is_told(folders: Folders) -> None:
    path = folders.warehouse / "lake" / "ledger.sqlite"
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as con:
        con.execute(f"PRAGMA user_version = {ledger.SCHEMA_VERSION + 1}")
    result = build(folders)
    assert result.exit_code == 1
    assert "use the newer package, or another warehouse folder" in result.output


def test_a_published_file_of_a_newer_package_is_told_and_stands(folders: Folders) -> None:
    with duckdb.connect(folders.published) as con:
        con.execute("CREATE SCHEMA meta; CREATE TABLE meta.build AS SELECT 99 AS schema_version")
    before = folders.published.read_bytes()
    result = build(folders)
    assert result.exit_code == 1
    assert "has schema version 99" in result.output
    assert folders.published.read_bytes() == before


def test_a_damaged_ledger_is_told(folders: Folders) -> None:
    path = folders.warehouse / "lake" / "ledger.sqlite"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 1000)
    result = build(folders)
    assert result.exit_code == 1
    assert "ledger.sqlite" in result.output and "made anew" in result.output


def test_two_builds_at_once_are_refused(folders: Folders) -> None:
    with folders.build_lock():
        result = build(folders)
    assert result.exit_code == 1
    assert "another build is under way" in result.output


@pytest.mark.parametrize("arguments", [["--frobnicate"], ["--jobs", "0"], ["surplus"]])
def test_wrong_usage_gives_2(folders: Folders, arguments: list[str]) -> None:
    assert build(folders, *arguments).exit_code == 2


def test_a_port_in_use_is_told(folders: Folders) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        where = ["--raw", str(folders.raw), "--warehouse", str(folders.warehouse)]
        result = CliRunner().invoke(cli, ["ui", *where, "--port", port])
    assert result.exit_code == 1
    assert f"127.0.0.1:{port} cannot be used" in result.output and "--port" in result.output
