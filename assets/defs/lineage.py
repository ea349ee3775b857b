"""Column-level lineage of the marts, as Dagster shows it.

Belongs here: from declared tables to assets. Does not belong here: reading it off the SQL (see `govreports.marts.lineage`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from assets.defs.stage import ASSET_OF
from govreports.metadata.tables import load_tables
from govreports.warehouse.dimensions import headlines

if TYPE_CHECKING:
    from govreports.marts.lineage import Source

# The views and tables of the warehouse itself that stand for what a stage made.
_STANDS_FOR = {"core.observation_corrected": "core.observation"}


def mart_lineage(mart: str) -> dg.TableColumnLineage:
    """The lineage of every column of a mart; what comes from declarations, such as names of regions, has no asset."""
    # The parser takes half a second to load, which those who only look at the graph need not wait for.
    from govreports.marts.lineage import column_lineage

    deps = {}
    for column, sources in column_lineage(mart, headlines()).items():
        # A stage may have one name in several of its tables; to Dagster they are one column of its asset.
        found = {(dep.asset_key, dep.column_name): dep for dep in map(_dep, sources) if dep}
        if found:
            deps[column] = list(found.values())
    return dg.TableColumnLineage(deps_by_column=deps)


def _dep(source: Source) -> dg.TableColumnDep | None:
    table = load_tables()[_STANDS_FOR.get(source.table, source.table)]
    asset = table.name if table.schema == "mart" else ASSET_OF.get(table.stage)
    return dg.TableColumnDep(asset_key=dg.AssetKey(asset), column_name=source.column) if asset else None
