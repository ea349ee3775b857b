"""What the library's checks of a built file say, as asset checks.

Belongs here: which checks stand at which asset, and which stop a publication. Does not belong here: the checks themselves (see
`govreports.warehouse.checks`), and those of the partitioned assets, which never stop anything (see `stage`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dagster as dg

from govreports.quality.score import TOTAL, below_floor
from govreports.warehouse.build import BuildReport
from govreports.warehouse.checks import CheckResult

SOUND = "sound"
PLAUSIBLE = "plausible"
QUALITY = "quality_on_golden_labels"
VOLUME = "volume"
PUBLISHED = "published_warehouse"
# A publication that lost more of its reports than this share is worth a look.
_LOST = 0.05


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
            VOLUME, asset=PUBLISHED, description="About as many reports as in the publication before. A failure warns."
        ),
    ]


def published_check_results(
    report: BuildReport, documents: Sequence[str], before: int | None
) -> list[dg.AssetCheckResult]:
    """The results of the checks of the published file; `documents` are the ids in it, `before` is how many there were."""
    beneath = [check for check in report.checks if not check.table.startswith("mart.") and not check.blocking]
    low = below_floor(report.quality, documents)
    totals = {
        f"{row['gold_set']} {row['match']} F1": row["f1"] for row in report.quality if row["indicator_id"] == TOTAL
    }
    return [
        _result(PUBLISHED, PLAUSIBLE, beneath, dg.AssetCheckSeverity.WARN),
        dg.AssetCheckResult(
            asset_key=PUBLISHED,
            check_name=QUALITY,
            passed=not low,
            severity=dg.AssetCheckSeverity.WARN,
            description="; ".join(low) or "every floor is reached",
            metadata=totals,
        ),
        dg.AssetCheckResult(
            asset_key=PUBLISHED,
            check_name=VOLUME,
            passed=before is None or len(documents) >= before * (1 - _LOST),
            severity=dg.AssetCheckSeverity.WARN,
            description=f"{len(documents)} reports, {'none published' if before is None else before} before",
            metadata={"documents": len(documents)},
        ),
    ]


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
