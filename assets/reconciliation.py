"""Comparing what lies under raw/, in the lake, in Dagster's records and in the published file.

Belongs here: where they differ, the report of it, and telling Dagster what it missed. Does not belong here: making anything anew
(see `assets.defs.automation`, which asks for the runs).

A process that is killed after a file of the lake was written and before Dagster was told leaves a partition that is done and that
the pages show as missing; the lake is right, so Dagster is told again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import dagster as dg
from dagster._core.definitions.data_version import (
    CODE_VERSION_TAG,
    DATA_VERSION_IS_USER_PROVIDED_TAG,
    DATA_VERSION_TAG,
)

from assets.defs.stage import ASSET_OF
from assets.event_log import keep_connections, tell_together
from assets.project import Folders
from govreports.incremental.plan import Plan
from govreports.incremental.publication import why_stale
from govreports.intake.scan import IntakeSummary
from govreports.lake.ledger import StageFile
from govreports.versions import STAGES, code_version

_SHOWN = 10


@dataclass
class Drift:
    """What differed, each as names or sentences: files, partitions, files of the lake, assets with partitions, reasons."""

    new_files: list[str] = field(default_factory=list)
    changed_files: list[str] = field(default_factory=list)
    vanished_files: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    unpublished: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How much of each there is."""
        return {name: len(found) for name, found in vars(self).items()}

    def markdown(self) -> str:
        """A table of what differed, with the first of each."""
        lines = ["| what | how many | which |", "| --- | ---: | --- |"]
        for name, label in _LABELS.items():
            found: list[str] = getattr(self, name)
            shown = "; ".join(found[:_SHOWN]) + (" …" if len(found) > _SHOWN else "")
            lines.append(f"| {label} | {len(found)} | {shown.replace('|', '¦')} |")
        return "\n".join(lines)


_LABELS = {
    "new_files": "files under raw/ that no scan had seen",
    "changed_files": "files under raw/ that changed",
    "vanished_files": "files that are gone from raw/",
    "stale": "partitions that the lake has not, or not as they should be",
    "vanished": "partitions in the lake whose files are gone",
    "orphans": "files in the lake that nobody stands for, deleted",
    "untold": "partitions that Dagster had not been told of, told now",
    "unpublished": "reasons why the published file does not stand for the lake",
}


def compare(
    folders: Folders, summary: IntakeSummary, plan: Plan, orphans: Sequence[object], untold: list[str]
) -> Drift:
    """The drift between raw/, lake and warehouse, after a scan."""
    return Drift(
        new_files=summary.new,
        changed_files=summary.changed,
        vanished_files=summary.vanished,
        stale=[f"{stale.partition_key}: {stale.reason}" for stale in plan.stale],
        vanished=list(plan.vanished),
        orphans=[str(path) for path in orphans],
        untold=untold,
        unpublished=why_stale(folders.lake.ledger, folders.corrections, folders.published),
    )


def report(instance: dg.DagsterInstance, drift: Drift) -> None:
    """Put the drift on the page of the published file, its counts as numbers that are plotted."""
    instance.report_runless_asset_event(
        dg.AssetObservation(
            asset_key="published_warehouse",
            description="what differed between raw/, lake, Dagster and warehouse",
            metadata={**drift.counts, "drift": dg.MetadataValue.md(drift.markdown())},
        )
    )


def tell_again(instance: dg.DagsterInstance, folders: Folders) -> list[str]:
    """Tell Dagster of stage outputs that it knows nothing of, or another version. Returns them as `asset partition`."""
    keep_connections(instance)
    made = folders.lake.ledger.stage_files()
    told = []
    for stage in STAGES:
        asset = dg.AssetKey(ASSET_OF[stage])
        known = instance.event_log_storage.get_latest_tags_by_partition(
            asset, dg.DagsterEventType.ASSET_MATERIALIZATION, [DATA_VERSION_TAG]
        )
        untold = [
            output
            for (of_stage, key), output in made.items()
            if of_stage == stage and known.get(key, {}).get(DATA_VERSION_TAG) != output.content_hash
        ]
        tell_together(instance, [_materialization(asset, output) for output in untold])
        told += [f"{ASSET_OF[stage]} {output.partition_key}" for output in untold]
    return told


def _materialization(asset: dg.AssetKey, output: StageFile) -> dg.AssetMaterialization:
    return dg.AssetMaterialization(
        asset_key=asset,
        partition=output.partition_key,
        description="told again: the run that made it ended before it told",
        metadata={"documents": output.documents},
        tags={
            CODE_VERSION_TAG: code_version(output.stage),
            DATA_VERSION_TAG: output.content_hash,
            DATA_VERSION_IS_USER_PROVIDED_TAG: "true",
        },
    )
