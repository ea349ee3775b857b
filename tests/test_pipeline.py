"""One report through the whole chain in memory, on the reports under raw/."""

from pathlib import Path

import pytest

from benchmarks.forms import FORMS, values_of
from govreports.intake.source import SourceFile
from govreports.pipeline import Report, read_report, read_sentence, source_file, source_files

RAW = Path(__file__).resolve().parent.parent / "raw"


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [read_report(file) for file in source_files(RAW)]


def test_every_report_becomes_sections_and_observations(reports: list[Report]) -> None:
    keys = {report.raw["partition_key"] for report in reports}
    assert {"360102-2021", "360121-2022", "360403-2024", "360103-2021", "420102-2024"} <= keys
    for report in reports:
        assert not report.reason_code
        assert report.sections and report.observations
        assert len(report.quantities) > len(report.observations) / 2


def test_every_quote_is_the_raw_text_at_its_place(reports: list[Report]) -> None:
    for report in reports:
        raw = report.raw["raw_text"]
        for row in report.observations:
            assert raw[row["raw_start"] : row["raw_end"]] == row["quote"]
            assert 0 < len(row["quote"]) <= 60


# Of the five reports one has damaged bytes, whose neighbours tell them, and one a table.
@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_a_page_makes_no_difference_to_its_values(reports: list[Report], form: str) -> None:
    for number in (0, 1, 4):
        page = FORMS[form](reports[number].raw["raw_text"])
        assert values_of(read_report(SourceFile("page.txt", page.encode()))) == values_of(reports[number])


def test_what_is_no_report_comes_back_with_its_reason() -> None:
    report = read_report(SourceFile("a.txt", b""))
    assert report.reason_code == "empty"
    assert report.reason and report.observations == []


def test_a_sentence_is_read_for_the_year_before_the_report() -> None:
    report = read_sentence("全区地区生产总值达到３８０.５亿元，增长6%。", 2024)
    level, growth = sorted(report.observations, key=lambda row: row["raw_start"])
    assert (level["indicator_id"], level["measure"], level["obs_value"]) == ("gdp", "level", pytest.approx(380.5e8))
    assert (growth["measure"], growth["value"], growth["time_period"]) == ("growth_yoy", 6, "2023")


def test_a_sentence_among_the_targets_states_a_target() -> None:
    (row,) = read_sentence("一般公共预算收入增长5%左右。", 2024, role="targets").observations
    assert (row["indicator_id"], row["status"], row["bound"], row["time_period"]) == (
        "budget_revenue",
        "target",
        "approx",
        "2024",
    )


def test_sidecars_stand_beside_their_report(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(b"x")
    (tmp_path / "a.meta.yml").write_bytes(b"region: 360102")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.html").write_bytes(b"y")
    (tmp_path / ".hidden.txt").write_bytes(b"z")
    (tmp_path / "picture.png").write_bytes(b"z")
    found = list(source_files(tmp_path))
    assert [(file.source_file, file.sidecar) for file in found] == [
        ("a.txt.gz", b"region: 360102"),
        ("sub/b.html", None),
    ]
    assert source_file(tmp_path / "sub" / "b.html").source_file == "b.html"
