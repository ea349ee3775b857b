"""The first stage: files under raw/ as documents of known identity.

Belongs here: how the asset is called and shown. Does not belong here: reading files (see `govreports.intake`).
"""

from __future__ import annotations

from assets.defs.stage import Stage, stage_asset

raw_documents = stage_asset(
    Stage(
        name="raw",
        table="lake.raw",
        group="raw",
        description=(
            "Scraped files as they came, decoded, each settled as the report of one region and year; or refused with a reason. "
            "原始文本,已确定地区、年份和文种。"
        ),
    )
)
