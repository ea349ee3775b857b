"""The store at a path or an address.

Belongs here: which kind of store an address means. Does not belong here: the kinds (see `stores` and `objects`).
"""

from __future__ import annotations

from pathlib import Path

from govreports.store.stores import Folder, Store


def open_store(where: str | Path | Store) -> Store:
    """The store at a path or at an address such as s3://bucket/prefix. Nothing is asked of it before it is used."""
    if isinstance(where, str) and "://" in where:
        # Only who has a bucket loads what speaks to it.
        from govreports.store.objects import Objects

        scheme, _, path = where.partition("://")
        return Objects(f"{scheme}://{path.strip('/')}")
    return Folder(Path(where).absolute()) if isinstance(where, str | Path) else where
