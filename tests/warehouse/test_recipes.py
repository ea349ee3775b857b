"""The recipes of docs/bi: their code runs as printed, against a published file."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from synthetic_warehouse import document, inputs, observation

from govreports.warehouse.publish import publish

PAGES = Path(__file__).resolve().parents[2] / "docs" / "bi"
DOC = document("d1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with warehouse/govreports.duckdb in it."""
    path = tmp_path_factory.mktemp("recipes")
    rows = [observation(DOC, "gdp", "level", 100, "2023"), observation(DOC, "gdp", "growth_yoy", 5, "2023", at=40)]
    publish(inputs(path / "in", [DOC], rows), path / "warehouse")
    return path


def blocks(page: str, language: str) -> list[str]:
    text = (PAGES / page).read_text(encoding="utf-8")
    found = re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)
    assert found, f"{page} has no {language}"
    return found


def run(arguments: list[str | Path], folder: Path) -> str:
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(folder: Path, *packages: str) -> Path:
    """A virtual environment with some packages."""
    home = folder / f"venv-{len(list(folder.iterdir()))}"
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    subprocess.run([home / "bin" / "python", "-m", "pip", "install", "-q", *packages], check=True)
    return home / "bin"


def test_every_page_is_listed_and_says_whether_it_was_run() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    for page in PAGES.glob("*.md"):
        if page.name != "README.md":
            assert f"({page.name})" in index
            has_code = "```" in page.read_text(encoding="utf-8")
            assert has_code or "*Not run by us.*" in page.read_text(encoding="utf-8")


def test_python(folder: Path) -> None:
    first, second = blocks("python.md", "python")
    assert "('区360102', 2023, 100.0, 5.0, 'actual')" in run([sys.executable, "-c", first], folder)
    assert "d1.txt" in run([sys.executable, "-c", second], folder)


@pytest.mark.slow
def test_sqlalchemy(folder: Path) -> None:
    python = environment(folder, "duckdb-engine==0.17.0", "sqlalchemy==1.4.54", "duckdb==1.3.2") / "python"
    (block,) = blocks("sqlalchemy.md", "python")
    out = run([python, "-c", block], folder)
    assert "'region_year_long'" in out and out.startswith("2\n")


@pytest.mark.slow
def test_node(folder: Path) -> None:
    subprocess.run(["npm", "install", "--silent", "@duckdb/node-api@1.5.6-r.1"], cwd=folder, check=True)
    (block,) = blocks("node.md", "javascript")
    assert '"gdp":10000000000' in run(["node", "-e", block], folder)


@pytest.mark.slow
def test_command_line(folder: Path) -> None:
    tools = environment(folder, "duckdb-cli==1.5.6")
    (block,) = blocks("command-line.md", "sh")
    out = run(["sh", "-c", f'PATH="{tools}:$PATH"; set -e; {block}'], folder)
    assert "10000000000.0" in out and "label_zh" in out


@pytest.mark.slow
def test_the_datapackage_is_valid_to_frictionless(folder: Path) -> None:
    pinned = ("frictionless[parquet]==5.21.0", "pandas==3.1.1", "fastparquet==2026.9.0", "pyarrow==26.0.1")
    tools = environment(folder, *pinned)
    shown = run(
        [tools / "frictionless", "validate", "--json", "datapackage.json"], folder / "warehouse/exports/parquet"
    )
    report = json.loads(shown)
    assert report["valid"] and report["stats"]["tasks"] == len(
        list((folder / "warehouse/exports/parquet").glob("*.parquet"))
    )
