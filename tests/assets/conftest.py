"""A small project with stand-ins for the stages."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from standins import KEYS, put

from assets.project import Folders


@pytest.fixture(scope="session")
def dagster_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dagster's folder with its databases made, which takes a second."""
    made = Folders.of("raw", tmp_path_factory.mktemp("warehouse"), "corrections", 1)
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("DAGSTER_HOME", raising=False)
        made.prepare()
        # In a process of its own: definitions cannot be loaded where an instance was opened and closed.
        code = "import dagster as dg, os; dg.DagsterInstance.from_config(os.environ['DAGSTER_HOME'])"
        subprocess.run([sys.executable, "-c", code], env=made.environment(), check=True)
        return made.dagster_home


@pytest.fixture
def folders(tmp_path: Path, dagster_home: Path, stand_ins: None, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """A project with three reports."""
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    made = Folders.of(tmp_path / "raw", tmp_path / "warehouse", tmp_path / "corrections", 1)
    for key in KEYS:
        put(made, key)
    made.prepare()
    shutil.copytree(dagster_home, made.dagster_home, dirs_exist_ok=True)
    # Opening an instance names its folder in the environment of this process.
    monkeypatch.setenv("DAGSTER_HOME", str(made.dagster_home))
    return made


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """An instance that leaves nothing behind."""
    with dg.DagsterInstance.ephemeral() as made:
        yield made
