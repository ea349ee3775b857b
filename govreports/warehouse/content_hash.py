"""The content hash of a warehouse: what says that two builds hold the same.

Belongs here: hashing rows of tables. Does not belong here: comparing values (see `changelog`).
A table's hash is SHA-256 over the digests of its rows in the order of its key, or of the digests where it has none; columns
that hold the time or number of a run are left out. The hash of a warehouse is SHA-256 over the hashes of its tables by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import duckdb

from govreports.metadata.tables import Column, Table
from govreports.warehouse.ddl import quoted

HASHED_SCHEMAS = ("core", "text", "mart")
_CHUNK = 100_000


def table_hash(con: duckdb.DuckDBPyConnection, table: Table, catalog: str) -> str:
    """Hexadecimal SHA-256 over the rows of a table."""
    columns = [column for column in table.columns if not column.volatile]
    order = ", ".join(map(quoted, table.primary_key)) or "row_digest"
    # A separator that no text holds, and a mark that tells null from an empty string.
    row = f"concat_ws(chr(31), {', '.join(_plain(column) for column in columns)})"
    done = con.execute(f"SELECT md5({row}) AS row_digest FROM {catalog}.{table.key} ORDER BY {order}")
    digest = hashlib.sha256()
    while rows := done.fetchmany(_CHUNK):
        digest.update("".join([row[0] for row in rows]).encode("ascii"))
    return digest.hexdigest()


def warehouse_hash(table_hashes: Mapping[str, str]) -> str:
    """Hexadecimal SHA-256 over the hashes of the tables of core, text and mart, given by `schema.name`."""
    digest = hashlib.sha256()
    for key in sorted(table_hashes):
        if key.split(".")[0] in HASHED_SCHEMAS:
            digest.update(f"{key}={table_hashes[key]}\n".encode())
    return digest.hexdigest()


def _plain(column: Column) -> str:
    """A column as text: doubles in their shortest exact form, null as a mark."""
    text = quoted(column.name) if column.type == "VARCHAR" else f"{quoted(column.name)}::VARCHAR"
    return text if not column.nullable else f"coalesce({text}, chr(30))"
