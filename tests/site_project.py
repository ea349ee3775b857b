"""A small warehouse with texts to build a site from, for tests; one report in it is hostile.

Belongs here: made-up reports whose observations stand where their offsets say. Does not belong here: assertions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthetic_warehouse import document, filled, inputs, observation

from govreports.site.build import SiteReport, build_site
from govreports.site.report import Texts
from govreports.text.ids import doc_id, fingerprint, section_id
from govreports.warehouse.build import build_warehouse
from govreports.warehouse.corrections import Correction

HOSTILE = "</script><script>alert(1)</script>\u2028=cmd|' /C calc'!A0"
_HEADING = "一、回顾"


def data_of(script: bytes) -> Any:
    """What the script of a piece hands over."""
    found = re.fullmatch(r'govreports\.piece\("[^"]*",(.*)\);\n', script.decode(), re.DOTALL)
    assert found
    return json.loads(found[1])


def objects(part: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of a table as the pages see them."""
    words = part["words"]

    def cell(name: str, value: Any) -> Any:
        return words[name][value] if name in words and value is not None else value

    return [{name: cell(name, value) for name, value in zip(part["columns"], row, strict=True)} for row in part["rows"]]


@dataclass
class MadeReport:
    """A report: its place and year, its level of gross product in 亿元, and words that stand in its title and text."""

    region: str
    year: int
    level: float
    words: str = "稳中求进"

    @property
    def raw(self) -> str:
        """The raw text: page chrome, a heading, one sentence with a character outside of the basic plane."""
        return f"首页 > 公开\r\n{_HEADING}\r\n𬭚{self.words}，地区生产总值达到{self.level:g}亿元。\r\n"

    @property
    def clean(self) -> str:
        """The cleaned text."""
        return f"{_HEADING}\n𬭚{self.words}，地区生产总值达到{self.level:g}亿元。"

    @property
    def key(self) -> str:
        """The partition."""
        return f"{self.region}-{self.year}"

    @property
    def doc_id(self) -> str:
        """Made from the raw text, like everywhere."""
        return doc_id(self.raw.encode())

    def document(self) -> dict[str, Any]:
        """The row of text.document."""
        more = {"title": f"{self.words}报告", "source_file": f"{self.key} {self.words}.txt"}
        return document(
            self.doc_id, self.region, self.year, raw_chars=len(self.raw), clean_chars=len(self.clean), **more
        )

    def observation(self) -> dict[str, Any]:
        """The row of its one value."""
        quote = f"达到{self.level:g}亿元"
        at, clean_at = self.raw.index(quote), self.clean.index(quote)
        return observation(
            self.document(), "gdp", "level", self.level, str(self.year - 1), at=at, quote=quote,
            clean_start=clean_at, clean_end=clean_at + len(quote), section_id=self.section()["section_id"],
        )  # fmt: skip

    def section(self) -> dict[str, Any]:
        """The row of its one section."""
        at = self.raw.index(_HEADING)
        return filled(
            "text.section", section_id=section_id(self.doc_id, "part", at, _HEADING), doc_id=self.doc_id, ordinal=0, depth=1,
            kind="part", number="一", title=_HEADING, path=_HEADING, role="review", raw_start=at, raw_end=len(self.raw),
            clean_start=0, clean_end=len(self.clean), text=self.clean,
        )  # fmt: skip


@dataclass
class MadeLibrary:
    """The texts of made reports."""

    reports: Iterable[MadeReport]
    asked: list[str] = field(default_factory=list)

    def versions(self) -> Mapping[str, str]:
        """A fingerprint of the texts of each partition."""
        return {report.key: fingerprint(report.raw, report.clean) for report in self.reports}

    def texts(self, partition_key: str) -> Mapping[str, Texts]:
        """The texts of a partition; notes that they were asked for."""
        self.asked.append(partition_key)
        return {r.doc_id: Texts(r.raw, r.clean) for r in self.reports if r.key == partition_key}


REPORTS = (
    MadeReport("360102", 2023, 300),
    MadeReport("360102", 2024, 320.5),
    MadeReport("360103", 2024, 450, words=HOSTILE),
)


@dataclass
class MadeSite:
    """A folder for a warehouse and its site."""

    folder: Path
    reports: tuple[MadeReport, ...] = REPORTS

    @property
    def published(self) -> Path:
        """The warehouse file."""
        return self.folder / "govreports.duckdb"

    @property
    def site(self) -> Path:
        """The site."""
        return self.folder / "site"

    def publish(self, *reports: MadeReport, corrections: Iterable[Correction] = ()) -> None:
        """Make the warehouse file anew, of these reports if any are given."""
        self.reports = reports or self.reports
        self.published.unlink(missing_ok=True)
        made = inputs(
            self.folder / "in",
            [report.document() for report in self.reports],
            [report.observation() for report in self.reports],
            text__section=[report.section() for report in self.reports],
        )
        report = build_warehouse(made, self.published, corrections=corrections)
        assert report.blocking == []

    def build(self, library: MadeLibrary | None = None) -> SiteReport:
        """Bring the site up to date."""
        return build_site(self.published, library or MadeLibrary(self.reports), self.site)

    def files(self) -> dict[str, bytes]:
        """Every file of the site by its path, the record of the build aside."""
        return {
            path.relative_to(self.site).as_posix(): path.read_bytes()
            for path in sorted(self.site.rglob("*"))
            if path.is_file() and path.name != ".built"
        }

    def times(self) -> dict[str, int]:
        """When every file was written."""
        return {name: (self.site / name).stat().st_mtime_ns for name in self.files()}
