"""The content hash of a warehouse: what says that two builds hold the same.

Belongs here: hashing rows of tables. Does not belong here: comparing values (see `changelog`).
A table's hash is SHA-256 over its rows in an order that their keys alone decide (that of 64 bits which stand for a key), or all
their columns where a table has no key; each row as 64 bits that DuckDB computes from its columns. A change is overlooked once in
2^64; who would forge one needs no such luck, and is not guarded against. Columns that hold the time or number of a run are left
out. The hash of a warehouse is SHA-256 over the hashes of its tables by name; a view has none, since all that it shows stands in
tables. In the order of the keys themselves, as texts, it would take twice as long.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np

from govreports.metadata.tables import Table
from govreports.warehouse.ddl import quoted

HASHED_SCHEMAS = ("core", "text", "mart")


@dataclass(frozen=True)
class TableHash:
    """Hexadecimal SHA-256 over the rows of a table, and whether its key may stand for more than one of them.

    Whether keys repeat comes free with rows in their order. Where `may_repeat` is false none does; where it is true
    two keys are equal or, once in billions of tables, have the same 64 bits.
    """

    digest: str
    may_repeat: bool


def table_hash(con: duckdb.DuckDBPyConnection, table: Table) -> TableHash:
    """The hash of a table of the default catalog. A table without a key has none that repeats."""
    # The position of a column counts: equal values in other columns or another order give another hash.
    columns = ", ".join(quoted(column.name) for column in table.columns if not column.volatile)
    key = ", ".join(map(quoted, table.primary_key))
    query = f"SELECT hash('{table.key}', {columns}) AS row_hash{f', hash({key}) AS key_hash' if key else ''} FROM {table.key}"
    found = con.execute(f"{query} ORDER BY {'key_hash, ' if key else ''}row_hash").fetchnumpy()
    rows = np.asarray(found["row_hash"]).astype("<u8", copy=False)
    keys = np.asarray(found["key_hash"]) if key else np.empty(0, dtype="u8")
    return TableHash(hashlib.sha256(rows.tobytes()).hexdigest(), may_repeat=bool((keys[1:] == keys[:-1]).any()))


def warehouse_hash(table_hashes: Mapping[str, str]) -> str:
    """Hexadecimal SHA-256 over the hashes of the tables of core, text and mart, given by `schema.name`."""
    digest = hashlib.sha256()
    for key in sorted(table_hashes):
        if key.split(".")[0] in HASHED_SCHEMAS:
            digest.update(f"{key}={table_hashes[key]}\n".encode())
    return digest.hexdigest()
