"""Keeping the ledger with a lake that is in a bucket, for a machine that has none.

Belongs here: putting a copy there, and beginning with it. Does not belong here: what is in it (see `ledger`).

The copy may be older than the lake: an output that it names and that is another one by now is found by its hash when it is read
(see `store`).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from govreports.lake.ledger import Ledger
from govreports.lake.store import LEDGER, Lake, lake_folder, stage_files_of
from govreports.locks import exclusive
from govreports.store.stores import Folder


def keep(lake: Lake) -> None:
    """Put a copy of the ledger beside the stage files, where they are not beside it anyway."""
    if lake.files == Folder(lake.root):
        return
    copy = _beside(lake.root)
    try:
        lake.ledger.copy(copy)
        lake.files.upload(LEDGER, copy)
    finally:
        copy.unlink(missing_ok=True)


def adopt(warehouse: Path) -> bool:
    """Begin with the copy beside the stage files, where this warehouse folder has no ledger. Returns whether it did.

    A copy that is no database is left alone: everything is made anew then. Raises `NewerLedger` for one of a newer version.
    """
    root, files = lake_folder(warehouse), stage_files_of(warehouse)
    if (root / LEDGER).exists() or files == Folder(root):
        return False
    copy = _beside(root)
    with exclusive(root / ".adopt.lock", wait=True):
        if (root / LEDGER).exists() or not files.exists(LEDGER):
            return False
        try:
            files.download(LEDGER, copy)
            Ledger(copy).close()
            copy.replace(root / LEDGER)
        except sqlite3.DatabaseError:
            return False
        finally:
            copy.unlink(missing_ok=True)
    return True


def _beside(root: Path) -> Path:
    return root / f".{LEDGER}.{os.getpid()}.tmp"
