"""Which region a report is of.

Belongs here: weighing the names in a text, its heading, its page and its file name against each other. Does not belong here:
the names and codes themselves (`govreports.metadata.gazetteer`), finding title and meeting in a page
(`govreports.intake.header`).

Every region that is named anywhere is a candidate. What speaks for one: being named where a report names its own place
(before 第十七届人民代表大会, before 政府工作报告, after 我代表), the number of times that the text names it, the word that the
text has for the whole of its place (全县, 全市), and that the regions above and around it are named too. So a bare 西湖区 is
settled by Nanchang or Hangzhou in the text, and 易县 does not stand up against 米易县.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import ahocorasick_rs
import yaml

from govreports.metadata.gazetteer import MUNICIPALITIES, Gazetteer, Region, load_gazetteer, stem

_WORDS = Path(__file__).with_name("names.yaml")

# Words for the whole of the reporting place, and the last characters of names that they fit.
_WHOLE = re.compile("(?:全|我)(省|市|县|区|州|旗|盟)")
_KINDS = {"省": "省", "市": "市", "县": "县", "区": "区", "州": "州", "旗": "旗", "盟": "盟"}
_CONGRESS = re.compile(
    r"([一-鿿]{2,30}?)(?:第?[一二三四五六七八九十百]{1,4}届)?(?:人大|人民代表大会)(?:第?[一二三四五六七八九十]{1,3}次)?会?议?"
)
_SELF = re.compile(r"(?:我)?(?:代表|受)([一-鿿]{2,24}?)(?:人民政府|政府|管委会|管理委员会)")
_SELF_KIND = re.compile(r"(?:代表|受)(?:新|地|自治)?([省市县区州旗盟])(?:人民政府|政府|管委会|管理委员会)")
_REPORT = re.compile(r"([一-鿿]{2,30}?)(?:人民)?(?:政府)?(?:\d{4}年)?(?:工作报告|国民经济|政府工作)")
_WEIGHTS = {
    "stated": 100.0,
    "congress": 12.0,
    "self": 8.0,
    "title": 8.0,
    "block": 5.0,
    "publisher": 3.0,
    "kind": 5.0,
    "file_congress": 8.0,
    "file_name": 3.0,
}
_TEXT_SIGNS = frozenset({"congress", "self", "title", "block", "body"})
_BODY_CANDIDATES = 12
_SEASON = (3, 1)  # month and day by which most reports of a year have been delivered
_OPENING = 600  # characters in which a speaker says whom they speak for
_BEGINNING = 1500  # characters in which a short text names its place at least once
_SURE = 10.0


@dataclass(frozen=True)
class PlaceClues:
    """Where names may stand, in simplified characters: page title, title block, text, page around it, file name without
    ending, meeting, publisher, and what a sidecar states (a code or a name)."""

    title: str = ""
    block: str = ""
    body: str = ""
    page: str = ""
    file_name: str = ""
    meeting: str = ""
    publisher: str = ""
    stated: str = ""


@dataclass(frozen=True)
class Place:
    """A settled region. `basis`: sidecar, text or file_name; `evidence`: the signs that spoke for it."""

    region_code: str
    region_code_current: str
    region_name: str
    basis: str
    confidence: float
    evidence: str


@dataclass(frozen=True)
class PlaceProblem:
    """Why no region could be settled, with the way out."""

    reason_code: str
    reason: str


@dataclass(frozen=True)
class _Scored:
    score: float
    region: Region
    signs: tuple[str, ...]


def find_place(clues: PlaceClues, year: int, delivered: date | None = None) -> Place | PlaceProblem:
    """The region that a report of `year` is of. Codes that changed within the year are taken as of the day of delivery, or of
    the season in which most reports are delivered."""
    day = delivered if delivered and delivered.year == year else date(year, *_SEASON)
    if clues.stated:
        return _stated(clues, day)
    ranked = _rank(clues, year)
    if not ranked:
        return PlaceProblem(
            "unknown_region",
            "no county, city or province is named in the text or the file name: add a sidecar NAME.meta.yml with region: CODE",
        )
    best = ranked[0]
    rivals = [other for other in ranked[1:] if not _same_place(other.region, best.region)]
    margin = best.score - rivals[0].score if rivals else best.score
    if margin < 0.5 and rivals:
        return PlaceProblem(
            "ambiguous_region",
            f"the text fits {best.region.full_name} ({best.region.region_code}) and {rivals[0].region.full_name} "
            f"({rivals[0].region.region_code}) alike: add a sidecar NAME.meta.yml with region: CODE",
        )
    basis = "text" if _TEXT_SIGNS.intersection(best.signs) else "file_name"
    return _place(best.region, day, basis, 1 - math.exp(-margin / _SURE * 3) / 2, " ".join(best.signs))


def _stated(clues: PlaceClues, day: date) -> Place | PlaceProblem:
    gazetteer = load_gazetteer()
    stated = clues.stated.strip()
    found = [gazetteer.regions[stated]] if stated in gazetteer.regions else _by_full_name(stated, gazetteer, day.year)
    if len(found) != 1:
        among = ", ".join(f"{r.full_name} {r.region_code}" for r in found)
        many = f"is the name of {among}" if found else "is no region that the gazetteer knows"
        return PlaceProblem("unknown_region", f"the sidecar's region {stated} {many}: give the six-digit code")
    return _place(found[0], day, "sidecar", 1.0, "sidecar")


def _by_full_name(name: str, gazetteer: Gazetteer, year: int) -> list[Region]:
    """Regions whose name, or whose name with those above, is this; those of the year before others."""
    names = [name[at:] for at in range(len(name) - 1)]
    for part in names:
        found = [r for r in gazetteer.named(part) if all(_mentions(name, above) for above in _named_above(name, r))]
        if found:
            valid = [r for r in found if r.valid_in(year)]
            return valid or found[:1]
    return []


def _named_above(name: str, region: Region) -> list[Region]:
    """Regions above that a full name has to hold where it holds more than the region's own name."""
    own = region.name if name.endswith(region.name) else stem(region.name)
    return [] if name == own else load_gazetteer().above(region)[:1]


