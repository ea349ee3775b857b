"""What the library's checks of a built file say, as asset checks.

Belongs here: which checks stand at which asset, and which stop a publication. Does not belong here: the checks themselves (see
`govreports.warehouse.checks`), and those of the partitioned assets, which never stop anything (see `stage`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import dagster as dg
import duckdb

from govreports.quality.score import TOTAL, below_floor
from govreports.warehouse.checks import CheckResult
from govreports.warehouse.report import BuildReport

SOUND = "sound"
PLAUSIBLE = "plausible"
QUALITY = "quality_on_golden_labels"
VOLUME = "volume"
PUBLISHED = "published_warehouse"
FILL = "fill_rate"
SELF_CHECKS = "self_checks"
STORAGE = "storage_version"
# A publication that lost more of its reports than this share is worth a look.
_LOST = 0.05
# Shares that moved by more than this are, too.
_MOVED = 0.1
# Below so many region-years a share says nothing.
_ENOUGH = 30
# Readers of DuckDB 1.2 and later open this.
_STORAGE_VERSION = "v1.2.0+"


@dataclass(frozen=True)
class Measures:
    """What is measured of a published file to hold against the ones before.

    `filled` is the share of the region-years that state a headline indicator, `complaining` that of the reports with a self-check
    that found something.
    """

    documents: int
    region_years: int = 0
    filled: Mapping[str, float] = field(default_factory=dict)
    complaining: float = 0.0
    storage: str = ""


def measure(path: Path) -> Measures:
    """The measures of a file."""
    with duckdb.connect(path, read_only=True) as con:
        return Measures(
            documents=_number(con, "SELECT count(*) FROM text.document"),
            region_years=_number(con, "SELECT count(*) FROM mart.region_year"),
            filled=dict(con.execute(_FILLED).fetchall()),
            complaining=_number(con, _COMPLAINING),
            storage=str(con.execute(_STORAGE_OF).fetchall()[0][0]),
        )


_FILLED = """
    SELECT indicator_id, round(count(DISTINCT (region_code, year)) / nullif((SELECT count(*) FROM mart.region_year), 0), 4)
    FROM mart.region_year_long SEMI JOIN (SELECT indicator_id FROM core.indicator WHERE headline) USING (indicator_id)
    GROUP BY ALL ORDER BY ALL"""
_COMPLAINING = """
    SELECT coalesce(round((SELECT count(DISTINCT doc_id) FROM text.self_check)
                          / nullif((SELECT count(*) FROM text.document), 0), 4), 0)"""
_STORAGE_OF = "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = current_database()"


def _number(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    return con.execute(query).fetchall()[0][0]


def mart_check_specs(mart: str) -> list[dg.AssetCheckSpec]:
    """One check that stops the publication, and one that warns."""
    return [
        dg.AssetCheckSpec(
            SOUND,
            asset=mart,
            blocking=True,
            description="Keys, nulls and references hold. A failure stops the publication: the old file stands.",
        ),
        dg.AssetCheckSpec(PLAUSIBLE, asset=mart, description="Codes are known and statements agree. A failure warns."),
    ]


def mart_check_results(mart: str, report: BuildReport) -> list[dg.AssetCheckResult]:
    """The results of both checks of a mart."""
    return _pair(mart, [check for check in report.checks if check.table == f"mart.{mart}"])


def published_check_specs() -> list[dg.AssetCheckSpec]:
    """The checks of the published file: those of the tables beneath the marts, and quality."""
    return [
        dg.AssetCheckSpec(
            PLAUSIBLE,
            asset=PUBLISHED,
            description="What the tables beneath the marts hold is plausible. A failure warns.",
        ),
        dg.AssetCheckSpec(
            QUALITY, asset=PUBLISHED, description="Readings of the labelled reports reach the floors. A failure warns."
        ),
        dg.AssetCheckSpec(
            VOLUME,
            asset=PUBLISHED,
            description="Hardly fewer reports than in the publications before. A failure warns.",
        ),
        dg.AssetCheckSpec(
            FILL,
            asset=PUBLISHED,
            description="Headline indicators are stated in about as many region-years as before. A failure warns.",
        ),
        dg.AssetCheckSpec(
            SELF_CHECKS, asset=PUBLISHED, description="About as many outlines complain as before. A failure warns."
        ),
        dg.AssetCheckSpec(
            STORAGE, asset=PUBLISHED, description="DuckDB 1.2 and later can open the file. A failure warns."
        ),
    ]


def published_check_results(
    report: BuildReport, documents: Sequence[str], now: Measures, before: Sequence[Measures]
) -> list[dg.AssetCheckResult]:
    """The results of the checks of the published file.

    `documents` are the ids in it, `now` its measures, `before` those of the last publications, the latest first.
    """
    beneath = [check for check in report.checks if not check.table.startswith("mart.") and not check.blocking]
    low = below_floor(report.quality, documents)
    totals = {
        f"{row['gold_set']} {row['match']} F1": row["f1"] for row in report.quality if row["indicator_id"] == TOTAL
    }
    usual = median(measures.documents for measures in before) if before else None
    last = before[0] if before else None
    return [
        _result(PUBLISHED, PLAUSIBLE, beneath, dg.AssetCheckSeverity.WARN),
        _warning(QUALITY, not low, "; ".join(low) or "every floor is reached", totals),
        _warning(
            VOLUME,
            usual is None or len(documents) >= usual * (1 - _LOST),
            f"{len(documents)} reports, {'none published' if usual is None else f'usually {usual:g}'} before",
            {"documents": len(documents), "usual": float(usual or 0)},
        ),
        _fill_rate(now, last),
        _warning(
            SELF_CHECKS,
            last is None or now.documents < _ENOUGH or now.complaining <= last.complaining + _MOVED,
            f"{now.complaining:.1%} of the reports have self-checks that found something"
            + (f", {last.complaining:.1%} before" if last else ""),
            {"complaining": now.complaining},
        ),
        _warning(
            STORAGE, now.storage == _STORAGE_VERSION, f"storage version {now.storage}", {"storage_version": now.storage}
        ),
    ]


def _fill_rate(now: Measures, last: Measures | None) -> dg.AssetCheckResult:
    fallen = []
    if last and min(now.region_years, last.region_years) >= _ENOUGH:
        fallen = [
            f"{name} {before:.0%} → {now.filled.get(name, 0.0):.0%}"
            for name, before in last.filled.items()
            if now.filled.get(name, 0.0) < before - _MOVED
        ]
    text = f"stated less often than before: {', '.join(fallen)}" if fallen else f"{len(now.filled)} headline indicators"
    return _warning(FILL, not fallen, text, {"fallen": len(fallen), "filled": dg.MetadataValue.json(dict(now.filled))})


def _warning(name: str, passed: bool, description: str, metadata: Mapping[str, Any]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=PUBLISHED,
        check_name=name,
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN,
        description=description,
        metadata=metadata,
    )


def _pair(asset: str, checks: Sequence[CheckResult]) -> list[dg.AssetCheckResult]:
    return [
        _result(asset, SOUND, [check for check in checks if check.blocking], dg.AssetCheckSeverity.ERROR),
        _result(asset, PLAUSIBLE, [check for check in checks if not check.blocking], dg.AssetCheckSeverity.WARN),
    ]


def _result(
    asset: str, name: str, checks: Sequence[CheckResult], severity: dg.AssetCheckSeverity
) -> dg.AssetCheckResult:
    failed = [check for check in checks if not check.passed]
    metadata: dict[str, Any] = {"checks": len(checks), "failed": len(failed)}
    if failed:
        metadata["failures"] = dg.MetadataValue.md("\n".join(f"* {check}" for check in failed))
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=not failed,
        severity=severity,
        description="; ".join(f"{check.table}: {check.description}: {check.failing} rows fail" for check in failed[:5])
        or f"{len(checks)} checks passed",
        metadata=metadata,
    )
