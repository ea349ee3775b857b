"""Documents for the tests of sections: seeds through cleaning, and cleaned rows made of lines.

Belongs here: making cleaned rows. Does not belong here: assertions.
"""

from functools import cache
from pathlib import Path
from typing import Any

from govreports.clean.stage import clean_documents
from govreports.intake.reading import decode
from govreports.intake.source import SourceFile
from govreports.sections.lines import Line, read_lines
from govreports.sections.stage import outline_document

Row = dict[str, Any]

RAW = Path(__file__).resolve().parents[1] / "raw"
SEEDS = sorted(path.name for path in RAW.glob("*.txt"))
PLAN = next(name for name in SEEDS if name.startswith("003"))


def raw_row(name: str, text: str) -> Row:
    """The raw row of a text under a seed's name."""
    return {
        "doc_id": "d0",
        "source_file": name,
        "raw_text": text,
        "media_type": "text/plain",
        "title": None,
        "doc_type": "five_year_plan" if name == PLAN else "work_report",
        "completeness": "full",
        "region_code": None,
        "region_name": None,
        "report_year": {"000": 2021, "001": 2022, "002": 2024, "003": 2021, "004": 2024}.get(name[:3], 2024),
        "delivered_on": None,
        "review_start": None,
        "review_end": None,
        "plan_start": None,
        "plan_end": None,
    }


@cache
def seed_text(name: str) -> str:
    return decode(SourceFile(name, (RAW / name).read_bytes())).text


@cache
def seed(name: str) -> tuple[Row, Row]:
    """Cleaned row and outline of a seed."""
    cleaned = clean_documents([raw_row(name, seed_text(name))])[0]
    return cleaned, outline_document(cleaned)


def outline_of(name: str, text: str) -> Row:
    """The outline of a raw text."""
    return outline_document(clean_documents([raw_row(name, text)])[0])


def cleaned_row(*paragraphs: str, zones: tuple[tuple[str, int], ...] = (), year: int = 2024) -> Row:
    """A cleaned row of these lines, raw text and cleaned text alike. `zones`: (kind, lines) from the top; the rest is body."""
    text = "\n".join(paragraphs)
    spans, at, line = [], 0, 0
    for kind, count in (*zones, ("body", len(paragraphs) - sum(n for _, n in zones))):
        size = sum(len(p) + 1 for p in paragraphs[line : line + count])
        end = min(at + size, len(text))
        if count:
            spans.append({"kind": kind, "clean_start": at, "clean_end": end, "raw_start": at, "raw_end": end})
        at, line = at + size, line + count
    row = raw_row("x.txt", text) | {"clean_text": text, "offsets": [], "span": spans, "report_year": year}
    del row["media_type"]
    return row


def lines_of(*paragraphs: str) -> tuple[str, list[Line]]:
    row = cleaned_row(*paragraphs)
    return row["clean_text"], read_lines(row["clean_text"], row["span"])


def headings(outline: Row) -> list[tuple[int, str | None, str]]:
    """Depth, number and title of each heading."""
    kinds = ("part", "chapter", "section", "subsection", "run_in")
    return [(s["depth"], s["number"], s["title"]) for s in outline["section"] if s["kind"] in kinds]


def filler(words: str = "全年完成投资,各项工作有序推进,群众满意程度稳步提高") -> str:
    """Running text that no rule takes for a heading."""
    return words + ",项目如期建成,资金及时到位,管理更加精细,服务更加便捷。"