def _place(region: Region, day: date, basis: str, confidence: float, evidence: str) -> Place:
    gazetteer = load_gazetteer()
    as_of = _as_of(region, day)
    current = gazetteer.current(as_of.region_code)
    return Place(as_of.region_code, current.region_code, region.name, basis, round(confidence, 3), evidence)


def _as_of(region: Region, day: date) -> Region:
    """The region that stood on a day for a place that is named by its name of then, an older or a newer one."""
    gazetteer = load_gazetteer()
    if region.valid_in(day.year):
        twins = [r for r in gazetteer.named(region.name) if _same_place(r, region) and r.valid_on(day)]
        return region if region in twins or not twins else twins[0]
    if region.valid_to is not None and region.valid_to.year < day.year:
        return gazetteer.valid_in(region.region_code, day.year) or region
    before = [r for r in _predecessors().get(region.region_code, ()) if r.valid_in(day.year)]
    return min(before, key=lambda r: (stem(r.name) != stem(region.name), r.region_code)) if before else region


@cache
def _predecessors() -> dict[str, list[Region]]:
    out: dict[str, list[Region]] = {}
    for region in load_gazetteer().regions.values():
        if region.successor_code:
            out.setdefault(region.successor_code, []).append(region)
    return out


def _same_place(one: Region, other: Region) -> bool:
    gazetteer = load_gazetteer()
    return gazetteer.current(one.region_code) == gazetteer.current(other.region_code)


# -- finding and weighing candidates --------------------


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """Words that are no names, and names that are kinds of areas as well."""
    declared = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return frozenset(declared["ordinary"].split()), frozenset(declared["generic"])


@cache
def _automaton() -> tuple[ahocorasick_rs.AhoCorasick, list[str]]:
    names = sorted(_words()[0].union(load_gazetteer().names))
    return ahocorasick_rs.AhoCorasick(names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), names


def names_in(text: str) -> list[str]:
    """Names of regions in a text, in order; the longest where they overlap."""
    ordinary = _words()[0]
    return [name for name in _matches(text) if name not in ordinary]


def _matches(text: str) -> list[str]:
    automaton, names = _automaton()
    return [names[at] for at, _, _ in automaton.find_matches_as_indexes(text)]


def _rank(clues: PlaceClues, year: int) -> list[_Scored]:
    text = "\n".join((clues.title, clues.block, clues.body))
    counts, words = _count_names(text)
    candidates: dict[str, tuple[Region, set[str]]] = {}
    for sign, name in _signs(clues) + _body_signs(clues, counts):
        for region in _fitting(name, year):
            candidates.setdefault(region.region_code, (region, set()))[1].add(sign)
    for region in _named_by_words(words, counts, year):
        candidates.setdefault(region.region_code, (region, {"body"}))
    above = {r.region_code: r for region, _ in candidates.values() for r in load_gazetteer().above(region)}
    evidence = _Evidence(
        counts,
        words,
        whole=Counter(_WHOLE.findall(clues.body)),
        spoken_for=next(iter(_SELF_KIND.findall(clues.body[:_OPENING])), ""),
        above={code: _count(text, region) for code, region in above.items()},
        around=_around(clues),
        neighbours=_neighbours(counts),
    )
    scored = [
        _Scored(_score(region, signs, evidence), region, tuple(sorted(signs))) for region, signs in candidates.values()
    ]
    return sorted(scored, key=lambda s: (-s.score, s.region.region_code))


