"""raw/ and lake in a bucket: the same rows, nothing read twice, and nothing trusted that the ledger does not name."""

import shutil
import sqlite3
import uuid
from pathlib import Path

import pytest
from standins import KEYS, NEW_KEY, compacted

from govreports.incremental.plan import plan
from govreports.incremental.publication import remember_upload, why_not_uploaded
from govreports.incremental.stages import run_stage
from govreports.intake.scan import IntakeSummary, NoRawFolder, scan
from govreports.intake.source import MAX_BYTES
from govreports.lake.ledger import Ledger, NewerLedger
from govreports.lake.snapshot import adopt, keep
from govreports.lake.store import LEDGER, CorruptLakeFile, Lake, lake_of, stage_name
from govreports.store.objects import Objects
from govreports.store.opening import open_store
from govreports.store.publication import Pointer
from govreports.store.stores import Store, StoreError
from govreports.versions import STAGES

pytestmark = pytest.mark.usefixtures("stand_ins")


class Work:
    """A lake and raw files in a bucket, and what works on them in a folder."""

    def __init__(self, folder: Path, bucket: str) -> None:
        self.warehouse = folder / "warehouse"
        self.raw = open_store(f"memory://{bucket}/raw")
        self.lake = lake_of(self.warehouse)

    def put(self, key: str, text: str = "") -> None:
        self.raw.write(f"{key}.txt", f"政府工作报告 {key} {text}".encode())

    def scan(self) -> IntakeSummary:
        return scan(self.raw, self.lake.ledger)

    def build(self) -> dict[str, list[str]]:
        """Bring all up to date; the partitions that ran, by stage."""
        self.scan()
        keys = list(plan(self.lake).present)
        ran = {stage: run_stage(self.lake, stage, keys, raw_dir=self.raw) for stage in STAGES}
        return {stage: [r.partition_key for r in results if not r.skipped] for stage, results in ran.items()}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket of its own for each test, named by the environment as the lake's."""
    made = uuid.uuid4().hex
    monkeypatch.setenv("GOVREPORTS_LAKE", f"memory://{made}/lake")
    return made


@pytest.fixture
def work(tmp_path: Path, bucket: str) -> Work:
    made = Work(tmp_path / "one", bucket)
    for key in KEYS:
        made.put(key)
    return made


