"""From which columns each column of a mart is made, read off its SQL by a parser.

Belongs here: following a column through the SELECTs of a mart down to declared tables. Does not belong here: what shows the
lineage (see `assets.defs.lineage`), or running the SQL (see `govreports.warehouse.build`).

A column is made from the columns that its expression names, those that its window is ordered and parted by, and, where it counts
rows, those that the rows are grouped by. Conditions of joins and filters decide about rows, not about columns, and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

from govreports.marts.sql import mart_sql, shared_tables
from govreports.metadata.tables import Headline, load_tables

_DIALECT = "duckdb"
# The schema under which the parser finds the temporary tables that marts share.
_TEMP = "temp"


class Source(NamedTuple):
    """A column of a declared table, `table` being `schema.name`."""

    table: str
    column: str


class LineageError(ValueError):
    """A mart's SQL names a column or table that cannot be followed."""


def column_lineage(mart: str, headlines: Sequence[Headline]) -> dict[str, tuple[Source, ...]]:
    """For each column of a mart the columns that it is made from, sorted; constants are made from none."""
    tracer = _tracer(tuple(headlines))
    query = tracer.parsed(sqlglot.parse_one(mart_sql(mart, headlines), dialect=_DIALECT))
    return {name: tuple(sorted(tracer.output(query, name))) for name in _names(query)}


@cache
def _tracer(headlines: tuple[Headline, ...]) -> _Tracer:
    """The statements that all marts read are followed once."""
    return _Tracer(headlines)


class _Tracer:
    """Follows columns. Every SELECT is looked at once for each of its columns."""

    def __init__(self, headlines: tuple[Headline, ...]) -> None:
        self.schema: dict[str, Any] = {}
        for table in load_tables().values():
            columns = {column.name: column.type for column in table.expanded(headlines).columns}
            self.schema.setdefault(table.schema, {})[table.name] = columns
        self.shared: dict[str, Scope] = {}
        self.scopes: dict[int, Scope] = {}
        self.known: dict[tuple[int, str], frozenset[Source]] = {}
        for statement in sqlglot.parse(shared_tables(), dialect=_DIALECT):
            if isinstance(statement, exp.Create):
                name = statement.this.name
                self.shared[name] = self.parsed(statement.expression)
                columns = dict.fromkeys(_names(self.shared[name]), "VARCHAR")
                self.schema.setdefault(_TEMP, {})[name] = columns

    def parsed(self, query: exp.Expr) -> Scope:
        """The scope of a query whose columns have been given their tables."""
        qualified = qualify(
            query,
            dialect=_DIALECT,
            schema=self.schema,
            db=_TEMP,
            quote_identifiers=False,
            identify=False,
            validate_qualify_columns=False,
        )
        scopes = traverse_scope(qualified)
        self.scopes.update({id(scope.expression): scope for scope in scopes})
        return scopes[-1]

    def output(self, scope: Scope, name: str) -> frozenset[Source]:
        """What a column that a query puts out is made from."""
        key = (id(scope), name)
        if key not in self.known:
            # A query that names itself adds nothing of its own.
            self.known[key] = frozenset()
            self.known[key] = frozenset(self._output(scope, name))
        return self.known[key]

    def _output(self, scope: Scope, name: str) -> Iterator[Source]:
        if scope.set_operation_scopes:
            left, right = scope.set_operation_scopes
            yield from self.output(left, name)
            by_name = scope.expression.args.get("by_name")
            yield from self.output(right, name if by_name else _at(right, _place(left, name)))
            return
        for select in scope.expression.selects if isinstance(scope.expression, exp.Query) else ():
            if select.alias_or_name == name:
                yield from self._made_from(scope, select)

    def _made_from(self, scope: Scope, expression: exp.Expr) -> Iterator[Source]:
        for column in expression.find_all(exp.Column):
            inner = column.find_ancestor(exp.Select)
            yield from self._column(self.scopes.get(id(inner), scope), column)
        windows = {window.this.name: window for window in scope.expression.args.get("windows") or ()}
        for window in expression.find_all(exp.Window):
            named = windows.get(window.args.get("alias") or "") or windows.get(window.alias)
            if named is not None:
                for column in named.find_all(exp.Column):
                    yield from self._column(scope, column)
        if any(isinstance(count.this, exp.Star) for count in expression.find_all(exp.Count)):
            group = scope.expression.args.get("group")
            for column in group.find_all(exp.Column) if group else ():
                yield from self._column(scope, column)

    def _column(self, scope: Scope, column: exp.Column) -> Iterator[Source]:
        sources = scope.sources
        if column.table:
            sources = {column.table: sources[column.table]} if column.table in sources else {}
        for source in sources.values():
            if isinstance(source, Scope):
                if column.name in _names(source):
                    yield from self.output(source, column.name)
            elif source.db == _TEMP and source.name in self.shared:
                if column.name in self.schema[_TEMP][source.name]:
                    yield from self.output(self.shared[source.name], column.name)
            elif column.name in self.schema.get(source.db, {}).get(source.name, ()):
                yield Source(f"{source.db}.{source.name}", column.name)


def _names(scope: Scope) -> list[str]:
    """The columns that a query puts out; lists of values and functions put out constants, which are made from nothing."""
    return list(scope.expression.named_selects) if isinstance(scope.expression, exp.Query) else []


def _place(scope: Scope, name: str) -> int:
    names = _names(scope)
    if name not in names:
        raise LineageError(f"no column {name} among {', '.join(names)}")
    return names.index(name)


def _at(scope: Scope, place: int) -> str:
    return _names(scope)[place]
