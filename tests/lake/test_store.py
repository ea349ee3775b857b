"""The lake's files: what is put is what comes back, and only what counts is there."""

import os
from pathlib import Path

import polars as pl
import pytest
import standins
from standins import NEW_KEY, stage_path

from govreports.intake.source import SourceFile
from govreports.lake.frames import UndeclaredColumns
from govreports.lake.store import CorruptLakeFile, Lake, write_atomically


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


def raw_rows(text: str = "政府工作报告") -> list[dict[str, object]]:
    return standins.read_files([SourceFile(f"{NEW_KEY}.txt", text.encode())]).rows


def test_rows_come_back_as_they_were(lake: Lake) -> None:
    written = lake.put("raw", NEW_KEY, raw_rows(), "made-from", [])
    assert lake.get("raw", NEW_KEY) == raw_rows()
    assert lake.ledger.stage_file("raw", NEW_KEY) == written
    assert lake.sizes() == {("raw", NEW_KEY): written.size}


def test_the_content_hash_follows_the_rows(lake: Lake) -> None:
    first = lake.put("raw", NEW_KEY, raw_rows(), "a", [])
    again = lake.put("raw", NEW_KEY, raw_rows(), "b", [])
    other = lake.put("raw", NEW_KEY, raw_rows("另一份报告"), "b", [])
    assert first.content_hash == again.content_hash != other.content_hash


def test_undeclared_columns_are_refused_and_leave_no_file(lake: Lake) -> None:
    rows = [{**raw_rows()[0], "invented": 1}]
    with pytest.raises(UndeclaredColumns, match="invented"):
        lake.put("raw", NEW_KEY, rows, "a", [])
    assert lake.sizes() == {}


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_file_that_cannot_be_read_is_forgotten(lake: Lake, damage: str) -> None:
    lake.put("raw", NEW_KEY, raw_rows(), "a", [])
    path = stage_path(lake, "raw", NEW_KEY)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:100])
    else:
        path.unlink()
    with pytest.raises(CorruptLakeFile, match=f"{NEW_KEY}.parquet cannot be read .* run the build again"):
        lake.get("raw", NEW_KEY)
    assert lake.ledger.stage_file("raw", NEW_KEY) is None


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.parquet"
    write_atomically(pl.DataFrame({"a": [1]}), path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("govreports.store.stores.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(pl.DataFrame({"a": [2]}), path)
    assert pl.read_parquet(path)["a"].to_list() == [1]
    assert list(tmp_path.iterdir()) == [path]


def test_files_that_nobody_stands_for_are_swept(lake: Lake) -> None:
    lake.put("raw", NEW_KEY, raw_rows(), "a", [])
    orphan = stage_path(lake, "raw", "360102-2024")
    orphan.write_bytes(b"left by a killed writer")
    half = orphan.with_name(f".{orphan.name}.999999999.tmp")
    half.write_bytes(b"half")
    writing = orphan.with_name(f".{orphan.name}.{os.getpid()}.tmp")
    writing.write_bytes(b"somebody writes it now")
    assert sorted(lake.sweep([("raw", "360102-2024")])) == sorted(
        path.relative_to(lake.root).as_posix() for path in (orphan, half)
    )
    assert not orphan.exists() and not half.exists()
    assert writing.exists()
    assert lake.get("raw", NEW_KEY) == raw_rows()


def test_removal_forgets_the_row_and_the_file(lake: Lake) -> None:
    lake.put("raw", NEW_KEY, raw_rows(), "a", [])
    lake.remove("raw", NEW_KEY)
    assert lake.ledger.stage_files() == {}
    assert not stage_path(lake, "raw", NEW_KEY).exists()
