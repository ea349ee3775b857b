"""Stores: a folder and a bucket do the same, and neither ever shows half a file."""

import os
import pickle
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from govreports.store.objects import Objects
from govreports.store.opening import open_store
from govreports.store.stores import Entry, Folder, Store, StoreError


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    yield open_store(tmp_path / "store" if request.param == "folder" else f"memory://{uuid.uuid4().hex}/prefix/")


def names(store: Store, below: str = "") -> list[str]:
    return sorted(entry.name for entry in store.entries(below))


def test_what_is_written_is_what_comes_back(store: Store) -> None:
    assert names(store) == [] and not store.exists("a/报告.txt")
    store.write("a/报告.txt", "一".encode())
    store.write("b.txt", memoryview(b"12"))
    assert store.read("a/报告.txt").decode() == "一"
    assert store.exists("a/报告.txt")
    assert names(store) == ["a/报告.txt", "b.txt"]
    assert names(store, "a") == ["a/报告.txt"] and names(store, "none") == []
    assert {entry.size for entry in store.entries("a")} == {3}
    store.check()


def test_another_content_has_another_stamp(store: Store) -> None:
    store.write("a", b"1")
    (before,) = store.entries()
    store.write("a", b"2")
    (after,) = store.entries()
    assert (before.name, before.size) == (after.name, after.size) and before.stamp != after.stamp


def test_what_is_deleted_is_gone_and_need_not_have_been_there(store: Store) -> None:
    store.write("a", b"1")
    store.delete("a")
    store.delete("a")
    assert names(store) == []
    with pytest.raises(FileNotFoundError):
        store.read("a")


