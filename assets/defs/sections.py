"""The third stage: the outline of a report.

Belongs here: how the asset is called and shown. Does not belong here: finding headings (see `govreports.sections`).
"""

from __future__ import annotations

from assets.defs.stage import Stage, stage_asset

sections = stage_asset(
    Stage(
        name="sections",
        table="text.section",
        group="sections",
        description=(
            "Headings in order with their roles (review, problems, targets, tasks), tables, and terms explained in notes. "
            "章节结构、角色、表格与名词解释。"
        ),
    )
)
