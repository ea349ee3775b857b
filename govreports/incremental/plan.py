"""What is stale, and why.

Belongs here: comparing what the ledger holds with what it should hold. Does not belong here: doing anything about it.
A partition is stale when its raw bytes, its sidecars, the code of a stage or its declarations have changed, or when an output is
missing; a stage that runs makes the ones after it run too, unless what it wrote is what stood there before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from govreports.incremental.reasons import changed, parts_of_raw, parts_of_stage
from govreports.lake.ledger import Ledger, SeenFile, StageFile
from govreports.lake.store import Lake
from govreports.text.ids import fingerprint
from govreports.versions import STAGES, code_version, upstream

# So many partitions are looked at one by one; of more the whole lake is listed.
_FEW = 100


def raw_fingerprint(files: Iterable[SeenFile]) -> str:
    """What the raw stage of a partition is made from: its files, their bytes and sidecars, and the code."""
    return fingerprint(
        code_version("raw"), *(part for f in files for part in (f.source_file, f.sha256, f.sidecar_sha256))
    )


def stage_fingerprint(stage: str, inputs: Iterable[StageFile]) -> str:
    """What a later stage of a partition is made from: the content of the stages that it reads, and the code."""
    return fingerprint(code_version(stage), *(made.content_hash for made in inputs))


@cache
def inputs_of(stage: str) -> tuple[str, ...]:
    """The stages whose rows a stage reads."""
    return ("cleaned", "sections") if stage == "indicators" else tuple(filter(None, [upstream(stage)]))


@dataclass(frozen=True)
class Staleness:
    """The first stage of a partition that must run, and why."""

    partition_key: str
    stage: str
    reason: str

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that run: this one and those after it."""
        return STAGES[STAGES.index(self.stage) :]


@dataclass(frozen=True)
class Plan:
    """What a build has to do. `stale` and `vanished` are sorted by partition; `present` are all partitions with reports.

    `strays` are stage and partition of files that nobody stands for. A file of a partition with reports is none: it may be
    another process's that the ledger is about to be told of; if it is not, the next run writes it anew.
    """

    stale: tuple[Staleness, ...]
    vanished: tuple[str, ...]
    present: tuple[str, ...]
    strays: tuple[tuple[str, str], ...]

    @property
    def empty(self) -> bool:
        """Whether nothing is to be done."""
        return not self.stale and not self.vanished

    def keys(self, stage: str) -> list[str]:
        """The partitions for which a stage runs."""
        return [s.partition_key for s in self.stale if stage in s.stages]


def plan(lake: Lake) -> Plan:
    """Compare the files of the last scan with the stage outputs that count. Reads no Parquet."""
    wanted = lake.ledger.accepted_by_partition()
    made, sizes = lake.ledger.stage_files(), lake.sizes()
    stale = [found for key, files in wanted.items() if (found := _staleness(key, files, made, sizes))]
    vanished = sorted({key for _, key in made} - wanted.keys())
    strays = sorted(place for place in sizes.keys() - made.keys() if place[1] not in wanted)
    return Plan(tuple(stale), tuple(vanished), tuple(wanted), tuple(strays))


def still_stale(lake: Lake, keys: Collection[str]) -> set[str]:
    """Those of the partitions that a run has left stale."""
    if len(keys) > _FEW:
        return {stale.partition_key for stale in plan(lake).stale}.intersection(keys)
    return {key for key in keys if _is_stale(lake, key)}


def _is_stale(lake: Lake, key: str) -> bool:
    files = lake.ledger.accepted(key)
    made = {(stage, key): found for stage in STAGES if (found := lake.ledger.stage_file(stage, key))}
    sizes = {place: found.size for place, found in made.items() if lake.has(*place)}
    return bool(files) and _staleness(key, files, made, sizes) is not None


def is_fresh(ledger: Ledger, stage: str, key: str, expected: str) -> bool:
    """Whether a stage output made from `expected` counts already."""
    made = ledger.stage_file(stage, key)
    return made is not None and made.fingerprint == expected


def _staleness(
    key: str, files: list[SeenFile], made: dict[tuple[str, str], StageFile], sizes: dict[tuple[str, str], int]
) -> Staleness | None:
    for stage in STAGES:
        current = made.get((stage, key))
        if current is None:
            return Staleness(key, stage, "new" if stage == "raw" else f"{stage} was not made yet")
        if sizes.get((stage, key)) != current.size:
            return Staleness(key, stage, f"the {stage} file is missing or damaged")
        inputs = [made[(source, key)] for source in inputs_of(stage)]
        expected = raw_fingerprint(files) if stage == "raw" else stage_fingerprint(stage, inputs)
        if current.fingerprint != expected:
            parts = parts_of_raw(files) if stage == "raw" else parts_of_stage(stage, inputs)
            return Staleness(key, stage, changed(stage, current.made_from, parts, files))
    return None
