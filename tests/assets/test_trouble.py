"""Trouble with the disk, the lake and its ledger: named, survived, and mended by the next build."""

import errno
import json
import os
import socket
import sqlite3
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from standins import KEYS, put

import assets.cli  # noqa: F401 - registers the commands
from assets.project import Folders
from govreports.cli import cli
from govreports.incremental import stages
from govreports.lake import store
from govreports.locks import exclusive


def command(name: str, folders: Folders, *arguments: str) -> Result:
    """Run a command in this process."""
    where = ["--raw", str(folders.raw), "--warehouse", str(folders.warehouse)]
    return CliRunner().invoke(cli, [name, *where, "--corrections", str(folders.corrections), *arguments])


def build(folders: Folders, *arguments: str) -> Result:
    """Run the command `build`."""
    return command("build", folders, "--jobs", "1", *arguments)


def documents(folders: Folders) -> list[tuple[object, ...]]:
    """What is published."""
    with duckdb.connect(folders.published, read_only=True) as con:
        return con.execute("SELECT partition_key FROM text.document ORDER BY 1").fetchall()


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "is full: free some space and build again; what was done stands"),
        (errno.EROFS, "cannot be written: give it write permission, or name another folder with --warehouse"),
    ],
)
def test_a_lake_that_takes_no_file_is_told_and_the_next_build_goes_on(folders: Folders, number: int, told: str) -> None:
    real, count = store.write_rows, 0

    def failing(*arguments: object) -> store.Written:
        nonlocal count
        count += 1
        if count > 4:
            raise OSError(number, os.strerror(number))
        return real(*arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(stages, "write_rows", failing)
        result = build(folders)
    assert result.exit_code == 1
    assert told in result.output
    again = build(folders)
    assert again.exit_code == 0, again.output
    assert "raw: 3 partitions, 3 of them fresh" in again.output
    assert documents(folders) == [(key,) for key in KEYS]


def test_a_ledger_edited_by_hand_is_put_right(folders: Folders) -> None:
    assert build(folders).exit_code == 0
    with sqlite3.connect(folders.warehouse / "lake" / "ledger.sqlite") as con:
        con.execute("UPDATE stage_file SET fingerprint = 'x', made_from = '' WHERE stage = 'sections'")
        con.execute("DELETE FROM stage_file WHERE stage = 'raw' AND partition_key = ?", (KEYS[0],))
        con.execute("UPDATE seen_file SET size = 1 WHERE source_file = ?", (f"{KEYS[1]}.txt",))
    explained = build(folders, "--explain")
    assert f"{KEYS[0]}  raw › cleaned › sections › indicators  new" in explained.output
    assert f"{KEYS[2]}  sections › indicators  the code or an input changed" in explained.output
    assert build(folders).exit_code == 0
    assert "nothing was done" in build(folders).output
    assert documents(folders) == [(key,) for key in KEYS]


def test_explain_names_the_correction(folders: Folders) -> None:
    assert build(folders).exit_code == 0
    folders.corrections.mkdir()
    (folders.corrections / "values.yml").write_text("[]\n")
    explained = build(folders, "--explain")
    assert "publication  marts › published_warehouse › explorer  corrections/values.yml changed" in explained.output


def test_a_file_replaced_after_the_scan_is_read_by_the_next_build(folders: Folders) -> None:
    folders.scan()
    put(folders, KEYS[0], "replaced")
    assert build(folders).exit_code == 0
    with duckdb.connect(folders.published, read_only=True) as con:
        (found,) = con.execute("SELECT count(*) FROM text.document WHERE partition_key = ?", [KEYS[0]]).fetchall()
    assert found == (1,)
    assert "nothing was done" in build(folders).output


def test_a_second_daemon_on_an_instance_is_refused(folders: Folders) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        unused_port = probe.getsockname()[1]
    with exclusive(Path(folders.dagster_home) / ".ui.lock", wait=False):
        result = command("ui", folders, "--port", str(unused_port))
    assert result.exit_code == 1
    assert "runs on this instance already" in result.output and str(os.getpid()) in result.output


def test_json_lines_are_told_on_request(folders: Folders) -> None:
    put(folders, "notice", "spoiled")
    lines = [json.loads(line) for line in build(folders, "--log-format", "json").output.splitlines()]
    events = [line["event"] for line in lines]
    assert events[0] == "scan" and events[-1] == "published"
    assert events.count("partition") == 4 * len(KEYS)
    (refused,) = [line for line in lines if line["event"] == "refused"]
    assert (refused["file"], refused["reason_code"]) == ("notice.txt", "not_a_report")
    assert lines[-1]["documents"] == len(KEYS)
    again = [json.loads(line)["event"] for line in build(folders, "--log-format", "json").output.splitlines()]
    assert again == ["scan", "refused", "nothing_to_do"]


def test_the_account_of_a_publication_is_kept_as_markdown(folders: Folders) -> None:
    put(folders, "notice", "spoiled")
    assert build(folders).exit_code == 0
    text = (folders.warehouse / "last_run.md").read_text(encoding="utf-8")
    assert "* 3 reports" in text
    assert "* 1 files refused: 1 not_a_report" in text
    assert "| notice.txt | not_a_report |" in text


def test_a_disk_that_fills_up_while_the_published_file_is_copied_leaves_it_as_it_is(folders: Folders) -> None:
    assert build(folders).exit_code == 0
    before = folders.published.read_bytes()
    put(folders, "420102-2022")

    def failing(source: Path, target: Path) -> None:
        target.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("govreports.warehouse.publish.shutil.copyfile", failing)
        result = build(folders)
    assert result.exit_code == 1
    assert "is full: free some space and build again" in result.output
    assert folders.published.read_bytes() == before
    assert not list((folders.warehouse / "builds").glob(".next-*"))
    assert build(folders).exit_code == 0
    assert ("420102-2022",) in documents(folders)
    with duckdb.connect(folders.published, read_only=True) as con:
        assert con.execute("SELECT revisions FROM meta.build").fetchall() == [(1,)]
