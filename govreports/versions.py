"""Code versions of the stages, read off the code itself.

Belongs here: which modules and declarations a stage consists of, and a hash over them. Does not belong here: comparing versions
(see `govreports.incremental.plan`). A comment or docstring is no change of a stage; an alias in the catalogue is one.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent

STAGES = ("raw", "cleaned", "sections", "indicators")

# Globs below the package. What only reads directories or explains results to people is no part of a stage.
SOURCES: dict[str, tuple[str, ...]] = {
    "raw": ("text/**/*", "intake/**/*", "metadata/gazetteer.py", "metadata/regions/*.csv"),
    "cleaned": ("text/**/*", "clean/**/*"),
    "sections": ("text/**/*", "sections/**/*"),
    "indicators": (
        "text/**/*",
        "indicators/**/*",
        "declarations.py",
        "metadata/catalogue.py",
        "metadata/code_lists.*",
        "metadata/gazetteer.py",
        "metadata/regions/*.csv",
        "metadata/units.py",
        "metadata/units.yaml",
        "metadata/indicators/*.yaml",
    ),
    # No stage of the lake, but made from it: the marts and the file that they are published in.
    "published": (
        "marts/**/*",
        "warehouse/**/*",
        "metadata/**/*",
        "quality/**/*",
        "declarations.py",
        "lake/compaction.py",
        "lake/frames.py",
        "lake/mentions.py",
    ),
    # What makes the pieces of the site; the scripts that draw them are copied, and make no piece stale.
    "site": ("site/*.py", "quality/score.py"),
}
NOT_PART = frozenset(
    {"scan.py", "explain.py", "train.py", "commands.py", "serve.py", "review.py", "lineage.py", "touched.py"}
)


def upstream(stage: str) -> str | None:
    """The stage before `stage`, or None for the first."""
    at = STAGES.index(stage)
    return STAGES[at - 1] if at else None


@cache
def code_version(stage: str) -> str:
    """Twelve hexadecimal digits that change whenever the code or the declarations of a stage do."""
    return _digest(_files(stage))


@cache
def code_parts(stage: str) -> tuple[str, str]:
    """What `code_version` is made of, each for itself: modules, and declarations (for indicators the compiled catalogue)."""
    files = _files(stage)
    return _digest(p for p in files if p.suffix == ".py"), _digest(p for p in files if p.suffix != ".py")


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        stat = path.stat()
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(_content(path, stat.st_size, stat.st_mtime_ns))
    return digest.hexdigest()[:12]


def _files(stage: str) -> list[Path]:
    found = {path for pattern in SOURCES[stage] for path in PACKAGE.glob(pattern)}
    return sorted(p for p in found if p.is_file() and p.name not in NOT_PART and "__pycache__" not in p.parts)


@cache
def _content(path: Path, size: int, mtime_ns: int) -> bytes:
    """What of a file matters, as a hash. Several stages share modules, and taking one apart costs milliseconds."""
    return hashlib.sha256(_meaning(path)).digest()


def _meaning(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix != ".py":
        return data
    tree = ast.parse(data)
    for node in _statements(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            _drop_docstring(node)
    return ast.dump(tree).encode()


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """The module and every statement in it; expressions, most of a tree, hold none with a docstring."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        yield node
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                pending += block


def _drop_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        node.body[:1] = [ast.Pass()]
