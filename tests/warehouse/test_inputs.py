"""Gathering inputs: every file under raw/ ends as a document or in quarantine, and failures of stages are told."""

from pathlib import Path

import polars as pl
import pytest

from govreports.lake.ledger import Ledger, SeenFile, StageFailure, StageFile
from govreports.warehouse.inputs import hash_of_files, ledger_rows, write_rows

AT = "2025-01-01T00:00:00+00:00"


def seen(name: str, status: str = "accepted", reason_code: str = "", key: str = "360102-2024") -> SeenFile:
    return SeenFile(name, 1, 1, 1, name, "", status, key, reason_code, reason_code, "v1", AT)


@pytest.fixture
def ledger(tmp_path: Path):
    made = Ledger(tmp_path / "ledger.sqlite")
    yield made
    made.close()


def fail(ledger: Ledger, stage: str, name: str) -> None:
    written = StageFile(stage, "360102-2024", "f", "h", 1, 1, AT)
    ledger.record_stage(written, [StageFailure(stage, "360102-2024", name, name, f"{stage}_failed", "it broke", AT)])


def test_each_file_that_is_no_document_is_quarantined_once(ledger: Ledger) -> None:
    files = [
        seen("good.txt"),
        seen("refused.txt", "refused", "no_text", key=""),
        seen("copy.txt", "duplicate", "duplicate_file"),
        seen("broken.txt"),
        seen("waiting.txt"),
    ]
    ledger.record_scan(files, [])
    fail(ledger, "cleaned", "broken.txt")
    rows = ledger_rows(ledger, ledger.seen_files(), {"good.txt"})["text.quarantine"]
    assert {row["source_file"]: row["reason_code"] for row in rows} == {
        "refused.txt": "no_text",
        "copy.txt": "duplicate_file",
        "broken.txt": "cleaned_failed",
        "waiting.txt": "not_processed",
    }
    assert {row["source_file"]: row["partition_key"] for row in rows}["refused.txt"] is None


def test_a_later_stage_that_failed_on_a_document_is_a_reject(ledger: Ledger) -> None:
    ledger.record_scan([seen("good.txt")], [])
    fail(ledger, "indicators", "good.txt")
    made = ledger_rows(ledger, ledger.seen_files(), {"good.txt"})
    assert made["text.quarantine"] == []
    (row,) = made["meta.reject"]
    assert (row["table_name"], row["row_key"], row["reason_code"]) == ("observation", "good.txt", "indicators_failed")


def test_the_input_hash_follows_names_bytes_and_sidecars_in_any_order() -> None:
    a, b = seen("a.txt"), seen("b.txt")
    assert hash_of_files([a, b]) == hash_of_files([b, a])
    assert len({hash_of_files(files) for files in ([a], [a, b], [a._replace(sidecar_sha256="x")])}) == 3
    assert hash_of_files([a._replace(mtime_ns=2, seen_at="later")]) == hash_of_files([a])


def test_rows_are_written_with_the_declared_types(tmp_path: Path) -> None:
    path = write_rows("text.quarantine", [], tmp_path)
    assert pl.read_parquet(path).schema["seen_at"] == pl.Datetime("us")
