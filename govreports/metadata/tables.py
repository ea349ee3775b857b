"""Tables and columns as declared in `tables/*.yaml`: the one source of DDL, comments, keys, checks, dictionary and lake schemas.

Belongs here: the typed loader and what follows from the declarations alone. Does not belong here: DDL text (see
`govreports.warehouse.ddl`), Polars types (see `govreports.lake.frames`), or rows.

A file is named after its schema and maps table names to `zh`, `en`, `stage`, `primary_key` and `columns`. A column without a
definition of its own, or with a partial one, is completed from `_fields.yaml`. `columns_of` puts the columns of another table
first; `columns_per_headline` are columns repeated for every headline indicator (see `Table.expanded`); with `key_is_checked` the
key of a table is checked at every build but is no constraint in the file; with `view`, a SELECT, it is a view.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from govreports.declarations import read_yaml

FOLDER = Path(__file__).resolve().parent / "tables"
TYPES = frozenset({"VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"})
LAKE_TYPES = TYPES | {"BIGINT[]"}
UNPUBLISHED = frozenset({"lake"})
# Bump when a published table or column is renamed, removed or changes its meaning.
SCHEMA_VERSION = 1

_COLUMN_KEYS = frozenset(
    {"type", "label_zh", "zh", "en", "unit", "code_list", "nullable", "references", "volatile"},
)
_TABLE_KEYS = frozenset(
    {"zh", "en", "stage", "primary_key", "columns", "columns_of", "columns_per_headline", "key_is_checked", "view"}
)


class DeclarationError(ValueError):
    """A declaration is incomplete, misspelt or contradicts another one."""


@dataclass(frozen=True)
class Column:
    """A declared column. `references` names the table whose key it holds; `volatile` marks the time or number of a run."""

    name: str
    type: str
    label_zh: str
    description_zh: str
    description_en: str
    unit: str | None = None
    code_list: str | None = None
    nullable: bool = True
    references: str | None = None
    volatile: bool = False


@dataclass(frozen=True)
class Headline:
    """What a table with columns per headline indicator needs to know of one."""

    indicator_id: str
    name_zh: str
    name_en: str
    unit_measure: str


@dataclass(frozen=True)
class Table:
    """A declared table. `per_headline` are column templates with {id}, {zh}, {en} and {unit} in them."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    description_zh: str
    description_en: str
    stage: str
    published: bool
    # The key is no constraint in the file: a check sees to it instead, where an index would be larger than the table.
    key_is_checked: bool = False
    # The SELECT of a view; None for tables.
    view: str | None = None
    per_headline: tuple[Column, ...] = ()

    @property
    def key(self) -> str:
        """`schema.name`."""
        return f"{self.schema}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(column.name for column in self.columns)

    @property
    def has_key_constraint(self) -> bool:
        """Whether the primary key is a constraint of the file."""
        return bool(self.primary_key) and not self.key_is_checked and self.view is None

    def column(self, name: str) -> Column:
        """The column of a name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.key} has no column {name}")

    def expanded(self, headlines: Iterable[Headline]) -> Table:
        """The same table with its templates filled in for each headline indicator, in the given order."""
        if not self.per_headline:
            return self
        more = tuple(_fill(template, headline) for headline in headlines for template in self.per_headline)
        return replace(self, columns=self.columns + more, per_headline=())


@cache
def load_tables() -> dict[str, Table]:
    """All declared tables by `schema.name`, schemas and tables in the order of their files.

    Raises `DeclarationError` for unknown keys or types, missing texts, keys or references that do not exist.
    """
    fields = _read(FOLDER / "_fields.yaml")
    raw = {
        f"{path.stem}.{name}": spec for path in sorted(FOLDER.glob("[!_]*.yaml")) for name, spec in _read(path).items()
    }
    tables = {key: _table(key, raw, fields) for key in raw}
    for table in tables.values():
        _validate(table, tables)
    return tables


def published_tables() -> list[Table]:
    """The tables of the published file."""
    return [table for table in load_tables().values() if table.published]


def code_lists_needed() -> set[str]:
    """Names of the code lists that columns refer to."""
    return {
        column.code_list
        for table in load_tables().values()
        for column in (*table.columns, *table.per_headline)
        if column.code_list
    }


def _read(path: Path) -> dict[str, Any]:
    return read_yaml(path)


def _table(key: str, raw: Mapping[str, Any], fields: Mapping[str, Any]) -> Table:
    schema, name = key.split(".")
    spec = raw[key]
    unknown = spec.keys() - _TABLE_KEYS
    if unknown:
        raise DeclarationError(f"{key}: unknown keys {sorted(unknown)}")
    columns = dict(_borrowed(spec, raw))
    columns.update(spec.get("columns") or {})
    return Table(
        schema=schema,
        name=name,
        columns=tuple(_column(f"{key}.{column}", column, own, fields) for column, own in columns.items()),
        primary_key=tuple(spec.get("primary_key", ())),
        description_zh=spec["zh"],
        description_en=spec["en"],
        stage=spec["stage"],
        published=schema not in UNPUBLISHED,
        key_is_checked=spec.get("key_is_checked", False),
        view=spec.get("view"),
        per_headline=tuple(
            _column(f"{key}.{column}", column, own, {}) for column, own in spec.get("columns_per_headline", {}).items()
        ),
    )


def _borrowed(spec: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    if "columns_of" not in spec:
        return {}
    other, without = spec["columns_of"]["table"], spec["columns_of"].get("without", [])
    missing = set(without) - raw[other]["columns"].keys()
    if missing:
        raise DeclarationError(f"columns_of {other}: no columns {sorted(missing)}")
    return {name: own for name, own in raw[other]["columns"].items() if name not in without}


def _column(where: str, name: str, own: Mapping[str, Any] | None, fields: Mapping[str, Any]) -> Column:
    spec = {**fields.get(name, {}), **(own or {})}
    unknown = spec.keys() - _COLUMN_KEYS
    missing = {"label_zh", "zh", "en"} - spec.keys()
    if unknown or missing:
        raise DeclarationError(f"{where}: unknown keys {sorted(unknown)}, missing keys {sorted(missing)}")
    return Column(
        name=name,
        type=spec.get("type", "VARCHAR"),
        label_zh=spec["label_zh"],
        description_zh=spec["zh"],
        description_en=spec["en"],
        unit=spec.get("unit"),
        code_list=spec.get("code_list"),
        nullable=spec.get("nullable", True),
        references=spec.get("references"),
        volatile=spec.get("volatile", False),
    )


def _validate(table: Table, tables: Mapping[str, Table]) -> None:
    names = table.column_names
    if set(table.primary_key) - set(names):
        raise DeclarationError(f"{table.key}: primary key {table.primary_key} names unknown columns")
    for column in table.columns:
        if column.type not in (TYPES if table.published else LAKE_TYPES):
            raise DeclarationError(f"{table.key}.{column.name}: unknown type {column.type}")
        if column.references and len(tables[column.references].primary_key) != 1:
            raise DeclarationError(f"{table.key}.{column.name}: {column.references} has no single key column")
        if column.name in table.primary_key and column.nullable:
            raise DeclarationError(f"{table.key}.{column.name}: a key column cannot be null")


def _fill(template: Column, headline: Headline) -> Column:
    values = {
        "id": headline.indicator_id,
        "zh": headline.name_zh,
        "en": headline.name_en,
        "unit": headline.unit_measure,
    }
    return replace(
        template,
        name=template.name.format(**values),
        label_zh=template.label_zh.format(**values),
        description_zh=template.description_zh.format(**values),
        description_en=template.description_en.format(**values),
        unit=template.unit.format(**values) if template.unit else None,
    )
