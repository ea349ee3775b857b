"""The explorer, looked at with a real browser: from a bar to the sentence, from the disk and from the server."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from site_project import HOSTILE, REPORTS, MadeSite
from webdriver import Browser, available, browser

from govreports.site.serve import SiteServer
from govreports.warehouse.corrections import load_corrections

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not available(), reason="no chromium; run requirements/system.sh"),
]
SEEDS = Path(__file__).resolve().parent.parent.parent / "raw"
# Where screenshots are kept for people to look at; by default they are not.
SHOTS = os.environ.get("GOVREPORTS_SCREENSHOTS")
CHOSEN = "return [...document.querySelectorAll('mark.chosen')].map(mark => mark.textContent).join('')"
# Whether the first chosen mark is in the window and nothing covers it.
IN_VIEW = """
    const box = document.querySelector('mark.chosen').getClientRects()[0];
    const on = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return box.top >= 0 && box.bottom <= innerHeight && Boolean(on && on.closest('mark.chosen'))"""
NARROW = (390, 844)
WIDE = (1400, 900)


@dataclass
class Explorer:
    """A site at an address, and a browser on it."""

    address: str
    page: Browser

    def open(self, path: str, size: tuple[int, int] = WIDE) -> None:
        """Open a page and wait until it is drawn."""
        self.page.resize(*size)
        # A page that differs behind the # only would not be loaded anew.
        self.page.open("about:blank")
        self.page.open(f"{self.address}/{path}")
        self.drawn()

    def drawn(self) -> None:
        """Wait until the page is drawn."""
        self.until("return document.body && document.body.dataset.ready === 'true'")

    def until(self, script: str, seconds: float = 20) -> Any:
        """Wait until a script gives something."""
        end = time.monotonic() + seconds
        while not (found := self.page.run(script)):
            assert time.monotonic() < end, f"{script}\nnever came true on:\n{self.page.text[:1500]}"
            time.sleep(0.1)
        return found

    def look(self, name: str) -> None:
        """Keep a screenshot, if somebody wants it; nothing may have been complained of so far."""
        if SHOTS:
            self.page.screenshot(Path(SHOTS) / f"site-{name}.png")
        assert self.page.complaints() == []


@pytest.fixture(scope="module")
def page() -> Iterator[Browser]:
    """One browser for all tests."""
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of the five reports, built by the command."""
    folder = tmp_path_factory.mktemp("explorer")
    environment = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    where = [
        "--raw",
        str(SEEDS),
        "--warehouse",
        str(folder / "warehouse"),
        "--corrections",
        str(folder / "corrections"),
    ]
    command = [sys.executable, "-m", "assets", "build", *where]
    built = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "warehouse"


@pytest.fixture(scope="module")
def served(seeds: Path) -> Iterator[SiteServer]:
    """The site behind `govreports site --serve`."""
    with SiteServer(seeds / "site", seeds / "govreports.duckdb", seeds.parent / "corrections") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(params=["disk", "server"])
def explorer(request: pytest.FixtureRequest, seeds: Path, served: SiteServer, page: Browser) -> Explorer:
    """The site of the five reports, from the disk and from the server."""
    return Explorer((seeds / "site").as_uri() if request.param == "disk" else served.address, page)


def evidence(seeds: Path, condition: str = "true") -> dict[str, Any]:
    """One observation with its quote."""
    with duckdb.connect(seeds / "govreports.duckdb", read_only=True) as con:
        found = con.execute(
            f"""SELECT doc_id, observation_id, quote, raw_start, raw_end, clean_start, clean_end, sentence
                FROM core.observation WHERE indicator_id = 'gdp' AND measure = 'level' AND status <> 'target' AND {condition}
                ORDER BY doc_id, raw_start LIMIT 1"""
        )
        names = [column[0] for column in found.description or []]
        row = found.fetchone()
    assert row
    return dict(zip(names, row, strict=True))


def test_a_bar_leads_to_the_sentence(explorer: Explorer) -> None:
    page = explorer.page
    explorer.open("index.html?lang=zh#indicator=gdp&measure=level")
    page.wait_for("地区生产总值", "承诺与结果", "覆盖")
    explorer.look("overview")
    bar = explorer.until("return document.querySelectorAll('#ranking .chart a').length")
    assert bar >= 1
    page.click_on("#ranking .chart a")
    explorer.until("return location.pathname.includes('/region/') && document.body.dataset.ready === 'true'")
    page.wait_for("各年数值", "承诺与结果", "文内矛盾", "政策主题")
    explorer.look("region")
    asked = page.run("return document.querySelector('#values td.v a[data-obs^=o]').dataset.obs")
    page.click_on("#values td.v a[data-obs^=o]")
    explorer.until("return location.pathname.includes('/report/') && document.querySelector('mark.chosen')")
    assert page.run("return location.hash") == f"#obs={asked}"
    explorer.until(IN_VIEW)
    explorer.look("report")


