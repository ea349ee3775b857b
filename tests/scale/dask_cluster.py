"""A Dask scheduler with two worker processes on loopback, as somebody would start them: with Dask's own commands."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """A running cluster. `workers` are the process groups of its workers: a nanny each, and the worker that it restarts."""

    address: str
    folder: Path
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(self, *options: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start one more worker process with one thread."""
        common = ["--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard"]
        directory = ["--local-directory", str(self.folder)]
        process = _start("worker", [self.address, *common, *directory, *options], self.folder, environment)
        self.workers.append(process)
        return process

    def kill_worker(self, number: int) -> None:
        """Kill a worker and its nanny at once."""
        kill(self.workers[number])

    def await_workers(self, count: int) -> None:
        """Wait until some workers have joined."""
        import distributed

        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _start(
    kind: str, options: list[str], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    log = (folder / f"{kind}-{time.time_ns()}.log").open("wb")
    return subprocess.Popen(
        [sys.executable, "-m", "dask", kind, *options],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent), **(environment or {})},
        cwd=folder,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


@contextmanager
def running_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster for this block."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    scheduler = _start("scheduler", ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], folder)
    made = Cluster(f"tcp://127.0.0.1:{port}", folder, scheduler)
    try:
        for _ in range(workers):
            made.add_worker()
        if workers:
            made.await_workers(workers)
        yield made
    finally:
        for process in (*made.workers, scheduler):
            kill(process)
