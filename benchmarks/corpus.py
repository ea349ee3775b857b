"""A corpus of any size out of the five reports in raw/.

Belongs here: giving a report another region, year and numbers, another order of paragraphs, other chrome and damage, and keeping
the truth of it. Does not belong here: measuring (see `benchmarks.__main__`), and what is known of the five reports (seeds.yaml).

Everything follows from one number, the seed of the random generator: the same call makes the same bytes. What is generated is a
means to measure speed, memory and recovery. It says nothing of quality on unseen reports: the sentences are those of five.

    python -m benchmarks.corpus FOLDER --count 500 [--small] [--seed 1] [--damaged 0.2] [--bad 0.01]

writes FOLDER/raw/**, FOLDER/manifest.csv (one row per file: what it is and what must become of it) and FOLDER/truth.csv (one row
per labelled value, in the layout of govreports/quality/gold/seeds.csv, with `source_file` and `changed`).
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import opencc
import yaml

from benchmarks.damage import BAD, DAMAGES
from benchmarks.draft import Draft, Edit
from benchmarks.templates import Template, templates
from govreports.metadata.gazetteer import Region, load_gazetteer, stem
from govreports.text.ids import doc_id

HERE = Path(__file__).resolve().parent
YEARS = range(2000, 2027)
# Years of one region that are used before the next region's turn, so that targets meet outturns in a small corpus too.
_RUN = 9
_KINDS = "区县旗"

_HAN_YEAR = re.compile(r"二〇[〇一二三四五六七八九]{2}(?=年)")
_PLAN = re.compile(r"十[一二三四五](?=五[”规期时、])")
_NTH_PLAN = re.compile(r"(?<=第)十[一二三四五](?=个五年)")
_DIGITS = "〇一二三四五六七八九"


@cache
def chromes() -> tuple[dict[str, list[str]], ...]:
    """Chrome to wear."""
    return tuple(yaml.safe_load((HERE / "chrome.yaml").read_text(encoding="utf-8")))


# -- which region-years --------------------


def places() -> list[Region]:
    """Counties and districts whose names say what they are and are theirs alone, with a prefecture or municipality above them."""
    regions = load_gazetteer().regions.values()
    bearers = Counter(region.full_name for region in regions)
    return [
        region
        for region in regions
        if region.level == "county"
        and bearers[region.full_name] == 1
        and region.name[-1] in _KINDS
        and _above(region) is not None
        and len(region.name) > 1
    ]


def region_years(rng: random.Random) -> Iterator[tuple[Region, int]]:
    """Every region and year once, some nine years of a region at a time. The year in which a code changes is left out."""
    regions = places()
    rng.shuffle(regions)
    for at in range(0, len(YEARS), _RUN):
        for region in regions:
            for year in YEARS[at : at + _RUN]:
                begun, ended = region.valid_from, region.valid_to
                if region.valid_in(year) and not any(day and day.year == year for day in (begun, ended)):
                    yield region, year


def _above(region: Region) -> str | None:
    municipality = region.province[-1] == "市"
    return region.prefecture or (region.province if municipality else None)


def template_for(year: int, rng: random.Random, *, intact: bool) -> Template:
    """A report that makes sense in a year; `intact` leaves out the one whose bytes are damaged as it came."""
    fitting = [t for t in templates() if (year - t.spec.year) % t.spec.every == 0]
    return rng.choice([t for t in fitting if not (intact and t.spec.traditional)])


# -- one report --------------------


@dataclass(frozen=True)
class Made:
    """A generated file: `truth` has one row per label that stands in it, `manifest` says what it is."""

    source_file: str
    data: bytes
    manifest: dict[str, str]
    truth: list[dict[str, str]]


def make(
    template: Template, region: Region, year: int, rng: random.Random, *, small: bool = False, damage: str = "none"
) -> Made:
    """The report of another region and year. `damage` is a name in DAMAGES."""
    numbers = {
        (start, end): _another(template.text[start:end], template.text[end : end + 1], rng)
        for start, end in template.numbers
    }
    edits = [*_name_edits(template, region), *_year_edits(template, year)]
    edits += [(start, end, new) for (start, end), new in numbers.items()]
    draft = template.draft.edited(_without_overlaps(edits))
    chrome = rng.choice(chromes())
    draft = draft.arranged(_order(template, rng, small=small, own_chrome=chrome["name"] == "none" and not small))
    draft = _dressed(draft, chrome, region, year)
    text, encode = DAMAGES[damage](draft, rng)
    suffix, data = encode(text.text)
    name = f"{region.province_code[:2]}/{region.region_code}-{year}{suffix}"
    truth = _truth(template, text, numbers, year, name, data)
    manifest = {
        "source_file": name,
        "partition_key": f"{region.region_code}-{year}",
        "region_code": region.region_code,
        "region_name": region.name,
        "report_year": str(year),
        "template": template.spec.file[:3],
        "chrome": str(chrome["name"]),
        "damage": damage,
        "expected": "accepted",
        "characters": str(len(text.text)),
        "doc_id": doc_id(data),
    }
    return Made(name, data, manifest, truth)


def _name_edits(template: Template, region: Region) -> Iterator[Edit]:
    traditional = template.spec.traditional
    above = str(_above(region))
    short, above_short = stem(region.name), stem(above)
    new = {
        "own": region.name,
        "short": short if len(short) > 1 else region.name,
        "parent": above,
        "parent_short": above_short if len(above_short) > 1 else above,
        "province": region.province,
        "province_short": stem(region.province),
    }
    for start, end, role in template.names:
        yield start, end, _traditional(new[role]) if traditional else new[role]
    for start, end in template.kinds:
        yield start, end, _traditional(region.name[-1]) if traditional else region.name[-1]
    for m in re.finditer(re.escape(template.spec.code), template.text):
        yield m.start(), m.end(), region.region_code


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@cache
def _traditional(name: str) -> str:
    return str(_converter().convert(name))


def _year_edits(template: Template, year: int) -> Iterator[Edit]:
    shift = year - template.spec.year
    for start, end in template.years:
        old = template.text[start:end]
        yield start, end, f"{(int(old) + shift) % 100:02d}" if len(old) == 2 else str(int(old) + shift)
    for m in _HAN_YEAR.finditer(template.text):
        moved = int("".join(str(_DIGITS.index(c)) for c in "二〇" + m[0][2:])) + shift
        yield m.start(), m.end(), "".join(_DIGITS[int(c)] for c in str(moved))
    plans = _plan_number(year) - _plan_number(template.spec.year)
    for pattern in (_PLAN, _NTH_PLAN):
        for m in pattern.finditer(template.text):
            yield m.start(), m.end(), _plan_name(10 + _DIGITS.index(m[0][1]) + plans)


def _plan_number(year: int) -> int:
    """Which five-year plan a year lies in: 2001 to 2005 in the tenth."""
    return 10 + (year - 2001) // 5


def _plan_name(number: int) -> str:
    """What stands before 五: 十四 of 十四五, 十 of 十五, 九 of 九五."""
    if number < 10:
        return _DIGITS[number]
    return "十" + (_DIGITS[number - 10] if number > 10 else "")


def _another(written: str, after: str, rng: random.Random) -> str:
    """A number of the same size with as many digits after the point; what was at most 100% stays so."""
    decimals = len(written.partition(".")[2])
    most = 100.0 if after == "%" and float(written) <= 100 else float("inf")
    for _ in range(20):
        moved = f"{min(float(written) * rng.uniform(0.75, 1.3), most):.{decimals}f}"
        # A whole number that could be a year would be another kind of statement.
        if moved != written and float(moved) >= 2 and not re.fullmatch(r"(?:19|20)\d\d", moved):
            return moved
    return written


def _without_overlaps(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in order; where two meet the first and longer one holds."""
    out: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e[0], -e[1])):
        if not out or edit[0] >= out[-1][1]:
            out.append(edit)
    return out