def test_files_go_up_and_come_down(store: Store, tmp_path: Path) -> None:
    (tmp_path / "up").write_bytes(b"x" * 3_000_000)
    store.upload("deep/down/file", tmp_path / "up")
    store.download("deep/down/file", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"x" * 3_000_000
    assert names(store) == ["deep/down/file"]
    with pytest.raises(FileNotFoundError):
        store.download("none", tmp_path / "none")


def test_hidden_files_are_none(store: Store) -> None:
    store.write(".hidden", b"1")
    assert names(store) == []
    assert store.exists(".hidden")


def test_a_store_can_be_sent_to_another_process(store: Store) -> None:
    store.write("a", b"1")
    assert pickle.loads(pickle.dumps(store)) == store
    assert hash(store) == hash(pickle.loads(pickle.dumps(store)))


def test_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_store("raw") == open_store(Path("raw")) == Folder(tmp_path / "raw")
    assert open_store("s3://bucket/a/") == Objects("s3://bucket/a")
    assert open_store(Objects("s3://bucket/a")) == Objects("s3://bucket/a")
    assert str(open_store("s3://bucket/a")) == "s3://bucket/a"
    assert str(open_store("raw")) == str(tmp_path / "raw")


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(StoreError, match=r"gopher://x is no address of a store: use a path, or s3://bucket/prefix"):
        open_store("gopher://x").check()
    with pytest.raises(StoreError, match="memory:// names no bucket"):
        open_store("memory://").check()


def test_a_client_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(StoreError, match=r"its client is not installed: pip install 'govreports\[scale\]'"):
        open_store(f"s3://bucket/{uuid.uuid4().hex}").check()


# -- folders --------------------


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Folder(tmp_path)
    store.write("a", b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("govreports.store.stores.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.write("a", b"new")
    (tmp_path.parent / "up").write_bytes(b"new")
    with pytest.raises(OSError, match="No space left"):
        store.upload("a", tmp_path.parent / "up")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert store.read("a") == b"old"


def test_only_what_killed_writers_left_is_swept(tmp_path: Path) -> None:
    store = Folder(tmp_path)
    store.write("x/a", b"1")
    (tmp_path / "x" / ".a.999999999.tmp").write_bytes(b"half")
    (tmp_path / "x" / f".a.{os.getpid()}.tmp").write_bytes(b"being written")
    assert store.sweep("x") == ["x/.a.999999999.tmp"]
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == [f".a.{os.getpid()}.tmp", "a"]


def test_a_folder_that_is_none_cannot_be_listed(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Folder(tmp_path / "none").check()


# -- what a client says, and what people are told --------------------


class Answer(Exception):
    """What a client raises for an answer of the server."""

    def __init__(self, code: str, message: str = "as it says") -> None:
        super().__init__(f"An error occurred ({code}) when calling something: {message}")
        self.response = {"Error": {"Code": code, "Message": message}}


class NoCredentialsError(Exception):
    """As the client of S3 has it."""


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception, cause: Exception | None = None) -> Store:
    """A store whose client fails with everything."""
    error.__cause__ = cause

    class Client:
        def __getattr__(self, name: str) -> object:
            def call(*arguments: object, **options: object) -> None:
                raise error

            return call

        def _strip_protocol(self, address: str) -> str:
            return address.partition("://")[2]

    monkeypatch.setattr("govreports.store.objects._client", lambda address, scheme: Client())
    return open_store("s3://bucket/lake")


@pytest.mark.parametrize(
    ("error", "cause", "told"),
    [
        (
            PermissionError("Denied."),
            Answer("AccessDenied"),
            "cannot be used with these credentials (AccessDenied: as it",
        ),
        (OSError(22, "x"), Answer("AuthorizationHeaderMalformed"), "cannot be used with these credentials"),
        (
            NoCredentialsError("Unable to locate credentials"),
            None,
            "credentials (Unable to locate credentials): check AWS",
        ),
        (
            OSError(5, "x"),
            Answer("QuotaExceeded"),
            "is full (QuotaExceeded: as it says): free some space or raise its quota",
        ),
        (OSError(5, "x"), Answer("507"), "is full"),
        (
            FileNotFoundError("x"),
            Answer("NoSuchBucket"),
            "the bucket bucket of s3://bucket/lake does not exist: make it",
        ),
        (
            ConnectionRefusedError(111, "Connection refused"),
            None,
            "cannot be reached at http://there (Connection refused)",
        ),
        (OSError(22, "x"), Answer("Odd", "two\nlines."), "cannot be used (Odd: two lines); what was done stands"),
        (ValueError(""), None, "cannot be used (ValueError)"),
    ],
)
def test_each_failure_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, error: Exception, cause: Exception | None, told: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://there")
    store = failing(monkeypatch, error, cause)
    for call in (store.check, lambda: list(store.entries()), lambda: store.read("a"), lambda: store.write("a", b"")):
        with pytest.raises(StoreError) as raised:
            call()
        assert told in str(raised.value)
        assert "\n" not in str(raised.value)


def test_a_full_disk_here_is_no_trouble_of_the_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        failing(monkeypatch, OSError(28, "No space left on device")).download("a", tmp_path / "a")


def test_a_server_that_keeps_its_unfinished_uploads_to_itself_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failing(monkeypatch, PermissionError("x"), Answer("AccessDenied")).sweep("builds") == []


def test_an_object_that_alone_cannot_be_read_is_no_trouble_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    store = failing(monkeypatch, PermissionError("archived"), Answer("InvalidObjectState", "It is archived."))
    monkeypatch.setattr(Objects, "check", lambda self: None)
    with pytest.raises(PermissionError, match=r"InvalidObjectState: It is archived: 's3://bucket/lake/a'"):
        store.read("a")


def test_entries_know_no_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        def find(self, root: str, detail: bool) -> dict[str, dict[str, object]]:
            found = ("bucket/lake/", "bucket/lake/x/", "bucket/lake/x/a", "bucket/lake/.git/b", "bucket/lake/x/.c")
            return {name: {"size": 1, "ETag": '"e"'} for name in found}

        def _strip_protocol(self, address: str) -> str:
            return address.partition("://")[2]

    monkeypatch.setattr("govreports.store.objects._client", lambda address, scheme: Client())
    (entry,) = open_store("s3://bucket/lake").entries()
    assert entry == Entry("x/a", 1, entry.stamp) and 0 <= entry.stamp < 2**60
