"""What a published file was made from, and which partitions of the lake have changed since.

Belongs here: the rules and partitions that a file stands for, and comparing them with the lake's. Does not belong here: whether
the file is up to date (see `govreports.incremental.publication`), or bringing it up to date (see `revision`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from govreports.text.ids import fingerprint
from govreports.versions import code_version
from govreports.warehouse.corrections import Correction

# A file that was brought up to date so often is built anew: what is taken out of a table leaves gaps in it.
MOST_REVISIONS = 30


@dataclass(frozen=True)
class Basis:
    """What a file stands for: `rules` is a fingerprint of code, declarations and corrections; `partitions` maps each to a hash of
    the stage outputs that its rows were made from. `revisions` counts how often it was brought up to date since it was built."""

    rules: str
    partitions: Mapping[str, str]
    revisions: int = 0


def rules_of(corrections: Iterable[Correction], gold: Iterable[Path] = ()) -> str:
    """Changes with everything but the lake that decides what stands in a file."""
    return fingerprint(code_version("published"), duckdb.__version__, *map(repr, corrections), *map(str, gold))


def read_basis(file: Path) -> Basis | None:
    """What a published file says that it was made from; None where it does not say, or cannot be read."""
    try:
        with duckdb.connect(file, read_only=True) as con:
            (found,) = con.execute("SELECT rules, revisions FROM meta.build").fetchall()
            partitions = dict(con.execute("SELECT partition_key, lake_hash FROM meta.partition").fetchall())
    except (duckdb.Error, ValueError):
        return None
    return Basis(found[0], partitions, found[1])


def changed_partitions(before: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str]:
    """Partitions that are new, gone or made anew."""
    return frozenset(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
