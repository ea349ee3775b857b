"""Serving the site on this machine, with a way to write corrections.

Belongs here: what is served to whom, and the token. Does not belong here: the files (see `build`), judging a correction (see
`review`).

Only 127.0.0.1 is listened on, and only requests that name it are answered: a page elsewhere can neither read nor write by way
of a name that it lets point here. Nothing outside the site's folder is served, nor anything that starts with a dot. A
correction needs the token that was printed when the server started.
"""

from __future__ import annotations

import json
import secrets
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from govreports.site.review import Refused, accept, parsed

HOST = "127.0.0.1"
CORRECTIONS = "/corrections"
TOKEN_HEADER = "X-Govreports-Token"
_LONGEST_BODY = 64 * 1024
_TYPES = {
    ".json": "application/json",
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml", ".md": "text/plain; charset=utf-8",
}  # fmt: skip
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A page is built anew under the same name: it is asked for again each time.
    "Cache-Control": "no-cache",
}


class SiteServer(ThreadingHTTPServer):
    """Serves a site. `port` 0 takes a free one; `token` is what corrections need."""

    daemon_threads = True

    def __init__(self, site: Path, published: Path, corrections: Path, port: int = 0) -> None:
        self.site, self.published, self.corrections = site.resolve(), published, corrections
        self.token = secrets.token_urlsafe(18)
        super().__init__((HOST, port), _Handler)

    @property
    def address(self) -> str:
        """Where the site is."""
        return f"http://{HOST}:{self.server_port}"

    @property
    def names(self) -> frozenset[str]:
        """What a request may call this server."""
        return frozenset({f"{HOST}:{self.server_port}", f"localhost:{self.server_port}"})


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer
    server_version = "govreports"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    # A client that sends nothing holds a thread no longer than this, in seconds.
    timeout = 30

    def do_GET(self) -> None:
        self._serve(with_body=True)

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _LONGEST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body of at most {_LONGEST_BODY} bytes is needed")
            return
        body = self.rfile.read(int(length))
        if urlsplit(self.path).path != CORRECTIONS:
            self._refuse(HTTPStatus.NOT_FOUND, "only corrections can be posted")
        elif not self._is_own() or self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.FORBIDDEN, "corrections are accepted from the pages of this server only")
        elif not secrets.compare_digest(self.headers.get(TOKEN_HEADER, "").encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.FORBIDDEN, "the token is not the one that was printed when the server started")
        else:
            self._accept(body)

    def _accept(self, body: bytes) -> None:
        try:
            written = accept(parsed(body), self.server.published, self.server.corrections)
        except Refused as error:
            self._refuse(HTTPStatus.CONFLICT, str(error))
        except OSError as error:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, f"the correction could not be written: {error.strerror}")
        else:
            self._answer(HTTPStatus.CREATED, _json({"file": f"corrections/{written.name}"}), ".json")

    def _serve(self, *, with_body: bool) -> None:
        if not self._is_own():
            self._refuse(HTTPStatus.FORBIDDEN, f"this server is {self.server.address}")
            return
        path = self._file()
        data = None
        if path is not None:
            try:
                data = path.read_bytes()
            except OSError:
                data = None
        if path is None or data is None:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")
        else:
            self._answer(HTTPStatus.OK, data, path.suffix, with_body=with_body)

    def _is_own(self) -> bool:
        """Whether the request names this server, and comes from its pages where it says where it comes from."""
        origin = self.headers.get("Origin")
        return self.headers.get("Host") in self.server.names and (
            origin is None or origin.removeprefix("http://") in self.server.names
        )

    def _file(self) -> Path | None:
        """The file that a request asks for, None where it lies outside of the site, is hidden or no file."""
        asked = PurePosixPath(unquote(urlsplit(self.path).path).lstrip("/") or "index.html")
        if any(part.startswith(".") or "\\" in part or "\0" in part for part in asked.parts):
            return None
        found = (self.server.site / asked).resolve()
        return found if found.is_relative_to(self.server.site) and found.is_file() else None

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        # What is left of the body is not read: the connection would be out of step.
        self.close_connection = True
        self._answer(status, _json({"error": reason}), ".json")

    def _answer(self, status: HTTPStatus, data: bytes, suffix: str, *, with_body: bool = True) -> None:
        self.send_response(status)
        self.send_header("Content-Type", _TYPES.get(suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(data)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if with_body and self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a line for each file would hide the token."""


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
