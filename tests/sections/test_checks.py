"""Self-checks speak up."""

from section_documents import cleaned_row, filler

from govreports.sections.checks import LONGEST_LEAF, check
from govreports.sections.glossary import Notes
from govreports.sections.stage import outline_document


def findings(row: dict) -> dict[str, str]:
    return {c["check_id"]: c["severity"] for c in outline_document(row)["self_check"]}


def test_a_sound_report_is_silent() -> None:
    row = cleaned_row("一、2023年工作回顾", filler(), "二、2024年工作安排", filler())
    assert findings(row) == {}


def test_missing_parts() -> None:
    row = cleaned_row("一、2023年工作回顾", filler(), "二、2023年工作总结", filler())
    assert findings(row) == {"no_aims": "warning"}
    assert findings(row | {"completeness": "truncated"}) == {}


def test_numbering_and_long_leaves() -> None:
    row = cleaned_row("一、2023年工作回顾", filler() * 150, "三、2024年工作安排", filler())
    assert len(filler() * 150) > LONGEST_LEAF
    assert findings(row) == {"numbering": "warning", "long_leaf": "warning"}
    place = next(c for c in outline_document(row)["self_check"] if c["check_id"] == "numbering")
    assert row["raw_text"][place["raw_start"] : place["raw_end"]] == "三、2024年工作安排"


def test_gaps_and_overlaps_are_errors() -> None:
    row = cleaned_row("一、2023年工作回顾", filler(), "二、2024年工作安排", filler())
    sections = outline_document(row)["section"]
    sections[1]["clean_start"] -= 1
    assert {(f.check_id, f.severity) for f in check(row, sections, [], [], Notes())} == {("tiling", "error")}
    sections = outline_document(row)["section"]
    sections[1]["raw_start"] = 0
    sections[1]["raw_end"] = -1
    assert ("offsets", "error") in {(f.check_id, f.severity) for f in check(row, sections, [], [], Notes())}
