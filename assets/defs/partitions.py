"""The partitions: one per region and year that has a report.

Belongs here: the definition, registering keys, cutting stale keys into ranges. Does not belong here: what is stale (see
`govreports.incremental.plan`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import dagster as dg
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    EXTERNALLY_MANAGED_ASSETS_TAG,
)

from govreports.incremental.plan import Plan

region_year = dg.DynamicPartitionsDefinition(name="region_year")

# Stale partitions in one run. More make a run long to repeat, fewer make the fixed cost of a run felt.
RANGE_SIZE = 500
# Keys registered in one statement.
_BATCH = 1000
_ONLY_TAG = "govreports/only"
_AGAIN_TAG = "govreports/again"
# Tags of a run that tries again what workers died on. A build and the night ask for such runs, each of them once; the sensor,
# which looks every few seconds, does not: the attempts would be used up before any memory is back.
AGAIN = {_AGAIN_TAG: "true"}


@dataclass(frozen=True)
class KeyRange:
    """The stale keys `keys`, and the first and last key of the range of registered keys that covers them."""

    keys: tuple[str, ...]

    @property
    def tags(self) -> dict[str, str]:
        """Run tags that target the range.

        The run tells its materializations itself, one per partition that was not fresh, with that partition's own data version;
        Dagster would tell one for every key between the first and the last, all with the same version.
        """
        return {
            ASSET_PARTITION_RANGE_START_TAG: self.keys[0],
            ASSET_PARTITION_RANGE_END_TAG: self.keys[-1],
            EXTERNALLY_MANAGED_ASSETS_TAG: "true",
        }

    @property
    def only(self) -> dict[str, str]:
        """Run tags by which other stale keys between the first and the last are left alone."""
        return {_ONLY_TAG: ",".join(self.keys)}


def chosen(run: dg.DagsterRun, keys: Sequence[str]) -> list[str]:
    """Those of the keys in a run's range that it may touch."""
    if _ONLY_TAG not in run.tags:
        return list(keys)
    only = set(run.tags[_ONLY_TAG].split(","))
    return [key for key in keys if key in only]


def tells_itself(run: dg.DagsterRun) -> bool:
    """Whether a run leaves it to the assets to tell what they materialized."""
    return run.tags.get(EXTERNALLY_MANAGED_ASSETS_TAG) == "true"


def tries_again(run: dg.DagsterRun) -> bool:
    """Whether a run tries again what workers died on."""
    return run.tags.get(_AGAIN_TAG) == AGAIN[_AGAIN_TAG]


def new_keys(instance: dg.DagsterInstance, plan: Plan) -> list[str]:
    """Partitions that have reports and are not registered, sorted."""
    assert region_year.name
    return sorted(set(plan.present) - set(instance.get_dynamic_partitions(region_year.name)))


def register(instance: dg.DagsterInstance, keys: Sequence[str]) -> None:
    """Register new partitions in batches."""
    assert region_year.name
    for at in range(0, len(keys), _BATCH):
        instance.add_dynamic_partitions(region_year.name, list(keys[at : at + _BATCH]))


def forget(instance: dg.DagsterInstance, keys: Iterable[str]) -> None:
    """Let partitions without reports be no partitions any more."""
    assert region_year.name
    for key in keys:
        instance.delete_dynamic_partition(region_year.name, key)


def ranges(registered: Sequence[str], stale: Iterable[str], size: int = RANGE_SIZE) -> Iterator[KeyRange]:
    """Ranges in the order of registration that cover the stale keys, at most `size` of them each."""
    place = {key: at for at, key in enumerate(registered)}
    ordered = sorted(stale, key=place.__getitem__)
    for at in range(0, len(ordered), size):
        yield KeyRange(tuple(ordered[at : at + size]))
