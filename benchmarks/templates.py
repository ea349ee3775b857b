"""The five reports in raw/ as templates.

Belongs here: where names, years, labelled numbers and movable paragraphs stand in each. Does not belong here: what takes their
place (see `benchmarks.corpus`), and what people must say of each report (seeds.yaml).
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml

from benchmarks.draft import Draft
from govreports.text.ids import doc_id

HERE = Path(__file__).resolve().parent
RAW = HERE.parent / "raw"
GOLD = HERE.parent / "govreports" / "quality" / "gold" / "seeds.csv"

_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?=年|-\d|—\d|】|[)）]|上半)|(?<=\?0)\d\d(?=年)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_HEADING = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章编篇]|20\d\d年工作\S{0,4}$)")
_NUMBERED = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+[、是]|[((]?\d+[.)、]|第[一二三四五六七八九十]|[((][一二三四五六七八九十]+[))]|——)"
)
# A paragraph as long as this is prose; what is shorter may be a heading or a cell.
_PROSE = 80


@dataclass(frozen=True)
class Spec:
    """An entry of seeds.yaml."""

    file: str
    names: Mapping[str, str]
    code: str
    year: int
    every: int
    front: tuple[int, int]
    title: int
    heading: tuple[int, int]
    body: int
    tail: int
    traditional: bool = False


@dataclass(frozen=True)
class Template:
    """One of the five reports with its labelled values, and where its names, years and numbers stand."""

    spec: Spec
    text: str
    labels: tuple[dict[str, str], ...]

    @cached_property
    def draft(self) -> Draft:
        """The text with a mark for each label."""
        return Draft(self.text, tuple((int(row["raw_start"]), int(row["raw_end"])) for row in self.labels))

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    @cached_property
    def names(self) -> list[tuple[int, int, str]]:
        """Places of names, and the role of each."""
        roles = {name: role for role, name in self.spec.names.items() if name}
        pattern = re.compile("|".join(sorted(map(re.escape, roles), key=len, reverse=True)))
        return [(m.start(), m.end(), roles[m[0]]) for m in pattern.finditer(self.text)]

    @cached_property
    def kinds(self) -> list[tuple[int, int]]:
        """Places where the kind of region stands for the region: 全区, 区委, 区政府."""
        kind = "县" if "县" in self.spec.names["own"] else "[区區]"
        body = rf"(?<![社园小城地片街景库山厂郊林校]){kind}(?=(?:\(qū\))?(?:委(?!员)|政府|人大|人民代表|政协|人民政府|[长長]\s))"
        pattern = re.compile(rf"(?<=全){kind}(?![(（县])|(?<=我){kind}|{body}")
        taken = [(start, end) for start, end, _ in self.names]
        return [
            (m.start(), m.end())
            for m in pattern.finditer(self.text)
            if not any(start < m.end() and m.start() < end for start, end in taken)
        ]

    @cached_property
    def years(self) -> list[tuple[int, int]]:
        """Places of years in digits."""
        return [m.span() for m in _YEAR.finditer(self.text)]

    @cached_property
    def numbers(self) -> list[tuple[int, int]]:
        """Places of the values that labels state and that can be changed. Ranks, multiples and numbers below 2 stay."""
        years, found = set(self.years), set()
        for row in self.labels:
            if row["measure"] in ("rank", "multiple"):
                continue
            wanted = {abs(float(row[name])) for name in ("value", "value_low", "value_high") if row[name]}
            for m in _NUMBER.finditer(self.text, int(row["raw_start"]), int(row["raw_end"])):
                if float(m[0]) in wanted and float(m[0]) >= 2 and m.span() not in years:
                    found.add(m.span())
        return sorted(found)

    @cached_property
    def movable(self) -> list[list[int]]:
        """Groups of lines that may change places: prose without a number mark and without a labelled value, between headings."""
        labelled = {number for mark in self.draft.marks if mark for number in self._lines_of(mark)}
        groups: list[list[int]] = [[]]
        for number in self._body:
            line = self.lines[number].strip()
            if line and (len(line) < _PROSE or _NUMBERED.match(line)):
                groups.append([])
            elif line and number not in labelled:
                groups[-1].append(number)
        return [group for group in groups if len(group) > 1]

    @cached_property
    def skeleton(self) -> list[int]:
        """The lines of a small version: title block, salutation, top headings with two paragraphs each."""
        first, last = self.spec.heading
        kept, room = list(range(first - 1, last)), 2
        for number in self._body:
            line = self.lines[number].strip()
            if line.startswith("各位") or (len(line) < 40 and _HEADING.match(line)):
                kept.append(number)
                room = 2
            elif room and _PROSE <= len(line) < 4 * _PROSE:
                kept.append(number)
                room -= 1
        return kept

    def order(self, rng: random.Random) -> list[int]:
        """The numbers of all lines, movable ones shuffled within their groups."""
        order = list(range(len(self.lines)))
        for group in self.movable:
            for place, number in zip(group, rng.sample(group, len(group)), strict=True):
                order[place] = number
        return order

    @property
    def _body(self) -> range:
        return range(self.spec.body - 1, self.spec.tail - 1)

    def _lines_of(self, mark: tuple[int, int]) -> range:
        return range(self.text.count("\n", 0, mark[0]), self.text.count("\n", 0, mark[1] - 1) + 1)


@cache
def templates() -> tuple[Template, ...]:
    """The five reports."""
    with GOLD.open(encoding="utf-8", newline="") as handle:
        labels = list(csv.DictReader(handle))
    out = []
    for spec in yaml.safe_load((HERE / "seeds.yaml").read_text(encoding="utf-8")):
        data = (RAW / spec["file"]).read_bytes()
        own = tuple(row for row in labels if row["document"] == doc_id(data))
        out.append(Template(Spec(**spec), data.decode("utf-8"), own))
    return tuple(out)
