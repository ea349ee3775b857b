"""What a build says to programs: one JSON object a line.

Belongs here: the events and their fields. Does not belong here: what a build says to people (see `assets.console`). Every line
has `at` (UTC) and `event`: scan, refused, stage, partition, step, published, nothing_to_do.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from assets.project import Folders
from govreports.incremental.stages import PartitionResult
from govreports.intake.scan import IntakeSummary


class JsonLog:
    """Writes events to a stream; listens to a build as `assets.progress.Listener` does."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout

    def tell(self, event: str, **fields: object) -> None:
        """One line."""
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **fields}
        print(json.dumps(line, ensure_ascii=False, default=str), file=self.stream, flush=True)

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""
        self.tell("stage", stage=name, partitions=total)

    def partition(self, result: PartitionResult) -> None:
        """A partition is done."""
        self.tell(
            "partition",
            stage=result.stage,
            partition=result.partition_key,
            skipped=result.skipped,
            documents=result.documents,
            characters=result.characters,
            seconds=round(result.seconds, 4),
            rows=result.rows,
            flags=len(result.flags),
            refusals=[{"file": file, "reason_code": code, "reason": why} for file, code, why in result.refusals],
        )

    def step(self, name: str) -> None:
        """The publication goes on."""
        self.tell("step", step=name)

    def scan(self, summary: IntakeSummary) -> None:
        """What the scan found."""
        self.tell(
            "scan",
            files=summary.seen,
            new=len(summary.new),
            changed=len(summary.changed),
            vanished=len(summary.vanished),
            refused=len(summary.refused),
            partitions=len(summary.partitions),
        )

    def account(self, folders: Folders, seconds: float | None) -> int:
        """What was refused, and what was published if anything was. Returns how many files were refused, duplicates aside."""
        ledger = folders.lake.ledger
        refused = [(row.source_file, row.reason_code, row.reason) for row in ledger.refused()]
        refused += [(row.source_file, row.reason_code, row.reason) for row in ledger.failures()]
        for file, code, why in refused:
            self.tell("refused", file=file, reason_code=code, reason=why)
        if seconds is None:
            self.tell("nothing_to_do", published=str(folders.published))
        else:
            self.tell("published", **_published(folders), seconds=round(seconds, 1))
        return sum(1 for _, code, _ in refused if code != "duplicate_file")


def _published(folders: Folders) -> Mapping[str, Any]:
    from govreports.warehouse.connection import published_file

    with published_file(folders.published) as con:
        (documents,) = con.execute("SELECT count(*) FROM text.document").fetchall()[0]
        (content_hash,) = con.execute("SELECT content_hash FROM meta.build").fetchall()[0]
    return {"path": str(folders.published), "documents": documents, "content_hash": content_hash}
