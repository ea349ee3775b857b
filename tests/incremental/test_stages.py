"""Stages over partitions: each runs when it must and only then, and no document costs another its place."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import standins
from doomed import doomed
from standins import KEYS, compacted, stage_path

from govreports.incremental.plan import died, plan, still_stale
from govreports.incremental.stages import PartitionResult, run_stage
from govreports.intake.scan import scan
from govreports.lake.store import CorruptLakeFile, Lake, stage_name
from govreports.versions import STAGES, code_version

pytestmark = pytest.mark.usefixtures("stand_ins")


class Work:
    """A lake and a folder of raw files."""

    def __init__(self, folder: Path) -> None:
        self.raw = folder / "raw"
        self.raw.mkdir()
        self.lake = Lake(folder / "lake")

    def put(self, key: str, text: str = "", suffix: str = "") -> Path:
        path = self.raw / f"{key}{suffix}.txt"
        path.write_text(f"政府工作报告 {key} {text}", encoding="utf-8")
        return path

    def run(self, stage: str, keys: list[str] | None = None, **options: Any) -> list[PartitionResult]:
        chosen = list(plan(self.lake).present) if keys is None else keys
        return run_stage(self.lake, stage, chosen, raw_dir=self.raw, **options)

    def build(self, **options: Any) -> dict[str, list[str]]:
        """Bring all up to date; the partitions that ran, by stage."""
        scan(self.raw, self.lake.ledger)
        return {stage: [r.partition_key for r in self.run(stage, **options) if not r.skipped] for stage in STAGES}

    def reasons(self, **options: Any) -> list[tuple[str, str, str]]:
        """What is stale, at which stage, and why."""
        return [(s.partition_key, s.stage, s.reason) for s in plan(self.lake, **options).stale]


@pytest.fixture
def work(tmp_path: Path) -> Work:
    made = Work(tmp_path)
    for key in KEYS:
        made.put(key)
    return made


def nothing() -> dict[str, list[str]]:
    return {stage: [] for stage in STAGES}


def test_a_second_build_runs_nothing(work: Work) -> None:
    assert work.build() == {stage: list(KEYS) for stage in STAGES}
    assert plan(work.lake).empty
    assert work.build() == nothing()


def test_a_changed_file_runs_its_partition_only(work: Work) -> None:
    work.build()
    work.put(KEYS[1], "增长7%")
    scan(work.raw, work.lake.ledger)
    stale = plan(work.lake).stale
    assert [(s.partition_key, s.stage, s.reason) for s in stale] == [
        (KEYS[1], "raw", f"the raw bytes changed ({KEYS[1]}.txt)")
    ]
    assert work.build() == {stage: [KEYS[1]] for stage in STAGES}


def test_a_changed_stage_runs_itself_and_what_its_output_changes(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.build()
    monkeypatch.setattr(
        "govreports.incremental.plan.code_version", lambda s: "new" if s == "sections" else code_version(s)
    )
    assert {s.stage for s in plan(work.lake).stale} == {"sections"}
    # What it wrote is what stood there before: nothing that follows has to run.
    assert work.build() == nothing() | {"sections": list(KEYS)}


@pytest.mark.parametrize("stage", STAGES)
def test_a_deleted_output_is_made_again(work: Work, stage: str) -> None:
    work.build()
    stage_path(work.lake, stage, KEYS[0]).unlink()
    assert [(s.partition_key, s.stage) for s in plan(work.lake).stale] == [(KEYS[0], stage)]
    assert work.build() == nothing() | {stage: [KEYS[0]]}


def test_a_vanished_file_leaves_a_vanished_partition(work: Work) -> None:
    work.build()
    (work.raw / f"{KEYS[0]}.txt").unlink()
    assert scan(work.raw, work.lake.ledger).vanished == [f"{KEYS[0]}.txt"]
    assert plan(work.lake).vanished == (KEYS[0],)
    assert plan(work.lake).present == KEYS[1:]


def test_a_file_of_a_partition_without_reports_is_nobodys(work: Work) -> None:
    work.build()
    for key in (KEYS[0], standins.NEW_KEY):
        work.lake.files.write(stage_name("raw", key), b"left by a killed build")
    work.lake.ledger.forget_stage("raw", KEYS[0])
    # That of a partition with reports may be another process's, who is about to tell the ledger.
    assert plan(work.lake).strays == (("raw", standins.NEW_KEY),)


@pytest.mark.parametrize("few", [0, 100])
def test_what_a_run_left_stale_is_found_of_few_and_of_many(
    work: Work, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("govreports.incremental.plan._FEW", few)
    scan(work.raw, work.lake.ledger)
    assert still_stale(work.lake, KEYS) == set(KEYS)
    work.build()
    assert still_stale(work.lake, [*KEYS, standins.NEW_KEY]) == set()
    stage_path(work.lake, "sections", KEYS[0]).unlink()
    work.lake.ledger.forget_stage("raw", KEYS[1])
    assert still_stale(work.lake, KEYS[:2]) == set(KEYS[:2])


def test_a_document_without_outline_costs_its_neighbour_nothing(work: Work) -> None:
    work.put(KEYS[0], "unreadable", suffix="-b")
    scan(work.raw, work.lake.ledger)
    for stage in ("raw", "cleaned"):
        work.run(stage)
    result = work.run("sections")[0]
    assert result.documents == 2
    assert [refusal[:2] for refusal in result.refusals] == [(f"{KEYS[0]}-b.txt", "outline_failed")]
    assert "no outline to be found" in result.refusals[0][2]
    failures = work.lake.ledger.failures()
    assert [(f.stage, f.source_file) for f in failures] == [("sections", f"{KEYS[0]}-b.txt")]


def test_a_file_that_changes_after_the_scan_waits_for_the_next(work: Work) -> None:
    scan(work.raw, work.lake.ledger)
    work.put(KEYS[0], "增长7%")
    result = next(r for r in work.run("raw") if r.partition_key == KEYS[0])
    assert result.documents == 0
    assert result.refusals[0][1] == "changed_while_read"
    assert work.build()["raw"] == [KEYS[0]]
    assert work.lake.ledger.failures() == []


def test_a_stage_before_its_input_says_so(work: Work) -> None:
    scan(work.raw, work.lake.ledger)
    result = work.run("indicators", [KEYS[0]])[0]
    assert result.refusals[0][1:] == ("input_missing", "cleaned and sections must be made first")


def test_compaction_holds_every_document_and_rewrites_dirty_years_only(work: Work) -> None:
    work.build()
    paths = compacted(work.lake)["text.document"]
    assert [path.stem for path in paths] == ["2021", "2022"]
    before = {path: path.stat().st_mtime_ns for path in paths}
    work.put("420102-2022")
    work.build()
    again = compacted(work.lake)["text.document"]
    assert [path.stat().st_mtime_ns == before[path] for path in again] == [True, False]
    assert len(standins.KEYS) + 1 == sum(_rows(path) for path in again)


def test_compaction_names_a_file_that_cannot_be_read(work: Work) -> None:
    work.build()
    stage_path(work.lake, "cleaned", KEYS[0]).write_bytes(b"no Parquet")
    with pytest.raises(CorruptLakeFile, match=KEYS[0]):
        compacted(work.lake)
    assert work.build()["cleaned"] == [KEYS[0]]
    assert compacted(work.lake)["text.document"]


# -- what workers died on --------------------


deadly = doomed(f"cleaned {KEYS[1]}")


def test_what_a_worker_died_on_is_tried_again_by_the_next_build(work: Work) -> None:
    work.build(mapper=deadly)
    (failure,) = work.lake.ledger.failures()
    assert (failure.reason_code, failure.attempts) == ("worker_died", 1)
    assert "(attempt 1 of 3)" in failure.reason
    assert work.reasons() == [(KEYS[1], "cleaned", "its worker died (attempt 2 of 3)")]
    assert work.build(again=True) == {**nothing(), **{stage: [KEYS[1]] for stage in STAGES[1:]}}
    assert work.lake.ledger.failures() == []
    assert plan(work.lake).empty


def test_it_is_tried_once_in_a_build(work: Work) -> None:
    work.build(mapper=deadly)
    assert work.reasons(again=False) == []
    assert still_stale(work.lake, KEYS) == set()
    assert work.build() == nothing()


def test_it_is_tried_three_times_and_then_no_more(work: Work) -> None:
    work.build(mapper=deadly)
    for attempt in (2, 3):
        assert work.reasons() == [(KEYS[1], "cleaned", f"its worker died (attempt {attempt} of 3)")]
        work.build(mapper=deadly, again=True)
    assert plan(work.lake).empty
    assert work.build(mapper=deadly, again=True) == nothing()
    (failure,) = work.lake.ledger.failures()
    assert failure.attempts == 3 and "not tried again" in failure.reason


@pytest.mark.parametrize("change", ["bytes", "name", "file of the lake"])
def test_after_a_change_the_attempts_start_anew(work: Work, change: str) -> None:
    work.build(mapper=deadly)
    for _ in range(2):
        work.build(mapper=deadly, again=True)
    if change == "bytes":
        work.put(KEYS[1], "增长7%")
    elif change == "name":
        (work.raw / f"{KEYS[1]}.txt").rename(work.raw / f"{KEYS[1]}-again.txt")
    else:
        stage_path(work.lake, "cleaned", KEYS[1]).unlink()
    work.build(mapper=deadly, again=True)
    assert [failure.attempts for failure in work.lake.ledger.failures()] == [1]
    work.build(again=True)
    assert work.lake.ledger.failures() == []


def test_what_is_stale_anyway_is_found_behind_what_waits_for_the_next_build(work: Work) -> None:
    work.build(mapper=deadly)
    stage_path(work.lake, "sections", KEYS[1]).unlink()
    assert work.reasons(again=False) == [(KEYS[1], "sections", "the sections file is missing or damaged")]
    assert work.reasons() == [(KEYS[1], "cleaned", "its worker died (attempt 2 of 3)")]


def test_no_other_refusal_is_tried_again(work: Work) -> None:
    work.put(KEYS[0], "unreadable")
    work.build(again=True)
    assert [failure.reason_code for failure in work.lake.ledger.failures()] == ["outline_failed"]
    assert plan(work.lake).empty
    assert work.build(again=True) == nothing()


def test_who_died_is_known_whether_or_not_it_is_tried_again(work: Work) -> None:
    for _ in range(3):
        work.build(mapper=deadly, again=True)
        assert (died(work.lake.ledger, "cleaned"), died(work.lake.ledger, "raw")) == ({KEYS[1]}, set())


def _rows(path: Path) -> int:
    return pl.read_parquet(path).height
