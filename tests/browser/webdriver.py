"""A browser to look at pages with: Debian's Chromium, driven over the W3C WebDriver protocol.

Belongs here: the few commands that the tests need. Does not belong here: what is looked at. The protocol is a
dozen HTTP calls, so no package is needed for it.
"""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM, DRIVER = "chromium", "chromedriver"
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1600,1000",
)
_FIND = """
const [text, tags] = arguments;
const shown = e => e.getClientRects().length && (e.textContent || '').trim().includes(text);
const all = [...document.querySelectorAll(tags)].filter(shown);
return all.filter(e => !all.some(o => o !== e && e.contains(o)))"""


class Browser:
    """An open page."""

    def __init__(self, driver: str, session: str) -> None:
        self._base = f"{driver}/session/{session}"

    def open(self, url: str) -> None:
        """Load a page."""
        self._post("/url", {"url": url})

    @property
    def text(self) -> str:
        """The text that the page shows."""
        return str(self.run("return document.body ? document.body.innerText : ''"))

    def run(self, script: str, *arguments: Any) -> Any:
        """The result of a script in the page."""
        return self._post("/execute/sync", {"script": script, "args": list(arguments)})

    def wait_for(self, *texts: str, seconds: float = 30) -> None:
        """Wait until the page shows all the texts."""
        end = time.monotonic() + seconds
        while missing := [text for text in texts if text not in self.text]:
            if time.monotonic() > end:
                raise AssertionError(f"the page does not show {missing}, but:\n{self.text[:3000]}")
            time.sleep(0.3)

    def click(self, text: str, tags: str = "button, a, [role=button], [role=menuitem]", seconds: float = 20) -> None:
        """Click the first innermost element of some tags that shows a text."""
        end = time.monotonic() + seconds
        while True:
            found = self.run(_FIND, text, tags)
            try:
                if found:
                    self._post(f"/element/{next(iter(found[0].values()))}/click", {})
                    return
            except urllib.error.HTTPError:
                if time.monotonic() > end:
                    raise
            if time.monotonic() > end:
                raise AssertionError(f"nothing to click shows {text!r}; the page shows:\n{self.text[:3000]}")
            time.sleep(0.3)

    def press(self, *keys: str) -> None:
        """Press keys one after the other on whatever has the focus; special ones as the protocol names them."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._post("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]})

    def click_on(self, selector: str) -> None:
        """Click the first element that a CSS selector finds, where its middle is."""
        found = self._post("/element", {"using": "css selector", "value": selector})
        self._post(f"/element/{next(iter(found.values()))}/click", {})

    def resize(self, width: int, height: int) -> None:
        """Let the page see a screen of this size; a window cannot be made as narrow as a telephone."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)

    def devtools(self, command: str, parameters: dict[str, Any]) -> Any:
        """The answer of a command of Chromium's own protocol."""
        return self._post("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def complaints(self) -> list[str]:
        """Warnings and errors on the console since the last call."""
        return [entry["message"] for entry in self._post("/se/log", {"type": "browser"})]

    def screenshot(self, path: Path) -> None:
        """Save what the window shows as PNG."""
        path.write_bytes(base64.b64decode(self._call("GET", "/screenshot", None)))

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        return _call(method, self._base + path, body)


def available() -> bool:
    """Whether there is a browser on this machine."""
    return bool(shutil.which(CHROMIUM) and shutil.which(DRIVER))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless browser with a profile of its own."""
    port = free_port()
    driver = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        service = subprocess.Popen([DRIVER, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_until_ready(driver)
            arguments = [*_ARGUMENTS, f"--user-data-dir={profile}"]
            wanted = {
                "browserName": "chrome",
                "goog:chromeOptions": {"args": arguments, "binary": shutil.which(CHROMIUM)},
                "goog:loggingPrefs": {"browser": "WARNING"},
            }
            session = _call("POST", f"{driver}/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
            try:
                yield Browser(driver, session)
            finally:
                _call("DELETE", f"{driver}/session/{session}", None)
        finally:
            service.terminate()
            service.wait(10)


def _wait_until_ready(driver: str) -> None:
    for _ in range(100):
        try:
            if _call("GET", f"{driver}/status", None)["ready"]:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("chromedriver does not answer")


def _call(method: str, url: str, body: dict[str, Any] | None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["value"]
