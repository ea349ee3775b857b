"""Telling whoever watches a build how far it is.

Belongs here: the hook that the assets call and the command line listens to. Does not belong here: what is shown (see
`assets.console`). Without a listener, as in Dagster's own processes, nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from govreports.incremental.stages import PartitionResult


class Listener(Protocol):
    """Whoever wants to know."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins that has `total` partitions to do."""

    def partition(self, result: PartitionResult) -> None:
        """A partition of the stage is done."""

    def step(self, name: str) -> None:
        """A step of the publication begins."""


class Silence:
    """Listens to nothing."""

    def stage(self, name: str, total: int) -> None:
        """Nothing."""

    def partition(self, result: PartitionResult) -> None:
        """Nothing."""

    def step(self, name: str) -> None:
        """Nothing."""


_listener: Listener = Silence()


def listener() -> Listener:
    """The one who listens now."""
    return _listener


@contextmanager
def listening(new: Listener) -> Iterator[None]:
    """Let `new` listen."""
    global _listener
    before, _listener = _listener, new
    try:
        yield
    finally:
        _listener = before
