"""raw/, lake and publication in buckets of a server that speaks S3, on loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytest.importorskip("s3fs", reason="needs requirements/scale.lock; `make test-scale` installs it")

from dask_cluster import free_port, running_cluster
from object_store import Server, credentials, running_server
from project import SEEDS, Project

from benchmarks.corpus import corpus

pytestmark = [pytest.mark.slow, pytest.mark.scale]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests of this module, each with a bucket of its own."""
    with running_server(tmp_path_factory.mktemp("s3")) as made:
        yield made


@pytest.fixture(scope="module")
def in_folders(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The five reports, built in folders."""
    project = Project.with_seeds(tmp_path_factory.mktemp("folders"))
    done = project.call("build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@dataclass
class Bucket:
    """A bucket, and a folder to work in."""

    server: Server
    name: str
    folder: Path

    @property
    def project(self) -> Project:
        """The folder as a project, without raw files."""
        return Project(self.folder)

    def environment(self, **changes: str) -> dict[str, str]:
        """What makes a build work in this bucket."""
        places = {f"GOVREPORTS_{name.upper()}": self.address(name) for name in ("raw", "lake")}
        clean = {name: value for name, value in self.project.environment.items() if not name.startswith("AWS_")}
        return {
            **clean,
            **self.server.environment,
            **places,
            "GOVREPORTS_PUBLISH": self.address("published"),
            **changes,
        }

    def address(self, prefix: str) -> str:
        """The address of a prefix."""
        return f"s3://{self.name}/{prefix}"

    def put(self, name: str, data: bytes) -> None:
        """Put a raw file there."""
        self.server.client().pipe_file(f"{self.name}/raw/{name}", data)

    def keys(self, prefix: str) -> list[str]:
        """Keys of all objects below a prefix."""
        found: list[str] = self.server.client().find(f"{self.name}/{prefix}")
        return [key.removeprefix(f"{self.name}/") for key in found]

    def pointer(self) -> dict[str, Any]:
        """What the pointer says."""
        return dict(json.loads(self.server.client().cat_file(f"{self.name}/published/latest.json")))

    def call(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a command."""
        return subprocess.run(
            self.project.command(*arguments),
            cwd=self.folder,
            env=self.environment(**changes),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def start(self, *arguments: str, **changes: str) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own."""
        return subprocess.Popen(
            self.project.command(*arguments),
            cwd=self.folder,
            env=self.environment(**changes),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def build(self) -> str:
        """Build, and return what was said."""
        done = self.call("build")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def read(self) -> object:
        """The content hash of what a reader gets."""
        target = self.folder / "read" / "mine.duckdb"
        done = self.call("pull", self.address("published"), str(target))
        assert done.returncode == 0, done.stdout + done.stderr
        with duckdb.connect(target, read_only=True) as con:
            return con.execute("SELECT content_hash FROM meta.build").fetchall()[0][0]


@pytest.fixture
def bucket(server: Server, tmp_path: Path) -> Iterator[Bucket]:
    """A bucket with the five reports below raw/."""
    made = Bucket(server, f"bucket-{uuid.uuid4().hex}", tmp_path / "work")
    made.folder.mkdir()
    server.client().mkdir(made.name)
    for path in sorted(SEEDS.glob("*.txt")):
        made.put(path.name, path.read_bytes())
    yield made
    server.gate(full=False, denied="", after=0, stall="", stalled=0)


def until(condition: Callable[[], object], seconds: float = 120, pace: float = 0.02) -> None:
    """Wait for something; it is a failure if it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(pace)


def end(process: subprocess.Popen[bytes]) -> None:
    """Pull the plug."""
    assert process.poll() is None, "the build was still under way"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def said(done: subprocess.CompletedProcess[str]) -> str:
    """All that a command said, in one line."""
    return " ".join((done.stdout + done.stderr).split())


# -- whole builds --------------------


def test_a_build_in_a_bucket_holds_the_same_and_the_next_one_reads_nothing(bucket: Bucket, in_folders: Project) -> None:
    bucket.build()
    assert bucket.project.content_hash == in_folders.content_hash == bucket.read()
    pointer = bucket.pointer()
    assert pointer["content_hash"] == in_folders.content_hash
    assert f"published/{pointer['key']}" in bucket.keys("published")
    assert any(key.endswith("parquet/datapackage.json") for key in bucket.keys("published"))
    assert len(bucket.keys("lake")) == 4 * 5 + 1
    lake = bucket.project.warehouse / "lake"
    assert [path for stage in ("raw", "cleaned") for path in (lake / stage).rglob("*")] == []
    bucket.server.requests()
    assert "nothing was done" in bucket.build()
    asked = bucket.server.requests()
    pointer_read = f"GET /{bucket.name}/published/latest.json"
    assert set(asked) == {f"GET /{bucket.name}", pointer_read}, "only listings, and the pointer"
    assert "is the newest already" in bucket.call("pull", bucket.address("published"), "read/mine.duckdb").stdout


def test_only_what_changed_is_read_and_written(bucket: Bucket) -> None:
    bucket.build()
    bucket.put("notice.txt", "关于召开会议的通知".encode())
    bucket.server.requests()
    assert "refused: notice.txt" in bucket.build()
    asked = bucket.server.requests()
    assert {name for name in asked if "/raw/" in name} == {f"GET /{bucket.name}/raw/notice.txt"}
    assert [name for name in asked if name.startswith("PUT") and "/lake/" in name] == [
        f"PUT /{bucket.name}/lake/ledger.sqlite"
    ]
    assert len(bucket.pointer()["kept"]) == 2


def test_another_machine_goes_on(bucket: Bucket, in_folders: Project, tmp_path: Path) -> None:
    bucket.build()
    other = Bucket(bucket.server, bucket.name, tmp_path / "other")
    other.folder.mkdir()
    bucket.server.requests()
    assert "\nraw: " not in other.build(), "no stage ran"
    assert not any(name.startswith("PUT") and "/lake/cleaned" in name for name in bucket.server.requests())
    assert other.project.content_hash == in_folders.content_hash


def test_a_lake_without_a_ledger_is_made_anew(bucket: Bucket, in_folders: Project, tmp_path: Path) -> None:
    bucket.build()
    client = bucket.server.client()
    client.rm_file(f"{bucket.name}/lake/ledger.sqlite")
    client.pipe_file(f"{bucket.name}/lake/cleaned/2021/360102-2021.parquet", b"what somebody left")
    client.pipe_file(f"{bucket.name}/lake/cleaned/1999/360102-1999.parquet", b"what nobody stands for")
    other = Bucket(bucket.server, bucket.name, tmp_path / "other")
    other.folder.mkdir()
    assert "cleaned: 5 partitions," in other.build()
    assert other.project.content_hash == in_folders.content_hash
    assert not [key for key in bucket.keys("lake") if "1999" in key]


def test_the_sensor_builds_what_is_dropped(bucket: Bucket, in_folders: Project) -> None:
    ui = bucket.start("ui", "--port", str(free_port()))
    try:
        until(lambda: bucket.keys("published/latest.json"), 240, 1)
    finally:
        ui.send_signal(signal.SIGTERM)
        ui.wait(60)
    assert bucket.read() == in_folders.content_hash


def test_workers_of_a_cluster_need_the_bucket_and_no_folder(server: Server, tmp_path: Path) -> None:
    reports = list(corpus(24, small=True, damaged=0.3, bad=0.05))
    bucket = Bucket(server, "bucket-of-workers", tmp_path / "work")
    server.client().mkdir(bucket.name)
    for report in reports:
        bucket.put(report.source_file, report.data)
    alone = Project(tmp_path / "alone")
    for report in reports:
        (alone.raw / report.source_file).parent.mkdir(parents=True, exist_ok=True)
        (alone.raw / report.source_file).write_bytes(report.data)
    assert alone.call("build").returncode == 0
    bucket.folder.mkdir()
    with running_cluster(tmp_path / "dask", workers=0) as made:
        for _ in range(2):
            made.add_worker(environment=server.environment)
        made.await_workers(2)
        done = bucket.call("build", GOVREPORTS_DASK=made.address)
        assert done.returncode == 0, said(done)
    assert bucket.project.content_hash == alone.content_hash == bucket.read()


# -- interrupted --------------------


def test_a_killed_build_is_mended_by_the_next_one(bucket: Bucket, in_folders: Project) -> None:
    for stage in ("raw", "cleaned", "indicators"):
        process = bucket.start("build")
        until(lambda stage=stage: bucket.keys(f"lake/{stage}"))
        end(process)
        assert bucket.keys("published") == []
    bucket.build()
    assert bucket.project.content_hash == in_folders.content_hash == bucket.read()
    assert bucket.project.rows("SELECT doc_id FROM text.document GROUP BY ALL HAVING count(*) > 1") == []
    assert "nothing was done" in bucket.build()


def test_an_upload_that_is_cut_off_leaves_readers_the_build_before(bucket: Bucket, in_folders: Project) -> None:
    bucket.build()
    before = bucket.pointer()
    bucket.put("notice.txt", "关于召开会议的通知".encode())
    for stalled in ("govreports.duckdb", "parquet/datapackage.json", "latest.json"):
        bucket.server.gate(stall=stalled, stalled=0)
        process = bucket.start("build")
        bucket.server.until_stalled()
        end(process)
        bucket.server.gate(stall="")
        assert bucket.pointer() == before
        cut = [key for key in bucket.keys("published/builds") if before["build"] not in key]
        assert not [key for key in cut if key.endswith(stalled)]
        assert bucket.read() == in_folders.content_hash
    bucket.build()
    after = bucket.pointer()
    assert after["kept"] == [before["build"], after["build"]]
    builds = {key.split("/")[2] for key in bucket.keys("published/builds")}
    assert builds == set(after["kept"]), "what the killed uploads left is gone"


def test_a_lake_file_that_is_cut_off_does_not_count(bucket: Bucket, in_folders: Project) -> None:
    bucket.server.gate(stall="/lake/cleaned/")
    process = bucket.start("build", "--jobs", "1")
    bucket.server.until_stalled()
    end(process)
    bucket.server.gate(stall="")
    assert bucket.keys("lake/cleaned") == []
    bucket.build()
    assert bucket.project.content_hash == in_folders.content_hash


def test_a_large_upload_that_is_cut_off_is_never_listed_and_its_parts_are_dropped(
    bucket: Bucket, tmp_path: Path
) -> None:
    large = tmp_path / "large"
    with large.open("wb") as handle:
        handle.truncate(101 * 2**20)
    code = (
        "import sys; from pathlib import Path; from govreports.store.opening import open_store\n"
        "open_store(sys.argv[1]).upload('builds/large/file', Path(sys.argv[2]))"
    )
    bucket.server.gate(stall="partNumber=2")
    process = subprocess.Popen(
        [sys.executable, "-c", code, bucket.address("published"), str(large)],
        env=bucket.environment(),
        start_new_session=True,
    )
    bucket.server.until_stalled()
    end(process)
    bucket.server.gate(stall="")
    client = bucket.server.client()
    assert bucket.keys("published") == []
    assert len(client.list_multipart_uploads(bucket.name)) == 1
    bucket.build()
    assert client.list_multipart_uploads(bucket.name) == []
    done = subprocess.run(
        [sys.executable, "-c", code, bucket.address("published"), str(large)], env=bucket.environment(), check=False
    )
    assert done.returncode == 0
    assert client.info(f"{bucket.name}/published/builds/large/file")["size"] == 101 * 2**20


# -- many objects --------------------


def test_ten_thousand_objects_are_listed_and_told(bucket: Bucket) -> None:
    bucket.server.gate(fill=[bucket.name, "raw/junk/", 10_000])
    output = bucket.build()
    assert "10,005 files (10,005 new, 10,000 refused), 5 region-years" in output
    assert bucket.project.rows("SELECT count(*) FROM text.quarantine") == [(10_000,)]
    bucket.server.requests()
    output = bucket.build()
    assert "10,005 files (10,005 unchanged, 10,000 refused)" in output and "nothing was done" in output
    asked = bucket.server.requests()
    assert {name for name in asked if "latest.json" not in name} == {f"GET /{bucket.name}"}, "only listings"


# -- what is wrong is said in one sentence, and nothing is half done --------------------


def refused(bucket: Bucket, sentence: str, **changes: str) -> None:
    """A build ends with a sentence, and publishes nothing."""
    before = bucket.keys("published") if "does not exist" not in sentence else []
    done = bucket.call("build", **changes)
    assert done.returncode == 1, said(done)
    assert sentence in said(done)
    assert "Traceback" not in said(done)
    assert len(done.stderr.strip().split("\n\n")) == 1
    if before:
        assert bucket.keys("published") == before


def test_wrong_addresses_buckets_and_credentials(bucket: Bucket, in_folders: Project) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    refused(bucket, f"cannot be reached at {nowhere}", AWS_ENDPOINT_URL=nowhere)
    for place in ("RAW", "LAKE", "PUBLISH"):
        missing = {f"GOVREPORTS_{place}": "s3://no-such-bucket/x"}
        refused(bucket, "the bucket no-such-bucket of s3://no-such-bucket/x does not exist: make it", **missing)
    refused(bucket, "cannot be used with these credentials (InvalidAccessKeyId", AWS_ACCESS_KEY_ID="another")
    nobody = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "HOME": str(bucket.folder)}
    refused(bucket, "cannot be used with these credentials", **nobody)
    refused(bucket, "is no address of a store", GOVREPORTS_RAW="gopher://bucket/raw")
    refused(bucket, "names no bucket", GOVREPORTS_PUBLISH="s3://")
    refused(bucket, "holds nothing: put scraped reports", GOVREPORTS_RAW=bucket.address("nothing"))
    bucket.build()
    assert bucket.read() == in_folders.content_hash
    done = bucket.call(
        "pull", bucket.address("published"), "x.duckdb", **credentials(bucket.server.endpoint, "another")
    )
    assert (done.returncode, "cannot be used with these credentials" in said(done)) == (1, True)
    assert not (bucket.folder / "x.duckdb").exists()


def test_a_full_bucket_is_told_and_costs_nothing_that_was_done(bucket: Bucket, in_folders: Project) -> None:
    bucket.server.gate(full=True)
    refused(bucket, "is full (QuotaExceeded: The bucket's quota is used up): free some space or raise its quota")
    bucket.server.gate(full=False)
    bucket.build()
    before = bucket.pointer()
    bucket.put("notice.txt", "关于召开会议的通知".encode())
    bucket.server.gate(full=True)
    refused(bucket, "is full")
    assert bucket.pointer() == before
    bucket.server.gate(full=False)
    assert "refused: notice.txt" in bucket.build()
    assert bucket.pointer() != before


def test_credentials_that_run_out_in_the_middle(bucket: Bucket, in_folders: Project) -> None:
    for after in (1, 9, 25, 30):
        bucket.server.gate(denied="ExpiredToken", after=after)
        done = bucket.call("build")
        bucket.server.gate(denied="")
        assert done.returncode == 1, said(done)
        # The answer to a HEAD request has no body that could tell the code.
        assert re.search(r"cannot be used with these credentials \((ExpiredToken|403): ", said(done))
        assert "Traceback" not in said(done)
        assert not any("latest.json" in key for key in bucket.keys("published"))
    bucket.build()
    assert bucket.project.content_hash == in_folders.content_hash == bucket.read()
