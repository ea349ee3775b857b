"""One report through the whole chain, in memory.

Belongs here: chaining the pure stages for one file or one sentence. Does not belong here: what a stage does, storing (see
`govreports.incremental`), or printing (see `govreports.cli`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from govreports.clean.stage import clean_documents
from govreports.indicators.stage import read_document
from govreports.intake.source import SIDECAR_SUFFIX, SOURCE_SUFFIXES, SourceFile
from govreports.intake.stage import read_files
from govreports.sections.stage import outline_document
from govreports.text.ids import doc_id

Row = dict[str, Any]

# What a sentence on its own may hold in the shape of a page: full-width digits, letters, percent sign and stop.
_HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_HALF_WIDTH |= {ord("％"): ord("%"), ord("．"): ord(".")}


@dataclass(frozen=True)
class Report:
    """What the stages made of one file. Refused: `reason_code` and `reason` are filled and every row is empty."""

    source_file: str
    raw: Row = field(default_factory=dict)
    cleaned: Row = field(default_factory=dict)
    outline: Row = field(default_factory=dict)
    readings: Row = field(default_factory=dict)
    reason_code: str = ""
    reason: str = ""

    @property
    def observations(self) -> list[Row]:
        """Rows of core.observation."""
        return list(self.readings.get("observation", ()))

    @property
    def quantities(self) -> list[Row]:
        """Rows of core.quantity."""
        return list(self.readings.get("quantity", ()))

    @property
    def sections(self) -> list[Row]:
        """Rows of text.section."""
        return list(self.outline.get("section", ()))


def read_report(file: SourceFile) -> Report:
    """Read one file from bytes to observations. A file that is no report comes back with its reason, never as an exception."""
    read = read_files([file])
    if not read.rows:
        refusal = read.refusals[0]
        return Report(file.source_file, reason_code=refusal.reason_code, reason=refusal.reason)
    raw = read.rows[0]
    cleaned = clean_documents([raw])[0]
    outline = outline_document(cleaned)
    return Report(file.source_file, raw, cleaned, outline, read_document(cleaned, outline))


def read_sentence(sentence: str, year: int, role: str = "review") -> Report:
    """Read one sentence as if it stood in a section of `role` in the report of `year`, which reviews the year before."""
    text = " ".join(sentence.split()).translate(_HALF_WIDTH)
    doc = doc_id(text.encode())
    place = {"raw_start": 0, "raw_end": len(text), "clean_start": 0, "clean_end": len(text)}
    cleaned = {
        "doc_id": doc,
        "source_file": "",
        "region_code": None,
        "region_code_current": None,
        "region_name": None,
        "report_year": year,
        "doc_type": "work_report",
        "delivered_on": date(year, 1, 15),
        "review_start": date(year - 1, 1, 1),
        "review_end": date(year - 1, 12, 31),
        "plan_start": date(year, 1, 1),
        "plan_end": date(year, 12, 31),
        "clean_text": text,
        "offsets": [],
        "span": [
            {"doc_id": doc, "kind": "body", "fixer": None, "confidence": 1.0, "before": None, "after": None, **place}
        ],
    }
    section = {
        "section_id": f"{doc}-sentence",
        "doc_id": doc,
        "parent_id": None,
        "ordinal": 0,
        "depth": 1,
        "kind": "passage",
        "number": None,
        "title": None,
        "path": "",
        "role": role,
        "text": text,
        **place,
    }
    outline: Row = {"doc_id": doc, "section": [section], "table_cell": [], "glossary": [], "self_check": []}
    return Report("", {"raw_text": text}, cleaned, outline, read_document(cleaned, outline))


def source_file(path: Path, root: Path | None = None) -> SourceFile:
    """A file on disk with its sidecar, named relative to `root`. Raises OSError where it cannot be read."""
    name = path.relative_to(root).as_posix() if root else path.name
    stem = path.name
    for suffix in SOURCE_SUFFIXES:
        stem = stem.removesuffix(suffix)
    beside = (path.with_name(path.name + SIDECAR_SUFFIX), path.with_name(stem + SIDECAR_SUFFIX))
    sidecar = next((candidate.read_bytes() for candidate in beside if candidate.is_file()), None)
    return SourceFile(name, path.read_bytes(), sidecar)


def source_files(raw_dir: Path) -> Iterator[SourceFile]:
    """Every file under a folder whose name may be a report's, in the order of names."""
    for path in sorted(raw_dir.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(raw_dir).parts)
        if path.is_file() and not hidden and path.name.endswith(SOURCE_SUFFIXES):
            yield source_file(path, raw_dir)
