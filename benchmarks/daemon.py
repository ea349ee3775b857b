"""A file dropped while the daemon runs: seconds until it is published.

Belongs here: starting `govreports ui`, dropping a report, waiting. Does not belong here: what a build costs (see
`benchmarks.projects`).
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb

from benchmarks.measure import CommandFailed, start
from benchmarks.projects import Project

_PATIENCE = 600.0
_SECONDS_TO_START = 240.0


def drop_to_published(project: Project) -> float:
    """Seconds from dropping one more report into a built project until readers see it, under a running daemon."""
    with _ui(project):
        before, dropped = _documents(project), time.perf_counter()
        project.add(1)
        while _documents(project) == before:
            if time.perf_counter() - dropped > _PATIENCE:
                raise CommandFailed(f"nothing was published within {_PATIENCE:.0f} s")
            time.sleep(0.5)
        return time.perf_counter() - dropped


def start_ui(project: Project) -> tuple[subprocess.Popen[str], int]:
    """The web server and the daemon of a project, and their port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return start([sys.executable, "-m", "assets", "ui", *project.options, "--port", str(port)]), port


@contextmanager
def _ui(project: Project) -> Iterator[None]:
    server, port = start_ui(project)
    drained = threading.Thread(target=server.communicate, daemon=True)
    drained.start()
    try:
        _wait_until_served(port)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        drained.join(120)


def _wait_until_served(port: int) -> None:
    started = time.perf_counter()
    while time.perf_counter() - started < _SECONDS_TO_START:
        with (
            suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=5),
        ):
            return
        time.sleep(0.5)
    raise CommandFailed("the web server does not answer")


def _documents(project: Project) -> int:
    with duckdb.connect(project.published, read_only=True) as con:
        return int(con.execute("SELECT count(*) FROM text.document").fetchall()[0][0])