def _count_names(text: str) -> tuple[Counter[str], Counter[str]]:
    """How often a text names regions, and how often it says words that are short names as well."""
    ordinary, generic = _words()
    counts, words = Counter[str](), Counter[str]()
    for name, count in Counter(_matches(text)).items():
        (words if name in ordinary or name in generic else counts)[name] = count
    return counts, words


def _named_by_words(words: Counter[str], counts: Counter[str], year: int) -> list[Region]:
    """Regions whose short name is a word that the text repeats, and whose next region above it names."""
    gazetteer = load_gazetteer()
    found = [region for name, count in words.items() if count > 1 for region in gazetteer.named(name, year)]
    return [
        region
        for region in found
        if any(counts[n] for r in gazetteer.above(region)[:1] for n in (r.name, stem(r.name)))
    ]


@dataclass(frozen=True)
class _Evidence:
    """What a text says beside the signs.

    `counts`: how often it names which regions; `words`: how often it says words that are names too; `whole`: its words for the
    whole of its place; `spoken_for`: the kind of place whose government the speaker speaks for; `above`: how often it names the
    regions above; `around`: the page around it; `neighbours`: how many regions it names within each region.
    """

    counts: Counter[str]
    words: Counter[str]
    whole: Counter[str]
    spoken_for: str
    above: dict[str, int]
    around: str
    neighbours: Counter[str]


def _around(clues: PlaceClues) -> str:
    return f"{clues.page} {clues.publisher} {clues.file_name}"


def _neighbours(counts: Counter[str]) -> Counter[str]:
    """How many regions a text names within each region. A name that several regions bear tells nothing."""
    gazetteer = load_gazetteer()
    found: Counter[str] = Counter()
    for region in {places[0] for name in counts if len(places := gazetteer.named(name)) == 1}:
        found.update(above.region_code for above in gazetteer.above(region))
    return found


def _body_signs(clues: PlaceClues, counts: Counter[str]) -> list[tuple[str, str]]:
    """The names that a text repeats; in a text that repeats none, those that stand in its beginning or above it."""
    common = [name for name, count in counts.most_common(60) if count > 1][:_BODY_CANDIDATES]
    if not common:
        common = [n for n in names_in(f"{clues.body[:_BEGINNING]}\n{clues.page}") if n not in _words()[1]]
    return [("body", name) for name in common]


def _fitting(name: str, year: int) -> list[Region]:
    """Regions that bear a name in a year, else those that bore it or will bear it."""
    gazetteer = load_gazetteer()
    found = gazetteer.named(name, year)
    return found if found or name in _words()[1] else gazetteer.named(name)


def _signs(clues: PlaceClues) -> list[tuple[str, str]]:
    """Names where a report names its own place, with the sign that each is. The last of adjoining names is the one."""
    head = f"{clues.title}\n{clues.block}"
    out = [("congress", name) for name in _last_names(_CONGRESS.findall(f"{clues.meeting}\n{head}"))]
    out += [("self", name) for name in _last_names(_SELF.findall(clues.body[:_OPENING]))]
    out += [("title", name) for name in _last_names(_REPORT.findall(head))]
    out += [("block", name) for name in names_in(head)]
    out += [("publisher", name) for name in _last_names([clues.publisher])]
    out += [("file_congress", name) for name in _last_names(_CONGRESS.findall(clues.file_name))]
    out += [("file_name", name) for name in names_in(clues.file_name)]
    return out


def _last_names(phrases: Iterable[str]) -> list[str]:
    found = (names_in(phrase) for phrase in phrases)
    return [names[-1] for names in found if names]


def _score(region: Region, signs: set[str], evidence: _Evidence) -> float:
    score = sum(_WEIGHTS[sign] for sign in signs if sign in _WEIGHTS)
    own = {region.name, stem(region.name)}
    score += 2 * math.log1p(sum(evidence.counts[name] for name in own))
    score += 0.5 * math.log1p(sum(evidence.words[name] for name in own))
    if evidence.spoken_for:
        score += _WEIGHTS["kind"] * (1 if evidence.spoken_for == region.name[-1] else -1)
    total = sum(evidence.whole.values())
    if total:
        share = evidence.whole[_KINDS.get(region.name[-1], "")] / total
        score += 8 * share - 4 * (share < 0.1)
    for above in load_gazetteer().above(region):
        weight = 1.0 if above.region_code.endswith("0000") and above.region_code not in MUNICIPALITIES else 1.5
        score += weight * (math.log1p(evidence.above[above.region_code]) + _mentions(evidence.around, above))
        score += weight / 2 * math.log1p(evidence.neighbours[above.region_code])
    return score


def _mentions(text: str, region: Region) -> bool:
    return stem(region.name) in text if len(stem(region.name)) > 1 else region.name in text


def _count(text: str, region: Region) -> int:
    own = stem(region.name)
    return text.count(own if len(own) > 1 else region.name)
