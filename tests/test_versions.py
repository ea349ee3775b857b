"""Code versions: they follow what a stage does, and nothing else."""

from pathlib import Path

import pytest

from govreports import versions


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("text", "sections", "indicators", "metadata/indicators"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "text/shared.py").write_text('"""Doc."""\nX = 1\n')
    (tmp_path / "sections/outline.py").write_text('def outline():\n    """Doc."""\n    return 1  # why\n')
    (tmp_path / "indicators/read.py").write_text("Y = 2\n")
    (tmp_path / "metadata/indicators/core.yaml").write_text("gdp: {}\n")
    monkeypatch.setattr(versions, "PACKAGE", tmp_path)
    return tmp_path


def all_versions() -> dict[str, str]:
    versions.code_version.cache_clear()
    try:
        return {stage: versions.code_version(stage) for stage in versions.STAGES}
    finally:
        versions.code_version.cache_clear()


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {stage for stage in before if before[stage] != after[stage]}


def test_comments_and_docstrings_are_no_change(package: Path) -> None:
    before = all_versions()
    (package / "sections/outline.py").write_text('def outline():\n    """Another."""\n    return 1  # because\n')
    assert changed(before, all_versions()) == set()


def test_code_changes_its_own_stage_only(package: Path) -> None:
    before = all_versions()
    (package / "sections/outline.py").write_text("def outline():\n    return 2\n")
    assert changed(before, all_versions()) == {"sections"}


def test_shared_primitives_change_every_stage(package: Path) -> None:
    before = all_versions()
    (package / "text/shared.py").write_text("X = 2\n")
    assert changed(before, all_versions()) == set(versions.STAGES)


def test_a_new_alias_changes_indicators_everywhere(package: Path) -> None:
    before = all_versions()
    (package / "metadata/indicators/core.yaml").write_text("gdp: {aliases: [x]}\n")
    assert changed(before, all_versions()) == {"indicators"}


def test_a_new_module_changes_its_stage(package: Path) -> None:
    before = all_versions()
    (package / "indicators/more.py").write_text("Z = 3\n")
    assert changed(before, all_versions()) == {"indicators"}
