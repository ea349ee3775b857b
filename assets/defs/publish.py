"""The published file as an asset.

Belongs here: swapping in what the marts step built, and telling Dagster of it. Does not belong here: how a file is built and
swapped in (see `govreports.warehouse`).
"""

from dataclasses import asdict, fields
from datetime import timedelta

import dagster as dg
import duckdb

from assets.defs.checks import PUBLISHED, Measures, measure, published_check_results, published_check_specs
from assets.defs.resources import Publisher
from assets.defs.stage import OWNERS
from assets.summary import summary, write_summary
from govreports.marts.sql import MARTS
from govreports.quality.score import TOTAL
from govreports.store.stores import StoreError
from govreports.versions import code_version
from govreports.warehouse.connection import WarehouseError
from govreports.warehouse.report import BuildReport

# Under this name a publication keeps what later ones are held against, and so many of them are.
_MEASURES = "measures"
_PUBLICATIONS = 10


@dg.asset(
    name=PUBLISHED,
    deps=list(MARTS),
    group_name="warehouse",
    kinds={"duckdb"},
    owners=OWNERS,
    description=(
        "warehouse/govreports.duckdb: one read-only file with text, core, mart and meta, replaced by an atomic rename. "
        "发布的 DuckDB 文件。"
    ),
    code_version=code_version("published"),
    check_specs=published_check_specs(),
    # Reports come once a year, most of them from January to March: a file older than that stands for a stopped pipeline.
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=370), warn_window=timedelta(days=190)),
    automation_condition=dg.AutomationCondition.any_deps_match(dg.AutomationCondition.will_be_requested()).with_label(
        "the marts are made anew"
    ),
)
def published_warehouse(context: dg.AssetExecutionContext, publisher: Publisher) -> dg.MaterializeResult:
    """Swap the next file in, unless a blocking check failed."""
    before = _before(context)
    try:
        report = publisher.publish(context.run_id)
    except (WarehouseError, StoreError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    now, text = measure(report.path), summary(report, publisher.project.folders)
    write_summary(text, publisher.project.folders)
    return dg.MaterializeResult(
        metadata={
            **_metadata(report),
            "summary": dg.MetadataValue.md(text),
            _MEASURES: dg.MetadataValue.json(asdict(now)),
        },
        data_version=dg.DataVersion(report.content_hash),
        check_results=published_check_results(report, _documents(report), now, before),
    )


def _metadata(report: BuildReport) -> dict[str, dg.MetadataValue]:
    quality = {row["match"]: row["f1"] for row in report.quality if row["indicator_id"] == TOTAL}
    return {
        "path": dg.MetadataValue.path(str(report.path)),
        "content_hash": dg.MetadataValue.text(report.content_hash),
        "how": dg.MetadataValue.text(report.how),
        "bytes": dg.MetadataValue.int(report.path.stat().st_size),
        "seconds": dg.MetadataValue.float(round(sum(report.seconds.values()), 3)),
        "documents": dg.MetadataValue.int(report.rows.get("text.document", 0)),
        "observations": dg.MetadataValue.int(report.rows.get("core.observation", 0)),
        "refused": dg.MetadataValue.int(report.rows.get("text.quarantine", 0)),
        "changes": dg.MetadataValue.int(len(report.changes)),
        **{f"{match}_f1": dg.MetadataValue.float(f1) for match, f1 in quality.items()},
        "rows": dg.MetadataValue.json(report.rows),
        "seconds_by_step": dg.MetadataValue.json({name: round(s, 4) for name, s in report.seconds.items()}),
    }


def _before(context: dg.AssetExecutionContext) -> list[Measures]:
    """The measures of the last publications that this instance knows, the latest first."""
    found = context.instance.fetch_materializations(context.asset_key, limit=_PUBLICATIONS).records
    values = [r.asset_materialization.metadata.get(_MEASURES) for r in found if r.asset_materialization]
    names = {field.name for field in fields(Measures)}
    return [
        Measures(**{name: value for name, value in dict(json.data).items() if name in names})  # type: ignore[arg-type]
        for json in values
        if isinstance(json, dg.JsonMetadataValue)
    ]


def _documents(report: BuildReport) -> list[str]:
    with duckdb.connect(report.path, read_only=True) as con:
        return [doc for (doc,) in con.execute("SELECT doc_id FROM text.document").fetchall()]
