"""Whether the published file still stands for what is in the lake.

Belongs here: a fingerprint of everything a publication is made from, remembered in the ledger. Does not belong here: making
one (see `govreports.warehouse`).
"""

from __future__ import annotations

from pathlib import Path

from govreports.lake.ledger import Ledger
from govreports.text.ids import fingerprint, sha256
from govreports.versions import code_version

_NOTE = "published"


def publication_fingerprint(ledger: Ledger, corrections: Path | None) -> str:
    """Changes with a report, a refusal, a correction, a declaration, or the code of marts and warehouse; with nothing else."""
    made = (f"{m.stage} {m.partition_key} {m.content_hash}" for _, m in sorted(ledger.stage_files().items()))
    seen = (
        f"{f.source_file} {f.sha256} {f.sidecar_sha256} {f.status} {f.reason}" for f in ledger.seen_files().values()
    )
    failed = (f"{f.stage} {f.source_file} {f.sha256} {f.reason}" for f in ledger.failures())
    return fingerprint(code_version("published"), *made, *sorted(seen), *failed, *_corrections(corrections))


def remember_publication(ledger: Ledger, made_from: str, published: Path) -> None:
    """Note that the file at `published` was made from a fingerprint, as computed before it was built."""
    ledger.set_note(_NOTE, f"{made_from} {published.stat().st_size}")


def is_current(ledger: Ledger, corrections: Path | None, published: Path) -> bool:
    """Whether the file is there, is the one that was remembered, and would be made the same again."""
    if not published.is_file():
        return False
    return ledger.note(_NOTE) == f"{publication_fingerprint(ledger, corrections)} {published.stat().st_size}"


def _corrections(folder: Path | None) -> list[str]:
    if folder is None or not folder.is_dir():
        return []
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [f"{path.relative_to(folder).as_posix()} {sha256(path.read_bytes())}" for path in files]
