"""The house's own rules, held by tests: what imports what, and what each module says of itself."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(p for top in ("govreports", "assets") for p in (ROOT / top).rglob("*.py"))
PURE = ("text", "intake", "clean", "sections", "indicators")
# Reading directories and keeping the ledger is intake's one impure part.
NOT_PURE = {"govreports/intake/scan.py"}


def imported(path: Path) -> set[str]:
    """Names of all modules that a file imports, at its top or inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_module_says_what_belongs_in_it(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(source))
    assert docstring, "no docstring"
    if path.name not in ("__init__.py", "__main__.py"):
        assert re.search(r"belong", docstring), (
            "the docstring does not say what belongs in the module and what does not"
        )


def test_the_library_never_imports_dagster() -> None:
    library = [p for p in MODULES if p.relative_to(ROOT).parts[0] == "govreports"]
    assert [p for p in library if any(n.split(".")[0].startswith("dagster") for n in imported(p))] == []


def test_pure_stages_run_without_dagster_and_polars() -> None:
    pure = [
        p for p in MODULES if p.relative_to(ROOT).parts[1] in PURE and p.relative_to(ROOT).as_posix() not in NOT_PURE
    ]
    assert pure
    for path in pure:
        tops = {name.split(".")[0] for name in imported(path)}
        assert not tops & {"dagster", "polars", "duckdb"}, path


def test_importing_the_stages_loads_neither_dagster_nor_polars() -> None:
    script = (
        "import sys\n"
        "import govreports.intake.stage, govreports.clean.stage, govreports.sections.stage, govreports.indicators.stage\n"
        "print(sorted({'dagster', 'polars', 'duckdb'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_packages_do_not_depend_on_each_other_in_circles() -> None:
    edges: dict[str, set[str]] = {}
    for path in MODULES:
        parts = path.relative_to(ROOT).parts
        if parts[0] != "govreports" or len(parts) < 3:
            continue
        targets = {n.split(".")[1] for n in imported(path) if n.startswith("govreports.") and len(n.split(".")) > 1}
        edges.setdefault(parts[1], set()).update(targets - {parts[1]})
    while edges:
        leaves = {package for package, targets in edges.items() if not targets & edges.keys()}
        assert leaves, f"a circle among {sorted(edges)}"
        edges = {package: targets for package, targets in edges.items() if package not in leaves}


def test_locked_dependencies_name_versions_and_hashes_but_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert not re.search(r"https?:|--index|--find-links|file:", text), lock
        entries = re.findall(r"^[A-Za-z0-9_.\[\]-]+==\S+", text, flags=re.M)
        assert len(entries) > 5
        assert len(entries) == len(re.findall(r"^[A-Za-z0-9]", text, flags=re.M)), f"{lock}: an entry without a version"