def nothing() -> dict[str, list[str]]:
    return {stage: [] for stage in STAGES}


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses of objects that are read from now on."""
    read: list[str] = []
    real = Objects.read

    def counting(self: Objects, name: str) -> bytes:
        read.append(f"{self.address.rpartition('/')[2]}/{name}")
        return real(self, name)

    monkeypatch.setattr(Objects, "read", counting)
    return read


# -- raw/ --------------------


def test_a_second_build_reads_and_runs_nothing(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    assert work.build() == {stage: list(KEYS) for stage in STAGES}
    read = reads(monkeypatch)
    assert work.build() == nothing()
    assert plan(work.lake).empty and read == []


def test_only_what_changed_is_read_again(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.scan()
    work.put(KEYS[0], "another text")
    work.put(NEW_KEY)
    work.raw.delete(f"{KEYS[1]}.txt")
    read = reads(monkeypatch)
    summary = work.scan()
    assert (summary.changed, summary.new, summary.vanished) == (
        [f"{KEYS[0]}.txt"],
        [f"{NEW_KEY}.txt"],
        [f"{KEYS[1]}.txt"],
    )
    assert sorted(read) == sorted(f"raw/{key}.txt" for key in (KEYS[0], NEW_KEY))


def test_objects_are_refused_as_files_are(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govreports.intake.scan.MAX_BYTES", 1000)
    assert MAX_BYTES > 1000
    work.raw.write("table.xlsx", b"1")
    work.raw.write("large.txt", b"1" * 1001)
    work.raw.write("nobody.meta.yml", b"year: 2021")
    work.raw.write("twice.txt", work.raw.read(f"{KEYS[0]}.txt"))
    codes = {row.source_file: row.reason_code for row in work.scan().refused}
    assert codes == {
        "table.xlsx": "unsupported_type",
        "large.txt": "too_large",
        "nobody.meta.yml": "orphan_sidecar",
        "twice.txt": "duplicate_file",
    }


def test_a_sidecar_belongs_to_its_report(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (f"{KEYS[0]}.txt.meta.yml", f"{KEYS[1]}.meta.yml"):
        work.raw.write(name, b"year: 2021")
    assert work.scan().refused == []
    seen = work.lake.ledger.seen_files()
    assert [bool(seen[f"{key}.txt"].sidecar_sha256) for key in KEYS] == [True, True, False]
    assert work.build()["raw"] == list(KEYS)
    work.raw.write(f"{KEYS[1]}.meta.yml", b"year: 2022")
    read = reads(monkeypatch)
    assert work.scan().changed == [f"{KEYS[1]}.txt"]
    assert [name for name in read if KEYS[0] in name or KEYS[2] in name] == []


def test_a_report_that_changed_after_the_scan_is_read_by_the_next_build(work: Work) -> None:
    work.scan()
    work.put(KEYS[0], "another text")
    (result, *_) = run_stage(work.lake, "raw", list(KEYS), raw_dir=work.raw)
    assert [refusal[1] for refusal in result.refusals] == ["changed_while_read"]
    assert work.build()["raw"] == [KEYS[0]]
    assert work.lake.ledger.failures() == []


def test_an_address_that_holds_nothing_forgets_nothing(work: Work) -> None:
    work.build()
    with pytest.raises(NoRawFolder, match="holds nothing: put scraped reports"):
        scan(open_store(f"{work.raw.address}/elsewhere"), work.lake.ledger)
    assert len(work.lake.ledger.seen_files()) == len(KEYS)


def test_a_bucket_that_fails_in_the_middle_of_a_scan_changes_nothing(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(self: Store, name: str) -> bytes:
        raise StoreError("the key has expired")

    monkeypatch.setattr(Objects, "read", failing)
    with pytest.raises(StoreError, match="expired"):
        work.scan()
    assert work.lake.ledger.seen_files() == {}


# -- the lake --------------------


def test_the_folder_holds_no_stage_file_and_the_bucket_the_same_bytes(work: Work, tmp_path: Path) -> None:
    work.build()
    alone = Lake(tmp_path / "alone")
    scan(work.raw, alone.ledger)
    for stage in STAGES:
        run_stage(alone, stage, list(KEYS), raw_dir=work.raw)
    hashes = {place: made.content_hash for place, made in alone.ledger.stage_files().items()}
    assert {place: made.content_hash for place, made in work.lake.ledger.stage_files().items()} == hashes
    assert {entry.name for entry in work.lake.files.entries()} == {stage_name(*place) for place in hashes}
    assert [path.name for path in work.lake.root.rglob("*.parquet")] == []
    paths = compacted(work.lake)["text.document"]
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in compacted(alone)["text.document"]]


def replaced(work: Work, stage: str, key: str) -> None:
    """Let another build replace a file by one of the same size."""
    name = stage_name(stage, key)
    data = bytearray(work.lake.files.read(name))
    data[len(data) // 2] ^= 1
    work.lake.files.write(name, bytes(data))


def test_a_file_of_another_build_is_made_anew_and_never_read(work: Work) -> None:
    work.build()
    for key in KEYS:
        replaced(work, "cleaned", key)
    assert plan(work.lake).empty, "a listing does not tell"
    with pytest.raises(CorruptLakeFile, match=f"{KEYS[0]}.*{KEYS[2]}"):
        compacted(work.lake)
    assert work.build()["cleaned"] == list(KEYS)
    assert compacted(work.lake)["text.document"]


def test_a_stage_does_not_read_a_file_of_another_build(work: Work) -> None:
    work.build()
    replaced(work, "cleaned", KEYS[0])
    work.lake.ledger.forget_stage("sections", KEYS[0])
    (result,) = run_stage(work.lake, "sections", [KEYS[0]], raw_dir=work.raw)
    assert result.flags == ("corrupt_lake_file",)
    assert work.build() == {**nothing(), "cleaned": [KEYS[0]], "sections": [KEYS[0]]}


def test_a_bucket_that_fails_is_no_damaged_file(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.build()
    work.lake.ledger.forget_stage("sections", KEYS[0])
    made = work.lake.ledger.stage_files()

    def failing(self: Store, name: str) -> bytes:
        raise StoreError("the key has expired")

    monkeypatch.setattr(Objects, "read", failing)
    with pytest.raises(StoreError):
        run_stage(work.lake, "sections", [KEYS[0]], raw_dir=work.raw)
    with pytest.raises(StoreError):
        compacted(work.lake)
    assert work.lake.ledger.stage_files() == made


def test_removed_and_orphaned_files_go(work: Work) -> None:
    work.build()
    work.lake.remove("raw", KEYS[0])
    work.lake.files.write(stage_name("raw", NEW_KEY), b"left by a killed build")
    assert work.lake.sweep(plan(work.lake).strays) == [stage_name("raw", NEW_KEY)]
    assert sorted(work.lake.sizes()) == sorted(
        (stage, key) for stage in STAGES for key in KEYS if (stage, key) != ("raw", KEYS[0])
    )


# -- another machine --------------------


def test_another_machine_goes_on_with_the_ledger_of_the_first(work: Work, tmp_path: Path, bucket: str) -> None:
    work.build()
    keep(work.lake)
    assert adopt(tmp_path / "other")
    other = Work(tmp_path / "other" / "..", bucket)
    other.lake = lake_of(tmp_path / "other")
    assert other.build() == nothing()
    assert not adopt(tmp_path / "other"), "it has one now"
    assert [path.name for path in other.lake.root.iterdir() if path.name.endswith(".tmp")] == []


def test_a_ledger_that_is_older_than_the_lake_is_not_believed(work: Work, tmp_path: Path, bucket: str) -> None:
    work.build()
    keep(work.lake)
    work.put(KEYS[0], "changed")
    work.build()
    work.put(KEYS[0], "")
    assert adopt(tmp_path / "two" / "warehouse")
    other = Work(tmp_path / "two", bucket)
    other.scan()
    # The report is again what the old ledger knows, and the lake's files are those of the other text.
    with pytest.raises(CorruptLakeFile):
        compacted(other.lake)
    # The first build finds that what the stages read is not what the ledger names, the second makes it anew.
    other.build()
    assert other.lake.ledger.stage_file("raw", KEYS[0]) is None
    other.build()
    assert plan(other.lake).empty
    assert "changed" not in other.lake.get("cleaned", KEYS[0])[0]["clean_text"]
    assert compacted(other.lake)["text.document"]


def test_without_a_ledger_everything_is_made_anew(work: Work, tmp_path: Path, bucket: str) -> None:
    work.build()
    assert not adopt(tmp_path / "two" / "warehouse")
    assert Work(tmp_path / "two", bucket).build() == {stage: list(KEYS) for stage in STAGES}


def test_a_copy_that_is_no_ledger_is_left_alone(work: Work, tmp_path: Path, bucket: str) -> None:
    work.lake.files.write(LEDGER, b"no database at all, but something else that somebody put there")
    assert not adopt(tmp_path / "two" / "warehouse")
    assert Work(tmp_path / "two", bucket).build()["raw"] == list(KEYS)


def test_a_ledger_of_a_newer_version_is_told(work: Work, tmp_path: Path) -> None:
    path = tmp_path / "newer.sqlite"
    Ledger(path).close()
    con = sqlite3.connect(path)
    con.execute("PRAGMA user_version = 99")
    con.close()
    work.lake.files.upload(LEDGER, path)
    with pytest.raises(NewerLedger):
        adopt(tmp_path / "two" / "warehouse")
    assert not (tmp_path / "two" / "warehouse" / "lake" / LEDGER).exists()


def test_a_lake_in_its_folder_keeps_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOVREPORTS_LAKE", raising=False)
    lake = lake_of(tmp_path)
    before = sorted(lake.root.iterdir())
    keep(lake)
    assert sorted(lake.root.iterdir()) == before
    shutil.rmtree(lake.root)
    assert not adopt(tmp_path)


def test_an_upload_is_remembered_with_its_place(work: Work) -> None:
    store = open_store(f"{work.raw.address}/../published")
    ledger = work.lake.ledger
    assert why_not_uploaded(ledger, store) == [f"nothing is published at {store.address}"]
    pointer = Pointer("b", "builds/b/f", 1, "hash", "content", 1, "now", ("b",))
    store.write("latest.json", _json(pointer))
    assert "is not the file that was built last" in why_not_uploaded(ledger, store)[0]
    remember_upload(ledger, store, pointer)
    assert why_not_uploaded(ledger, store) == []
    store.write("latest.json", _json(Pointer("b", "builds/b/f", 1, "other", "content", 1, "now", ("b",))))
    assert why_not_uploaded(ledger, store)


def _json(pointer: Pointer) -> bytes:
    import json
    from dataclasses import asdict

    return json.dumps(asdict(pointer)).encode()
