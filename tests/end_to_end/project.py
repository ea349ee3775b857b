"""A project of its own for a test, and the command `govreports` as people call it: in a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent.parent
SEEDS = ROOT / "raw"


@dataclass(frozen=True)
class Project:
    """Folders with the five reports in raw/."""

    folder: Path

    @classmethod
    def with_seeds(cls, folder: Path) -> Project:
        """A project whose path has a space in it."""
        made = cls(folder / "some project")
        made.raw.mkdir(parents=True)
        for path in SEEDS.glob("*.txt"):
            shutil.copy(path, made.raw)
        return made

    @property
    def raw(self) -> Path:
        """Where reports are dropped."""
        return self.folder / "raw"

    @property
    def warehouse(self) -> Path:
        """Where everything is made."""
        return self.folder / "warehouse"

    @property
    def published(self) -> Path:
        """The published file."""
        return self.warehouse / "govreports.duckdb"

    def command(self, *arguments: str) -> list[str]:
        """The command line of a call."""
        return [sys.executable, "-m", "assets", *arguments]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a call: no instance but the project's own."""
        return {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project's folder."""
        return subprocess.run(
            self.command(*arguments), cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command in the project's folder, in a process group of its own."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=quiet,
            stderr=quiet,
            start_new_session=True,
        )

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Rows of a query on the published file."""
        with duckdb.connect(self.published, read_only=True) as con:
            return con.execute(query).fetchall()

    @property
    def content_hash(self) -> object:
        """What says that two builds hold the same."""
        return self.rows("SELECT content_hash FROM meta.build")[0][0]
