"""The scan of raw/: everything that lies there is told, nothing is read twice, nothing stops the others."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from doomed import doomed
from report_pages import report

from govreports.intake import scan as scanning
from govreports.intake.scan import NoRawFolder, read_source_file, scan
from govreports.intake.source import MAX_BYTES, SourceFile
from govreports.lake.ledger import Ledger
from govreports.workers import Mapper


def by_first_line(file: SourceFile) -> scanning._Verdict:
    """Stands for identification: the first line is the partition key, or a refusal."""
    first = file.data.split(b"\n", 1)[0].decode()
    if first == "refuse":
        return scanning._Verdict("refused", "", "stub", "no document")
    return scanning._Verdict("accepted", first, "", "")


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(scanning, "_identified", by_first_line)
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def put(raw: Path, name: str, text: str, age: float = 60) -> Path:
    """Write a file that was last changed `age` seconds ago, so that its time stamp can be trusted."""
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    then = path.stat().st_mtime - age
    os.utime(path, (then, then))
    return path


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read: list[str] = []
    original: Callable[[Path], bytes] = scanning._read_steadily

    def counting(path: Path) -> bytes:
        read.append(path.name)
        return original(path)

    monkeypatch.setattr(scanning, "_read_steadily", counting)
    return read


def test_new_files_are_found_in_every_folder(raw: Path, ledger: Ledger) -> None:
    put(raw, "a.txt", "360102-2021\n")
    put(raw, "deep/er/b.html", "360121-2022\n")
    put(raw, ".hidden", "no report")
    summary = scan(raw, ledger)
    assert summary.new == ["a.txt", "deep/er/b.html"]
    assert summary.partitions == ["360102-2021", "360121-2022"]
    assert summary.seen == 2


def test_an_unchanged_file_is_not_read_again(raw: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    put(raw, "a.txt", "360102-2021\n")
    put(raw, "b.txt", "360102-2021\nb")
    scan(raw, ledger)
    put(raw, "b.txt", "360102-2021\nB")
    read = count_reads(monkeypatch)
    summary = scan(raw, ledger)
    assert read == ["b.txt"]
    assert (summary.changed, summary.unchanged, summary.new) == (["b.txt"], 1, [])


def test_a_file_with_an_old_date_is_seen(raw: Path, ledger: Ledger) -> None:
    put(raw, "a.txt", "360102-2021\n")
    scan(raw, ledger)
    put(raw, "late.txt", "360121-2022\n", age=10_000_000)
    assert scan(raw, ledger).new == ["late.txt"]


def test_a_file_changed_within_the_tick_of_its_time_stamp_is_read_again(raw: Path, ledger: Ledger) -> None:
    path = put(raw, "a.txt", "360102-2021\nx", age=0)
    state = path.stat()
    scan(raw, ledger)
    path.write_text("360102-2021\ny", encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert scan(raw, ledger).changed == ["a.txt"]


def test_touching_a_file_is_no_change(raw: Path, ledger: Ledger) -> None:
    put(raw, "a.txt", "360102-2021\n", age=120)
    scan(raw, ledger)
    before = ledger.seen_files()["a.txt"].seen_at
    put(raw, "a.txt", "360102-2021\n", age=60)
    summary = scan(raw, ledger)
    assert (summary.changed, summary.unchanged) == ([], 1)
    assert ledger.seen_files()["a.txt"].seen_at == before


def test_vanished_files_are_told_and_forgotten(raw: Path, ledger: Ledger) -> None:
    put(raw, "a.txt", "360102-2021\n").unlink()
    path = put(raw, "b.txt", "360121-2022\n")
    scan(raw, ledger)
    path.unlink()
    summary = scan(raw, ledger)
    assert (summary.vanished, summary.partitions) == (["b.txt"], [])


def test_new_intake_code_looks_at_everything_again(raw: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    put(raw, "a.txt", "360102-2021\n")
    scan(raw, ledger)
    monkeypatch.setattr(scanning, "code_version", lambda stage: "another")
    read = count_reads(monkeypatch)
    scan(raw, ledger)
    assert read == ["a.txt"]


def test_a_second_copy_points_to_the_first_by_name_whatever_came_first(raw: Path, ledger: Ledger) -> None:
    put(raw, "b.txt", "360102-2021\n")
    scan(raw, ledger)
    first = put(raw, "a.txt", "360102-2021\n")
    summary = scan(raw, ledger)
    assert summary.duplicates == ["b.txt"]
    assert "a.txt" in summary.refused[0].reason
    first.unlink()
    assert scan(raw, ledger).duplicates == []
    assert [row.source_file for row in ledger.accepted("360102-2021")] == ["b.txt"]


def test_every_bad_file_is_named_with_a_reason_and_stops_nothing(raw: Path, ledger: Ledger) -> None:
    put(raw, "good.txt", "360102-2021\n")
    put(raw, "stub.txt", "refuse\n")
    put(raw, "table.pdf", "%PDF")
    put(raw, "gone.meta.yml", "region: x\n")
    (raw / "broken.txt").symlink_to(raw / "nowhere.txt")
    (raw / "loop").symlink_to(raw)
    (raw / "self.txt").symlink_to(raw / "self.txt")
    (raw / "nowhere.meta.yml").symlink_to(raw / "nowhere")
    os.mkfifo(raw / "pipe.txt")
    with (raw / "huge.txt").open("wb") as handle:
        handle.truncate(MAX_BYTES + 1)
    (Path(os.fsdecode(os.fsencode(str(raw)) + b"/caf\xe9.txt"))).write_text("360102-2021\n")
    summary = scan(raw, ledger)
    assert {row.source_file: row.reason_code for row in summary.refused} == {
        "stub.txt": "stub",
        "table.pdf": "unsupported_type",
        "gone.meta.yml": "orphan_sidecar",
        "broken.txt": "unreadable",
        "self.txt": "unreadable",
        "nowhere.meta.yml": "orphan_sidecar",
        "pipe.txt": "not_a_file",
        "huge.txt": "too_large",
        "caf\\xe9.txt": "name_not_utf8",
    }
    assert summary.partitions == ["360102-2021"]
    for row in summary.refused:
        assert row.source_file in row.reason or row.reason_code == "stub"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(raw: Path, ledger: Ledger) -> None:
    put(raw, "a.txt", "360102-2021\n").chmod(0)
    assert [row.reason_code for row in scan(raw, ledger).refused] == ["unreadable"]


def test_sidecars_belong_to_their_report(raw: Path, ledger: Ledger) -> None:
    put(raw, "a.txt", "360102-2021\n")
    put(raw, "b.html.gz", "360121-2022\n")
    sidecar = put(raw, "a.meta.yml", "year: 2021\n")
    put(raw, "b.html.gz.meta.yml", "year: 2022\n")
    assert scan(raw, ledger).seen == 2
    sidecar.write_text("year: 2020\n", encoding="utf-8")
    assert scan(raw, ledger).changed == ["a.txt"]
    sidecar.unlink()
    assert scan(raw, ledger).changed == ["a.txt"]


def test_a_file_that_changed_after_the_scan_is_not_passed_on(raw: Path, ledger: Ledger) -> None:
    path = put(raw, "a.txt", "360102-2021\n")
    scan(raw, ledger)
    seen = ledger.seen_files()["a.txt"]
    assert read_source_file(raw, seen) == SourceFile("a.txt", b"360102-2021\n", None)
    path.write_text("360102-2021\nmore", encoding="utf-8")
    found = read_source_file(raw, seen)
    assert isinstance(found, tuple) and found[0] == "changed_while_read"
    path.unlink()
    found = read_source_file(raw, seen)
    assert isinstance(found, tuple) and found[0] == "unreadable"


def deadly(tasks: int, apart: bool) -> AbstractContextManager[Mapper]:
    """A map whose workers die on one file."""
    return nullcontext(doomed("a.txt"))


def test_a_file_that_a_worker_died_on_is_looked_at_again_by_who_tries_again(
    raw: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(raw, "a.txt", "360102-2021\n")
    put(raw, "b.txt", "360121-2022\n")
    (refused,) = scan(raw, ledger, mapper_for=deadly).refused
    assert (refused.reason_code, refused.attempts) == ("worker_died", 1)
    assert "it read a.txt (attempt 1 of 3)" in refused.reason
    read = count_reads(monkeypatch)
    assert scan(raw, ledger).refused == [refused]
    assert read == []
    assert scan(raw, ledger, again=True).refused == []
    assert read == ["a.txt"]
    assert ledger.seen_files()["a.txt"].attempts == 1


def test_a_file_that_workers_always_die_on_is_looked_at_three_times(raw: Path, ledger: Ledger) -> None:
    put(raw, "a.txt", "360102-2021\n")
    for attempt in (1, 2, 3, 3):
        (refused,) = scan(raw, ledger, again=True, mapper_for=deadly).refused
        assert refused.attempts == attempt
    assert "not tried again" in refused.reason
    put(raw, "a.txt", "360102-2021\nother bytes")
    (refused,) = scan(raw, ledger, again=True, mapper_for=deadly).refused
    assert refused.attempts == 1


def test_a_file_that_a_worker_died_on_is_kept_apart_from_this_process(raw: Path, ledger: Ledger) -> None:
    asked = []

    def mapper_for(tasks: int, apart: bool) -> AbstractContextManager[Mapper]:
        asked.append((tasks, apart))
        return deadly(tasks, apart)

    put(raw, "a.txt", "360102-2021\n")
    for _ in range(3):
        scan(raw, ledger, again=True, mapper_for=mapper_for)
    put(raw, "b.txt", "360121-2022\n")
    scan(raw, ledger, again=True, mapper_for=mapper_for)
    put(raw, "a.txt", "360102-2021\nother bytes")
    scan(raw, ledger, mapper_for=mapper_for)
    assert asked == [(1, False), (1, True), (1, True), (1, False), (1, True)]


def test_without_a_folder_the_error_says_what_to_do(tmp_path: Path, ledger: Ledger) -> None:
    with pytest.raises(NoRawFolder, match="--raw"):
        scan(tmp_path / "nowhere", ledger)


def test_the_scan_with_the_real_identification(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    put(raw, "米易.txt", report("攀枝花市米易县", 2023))
    put(raw, "copy.txt", report("攀枝花市米易县", 2023))
    put(raw, "page.html", "<html><body>404 Not Found<p>您访问的页面不存在</p></body></html>")
    summary = scan(raw, Ledger(tmp_path / "ledger.sqlite"))
    assert (summary.seen, summary.partitions, summary.duplicates) == (3, ["510421-2023"], ["米易.txt"])
    assert {row.source_file: row.reason_code for row in summary.refused} == {
        "page.html": "error_page",
        "米易.txt": "duplicate_file",
    }
