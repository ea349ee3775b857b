"""The comparison marts as assets: unpartitioned, recomputed whole.

Belongs here: how the marts are shown, what they depend on, when they run. Does not belong here: their SQL (see
`govreports.marts`), or publishing them (see `publish`). All marts are made in one step, since they share the file that is
being built.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from assets.defs.checks import mart_check_results, mart_check_specs
from assets.defs.lineage import mart_lineage
from assets.defs.previews import mart_previews
from assets.defs.resources import Publisher
from assets.defs.stage import OWNERS, column_schema
from govreports.marts.sql import FOLDER, MARTS, READS
from govreports.metadata.tables import load_tables
from govreports.quality.score import TOTAL
from govreports.store.stores import StoreError
from govreports.text.ids import fingerprint
from govreports.versions import code_version
from govreports.warehouse.connection import WarehouseError
from govreports.warehouse.report import BuildReport

# Stages that a mart reads beside the observations.
_READS_STAGES = {"policy_attention": ("sections",)}

# One run for everything that changed since the last one, and none while one is under way.
WHEN_SOMETHING_IS_NEW = (
    dg.AutomationCondition.any_deps_match(dg.AutomationCondition.newly_updated()).since_last_handled()
    & ~dg.AutomationCondition.in_progress()
).with_label("something upstream is new")


def _spec(mart: str) -> dg.AssetSpec:
    table = load_tables()[f"mart.{mart}"]
    return dg.AssetSpec(
        mart,
        deps=["indicators", *_READS_STAGES.get(mart, ()), *READS.get(mart, ())],
        group_name="marts",
        kinds={"duckdb", "sql"},
        owners=OWNERS,
        description=f"{table.description_en}. {table.description_zh}。",
        code_version=fingerprint(code_version("published"), (FOLDER / f"{mart}.sql").read_text(encoding="utf-8")),
        metadata={
            "dagster/column_schema": column_schema(table.key),
            "dagster/relation_identifier": table.key,
            "sql": dg.MetadataValue.md(f"```sql\n{(FOLDER / f'{mart}.sql').read_text(encoding='utf-8')}\n```"),
        },
        automation_condition=WHEN_SOMETHING_IS_NEW,
    )


@dg.multi_asset(
    name="marts",
    specs=[_spec(mart) for mart in MARTS],
    check_specs=[spec for mart in MARTS for spec in mart_check_specs(mart)],
)
def marts(context: dg.AssetExecutionContext, publisher: Publisher) -> Iterator[dg.MaterializeResult]:
    """Load the lake into the next warehouse file and run every mart in it."""
    # Reading the SQL takes a second of Python, in which the database needs none.
    with ThreadPoolExecutor(1) as aside:
        lineages = aside.map(mart_lineage, MARTS)
        try:
            report = publisher.prepare(context.run_id)
        except (WarehouseError, StoreError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error
    versions = _table_versions(report.path)
    shown = _shown(report)
    for mart, lineage in zip(MARTS, lineages, strict=True):
        key = f"mart.{mart}"
        yield dg.MaterializeResult(
            asset_key=mart,
            metadata={
                "dagster/row_count": report.rows.get(key, 0),
                "dagster/column_lineage": lineage,
                "seconds": round(report.seconds.get(key, 0.0), 4),
                **shown[mart],
            },
            data_version=dg.DataVersion(versions[mart]),
            check_results=mart_check_results(mart, report),
        )


def _shown(report: BuildReport) -> dict[str, dict[str, Any]]:
    """For each mart a chart, some rows, and how well the values beneath it are read."""
    quality = {
        f"{row['gold_set']}_{row['match']}_f1": round(row["f1"], 4)
        for row in report.quality
        if row["indicator_id"] == TOTAL
    }
    with duckdb.connect(report.path, read_only=True) as con:
        return {mart: {**mart_previews(con, mart), **quality} for mart in MARTS}


def _table_versions(path: Path) -> dict[str, str]:
    with duckdb.connect(path, read_only=True) as con:
        found = con.execute("SELECT table_name, content_hash FROM meta.table_stats WHERE schema_name = 'mart'")
        return {name: version or "" for name, version in found.fetchall()}
