"""A server that speaks S3, on loopback: moto's, behind a gate that can refuse, fill up, stall and count.

Run as a program it serves; imported it starts itself as a process. Objects live in its memory.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dask_cluster import free_port, kill

KEY, SECRET = "a-key-of-ours", "a-secret-of-ours"
_CONTROL = "/_gate"


@dataclass
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def endpoint(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to know."""
        return credentials(self.endpoint)

    def gate(self, **state: object) -> dict[str, Any]:
        """Change what the gate does, and return its state with the numbers of requests by method and key.

        `full`: nothing can be written. `denied`: nobody is let in, as if keys had run out; `after` so many further requests.
        `stall`: a write whose path and query match this pattern gets half way and hangs. `fill`: a bucket, a prefix and how many
        small objects to put there, at once. `reset`: count anew.
        """
        request = urllib.request.Request(self.endpoint + _CONTROL, json.dumps(state).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=120) as answer:
            return dict(json.load(answer))

    def client(self) -> Any:
        """A client of its own."""
        import s3fs

        return s3fs.S3FileSystem(key=KEY, secret=SECRET, endpoint_url=self.endpoint, use_listings_cache=False)

    def requests(self) -> dict[str, int]:
        """Requests since they were counted last, by method and path."""
        return dict(self.gate(reset=True)["counts"])

    def until_stalled(self) -> None:
        """Wait until a write hangs."""
        deadline = time.monotonic() + 120
        while not self.gate()["stalled"]:
            assert time.monotonic() < deadline, "no write reached the gate"
            time.sleep(0.02)


def credentials(endpoint: str, key: str = KEY) -> dict[str, str]:
    """The environment of a client."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "no_proxy": "127.0.0.1",
    }


@contextmanager
def running_server(folder: Path) -> Iterator[Server]:
    """A server for this block, with no bucket."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, str(port)], stdout=log, stderr=log, start_new_session=True, env=dict(os.environ)
        )
    server = Server(port, process)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                server.gate()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, (folder / "server.log").read_text()
                time.sleep(0.1)
        yield server
    finally:
        kill(process)


class Gate:
    """Stands before the server's application."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.state: dict[str, Any] = {"full": False, "denied": "", "after": 0, "stall": "", "stalled": 0}
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path == _CONTROL:
            return self._control(environ, start)
        with self.lock:
            self.counts[f"{method} {path}"] += 1
            denied = self.state["denied"] if self.state["after"] <= 0 else ""
            self.state["after"] -= 1
        if denied or f"Credential={KEY}/" not in environ.get("HTTP_AUTHORIZATION", ""):
            return _refusal(
                environ, start, "403 Forbidden", denied or "InvalidAccessKeyId", "The key is not known here."
            )
        if method in ("PUT", "POST") and self.state["full"]:
            return _refusal(
                environ, start, "507 Insufficient Storage", "QuotaExceeded", "The bucket's quota is used up."
            )
        if method == "PUT" and self.state["stall"] and re.search(self.state["stall"], _whole(environ)):
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0) // 2)
            self.state["stalled"] += 1
            while self.state["stall"]:
                time.sleep(0.02)
            return _refusal(environ, start, "400 Bad Request", "IncompleteBody", "The body ended early.")
        return self.application(environ, start)

    def _control(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        change = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")
        with self.lock:
            if "fill" in change:
                _fill(*change.pop("fill"))
            reset = change.pop("reset", False)
            self.state.update(change)
            answer = json.dumps({**self.state, "counts": self.counts}).encode()
            if reset:
                self.counts.clear()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
        return [answer]


def _fill(bucket: str, prefix: str, count: int) -> None:
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.s3.models import s3_backends

    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    for number in range(count):
        backend.put_object(bucket, f"{prefix}{number:06}.bin", b"no report")


def _whole(environ: Mapping[str, Any]) -> str:
    return f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"


def _refusal(
    environ: Mapping[str, Any], start: Callable[..., Any], status: str, code: str, message: str
) -> Iterable[bytes]:
    """S3's answer to a request that is not served."""
    if environ["REQUEST_METHOD"] == "PUT":
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'.encode()
    start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def serve(port: int) -> None:
    """Serve until killed."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import run_simple

    gate = Gate(DomainDispatcherApplication(create_backend_app))
    run_simple("127.0.0.1", port, gate, threaded=True, request_handler=MotoRequestHandler)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
