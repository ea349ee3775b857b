"""raw/, lake and publication in buckets: settings alone, one sentence for what fails, and readers never see half of it."""

import shutil
import uuid
from dataclasses import replace
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from click.testing import CliRunner, Result
from standins import KEYS, put

import assets.cli  # noqa: F401 - registers the commands
from assets.defs.automation import raw_folder
from assets.defs.resources import Project
from assets.project import Folders
from govreports.cli import cli
from govreports.store.objects import Objects
from govreports.store.opening import open_store
from govreports.store.publication import Pointer, latest
from govreports.store.stores import StoreError

pytestmark = pytest.mark.usefixtures("stand_ins")


@pytest.fixture
def elsewhere(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """The project with everything in a bucket that can be there."""
    bucket = f"memory://{uuid.uuid4().hex}"
    monkeypatch.setenv("GOVREPORTS_RAW", f"{bucket}/raw")
    monkeypatch.setenv("GOVREPORTS_LAKE", f"{bucket}/lake")
    monkeypatch.setenv("GOVREPORTS_PUBLISH", f"{bucket}/published")
    made = replace(folders, raw=open_store(f"{bucket}/raw"))
    for key in KEYS:
        put(made, key)
    return made


def build(folders: Folders, *arguments: str) -> Result:
    """Run the command in this process; where raw/ is, the environment says."""
    where = ["--warehouse", str(folders.warehouse), "--corrections", str(folders.corrections)]
    return CliRunner().invoke(cli, ["build", "--jobs", "1", *where, *arguments])


def pointer(folders: Folders) -> Pointer | None:
    """What readers elsewhere are led to."""
    assert folders.elsewhere
    return latest(folders.elsewhere)


def published(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(path, read_only=True) as con:
        return con.execute("SELECT partition_key FROM text.document ORDER BY 1").fetchall()


def test_settings_put_everything_into_a_bucket(elsewhere: Folders, tmp_path: Path) -> None:
    result = build(elsewhere)
    assert result.exit_code == 0, result.output
    assert f"{elsewhere.raw}: 3 files (3 new)" in result.output
    assert sorted(path.name for path in (elsewhere.warehouse / "lake").iterdir() if path.is_dir()) == ["compact"]
    assert elsewhere.elsewhere
    done = CliRunner().invoke(cli, ["pull", elsewhere.elsewhere.address, str(tmp_path / "mine.duckdb")])
    assert done.exit_code == 0, done.output
    assert published(tmp_path / "mine.duckdb") == [(key,) for key in KEYS]
    assert "nothing was done" in build(elsewhere).output


def test_an_upload_that_fails_is_told_and_made_good(elsewhere: Folders) -> None:
    assert build(elsewhere).exit_code == 0
    before = pointer(elsewhere)
    put(elsewhere, "notice", "spoiled")

    def full(self: Objects, name: str, path: Path) -> None:
        raise StoreError(f"{self.address} is full: free some space")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Objects, "upload", full)
        result = build(elsewhere)
    assert result.exit_code == 1
    assert result.output.strip().endswith("published is full: free some space")
    assert pointer(elsewhere) == before
    assert build(elsewhere).exit_code == 0
    now = pointer(elsewhere)
    assert before and now and now.kept == (before.build, now.build)


def test_what_somebody_else_published_there_is_replaced(elsewhere: Folders) -> None:
    assert build(elsewhere).exit_code == 0
    assert elsewhere.elsewhere
    elsewhere.elsewhere.delete("latest.json")
    explained = build(elsewhere, "--explain").output
    assert f"nothing is published at {elsewhere.elsewhere.address}" in explained
    assert build(elsewhere).exit_code == 0
    assert pointer(elsewhere)


def test_an_empty_warehouse_folder_begins_with_what_is_in_the_bucket(elsewhere: Folders) -> None:
    assert build(elsewhere).exit_code == 0
    before = pointer(elsewhere)
    for path in elsewhere.warehouse.iterdir():
        if path != elsewhere.dagster_home:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    again = replace(elsewhere)
    explained = build(again, "--explain").output
    assert "publication  marts › published_warehouse › explorer  the site does not show the published file" in explained
    assert published(again.published) == [(key,) for key in KEYS]
    result = build(again)
    assert result.exit_code == 0 and "\nraw: " not in result.output
    assert pointer(again) != before


def test_the_sensor_says_why_it_waits(
    elsewhere: Folders, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(self: Objects, below: str = "") -> None:
        raise StoreError("s3://bucket/raw cannot be used with these credentials")

    monkeypatch.setattr(Objects, "entries", locked)
    with dg.build_sensor_context(instance=instance, resources={"project": Project.of(elsewhere)}) as context:
        skipped = raw_folder(context)
    assert isinstance(skipped, dg.SkipReason) and "these credentials" in str(skipped.skip_message)


@pytest.mark.parametrize(
    ("variable", "address", "told"),
    [
        ("GOVREPORTS_RAW", "gopher://x", "gopher://x is no address of a store"),
        ("GOVREPORTS_RAW", "memory://nobody/raw", "memory://nobody/raw holds nothing: put scraped reports"),
        ("GOVREPORTS_LAKE", "memory://", "memory:// names no bucket"),
        ("GOVREPORTS_PUBLISH", "gopher://x", "gopher://x is no address of a store"),
    ],
)
def test_an_address_that_is_wrong_is_told(
    elsewhere: Folders, monkeypatch: pytest.MonkeyPatch, variable: str, address: str, told: str
) -> None:
    monkeypatch.setenv(variable, address)
    result = build(elsewhere)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ") and told in result.output
    assert not elsewhere.published.exists()