def _order(template: Template, rng: random.Random, *, small: bool, own_chrome: bool) -> list[int]:
    if small:
        return template.skeleton
    order = template.order(rng)
    if own_chrome:
        return order
    (first, last), tail, title = template.spec.front, template.spec.tail, template.spec.title
    return [
        number for number in order if number + 1 == title or not (first <= number + 1 <= last or number + 1 >= tail)
    ]


def _dressed(draft: Draft, chrome: Mapping[str, list[str]], region: Region, year: int) -> Draft:
    filled = {
        "own": region.name,
        "parent": _above(region),
        "province": region.province,
        "year": year,
        "code": region.region_code,
    }
    front = "".join(line.format(**filled) + "\n" for line in chrome["front"])
    tail = "".join("\n" + line.format(**filled) for line in chrome["tail"])
    return draft.edited([(0, 0, front), (len(draft.text), len(draft.text), tail)])


def _truth(
    template: Template, draft: Draft, numbers: Mapping[tuple[int, int], str], year: int, name: str, data: bytes
) -> list[dict[str, str]]:
    """The labels that still stand, with their new values, periods and places."""
    rows = []
    for label, mark in zip(template.labels, draft.marks, strict=True):
        if mark is None:
            continue
        row = dict(label)
        inside = [
            (template.text[start:end], new)
            for (start, end), new in numbers.items()
            if int(label["raw_start"]) <= start and end <= int(label["raw_end"])
        ]
        for column in ("value", "value_low", "value_high"):
            row[column] = _changed(label[column], inside)
        changed = any(row[column] != label[column] for column in ("value", "value_low", "value_high"))
        for column in ("time_period", "base_period"):
            row[column] = re.sub(r"(?:19|20)\d\d", lambda m: str(int(m[0]) + year - template.spec.year), label[column])
        row |= {"document": doc_id(data), "raw_start": str(mark[0]), "raw_end": str(mark[1])}
        rows.append({**row, "source_file": name, "changed": "yes" if changed else ""})
    return rows