@pytest.mark.parametrize("condition", ["true", "doc_id = 'd0a04e0ce4a99d2dd'"])
def test_both_texts_show_the_quote_where_the_offsets_say(explorer: Explorer, seeds: Path, condition: str) -> None:
    row = evidence(seeds, condition)
    page = explorer.page
    explorer.open(f"report/{row['doc_id']}.html?lang=en#obs={row['observation_id']}")
    explorer.until(IN_VIEW)
    clean = page.run("return govreports.load('report/' + arguments[0])", row["doc_id"])["text"]
    assert page.run(CHOSEN) == clean[row["clean_start"] : row["clean_end"]]
    assert page.run("return document.querySelector('blockquote b').textContent") == page.run(CHOSEN)
    page.click_on("#show-raw")
    explorer.until("return document.querySelector('.text.raw mark.chosen')")
    assert page.run(CHOSEN) == row["quote"]
    explorer.until(IN_VIEW)
    explorer.look("raw")


def test_every_mark_of_the_raw_text_is_its_quote(explorer: Explorer, seeds: Path) -> None:
    with duckdb.connect(seeds / "govreports.duckdb", read_only=True) as con:
        quotes = dict(
            con.execute(
                "SELECT observation_id, quote FROM core.observation WHERE doc_id = 'd0a04e0ce4a99d2dd'"
            ).fetchall()
        )
    explorer.open("report/d0a04e0ce4a99d2dd.html")
    explorer.page.click_on("#show-raw")
    explorer.until("return document.querySelector('.text.raw')")
    script = """
        const out = {};
        for (const mark of document.querySelectorAll('mark.obs'))
            for (const id of mark.dataset.obs.split(' ')) out[id] = (out[id] ?? '') + mark.textContent;
        return out"""
    assert explorer.page.run(script) == quotes


def test_a_sentence_can_be_reached_by_keyboard(explorer: Explorer) -> None:
    page = explorer.page
    explorer.open("index.html?lang=en#indicator=gdp&measure=level")
    for _ in range(60):
        page.press("\ue004")
        if page.run("return Boolean(document.activeElement.closest('#ranking .chart a'))"):
            break
    else:
        raise AssertionError("the tabulator never reaches a bar")
    page.press("\ue007")
    explorer.until("return location.pathname.includes('/region/') && document.body.dataset.ready === 'true'")
    page.run("document.querySelector('#values td.v a[data-obs^=o]').focus()")
    page.press("\ue007")
    explorer.until("return document.querySelector('mark.chosen')")
    before = page.run("return location.hash")
    page.press("j")
    assert page.run("return location.hash") != before
    page.press("k")
    assert page.run("return location.hash") == before
    page.press("r")
    explorer.until("return document.querySelector('.text.raw mark.chosen')")
    explorer.look("keyboard")


@pytest.mark.parametrize("path", ["index.html", "region/420102.html", "quality.html"])
def test_a_narrow_screen_is_enough(explorer: Explorer, path: str) -> None:
    explorer.open(f"{path}?lang=zh", NARROW)
    assert explorer.page.run("return document.documentElement.scrollWidth") <= NARROW[0]
    explorer.look(f"narrow-{path.split('.')[0].replace('/', '-')}")


def test_on_a_narrow_screen_the_value_stays_above_its_reading(explorer: Explorer, seeds: Path) -> None:
    row = evidence(seeds)
    explorer.open(f"report/{row['doc_id']}.html?lang=zh#obs={row['observation_id']}", NARROW)
    explorer.until(IN_VIEW)
    assert explorer.page.run("return document.documentElement.scrollWidth") <= NARROW[0]
    explorer.page.click("×")
    explorer.until("return !document.querySelector('mark.chosen')")
    explorer.look("narrow-report")


def test_languages_and_themes_are_switched_and_kept(explorer: Explorer) -> None:
    page = explorer.page
    page.run("try { localStorage.clear() } catch {}")
    explorer.open("quality.html?lang=zh")
    page.wait_for("数据质量", "金标准上的准确率与召回率")
    page.click_on("#language")
    page.wait_for("Precision and recall on golden labels")
    assert page.run("return document.documentElement.lang") == "en"
    explorer.open("index.html")
    page.wait_for("What local governments promised")
    colours = set()
    for _ in range(3):
        page.click_on("#theme")
        colours.add(
            (
                page.run("return document.documentElement.dataset.theme ?? 'auto'"),
                page.run("return getComputedStyle(document.body).backgroundColor"),
            )
        )
    assert {theme for theme, _ in colours} == {"auto", "light", "dark"}
    assert len({colour for _, colour in colours}) == 2
    explorer.look("english")


