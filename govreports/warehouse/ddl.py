"""DDL from the declared tables.

Belongs here: CREATE, COMMENT and ALTER statements as text, for the default catalog. Does not belong here: running them, or the
declarations themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from govreports.metadata.tables import Column, Table

SCHEMAS = ("text", "core", "mart", "meta")
# Marts with more rows get no index for their key, though it is looked at all the same: such indexes take longer than the marts.
# What the marts are made from (text, core) has its keys at any size.
LARGEST_INDEX = 1_000_000
# Tables of which there is one row for each value: what refers to them mostly does so once.
_HASHED = ("core.observation", "core.observation_corrected")


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def create(table: Table) -> str:
    """CREATE TABLE or VIEW. Tables come without keys: added once the rows are in, they take a quarter of the time."""
    if table.view:
        return f"CREATE VIEW {table.key} AS {table.view}"
    return f"CREATE TABLE {table.key} ({', '.join(_declared(table, column) for column in table.columns)})"


def _declared(table: Table, column: Column) -> str:
    parts = [quoted(column.name), column.type]
    if column.type == "VARCHAR" and (table.primary_key == (column.name,) or column.references in _HASHED):
        # Hardly two rows have the same one: looking for a shorter way to write them takes twice as long as writing them.
        parts.append("USING COMPRESSION uncompressed")
    return " ".join(parts if column.nullable else [*parts, "NOT NULL"])


def add_primary_key(table: Table) -> str:
    """ALTER TABLE that adds the declared key."""
    return f"ALTER TABLE {table.key} ADD PRIMARY KEY ({', '.join(map(quoted, table.primary_key))})"


def may_lack_index(table: Table) -> bool:
    """Whether the key of a table is only looked at where it has many rows."""
    return table.schema == "mart"


def comments(table: Table) -> Iterator[str]:
    """COMMENT statements of a table and its columns: Chinese, a bar, English."""
    kind = "VIEW" if table.view else "TABLE"
    yield f"COMMENT ON {kind} {table.key} IS {literal(f'{table.description_zh} | {table.description_en}')}"
    for column in table.columns:
        yield (f"COMMENT ON COLUMN {table.key}.{quoted(column.name)} IS {literal(column_comment(column))}")


def column_comment(column: Column) -> str:
    """Label, Chinese and English description of a column, with its unit and code list."""
    notes = [f"unit {column.unit}"] if column.unit else []
    notes += [f"code list {column.code_list}"] if column.code_list else []
    tail = f" ({', '.join(notes)})" if notes else ""
    return f"{column.label_zh}：{column.description_zh} | {column.description_en}{tail}"
