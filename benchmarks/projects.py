"""Projects of generated reports, built once and measured while they are.

Belongs here: folders with generated raw/ and what `govreports build` makes of them. Does not belong here: what is measured (see
`benchmarks.blocks`).
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from benchmarks.corpus import Made, corpus, write
from benchmarks.measure import Watched, watch
from govreports.warehouse.publish import published_path

STAGES = ("raw", "cleaned", "sections", "indicators")
_STAGE = re.compile(rf"^({'|'.join(STAGES)}): (\d+) partitions.*?([\d.]+) s$")
_PUBLICATION = re.compile(r"^publication: ([\d.]+) s$")


@dataclass(frozen=True)
class Built:
    """A build: seconds of wall time, in all stages, in the publication, and until the lake was complete; peak memory in bytes.

    `processor` are the processor seconds of all its processes.
    """

    seconds: float
    stages: float
    publication: float
    in_lake: float
    peak: int
    processor: float
    output: str


@dataclass(frozen=True)
class Project:
    """A folder with raw/, manifest.csv and truth.csv, and warehouse/ beside it."""

    folder: Path
    size: int
    small: bool = False
    damaged: float = 0.2
    bad: float = 0.01

    @property
    def raw(self) -> Path:
        """Where the reports lie."""
        return self.folder / "raw"

    @property
    def warehouse(self) -> Path:
        """Where everything is made."""
        return self.folder / "warehouse"

    @property
    def published(self) -> Path:
        """The published file."""
        return published_path(self.warehouse)

    @property
    def options(self) -> list[str]:
        """What names the folders to a command."""
        return ["--raw", str(self.raw), "--warehouse", str(self.warehouse), "--corrections", str(self.folder / "none")]

    @property
    def build_command(self) -> list[str]:
        """`govreports build`."""
        return [sys.executable, "-m", "assets", "build", *self.options]

    def generate(self) -> None:
        """Write the reports, unless they are there."""
        if not (self.folder / "manifest.csv").exists():
            write(corpus(self.size, small=self.small, damaged=self.damaged, bad=self.bad), self.folder)

    def build(self, *options: str) -> Built:
        """Run `govreports build`."""
        return _told(watch([*self.build_command, *options]))

    def cold(self) -> Built:
        """The first build of this project, or what was measured when it was built."""
        remembered = self.folder / "cold.json"
        if not remembered.exists():
            self.generate()
            remembered.write_text(json.dumps(asdict(self.build())), encoding="utf-8")
        return Built(**json.loads(remembered.read_text(encoding="utf-8")))

    def add(self, count: int) -> list[Made]:
        """Drop further reports into raw/, all of them readable."""
        there = sum(1 for path in self.raw.rglob("*") if path.is_file())
        more = list(islice(corpus(there + count, small=self.small, damaged=0.0), there, None))
        for file in more:
            path = self.raw / file.source_file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
        return more

    def bytes_of(self, *names: str) -> int:
        """Bytes below some folders of the warehouse."""
        roots = [self.warehouse / name for name in names]
        return sum(path.stat().st_size for root in roots for path in root.rglob("*") if path.is_file())


def _told(watched: Watched) -> Built:
    stages = publication = in_lake = 0.0
    for at, line in watched.lines:
        if found := _STAGE.match(line):
            stages += float(found[3])
            in_lake = at
        elif found := _PUBLICATION.match(line):
            publication = float(found[1])
    return Built(watched.seconds, stages, publication, in_lake, watched.peak, watched.processor, watched.output)
