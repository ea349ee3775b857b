"""The files that pages load: what they may not do, and that what is vendored is what it says."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from govreports.site.pages import APP, VENDOR, assets, page

SCRIPTS = sorted(APP.glob("*.js"))
NODE = shutil.which("node")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_texts_are_never_put_in_as_html(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc", text)
    assert "Belongs here" in text


@pytest.mark.parametrize("path", [*SCRIPTS, APP / "style.css"], ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    addresses = re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"']*", path.read_text(encoding="utf-8"))
    assert [a for a in addresses if a != "http://www.w3.org/2000/svg"] == []


def test_what_is_vendored_is_what_it_says() -> None:
    told = (VENDOR / "VENDOR.md").read_text(encoding="utf-8")
    scripts = sorted(VENDOR.glob("*.js"))
    assert [path.name for path in scripts] == ["d3.min.js", "plot.umd.min.js"]
    for path in scripts:
        assert hashlib.sha256(path.read_bytes()).hexdigest() in told
        assert (VENDOR / f"LICENSE-{path.name.split('.')[0]}").is_file()
    assert "://" not in told


@pytest.mark.parametrize(("kind", "depth"), [("overview", 0), ("quality", 0), ("region", 1), ("report", 1)])
def test_a_page_loads_files_that_are_there(kind: str, depth: int) -> None:
    html = page(kind, "x", depth=depth).decode()
    loaded = re.findall(r'(?:src|href)="(?:\.\./)*([^"]+)"', html)
    assert len(loaded) > 4
    assert set(loaded) <= assets().keys()
    assert f'data-root="{"../" * depth}"' in html


def test_a_key_cannot_leave_its_attribute() -> None:
    assert b'data-key="&quot;&gt;&lt;b&gt;"' in page("region", '"><b>')


def test_pages_without_charts_load_no_charting_library() -> None:
    assert b"vendor/" not in page("report", charts=False)


def test_the_first_page_is_small_without_the_charting_library() -> None:
    html = page("overview").decode()
    loaded = [assets()[name] for name in re.findall(r'(?:src|href)="([^"]+)"', html) if name.startswith("app/")]
    assert sum(path.stat().st_size for path in loaded) + len(html) < 120_000


@pytest.mark.skipif(NODE is None, reason="no node; the browser tests look at the same")
def test_spreadsheets_run_no_formula_of_a_report() -> None:
    script = """
        globalThis.document = {documentElement: {dataset: {}}, createElement: () => ({})};
        globalThis.location = {hash: "", search: ""};
        globalThis.Node = class {};
        Object.defineProperty(globalThis, "navigator", {value: {language: "en"}});
        const g = require(process.argv[1]);
        const cells = ["=1+1", "+1", "-1", "@a", " =1", "\\t=1", "\\r=1", 'a"b', "a,b", -1.5, null, "增长6%", "a\\nb"];
        process.stdout.write(JSON.stringify(cells.map(g.csvCell)));
    """
    done = subprocess.run([str(NODE), "-e", script, str(APP / "core.js")], capture_output=True, text=True, check=True)
    expected = [
        "'=1+1",
        "'+1",
        "'-1",
        "'@a",
        "' =1",
        "'\t=1",
        '"\'\r=1"',
        '"a""b"',
        '"a,b"',
        "-1.5",
        "",
        "增长6%",
        '"a\nb"',
    ]
    assert json.loads(done.stdout) == expected
