"""The map on a real Dask cluster: a scheduler and worker processes on loopback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="needs requirements/scale.lock; `make test-scale` installs it")

from cluster_tasks import fatal, slow_square, square
from dask_cluster import Cluster, free_port, running_cluster
from project import Project

from benchmarks.corpus import corpus, write
from govreports.cluster import ClusterError, cluster
from govreports.store.stores import Folder
from govreports.workers import WorkerDied, kept_pool

pytestmark = [pytest.mark.slow, pytest.mark.scale]


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers that can load the tasks of these tests."""
    with running_cluster(tmp_path_factory.mktemp("dask")) as made:
        yield made


def test_a_cluster_keeps_the_order(dask: Cluster, tmp_path: Path) -> None:
    with cluster(dask.address, tmp_path) as mapper:
        assert list(mapper(slow_square, range(50))) == [n * n for n in range(50)]


def test_a_cluster_takes_tasks_as_it_goes(dask: Cluster, tmp_path: Path) -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with cluster(dask.address, tmp_path) as mapper:
        assert next(iter(mapper(square, tasks()))) == 0
    assert len(taken) < 20, "a bounded number of tasks is under way"


def test_an_exception_of_a_task_reaches_the_caller(dask: Cluster, tmp_path: Path) -> None:
    with cluster(dask.address, tmp_path) as mapper, pytest.raises(ValueError, match="negative: -1"):
        list(mapper(square, [1, -1, 2]))


def test_a_task_that_kills_its_workers_costs_the_others_nothing(dask: Cluster, tmp_path: Path) -> None:
    with cluster(dask.address, tmp_path) as mapper:
        assert list(mapper(fatal, range(6), lambda number: -number)) == [0, 1, 2, -3, 4, 5]
        with pytest.raises(WorkerDied, match="enough memory"):
            list(mapper(fatal, [3]))


def test_one_connection_serves_all_maps_of_a_build(dask: Cluster, tmp_path: Path) -> None:
    with kept_pool():
        found = []
        for _ in range(2):
            with cluster(dask.address, tmp_path) as mapper:
                found.append(mapper)
                assert list(mapper(square, [2])) == [4]
    assert found[0] is found[1]


def test_a_wrong_address_is_told_in_one_sentence(tmp_path: Path) -> None:
    for address in (f"tcp://127.0.0.1:{free_port()}", "nonsense://x", "127.0.0.1:none"):
        with pytest.raises(ClusterError, match=r"no Dask scheduler at .*GOVREPORTS_DASK"), cluster(address, tmp_path):
            pass


def test_a_folder_that_workers_do_not_see_is_told(
    dask: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Folder, "write", lambda self, name, data: None)
    with pytest.raises(ClusterError, match=f"does not see {tmp_path}: share it"), cluster(dask.address, tmp_path):
        pass


def other_package(folder: Path) -> Path:
    """A folder with this package in another version: one rule fewer."""
    import shutil

    import govreports

    root = Path(govreports.__file__).parent
    shutil.copytree(root, folder / "govreports", ignore=shutil.ignore_patterns("__pycache__"))
    changed = folder / "govreports" / "clean" / "stage.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\nOTHER = 1\n", encoding="utf-8")
    return folder


def test_a_cluster_with_another_version_is_told(tmp_path: Path) -> None:
    with running_cluster(tmp_path / "dask", workers=0) as made:
        made.add_worker(environment={"PYTHONPATH": str(other_package(tmp_path / "other"))})
        made.await_workers(1)
        with pytest.raises(ClusterError, match=r"other versions: govreports \w+ there and \w+ here; install the same"):
            cluster(made.address, tmp_path).__enter__()


def test_a_worker_of_another_version_that_joins_later_does_nothing(tmp_path: Path) -> None:
    with running_cluster(tmp_path / "dask", workers=1) as made, cluster(made.address, tmp_path) as mapper:
        made.add_worker(environment={"PYTHONPATH": str(other_package(tmp_path / "other"))})
        made.await_workers(2)
        made.kill_worker(0)
        with pytest.raises(ClusterError, match="a worker of the Dask cluster has other versions"):
            list(mapper(abs, range(4)))


# -- whole builds --------------------


def generated(folder: Path, count: int = 24) -> Project:
    """A project of generated reports."""
    project = Project(folder)
    write(corpus(count, small=True, damaged=0.3, bad=0.05), folder)
    return project


def build(project: Project, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build a project with something set in its environment."""
    return subprocess.run(
        project.command("build", *options),
        cwd=project.folder,
        env={**project.environment, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project built by one process."""
    project = generated(tmp_path_factory.mktemp("alone"))
    done = build(project, "--jobs", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


def counted_twice(project: Project) -> list[tuple[object, ...]]:
    """Documents that stand in the published file more than once."""
    return project.rows("SELECT doc_id, count(*) FROM text.document GROUP BY ALL HAVING count(*) > 1")


def test_a_build_on_a_cluster_that_loses_a_worker_ends_as_on_one_machine(alone: Project, tmp_path: Path) -> None:
    project = generated(tmp_path / "cluster")
    with running_cluster(tmp_path / "dask") as made:
        process = subprocess.Popen(
            project.command("build"),
            cwd=project.folder,
            env={**project.environment, "GOVREPORTS_DASK": made.address},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        cleaned = project.warehouse / "lake" / "cleaned"
        deadline = time.monotonic() + 120
        while not list(cleaned.rglob("*.parquet")) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.poll() is None, "the build was still under way"
        made.kill_worker(0)
        output, _ = process.communicate(timeout=240)
        assert process.returncode == 0, output
        assert "Traceback" not in output
    assert project.content_hash == alone.content_hash
    assert counted_twice(project) == []
    assert list((project.warehouse / "lake").rglob("*.tmp")) == []
    assert "nothing was done" in build(project).stdout


def test_a_cluster_that_goes_away_is_told_and_the_next_build_goes_on(alone: Project, tmp_path: Path) -> None:
    project = generated(tmp_path / "cluster")
    with running_cluster(tmp_path / "dask") as made:
        process = subprocess.Popen(
            project.command("build"),
            cwd=project.folder,
            env={**project.environment, "GOVREPORTS_DASK": made.address},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        raw = project.warehouse / "lake" / "raw"
        while not list(raw.rglob("*.parquet")) and process.poll() is None:
            time.sleep(0.02)
        os.killpg(made.scheduler.pid, signal.SIGKILL)
        output, _ = process.communicate(timeout=240)
    assert process.returncode == 1, output
    assert "is gone" in " ".join(output.split())
    assert "the next build goes on from there" in " ".join(output.split())
    assert "Traceback" not in output
    assert not project.published.exists()
    assert build(project).returncode == 0
    assert project.content_hash == alone.content_hash


def test_the_command_says_what_is_wrong_with_an_address(tmp_path: Path) -> None:
    project = generated(tmp_path, 13)
    done = build(project, GOVREPORTS_DASK=f"tcp://127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert "there is no Dask scheduler at tcp://127.0.0.1" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not project.published.exists()


def test_the_base_install_names_the_extra(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['distributed'] = None\n"
        "from pathlib import Path\nfrom govreports.cluster import cluster\n"
        "cluster('tcp://127.0.0.1:1', Path('.')).__enter__()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "govreports[scale]" in done.stderr.splitlines()[-1]
