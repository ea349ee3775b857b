"""The second stage: text without the page around it, repaired, in simplified characters.

Belongs here: how the asset is called and shown. Does not belong here: cleaning (see `govreports.clean`).
"""

from __future__ import annotations

from assets.defs.stage import Stage, stage_asset

cleaned_documents = stage_asset(
    Stage(
        name="cleaned",
        table="text.document",
        group="cleaned",
        description=(
            "The report's own text: page chrome and glosses gone, damage repaired or marked, characters simplified, every "
            "character still traceable to its place in the raw text. 清洗后的正文,每个字可回溯到原文位置。"
        ),
    )
)
