"""The pages of Dagster on this project, looked at with a real browser."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from webdriver import Browser, available, browser, free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not available(), reason="no chromium; run requirements/system.sh"),
]
SEEDS = Path(__file__).resolve().parent.parent.parent / "raw"
# Where screenshots are kept for people to look at; by default they are not.
SHOTS = os.environ.get("GOVREPORTS_SCREENSHOTS")


@dataclass
class Ui:
    """A running `govreports ui`, on a project with four of the five reports, and a browser on it."""

    url: str
    raw: Path
    warehouse: Path
    page: Browser

    def look(self, name: str) -> None:
        """Keep a screenshot, if somebody wants it."""
        if SHOTS:
            self.page.screenshot(Path(SHOTS) / f"{name}.png")

    def query(self, text: str) -> dict[str, Any]:
        """Ask the web server."""
        request = urllib.request.Request(
            f"{self.url}/graphql", json.dumps({"query": text}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer)["data"])

    def published(self) -> list[str]:
        """The partitions in the published file."""
        with duckdb.connect(self.warehouse / "govreports.duckdb", read_only=True) as con:
            return [key for (key,) in con.execute("SELECT partition_key FROM text.document ORDER BY 1").fetchall()]


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    """Builds four reports, then serves."""
    folder = tmp_path_factory.mktemp("ui")
    raw, warehouse, port = folder / "raw", folder / "warehouse", free_port()
    raw.mkdir()
    for path in sorted(SEEDS.glob("*.txt"))[:4]:
        shutil.copy(path, raw)
    environment = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    where = ["--raw", str(raw), "--warehouse", str(warehouse)]
    command = [sys.executable, "-m", "assets"]
    built = subprocess.run([*command, "build", *where], env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    log = (folder / "ui.log").open("w")
    server = subprocess.Popen(
        [*command, "ui", *where, "--port", str(port)], env=environment, stdout=log, stderr=log, start_new_session=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_served(url)
        with browser() as page:
            yield Ui(url, raw, warehouse, page)
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(60) is not None
        log.close()


def wait_until_served(url: str) -> None:
    """Wait for the web server."""
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"{url}/server_info", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError("the web server does not answer")


def test_the_graph_reads_from_raw_to_warehouse(ui: Ui) -> None:
    ui.page.open(f"{ui.url}/asset-groups")
    ui.page.wait_for("raw", "cleaned", "sections", "indicators", "marts", "warehouse")
    time.sleep(2)
    ui.look("graph")
    groups = ("raw", "cleaned", "sections", "indicators", "marts", "warehouse")
    script = """
        const boxes = [...document.querySelectorAll('svg foreignObject')];
        return boxes.map(e => [e.textContent, e.getBoundingClientRect().x])"""
    places = {g: x for text, x in ui.page.run(script) for g in groups if str(text).startswith(g)}
    assert sorted(places, key=lambda group: places[group]) == list(groups)


def test_the_runs_of_the_command_line_are_shown(ui: Ui) -> None:
    ui.page.open(f"{ui.url}/runs")
    ui.page.wait_for("govreports/build", "Success")
    ui.look("runs")


def test_a_partition_can_be_materialized_by_hand(ui: Ui) -> None:
    ui.page.open(f"{ui.url}/assets/raw_documents?view=partitions&partition=360121-2022")
    ui.page.wait_for("360121-2022", "Latest materialization")
    ui.page.click("Materialize")
    ui.page.wait_for("Launch runs to materialize raw_documents", "1 partition")
    ui.look("materialize")
    ui.page.click("Launch 1 run")
    deadline = time.monotonic() + 90
    while not (run := by_hand(ui)):
        assert time.monotonic() < deadline, "the run that was launched by hand did not end"
        time.sleep(1)
    assert run["status"] == "SUCCESS"
    ui.page.open(f"{ui.url}/assets/raw_documents?view=partitions&partition=360121-2022")
    ui.page.wait_for("preview", "documents", seconds=40)
    ui.look("partition")


def by_hand(ui: Ui) -> dict[str, Any] | None:
    """The finished run of one partition that was launched in the browser."""
    runs = ui.query("{ runsOrError { ... on Runs { results { status tags { key value } } } } }")["runsOrError"][
        "results"
    ]
    for run in runs:
        tags = {tag["key"]: tag["value"] for tag in run["tags"]}
        if tags.get("dagster/partition") == "360121-2022" and run["status"] in ("SUCCESS", "FAILURE"):
            return dict(run)
    return None


def test_dropped_files_arrive_by_themselves(ui: Ui) -> None:
    dropped = time.monotonic()
    shutil.copy(sorted(SEEDS.glob("*.txt"))[4], ui.raw)
    (ui.raw / "spoiled.txt").write_bytes(b"\x00\xff\x01" * 400)
    while "420102-2024" not in ui.published():
        assert time.monotonic() - dropped < 120, "the dropped report was not published"
        time.sleep(1)
    ui.page.open(f"{ui.url}/assets/indicators?view=partitions&partition=420102-2024")
    ui.page.wait_for("420102-2024", "Latest materialization")
    ui.look("dropped")
    ui.page.open(f"{ui.url}/assets/raw_documents?view=checks")
    ui.page.wait_for("every_document_processed", "Failed", "spoiled.txt")
    ui.look("check")
    ui.page.open(f"{ui.url}/automation")
    ui.page.wait_for("raw_folder", "marts_follow", "nightly")
    ui.look("automation")
