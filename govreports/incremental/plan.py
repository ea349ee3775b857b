"""What is stale, and why.

Belongs here: comparing what the ledger holds with what it should hold. Does not belong here: doing anything about it.
A partition is stale when its raw bytes, its sidecars, the code of a stage or its declarations have changed, or when an output is
missing; a stage that runs makes the ones after it run too, unless what it wrote is what stood there before. One whose worker died
is stale for the next builds too, a few times (see `govreports.attempts`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from govreports.attempts import WORKER_DIED, next_attempt, why_again
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


def plan(lake: Lake, *, again: bool = True) -> Plan:
    """Compare the files of the last scan with the stage outputs that count. Reads no Parquet.

    Without `again` nothing is stale for the only reason that its worker died: it has been tried in this build.
    """
    wanted, attempts = lake.ledger.accepted_by_partition(), due_again(lake.ledger) if again else {}
    made, sizes = lake.ledger.stage_files(), lake.sizes()
    stale = [found for key, files in wanted.items() if (found := _staleness(key, files, made, sizes, attempts))]
    vanished = sorted({key for _, key in made} - wanted.keys())
    strays = sorted(place for place in sizes.keys() - made.keys() if place[1] not in wanted)
    return Plan(tuple(stale), tuple(vanished), tuple(wanted), tuple(strays))


def still_stale(lake: Lake, keys: Collection[str]) -> set[str]:
    """Those of the partitions that a run has left stale; what its workers died on waits for the next build."""
    if len(keys) > _FEW:
        return {stale.partition_key for stale in plan(lake, again=False).stale}.intersection(keys)
    return {key for key in keys if _is_stale(lake, key)}


def due_again(ledger: Ledger) -> dict[tuple[str, str], int]:
    """Outputs that are to be tried again because their worker died: which attempt comes next, by stage and partition."""
    return {(f.stage, f.partition_key): attempt for f in ledger.failures() if (attempt := next_attempt(f))}


def died(ledger: Ledger, stage: str) -> set[str]:
    """Partitions that a worker died on when a stage was last tried, whether or not they are tried again."""
    return {f.partition_key for f in ledger.failures() if f.stage == stage and f.reason_code == WORKER_DIED}


def _is_stale(lake: Lake, key: str) -> bool:
    files = lake.ledger.accepted(key)
    made = {(stage, key): found for stage in STAGES if (found := lake.ledger.stage_file(stage, key))}
    sizes = {place: found.size for place, found in made.items() if lake.has(*place)}
    return bool(files) and _staleness(key, files, made, sizes, {}) is not None


def is_fresh(ledger: Ledger, stage: str, key: str, expected: str) -> bool:
    """Whether a stage output made from `expected` counts already."""
    made = ledger.stage_file(stage, key)
    return made is not None and made.fingerprint == expected


def _staleness(
    key: str,
    files: list[SeenFile],
    made: dict[tuple[str, str], StageFile],
    sizes: dict[tuple[str, str], int],
    attempts: Mapping[tuple[str, str], int],
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
        if attempt := attempts.get((stage, key)):
            return Staleness(key, stage, why_again(attempt))
    return None
