"""Publication as versioned objects with a pointer, for readers who do not see the warehouse folder.

Belongs here: what lies where in the store of publications, the order in which it gets there, and taking the newest. Does not
belong here: building the file (see `govreports.warehouse.publish`).

    builds/<build>/govreports.duckdb      never written again
    builds/<build>/parquet/…              the marts as Parquet, with datapackage.json
    latest.json                           the pointer: names the newest build, with its size and hash

A bucket knows no rename. So a build counts once the pointer names it, which is written last; until then readers take the one
before, which stays. The last three builds are kept, and what else lies under builds/ is what a killed upload left.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from govreports.store.stores import Store, StoreError

POINTER = "latest.json"
KEPT_BUILDS = 3
_BUILDS = "builds"
_BUFFER = 1 << 20
# A reader that is slow meets a build that is gone once three newer ones are there.
_TRIES = 2


@dataclass(frozen=True)
class Pointer:
    """What `latest.json` says: the name and key of a build, its bytes, and which builds are kept, oldest first."""

    build: str
    key: str
    size: int
    sha256: str
    content_hash: str
    schema_version: int
    built_at: str
    kept: tuple[str, ...] = ()


def publish(store: Store, build: str, files: Mapping[str, Path], facts: Mapping[str, str | int]) -> Pointer:
    """Upload the files of a build, by name below its folder, and then let the pointer name it.

    The first of the files is the one that readers take. `facts` are `content_hash`, `schema_version` and `built_at`.
    Raises `StoreError`, or OSError where a file cannot be read; the pointer then names the build before.
    """
    before = latest(store)
    store.sweep(_BUILDS)
    keys = {f"{_BUILDS}/{build}/{name}": path for name, path in files.items()}
    for key, path in keys.items():
        store.upload(key, path)
    _check_sizes(store, build, keys)
    key, path = next(iter(keys.items()))
    earlier = [name for name in (before.kept if before else ()) if name != build]
    kept = (*earlier[-(KEPT_BUILDS - 1) :], build)
    pointer = Pointer(build, key, path.stat().st_size, file_hash(path), kept=kept, **facts)  # type: ignore[arg-type]
    store.write(POINTER, json.dumps(asdict(pointer), indent=1).encode())
    _forget_others(store, kept)
    return pointer


def latest(store: Store) -> Pointer | None:
    """The pointer; None where nothing is published. Raises `StoreError` where it is none that this package understands."""
    try:
        found = json.loads(store.read(POINTER))
    except FileNotFoundError:
        return None
    except ValueError:
        found = None
    names = {field.name for field in fields(Pointer)}
    if not isinstance(found, dict) or not names <= found.keys():
        raise StoreError(
            f"{store.address}/{POINTER} is no pointer to a published file: remove it, and the next build writes it anew"
        )
    return Pointer(**{**{name: found[name] for name in names}, "kept": tuple(found["kept"])})


def pull(store: Store, target: Path) -> Pointer | None:
    """Bring the newest published file to `target`, atomically; None where that is the one there already.

    Raises `StoreError` where nothing is published, or what comes is not what the pointer says; `target` then stays as it was.
    """
    for left in reversed(range(_TRIES)):
        pointer = latest(store)
        if pointer is None:
            raise StoreError(f"nothing is published at {store.address} yet: build with GOVREPORTS_PUBLISH set to it")
        if target.is_file() and (target.stat().st_size, file_hash(target)) == (pointer.size, pointer.sha256):
            return None
        try:
            _fetch(store, pointer, target)
        except FileNotFoundError as error:
            if not left:
                raise StoreError(
                    f"{store.address}/{pointer.key} is gone although the pointer names it: build again"
                ) from error
        else:
            return pointer
    raise AssertionError("not reached")


def file_hash(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(_BUFFER):
            digest.update(piece)
    return digest.hexdigest()


def _fetch(store: Store, pointer: Pointer, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    beside.unlink(missing_ok=True)
    try:
        store.download(pointer.key, beside)
        if (beside.stat().st_size, file_hash(beside)) != (pointer.size, pointer.sha256):
            raise StoreError(f"{store.address}/{pointer.key} did not arrive as it was published: try again")
        beside.chmod(0o444)
        with beside.open("rb") as handle:
            os.fsync(handle.fileno())
        # A write-ahead log that a tool left beside the old file would be replayed into the new one by older readers.
        target.with_name(target.name + ".wal").unlink(missing_ok=True)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _check_sizes(store: Store, build: str, keys: Mapping[str, Path]) -> None:
    there = {entry.name: entry.size for entry in store.entries(f"{_BUILDS}/{build}")}
    wrong = [key for key, path in keys.items() if there.get(key) != path.stat().st_size]
    if wrong:
        raise StoreError(f"{store.address}/{wrong[0]} did not arrive whole: the build before stands there; build again")


def _forget_others(store: Store, kept: tuple[str, ...]) -> None:
    for entry in list(store.entries(_BUILDS)):
        if entry.name.split("/")[1] not in kept:
            store.delete(entry.name)
