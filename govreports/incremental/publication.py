"""Whether the published file still stands for what is in the lake, and if not, why.

Belongs here: a fingerprint of everything a publication is made from, part by part, remembered in the ledger. Does not belong
here: making one (see `govreports.warehouse`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from govreports.lake.ledger import Ledger
from govreports.store.publication import Pointer, latest
from govreports.store.stores import Store
from govreports.text.ids import fingerprint, sha256
from govreports.versions import code_version

_NOTE = "published"
_UPLOADED = "uploaded"
_CORRECTIONS = "corrections/"
_PHRASES = {
    "code": "the code or the declarations of marts and warehouse changed",
    "lake": "the lake changed",
    "refused": "refused files changed",
}


def publication_parts(ledger: Ledger, corrections: Path | None) -> dict[str, str]:
    """What a publication is made from: code, lake, what was refused, and each file of corrections."""
    made = map(" ".join, ledger.content_hashes())
    seen = (
        f"{f.source_file} {f.sha256} {f.sidecar_sha256} {f.status} {f.reason}" for f in ledger.seen_files().values()
    )
    failed = (f"{f.stage} {f.source_file} {f.sha256} {f.reason}" for f in ledger.failures())
    return {
        "code": code_version("published"),
        "lake": fingerprint(*made),
        "refused": fingerprint(*sorted(seen), *failed),
        **dict(_corrections(corrections)),
    }


def publication_fingerprint(ledger: Ledger, corrections: Path | None) -> str:
    """Changes with a report, a refusal, a correction, a declaration, or the code of marts and warehouse; with nothing else."""
    return fingerprint(*(f"{name} {value}" for name, value in publication_parts(ledger, corrections).items()))


def remember_publication(ledger: Ledger, made_from: dict[str, str], published: Path) -> None:
    """Note that the file at `published` was made from these parts, as computed before it was built."""
    ledger.set_note(_NOTE, json.dumps({"parts": made_from, "size": published.stat().st_size}))


def is_current(ledger: Ledger, corrections: Path | None, published: Path) -> bool:
    """Whether the file is there, is the one that was remembered, and would be made the same again."""
    return not why_stale(ledger, corrections, published)


def is_the_last(ledger: Ledger, published: Path) -> bool:
    """Whether the file at `published` is the one that was remembered, be it current or not."""
    return published.is_file() and published.stat().st_size == _remembered(ledger)[1]


def why_stale(ledger: Ledger, corrections: Path | None, published: Path) -> list[str]:
    """Why the published file has to be made anew; nothing where it stands."""
    if not published.is_file():
        return ["no file is published"]
    if not is_the_last(ledger, published):
        return ["the published file is not the one that was built last"]
    parts, _ = _remembered(ledger)
    now = publication_parts(ledger, corrections)
    differing = [name for name in {**parts, **now} if parts.get(name) != now.get(name)]
    return [_PHRASES.get(name, f"{name} changed") for name in differing]


def remember_upload(ledger: Ledger, store: Store, pointer: Pointer) -> None:
    """Note that the published file was uploaded to a store."""
    ledger.set_note(_UPLOADED, _upload(store, pointer))


def why_not_uploaded(ledger: Ledger, store: Store) -> list[str]:
    """Why the published file has to be uploaded to a store; nothing where its pointer names it. Raises `StoreError`."""
    pointer = latest(store)
    if pointer is None:
        return [f"nothing is published at {store.address}"]
    if ledger.note(_UPLOADED) != _upload(store, pointer):
        return [f"what is published at {store.address} is not the file that was built last"]
    return []


def _upload(store: Store, pointer: Pointer) -> str:
    return f"{store.address} {pointer.sha256}"


def changed_corrections(ledger: Ledger, corrections: Path | None) -> list[str]:
    """Files of corrections that are new, changed or gone since the last publication, below their folder."""
    parts, _ = _remembered(ledger)
    before = {name: value for name, value in parts.items() if name.startswith(_CORRECTIONS)}
    now = dict(_corrections(corrections))
    return sorted(name.removeprefix(_CORRECTIONS) for name in before | now if before.get(name) != now.get(name))


def _remembered(ledger: Ledger) -> tuple[dict[str, str], int]:
    try:
        note = json.loads(ledger.note(_NOTE) or "{}")
    except ValueError:
        note = {}
    return note.get("parts", {}), note.get("size", -1)


def _corrections(folder: Path | None) -> Iterator[tuple[str, str]]:
    if folder is None or not folder.is_dir():
        return
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield f"{_CORRECTIONS}{path.relative_to(folder).as_posix()}", sha256(path.read_bytes())
