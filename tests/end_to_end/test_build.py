"""From five scraped files to the published warehouse, as a newcomer does it."""

from pathlib import Path

import pytest
from project import Project

PARTITIONS = ["360102-2021", "360103-2021", "360121-2022", "360403-2024", "420102-2024"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """A project after its first build, and what the build printed."""
    project = Project.with_seeds(tmp_path_factory.mktemp("first"))
    done = project.call("build")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return project, done.stdout


def test_five_reports_are_published_in_five_partitions(built: tuple[Project, str]) -> None:
    project, printed = built
    rows = project.rows("SELECT partition_key FROM text.document ORDER BY 1")
    assert [key for (key,) in rows] == PARTITIONS
    assert project.rows("SELECT source_file FROM text.quarantine") == []
    assert "5 files (5 new), 5 region-years" in printed
    assert f"warehouse: {project.published}" in printed
    assert "quality on seeds, value: F1" in printed


def test_quotes_stand_where_they_are_said_to(built: tuple[Project, str]) -> None:
    project, _ = built
    rows = project.rows(
        "SELECT source_file, encoding, quote, raw_start, raw_end FROM core.observation JOIN text.document USING (doc_id)"
    )
    assert len(rows) > 100
    texts = {path.name: path.read_bytes().decode("utf-8-sig") for path in project.raw.iterdir()}
    for name, _, quote, start, end in rows:
        assert texts[str(name)][start:end] == quote  # type: ignore[misc]


def test_marts_are_filled(built: tuple[Project, str]) -> None:
    project, _ = built
    for mart in ("region_year", "region_year_long", "target_vs_actual", "ranking", "coverage"):
        assert project.rows(f"SELECT count(*) > 0 FROM mart.{mart}") == [(True,)], mart


def test_a_second_build_does_nothing_and_says_so(built: tuple[Project, str]) -> None:
    project, _ = built
    before = project.published.stat().st_mtime_ns
    done = project.call("build", "--strict")
    assert done.returncode == 0
    assert "nothing was done" in done.stdout
    assert project.published.stat().st_mtime_ns == before


def test_one_more_report_and_one_bad_file(built: tuple[Project, str], tmp_path: Path) -> None:
    project, _ = built
    (project.raw / "empty.txt").write_bytes(b"")
    (project.raw / "half.txt").write_bytes(b"\x00\x01\xff" * 500)
    done = project.call("build", "--strict")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "refused: empty.txt" in done.stdout and "refused: half.txt" in done.stdout
    assert project.rows("SELECT count(*) FROM text.document") == [(5,)]
    assert project.rows("SELECT source_file FROM text.quarantine ORDER BY 1") == [("empty.txt",), ("half.txt",)]


def test_the_help_names_every_command(built: tuple[Project, str]) -> None:
    project, _ = built
    printed = project.call("--help").stdout
    for name in ("build", "ui", "explain", "read", "show"):
        assert f"\n  {name} " in printed
