"""Dagster's history in a real PostgreSQL."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("dagster_postgres", reason="needs requirements/scale.lock; `make test-scale` installs it")

from dask_cluster import free_port
from postgres_server import Server, running_server
from project import Project

pytestmark = [pytest.mark.slow, pytest.mark.scale]
STAGES = 4


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server for all tests; each has databases of its own."""
    with running_server() as made:
        yield made


@pytest.fixture(scope="module")
def in_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The five reports, built with the history in SQLite."""
    project = Project.with_seeds(tmp_path_factory.mktemp("sqlite"))
    done = build(project)
    assert done.returncode == 0, done.stdout + done.stderr
    return project


def build(project: Project, url: str | None = None, *options: str) -> subprocess.CompletedProcess[str]:
    """Build a project, with the history in PostgreSQL where an address is given."""
    return subprocess.run(
        project.command("build", *options),
        cwd=project.folder,
        env=environment(project, url),
        capture_output=True,
        text=True,
        timeout=300,
    )


def start(project: Project, url: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a command with the history in PostgreSQL."""
    return subprocess.Popen(
        project.command(*(arguments or ("build", "--jobs", "1"))),
        cwd=project.folder,
        env=environment(project, url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def environment(project: Project, url: str | None) -> dict[str, str]:
    """The environment of a call."""
    return {**project.environment, **({"GOVREPORTS_POSTGRES": url} if url else {})}


def until(condition, seconds: float = 120, pace: float = 0.05) -> None:
    """Wait for something; it is a failure if it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(pace)


def said(done: subprocess.CompletedProcess[str]) -> str:
    """All that a command said, in one line."""
    return " ".join((done.stdout + done.stderr).split())


def materializations(server: Server, database: str) -> list[tuple[object, ...]]:
    """How often each partition of each asset was told."""
    return server.sql(
        database,
        "SELECT asset_key, partition, count(*) FROM event_logs "
        "WHERE dagster_event_type = 'ASSET_MATERIALIZATION' AND partition IS NOT NULL GROUP BY 1, 2",
    )


def test_a_build_holds_the_same_and_tells_each_partition_once(
    server: Server, in_sqlite: Project, tmp_path: Path
) -> None:
    project, url = Project.with_seeds(tmp_path), server.create("plain")
    done = build(project, url)
    assert done.returncode == 0, said(done)
    assert project.content_hash == in_sqlite.content_hash
    told = materializations(server, "plain")
    assert len(told) == 5 * STAGES
    assert {count for *_, count in told} == {1}
    assert {status for (status,) in server.sql("plain", "SELECT status FROM runs")} == {"SUCCESS"}
    assert list((project.warehouse / "dagster").rglob("*.db")) == [], "nothing of the history is in SQLite"
    assert "nothing was done" in build(project, url).stdout


def test_the_sensor_builds_what_is_dropped(server: Server, in_sqlite: Project, tmp_path: Path) -> None:
    project, url = Project.with_seeds(tmp_path), server.create("sensor")
    ui = start(project, url, "ui", "--port", str(free_port()))
    try:
        until(project.published.exists, 240, 1)
    finally:
        ui.send_signal(signal.SIGTERM)
        ui.wait(60)
    assert project.content_hash == in_sqlite.content_hash
    assert server.sql("sensor", "SELECT count(*) FROM job_ticks")[0][0] > 0


def test_of_two_builds_of_one_warehouse_one_is_refused(server: Server, in_sqlite: Project, tmp_path: Path) -> None:
    project, url = Project.with_seeds(tmp_path), server.create("twice")
    first = start(project, url)
    until(lambda: (project.warehouse / "lake" / "raw").exists())
    second = build(project, url)
    output, _ = first.communicate(timeout=240)
    assert first.returncode == 0, output
    assert second.returncode == 1
    assert "another build is under way" in said(second)
    assert project.content_hash == in_sqlite.content_hash


def test_two_builds_at_once_on_one_server_do_not_mix(server: Server, in_sqlite: Project, tmp_path: Path) -> None:
    projects = [Project.with_seeds(tmp_path / name) for name in ("one", "other")]
    running = [start(p, server.create(name)) for p, name in zip(projects, ("one", "other"), strict=True)]
    for process in running:
        output, _ = process.communicate(timeout=240)
        assert process.returncode == 0, output
    assert [project.content_hash for project in projects] == [in_sqlite.content_hash] * 2


def test_a_killed_build_is_told_failed_and_the_next_one_goes_on(
    server: Server, in_sqlite: Project, tmp_path: Path
) -> None:
    project, url = Project.with_seeds(tmp_path), server.create("killed")
    process = start(project, url)
    until(lambda: list((project.warehouse / "lake" / "cleaned").rglob("*.parquet")))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert server.sql("killed", "SELECT status FROM runs") == [("STARTED",)]
    done = build(project, url)
    assert done.returncode == 0, said(done)
    statuses = sorted(status for (status,) in server.sql("killed", "SELECT status FROM runs"))
    assert statuses == ["FAILURE", "SUCCESS", "SUCCESS"]
    assert project.content_hash == in_sqlite.content_hash


def test_a_history_that_was_lost_is_told_again_together(server: Server, tmp_path: Path) -> None:
    project, url = Project.with_seeds(tmp_path), server.create("lost")
    assert build(project, url).returncode == 0
    told = sorted(materializations(server, "lost"))
    server.sql("lost", "DELETE FROM event_logs WHERE partition IS NOT NULL")
    script = "from assets.runs import open_instance, tell_again\nfrom assets.project import Folders\n"
    script += "folders = Folders.of('raw', 'warehouse', 'corrections')\n"
    script += "with open_instance(folders) as instance: print([len(tell_again(instance, folders)) for _ in range(2)])\n"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.folder,
        env=environment(project, url),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert f"[{len(told)}, 0]" in done.stdout, said(done)
    assert sorted(materializations(server, "lost")) == told


def test_a_server_that_crashes_in_the_middle_is_told_and_the_next_build_goes_on(
    in_sqlite: Project, tmp_path: Path
) -> None:
    with running_server() as server:
        project, url = Project.with_seeds(tmp_path), server.create("crashed")
        process = start(project, url)
        until(lambda: list((project.warehouse / "lake" / "raw").rglob("*.parquet")))
        server.crash()
        output, _ = process.communicate(timeout=240)
        assert process.returncode == 1, output
        assert "the PostgreSQL database is gone" in " ".join(output.split())
        assert not project.published.exists()
        server.start()
        done = build(project, url)
        assert done.returncode == 0, said(done)
        assert project.content_hash == in_sqlite.content_hash
        assert "STARTED" not in {status for (status,) in server.sql("crashed", "SELECT status FROM runs")}


# -- what is wrong is said in one sentence --------------------


def refused(project: Project, url: str | None, sentence: str) -> None:
    """A build ends with a sentence, and publishes nothing."""
    done = build(project, url)
    assert done.returncode == 1, said(done)
    assert sentence in said(done)
    assert "Traceback" not in said(done)
    assert len(done.stderr.strip().split("\n\n")) == 1
    assert not project.published.exists()


def test_wrong_addresses_and_credentials(server: Server, tmp_path: Path) -> None:
    project = Project.with_seeds(tmp_path)
    refused(project, f"postgresql+psycopg2://keeper@127.0.0.1:{free_port()}/x", "Connection refused")
    refused(project, server.url("postgres", password="another"), "password authentication failed")
    refused(project, server.url("nowhere"), 'database "nowhere" does not exist')
    refused(project, "postgresql+psycopg2://keeper@127.0.0.1:port/x", "cannot be used")
    refused(project, server.url("postgres").replace("+psycopg2", ""), "must be like postgresql+psycopg2://")


def test_a_database_of_another_schema(server: Server, tmp_path: Path) -> None:
    project, url = Project.with_seeds(tmp_path), server.create("schema")
    script = "from assets.runs import open_instance\nfrom assets.project import Folders\nimport sys\n"
    script += "folders = Folders.of('raw', 'warehouse', 'corrections'); folders.prepare()\n"
    script += "with open_instance(folders): pass\n"
    subprocess.run(
        [sys.executable, "-c", script], cwd=project.folder, env=environment(project, url), check=True, timeout=120
    )
    (head,) = server.sql("schema", "SELECT version_num FROM alembic_version")[0]
    server.sql("schema", "UPDATE alembic_version SET version_num = '7e2f3204cf8e'")
    refused(project, url, "has an older schema (7e2f3204cf8e)")
    server.sql("schema", "UPDATE alembic_version SET version_num = 'ffffffffffff'")
    refused(project, url, "the schema of a newer Dagster (ffffffffffff)")
    server.sql("schema", f"UPDATE alembic_version SET version_num = '{head}'")
    assert build(project, url).returncode == 0


def test_a_database_of_another_warehouse(server: Server, tmp_path: Path) -> None:
    url = server.create("taken")
    assert build(Project.with_seeds(tmp_path / "one"), url).returncode == 0
    refused(Project.with_seeds(tmp_path / "other"), url, "holds the history of another warehouse")


def test_settings_and_environment_that_disagree(server: Server, tmp_path: Path) -> None:
    project, url = Project.with_seeds(tmp_path), server.create("settings")
    home = project.warehouse / "dagster"
    home.mkdir(parents=True)
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    refused(project, url, "keeps the run history elsewhere: delete that file")
    (home / "dagster.yaml").unlink()
    assert build(project, url, "--explain").returncode == 0
    refused(project, None, "GOVREPORTS_POSTGRES is not set")