def test_chinese_is_set_in_a_font_that_has_it(explorer: Explorer) -> None:
    explorer.open("index.html?lang=zh")
    nodes = explorer.page.devtools("DOM.getDocument", {})
    heading = explorer.page.devtools("DOM.querySelector", {"nodeId": nodes["root"]["nodeId"], "selector": "h1"})
    explorer.page.devtools("CSS.enable", {})
    fonts = explorer.page.devtools("CSS.getPlatformFontsForNode", {"nodeId": heading["nodeId"]})["fonts"]
    assert any("CJK" in font["familyName"] for font in fonts), fonts


def test_what_is_on_the_screen_can_be_taken_away(explorer: Explorer, tmp_path: Path) -> None:
    page = explorer.page
    page.devtools("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    explorer.open("index.html?lang=zh#indicator=gdp&measure=level&year=2023")
    page.click_on("#ranking .save-csv")
    page.click_on("#ranking .save-png")
    end = time.monotonic() + 20
    while len(done := [path for path in tmp_path.iterdir() if path.suffix in (".csv", ".png")]) < 2:
        assert time.monotonic() < end, list(tmp_path.iterdir())
        time.sleep(0.1)
    table, picture = sorted(done)
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    shown = page.run("return document.querySelectorAll('#ranking .chart a').length")
    assert lines[0].startswith("region_code,region,year,indicator,measure,value,unit") and len(lines) == shown + 1
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG") and len(data) > 5000
    if SHOTS:
        shutil.copy(picture, Path(SHOTS) / "site-chart.png")
    explorer.look("downloads")


def test_a_value_is_marked_wrong_and_written(seeds: Path, served: SiteServer, page: Browser) -> None:
    row, explorer = evidence(seeds), Explorer(served.address, page)
    explorer.open(f"index.html?lang=en#token={served.token}")
    assert "token" not in page.run("return location.hash")
    page.open(f"{served.address}/report/{row['doc_id']}.html?lang=en#obs={row['observation_id']}")
    explorer.drawn()
    page.click("Is this value wrong?")
    page.click_on("#review-save")
    page.wait_for("Give a reason.")
    page.run("document.querySelector('#review-value').value = '1234.5'")
    page.run("document.querySelector('#review-reason').value = 'the communique says so: \"1234.5\"'")
    page.click_on("#review-save")
    page.wait_for(f"Written to corrections/review-{row['observation_id']}.yml")
    (read,) = load_corrections(served.corrections)
    assert (read.action, read.change["value"], read.reason) == ("override", 1234.5, 'the communique says so: "1234.5"')
    assert page.complaints() == []


def test_from_the_disk_the_entry_is_downloaded(seeds: Path, page: Browser, tmp_path: Path) -> None:
    row, explorer = evidence(seeds), Explorer((seeds / "site").as_uri(), page)
    page.devtools("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    explorer.open(f"report/{row['doc_id']}.html?lang=en#obs={row['observation_id']}")
    page.click("Is this value wrong?")
    page.run("document.querySelector('#review-action').value = 'drop'")
    page.run("document.querySelector('#review-reason').value = 'no: \\'gross\\' # product\\nat all'")
    page.click_on("#review-save")
    page.wait_for("put it into corrections/")
    end = time.monotonic() + 20
    while not list(tmp_path.glob("*.yml")):
        assert time.monotonic() < end
        time.sleep(0.1)
    (read,) = load_corrections(tmp_path)
    assert (read.action, read.where) == ("drop", {"observation_id": row["observation_id"]})
    assert read.reason == "no: 'gross' # product\nat all"


def test_a_hostile_report_runs_nothing(tmp_path: Path, page: Browser) -> None:
    made = MadeSite(tmp_path)
    made.publish()
    made.build()
    explorer, hostile = Explorer(made.site.as_uri(), page), REPORTS[2]
    for path in (f"report/{hostile.doc_id}.html", f"region/{hostile.region}.html", "index.html", "quality.html"):
        explorer.open(f"{path}?lang=en")
        assert page.run("return [...document.scripts].filter(s => !s.src).length") == 0
        assert page.complaints() == []
    explorer.open(f"report/{hostile.doc_id}.html#obs={hostile.observation()['observation_id']}")
    assert HOSTILE.replace("\u2028", "") in page.run("return document.querySelector('.text').textContent").replace(
        "\u2028", ""
    )
    assert page.run(CHOSEN) == hostile.observation()["quote"]
    page.click_on("#show-raw")
    explorer.until("return document.querySelector('.text.raw mark.chosen')")
    assert page.run(CHOSEN) == hostile.observation()["quote"]
