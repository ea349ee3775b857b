"""Reports that real worker processes die on: tried again by the next builds, in a process of their own, and not for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from doomed import Doomed
from standins import KEYS, let_be_old, put

import assets.cli  # noqa: F401 - registers the commands
from assets import project
from assets.project import Folders
from govreports import workers
from govreports.cli import cli
from govreports.workers import Mapper, kept_pool, pool, serial

DEADLY = f"{KEYS[1]}.txt"


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that names what workers die on. The first build has a pool, as if its reports were many."""

    @contextmanager
    def doomed(processes: int) -> Iterator[Mapper]:
        with pool(processes) as mapper:
            yield Doomed(mapper, path)

    path = tmp_path / "names"
    path.write_text("")
    monkeypatch.setattr(project, "pool", doomed)
    # Every try starts two processes.
    monkeypatch.setattr(workers, "_TRIES", 2)
    return path


def build(folders: Folders, *arguments: str) -> str:
    """Run the command `build`, and return what it prints."""
    where = ["--raw", str(folders.raw), "--warehouse", str(folders.warehouse)]
    options = ["--corrections", str(folders.corrections), "--jobs", "2"]
    result = CliRunner().invoke(cli, ["build", *where, *options, *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def first_build(folders: Folders) -> str:
    """A build of so many reports that they are given to a pool."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(project, "_WORTH_A_POOL", 1)
        return build(folders)


def published(folders: Folders) -> list[str]:
    """The partitions whose reports are published."""
    with duckdb.connect(folders.published, read_only=True) as con:
        return [key for (key,) in con.execute("SELECT partition_key FROM text.document ORDER BY 1").fetchall()]


def test_after_a_shortage_of_memory_the_next_build_makes_up_for_it(folders: Folders, names: Path) -> None:
    names.write_text(f"cleaned {KEYS[0]}\ncleaned {KEYS[1]}\n")
    told = first_build(folders)
    assert f"refused: {DEADLY} (worker_died): the process died while it was in cleaned (attempt 1 of 3)" in told
    assert published(folders) == [KEYS[2]]
    names.write_text("")
    explained = build(folders, "--explain")
    for key in KEYS[:2]:
        assert f"{key}  cleaned › sections › indicators  its worker died (attempt 2 of 3)" in explained
    assert "worker_died" not in build(folders)
    assert published(folders) == list(KEYS)
    assert "nothing is stale" in build(folders, "--explain")
    assert "nothing was done" in build(folders)


def test_a_report_that_does_kill_its_worker_is_given_up(folders: Folders, names: Path) -> None:
    names.write_text(f"sections {KEYS[1]}\n")
    assert "(attempt 1 of 3): is there enough memory? The next build tries again" in first_build(folders)
    # One report alone would be read by the process that builds, and take it along.
    assert "(attempt 2 of 3)" in build(folders)
    assert "(attempt 3 of 3) and is not tried again: give it more memory" in build(folders)
    assert "nothing is stale" in build(folders, "--explain")
    assert "nothing was done" in build(folders)
    put(folders, KEYS[1], "other bytes")
    assert "(attempt 1 of 3)" in build(folders)


def test_a_file_that_kills_who_looks_at_it_is_given_up_too(folders: Folders, names: Path) -> None:
    names.write_text(f"{DEADLY}\n")
    let_be_old(folders, DEADLY)
    assert f"it read {DEADLY} (attempt 1 of 3)" in first_build(folders)
    explained = build(folders, "--explain")
    assert f"{DEADLY}  scan  its worker died (attempt 2 of 3)" in explained
    assert "explorer  refused files are tried again" in explained
    assert "(attempt 2 of 3)" in build(folders)
    assert "(attempt 3 of 3) and is not tried again" in build(folders)
    assert "nothing was done" in build(folders)
    assert published(folders) == [KEYS[0], KEYS[2]]


def test_what_a_worker_died_on_and_what_is_made_of_it_is_kept_apart_from_this_process(folders: Folders) -> None:
    with kept_pool():
        with folders.mapper(1) as mapper:
            assert mapper is serial
        with folders.mapper(1, apart=True) as mapper:
            assert mapper is not serial
        with folders.mapper(1) as mapper:
            assert mapper is not serial, "the next stage may be what the report kills"
