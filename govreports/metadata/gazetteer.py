"""The gazetteer: every region that reports, with its codes over time.

Belongs here: reading regions.csv and looking regions up by code, name and year. Does not belong here: telling which region a
text is of (see `govreports.intake.place`), compiling the table (see `govreports.metadata.compile_regions`).
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

PATH = Path(__file__).resolve().parent / "regions" / "regions.csv"
MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})

_NATIONS = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|"
    "仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|德昂|保安|裕固|独龙|门巴|珞巴|基诺|鄂温克|鄂伦春|各"
)
_KIND = re.compile(
    rf"(?:(?:(?:{_NATIONS})族)*(?:自治县|自治旗|自治州)|(?:壮族|回族|维吾尔)?自治区|特别行政区|特别合作区|"
    r"特区|林区|矿区|新区|地区|[县区市旗盟省])$"
)


@dataclass(frozen=True)
class Region:
    """A row of core.region with its former names. `valid_to` is the last day; None while in use."""

    region_code: str
    name: str
    full_name: str
    name_pinyin: str
    level: str
    parent_code: str | None
    province_code: str
    province: str
    prefecture_code: str | None
    prefecture: str | None
    valid_from: date | None
    valid_to: date | None
    successor_code: str | None
    region_sort: int
    former_names: tuple[str, ...] = ()

    def valid_in(self, year: int) -> bool:
        """Whether the code was in use on any day of a year."""
        begun = self.valid_from is None or self.valid_from.year <= year
        return begun and (self.valid_to is None or self.valid_to.year >= year)

    def valid_on(self, day: date) -> bool:
        """Whether the code was in use on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or self.valid_to >= day)


def short_names(name: str) -> list[str]:
    """The names by which a text may call a region beside its own: 大厂 and 大厂县 for 大厂回族自治县."""
    own = stem(name)
    if own == name or len(own) < 2:
        return []
    return [own, own + name[-1]] if "自治" in name and name[-1] in "州县旗" else [own]


def stem(name: str) -> str:
    """A region's own name without the kind of region: 清苑 of 清苑县, 大厂 of 大厂回族自治县."""
    return _KIND.sub("", name) or name


class Gazetteer:
    """Regions by code and by name."""

    def __init__(self, regions: Mapping[str, Region]) -> None:
        self.regions = regions
        self._by_name: dict[str, list[Region]] = defaultdict(list)
        for region in regions.values():
            for name in (region.name, *region.former_names):
                self._by_name[name].append(region)
                for short in short_names(name):
                    self._by_name[short].append(region)

    @property
    def names(self) -> list[str]:
        """Every name, full and short, that some region has or had."""
        return sorted(self._by_name)

    def named(self, name: str, year: int | None = None) -> list[Region]:
        """Regions that bear a name, in full (西湖区) or without its kind (西湖); only those with a code in `year`, if given."""
        found = self._by_name.get(name, [])
        return [region for region in found if year is None or region.valid_in(year)]

    def valid_in(self, code: str, year: int) -> Region | None:
        """The region that stood in a year for the place of a code: itself, or one of its successors."""
        region = self.regions.get(code)
        seen: set[str] = set()
        while region is not None and not region.valid_in(year):
            if not region.successor_code or region.region_code in seen:
                return None
            seen.add(region.region_code)
            region = self.regions.get(region.successor_code)
        return region

    def current(self, code: str) -> Region:
        """Today's region of the place of a code. Raises KeyError for an unknown code."""
        region, seen = self.regions[code], {code}
        while region.valid_to is not None and region.successor_code and region.successor_code not in seen:
            region = self.regions[region.successor_code]
            seen.add(region.region_code)
        return region

    def above(self, region: Region) -> list[Region]:
        """The regions that contain a region, nearest first."""
        out = []
        while region.parent_code:
            region = self.regions[region.parent_code]
            out.append(region)
        return out


@cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer of the package."""
    with PATH.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    names = {row["region_code"]: row["name"] for row in rows}
    parents = {row["region_code"]: row["parent_code"] for row in rows}
    return Gazetteer({row["region_code"]: _region(row, at, names, parents) for at, row in enumerate(rows)})


def _region(row: dict[str, str], sort: int, names: Mapping[str, str], parents: Mapping[str, str]) -> Region:
    code, parent = row["region_code"], row["parent_code"]
    chain = [code]
    while parents[chain[-1]]:
        chain.append(parents[chain[-1]])
    province = chain[-1]
    prefecture = chain[-2] if len(chain) > 1 and _is_prefecture(chain[-2]) else None
    return Region(
        region_code=code,
        name=row["name"],
        full_name="".join(names[c] for c in reversed(chain)),
        name_pinyin=row["name_pinyin"],
        level=row["level"],
        parent_code=parent or None,
        province_code=province,
        province=names[province],
        prefecture_code=prefecture,
        prefecture=names[prefecture] if prefecture else None,
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        successor_code=row["successor_code"] or None,
        region_sort=sort,
        former_names=tuple(filter(None, row["former_names"].split("|"))),
    )


def _is_prefecture(code: str) -> bool:
    return len(code) == 6 and code.endswith("00") and not code.endswith("0000")


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
