"""A PostgreSQL server from Debian's packages, on loopback, as an unprivileged user."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dask_cluster import free_port

USER, PASSWORD = "keeper", "p@ss word/1"
_USERS = ("postgres", "nobody")


def program(name: str) -> str:
    """A program of PostgreSQL: Debian keeps them out of the path, a folder for each version."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    assert path, f"no {name}: run requirements/system.sh"
    return path


@dataclass
class Server:
    """A running server. `settle` starts it again after `crash`."""

    folder: Path
    port: int
    user: str | None
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: str, password: str = PASSWORD) -> str:
        """The address of a database."""
        from urllib.parse import quote

        return f"postgresql+psycopg2://{USER}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server and wait for it."""
        log = (self.folder / "log").open("ab")
        where = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-p", str(self.port), "-h", "127.0.0.1"]
        self.process = subprocess.Popen(
            [program("postgres"), *where], user=self.user, stdout=log, stderr=log, start_new_session=True, cwd="/"
        )
        asked = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        deadline = time.monotonic() + 60
        while subprocess.run(asked).returncode:
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.2)

    def crash(self) -> None:
        """Kill the server with all its processes."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop the server, if it runs."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()

    def sql(self, database: str, statement: str) -> list[tuple[Any, ...]]:
        """Rows of a statement, if it gives any."""
        import psycopg2

        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname=database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def create(self, database: str) -> str:
        """Make a database, and say its address."""
        self.sql("postgres", f"CREATE DATABASE {database}")
        return self.url(database)


@contextmanager
def running_server() -> Iterator[Server]:
    """A server for this block, with durable writes as Debian sets them."""
    user = next((name for name in _USERS if _exists(name)), None) if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="govreports-pg-"))
    server = Server(folder, free_port(), user)
    try:
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        if user:
            for path in (folder, folder / "password"):
                shutil.chown(path, user)
        options = ["-U", USER, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
        subprocess.run(
            [program("initdb"), "-D", str(folder / "data"), "--pwfile", str(folder / "password"), *options],
            user=user,
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
