"""Publication to a store: the pointer moves last, and readers get whole files."""

import json
import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner

from govreports.cli import cli
from govreports.store import publication
from govreports.store.opening import open_store
from govreports.store.publication import POINTER, file_hash, latest, publish, pull
from govreports.store.stores import Folder, Store, StoreError

FACTS: dict[str, str | int] = {"content_hash": "c" * 64, "schema_version": 1, "built_at": "2026-01-01T00:00:00"}


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store."""
    return open_store(tmp_path / "store" if request.param == "folder" else f"memory://{uuid.uuid4().hex}/published")


def built(store: Store, folder: Path, name: str) -> publication.Pointer:
    """Publish a build of two files."""
    path, beside = folder / f"{name}.duckdb", folder / f"{name}.json"
    path.write_bytes(f"file of {name}".encode())
    beside.write_text("{}")
    return publish(store, name, {"govreports.duckdb": path, "parquet/datapackage.json": beside}, FACTS)


def names(store: Store) -> list[str]:
    return sorted(entry.name for entry in store.entries())


def test_the_newest_is_what_readers_get(store: Store, tmp_path: Path) -> None:
    assert latest(store) is None
    pointer = built(store, tmp_path, "one")
    assert latest(store) == pointer
    assert (pointer.key, pointer.size) == ("builds/one/govreports.duckdb", 11)
    target = tmp_path / "read" / "govreports.duckdb"
    assert pull(store, target) == pointer
    assert target.read_bytes() == b"file of one"
    assert target.stat().st_mode & 0o777 == 0o444
    assert pull(store, target) is None
    built(store, tmp_path, "two")
    assert pull(store, target) is not None
    assert target.read_bytes() == b"file of two"
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_the_last_three_are_kept_and_what_a_killed_upload_left_is_not(store: Store, tmp_path: Path) -> None:
    store.write("builds/0-killed/govreports.duckdb", b"whole, and never named")
    for name in ("one", "two", "three", "four"):
        built(store, tmp_path, name)
    kept = ("two", "three", "four")
    assert latest(store) is not None and latest(store).kept == kept  # type: ignore[union-attr]
    files = [f"builds/{name}/{file}" for name in kept for file in ("govreports.duckdb", "parquet/datapackage.json")]
    assert names(store) == sorted([*files, POINTER])


@pytest.mark.parametrize("fails_at", range(3))
def test_a_publication_that_fails_leaves_the_one_before(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    before, count = built(store, tmp_path, "one"), 0

    def failing(name: str) -> None:
        real = getattr(type(store), name)

        def call(self: Store, *arguments: object) -> None:
            nonlocal count
            count += 1
            if count > fails_at:
                raise StoreError("it is full")
            real(self, *arguments)

        monkeypatch.setattr(type(store), name, call)

    failing("upload")
    failing("write")
    with pytest.raises(StoreError, match="full"):
        built(store, tmp_path, "two")
    assert latest(store) == before
    monkeypatch.undo()
    pull(store, tmp_path / "read")
    assert (tmp_path / "read").read_bytes() == b"file of one"
    built(store, tmp_path, "three")
    assert not [name for name in names(store) if "two" in name]


def test_a_file_that_did_not_arrive_whole_is_not_pointed_to(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(store), "upload", lambda self, name, path: self.write(name, b"half"))
    with pytest.raises(StoreError, match=r"builds/one/govreports.duckdb did not arrive whole"):
        built(store, tmp_path, "one")
    assert latest(store) is None


def test_what_is_not_what_was_published_is_not_taken(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "read"
    target.write_bytes(b"mine")
    with pytest.raises(StoreError, match="nothing is published at"):
        pull(store, target)
    pointer = built(store, tmp_path, "one")
    store.write(pointer.key, b"file of two")
    with pytest.raises(StoreError, match="did not arrive as it was published"):
        pull(store, target)
    store.delete(pointer.key)
    with pytest.raises(StoreError, match="is gone although the pointer names it"):
        pull(store, target)
    assert target.read_bytes() == b"mine"
    assert not list(tmp_path.glob(".read*"))


def test_a_reader_who_meets_a_build_that_is_gone_asks_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = built(store, tmp_path, "old")
    new = built(store, tmp_path, "new")
    store.delete(old.key)
    answers = iter([old, new])
    monkeypatch.setattr(publication, "latest", lambda store: next(answers))
    assert pull(store, tmp_path / "read") == new


@pytest.mark.parametrize("text", [b"", b"[]", b'{"build": "one"}', b"\xff"])
def test_a_pointer_that_is_none_is_told(store: Store, text: bytes) -> None:
    store.write(POINTER, text)
    with pytest.raises(StoreError, match=r"latest.json is no pointer to a published file: remove it"):
        latest(store)


def test_a_pointer_of_a_later_version_may_say_more(store: Store, tmp_path: Path) -> None:
    pointer = built(store, tmp_path, "one")
    store.write(POINTER, json.dumps({**json.loads(store.read(POINTER)), "more": 1}).encode())
    assert latest(store) == pointer


def test_the_command_pull(tmp_path: Path) -> None:
    store, target = Folder(tmp_path / "published"), tmp_path / "mine.duckdb"
    said = CliRunner().invoke(cli, ["pull", str(store), str(target)])
    assert (said.exit_code, said.output.startswith("Error: nothing is published at")) == (1, True)
    pointer = built(store, tmp_path, "one")
    said = CliRunner().invoke(cli, ["pull", str(store), str(target)])
    assert said.exit_code == 0 and "build one, 11 bytes" in said.output
    assert file_hash(target) == pointer.sha256
    assert "is the newest already" in CliRunner().invoke(cli, ["pull", str(store), str(target)]).output
    said = CliRunner().invoke(cli, ["pull", "gopher://x", str(target)])
    assert (said.exit_code, "is no address of a store" in said.output) == (1, True)