def _changed(value: str, inside: Iterable[tuple[str, str]]) -> str:
    for old, new in inside:
        if value and float(old) == abs(float(value)):
            return f"-{new}" if value.startswith("-") else new
    return value


def _bad(kind: str, region: Region, year: int, rng: random.Random) -> Made:
    name = f"{region.province_code[:2]}/{region.region_code}-{year}.{'html' if kind == 'not_found' else 'txt'}"
    data = BAD[kind] + (b"" if kind == "empty" else str(rng.random()).encode())
    manifest = {
        "source_file": name,
        "partition_key": "",
        "region_code": region.region_code,
        "region_name": region.name,
        "report_year": str(year),
        "template": "",
        "chrome": "",
        "damage": kind,
        "expected": "refused",
        "characters": "0",
        "doc_id": "",
    }
    return Made(name, data, manifest, [])


# -- a corpus --------------------


def corpus(count: int, *, seed: int = 1, small: bool = False, damaged: float = 0.2, bad: float = 0.0) -> Iterator[Made]:
    """`count` files. `damaged` is the share of readable files with damage or another encoding, `bad` that of unreadable ones.
    With nothing damaged the template that came damaged is not used either.

    Raises ValueError where there are not as many regions and years.
    """
    rng = random.Random(seed)
    pairs, made = region_years(rng), 0
    for region, year in pairs:
        if made == count:
            return
        made += 1
        if rng.random() < bad:
            yield _bad(rng.choice(list(BAD)), region, year, rng)
            continue
        damage = rng.choice([name for name in DAMAGES if name != "none"]) if rng.random() < damaged else "none"
        yield make(template_for(year, rng, intact=not damaged), region, year, rng, small=small, damage=damage)
    if made < count:
        raise ValueError(f"there are {made:,} regions and years, fewer than {count:,}")


def write(made: Iterable[Made], folder: Path) -> tuple[int, int]:
    """Write files with manifest and truth into `folder`. Returns how many files and characters."""
    files = characters = 0
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    with (
        (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as manifest,
        (folder / "truth.csv").open("w", encoding="utf-8", newline="") as truth,
    ):
        rows = csv.DictWriter(manifest, _MANIFEST)
        values = csv.DictWriter(truth, [*templates()[0].labels[0], "source_file", "changed"])
        rows.writeheader()
        values.writeheader()
        for file in made:
            path = folder / "raw" / file.source_file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
            rows.writerow(file.manifest)
            values.writerows(file.truth)
            files += 1
            characters += int(file.manifest["characters"])
    return files, characters


_MANIFEST = (
    "source_file",
    "partition_key",
    "region_code",
    "region_name",
    "report_year",
    "template",
    "chrome",
    "damage",
    "expected",
    "characters",
    "doc_id",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--damaged", type=float, default=0.2)
    parser.add_argument("--bad", type=float, default=0.0)
    options = parser.parse_args(arguments)
    made = corpus(options.count, seed=options.seed, small=options.small, damaged=options.damaged, bad=options.bad)
    files, characters = write(made, options.folder)
    print(f"{files:,} files, {characters:,} characters in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
