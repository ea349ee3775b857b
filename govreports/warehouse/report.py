"""What a build tells of itself while it runs and afterwards.

Belongs here: the report of a build and the clock of its steps. Does not belong here: what is done in a step (see `build` and
`revision`), or the account for people (see `assets.summary`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from govreports.warehouse.changelog import Change
from govreports.warehouse.checks import CheckResult
from govreports.warehouse.export import MartExport
from govreports.warehouse.inputs import Row

Progress = Callable[[str], None]


def silent(step: str) -> None:
    """Progress that nobody follows."""


@dataclass
class BuildReport:
    """What a build made: `path` of the file, rows and seconds by table, checks, quality rows, hash and row of meta.build.

    `how` says whether the file was built anew, and why, or brought up to date from the one before; `export` is the Parquet
    that is written of a file without blocking checks.
    """

    path: Path
    progress: Progress = silent
    how: str = "built anew"
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    quality: list[Row] = field(default_factory=list)
    build: Row = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    corrected: int = 0
    export: MartExport | None = None

    @property
    def content_hash(self) -> str:
        """Hash over core, text and mart."""
        return str(self.build["content_hash"])

    @property
    def blocking(self) -> list[CheckResult]:
        """Failed checks that forbid a publication."""
        return [check for check in self.checks if check.blocking and not check.passed]

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell that a step begins, and note its seconds; those of one name add up."""
        self.progress(name)
        started = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
