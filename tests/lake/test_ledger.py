"""The ledger: what counts, all or nothing."""

import sqlite3
from pathlib import Path

import pytest

from govreports.lake.ledger import Ledger, NewerLedger, SeenFile, StageFailure, StageFile

FILE = SeenFile("a.txt", 10, 5, 9, "aa", "", "accepted", "360102-2021", "", "", "v1", "2026-01-01T00:00:00+00:00")
MADE = StageFile("raw", "360102-2021", "f1", "c1", 1, 100, "2026-01-01T00:00:00+00:00")
FAILURE = StageFailure("raw", "360102-2021", "a.txt", "aa", "code", "why", "2026-01-01T00:00:00+00:00")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "lake" / "ledger.sqlite")


def test_files_of_a_scan_come_back(ledger: Ledger) -> None:
    refused = FILE._replace(
        source_file="b.txt", status="refused", partition_key="", reason_code="empty", reason="empty"
    )
    ledger.record_scan([FILE, refused], [])
    assert ledger.seen_files() == {"a.txt": FILE, "b.txt": refused}
    assert ledger.accepted("360102-2021") == [FILE]
    assert ledger.accepted_by_partition() == {"360102-2021": [FILE]}
    assert ledger.refused() == [refused]


def test_vanished_files_are_forgotten(ledger: Ledger) -> None:
    ledger.record_scan([FILE], [])
    ledger.record_scan([], ["a.txt"])
    assert ledger.seen_files() == {}


def test_a_scan_is_recorded_wholly_or_not_at_all(ledger: Ledger) -> None:
    ledger.record_scan([FILE], [])
    broken = FILE._replace(source_file="b.txt", size=None)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        ledger.record_scan([FILE._replace(sha256="bb"), broken], ["a.txt"])
    assert ledger.seen_files() == {"a.txt": FILE}


def test_a_stage_output_counts_with_its_row_and_replaces_old_failures(ledger: Ledger) -> None:
    ledger.record_stage(MADE, [FAILURE])
    assert ledger.stage_file("raw", "360102-2021") == MADE
    assert ledger.failures() == [FAILURE]
    ledger.record_stage(MADE._replace(fingerprint="f2"), [])
    assert ledger.failures() == []
    ledger.forget_stage("raw", "360102-2021")
    assert ledger.stage_files() == {}


def test_two_processes_see_the_same(ledger: Ledger) -> None:
    other = Ledger(ledger.path)
    ledger.record_stage(MADE, [])
    ledger.set_note("published", "hash")
    assert other.stage_file("raw", "360102-2021") == MADE
    assert other.note("published") == "hash"
    assert other.note("unknown") is None


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_ledger_is_brought_up_to_date(ledger: Ledger, version: int) -> None:
    ledger.record_scan([FILE], [])
    ledger.record_stage(MADE, [FAILURE])
    ledger.close()
    with sqlite3.connect(ledger.path) as connection:
        for table in ("seen_file", "stage_failure"):
            connection.execute(f"ALTER TABLE {table} DROP COLUMN attempts")
        if version == 1:
            connection.execute("ALTER TABLE stage_file DROP COLUMN made_from")
        connection.execute(f"PRAGMA user_version = {version}")
    for _ in range(2):
        newer = Ledger(ledger.path)
        assert newer.seen_files() == {"a.txt": FILE}
        assert newer.stage_file("raw", "360102-2021") == MADE
        assert newer.failures() == [FAILURE]
        newer.record_stage(MADE, [FAILURE._replace(attempts=2)])
        assert newer.failures() == [FAILURE._replace(attempts=2)]
        newer.record_stage(MADE, [FAILURE])
        newer.close()


def test_a_newer_ledger_is_refused_with_the_way_out(ledger: Ledger) -> None:
    ledger.close()
    with sqlite3.connect(ledger.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerLedger, match="use the newer package"):
        Ledger(ledger.path)
