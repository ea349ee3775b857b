"""The fourth stage: every value that a report states.

Belongs here: how the asset is called and shown. Does not belong here: reading quantities (see `govreports.indicators`).
"""

from __future__ import annotations

from assets.defs.stage import Stage, stage_asset

indicators = stage_asset(
    Stage(
        name="indicators",
        table="core.observation",
        group="indicators",
        description=(
            "One row per stated value: indicator, measure, value, unit, period, status, bound, and the exact quote. "
            "报告所述的每个指标值及其原文引句。"
        ),
    )
)
