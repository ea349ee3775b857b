"""Names of indicators in a sentence.

Belongs here: finding the catalogue's names, telling denominators (占…) and look-alikes from subjects, and grouping
parallel names. Does not belong here: the names themselves (see `govreports.metadata.catalogue`), attaching numbers
(see `attach`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from string import ascii_lowercase, ascii_uppercase

import ahocorasick_rs

from govreports.metadata.catalogue import Alias, Catalogue, Indicator, load_catalogue


@dataclass(frozen=True, slots=True)
class Subject:
    """A name at text[start:end] that stands for an indicator; `alias` None of indicator: a look-alike."""

    start: int
    end: int
    alias: Alias
    indicator: Indicator | None


# What stands in a declared name for a few characters of any kind.
GAP = "…"
_COMPARED_WITH = re.compile(r"\d{4}年|上年|去年|“?十[一二三四]?五")
_MAY_HAVE_GAP = re.compile(r"规模以上|规上|限额以上|限上")


class Names:
    """The compiled names of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.aliases = [alias for alias in catalogue.aliases if GAP not in alias.text]
        self._gapped = [
            (alias, re.compile(r"([\u4e00-\u9fff“”、]{1,14}?)".join(map(re.escape, folded(alias.text).split(GAP)))))
            for alias in catalogue.aliases
            if GAP in alias.text
        ]
        texts = folded("\n".join(a.text for a in self.aliases)).split("\n")
        self._shorter = {alias.text: alias for alias in self.aliases}
        self._matcher = ahocorasick_rs.AhoCorasick(texts, matchkind=ahocorasick_rs.MATCHKIND_LEFTMOST_LONGEST)

    def find(self, text: str) -> list[Subject]:
        """Every name in a text, leftmost and longest, in order. Widths of brackets and commas make no difference."""
        out = []
        for index, start, end in self._matcher.find_matches_as_indexes(folded(text)):
            alias = self.aliases[index]
            if start and _WORD_BEFORE.get(alias.text[:2], "").find(text[start - 1]) >= 0:
                continue
            if start and text[start - 1] == "非" and text[start - 2 : start - 1] not in tuple("除并而亚南北西东"):
                # 非房地产投资 is all but what it names.
                out.append(Subject(start - 1, end, replace(alias, indicator_id=None), None))
                continue
            if alias.text.endswith("比") and _COMPARED_WITH.match(text, end):
                # 城乡居民人均可支配收入比2010年翻番: no ratio, but the longest name before 比.
                shorter = self._shorter.get(alias.text[:-1])
                if shorter is None:
                    continue
                alias, end = shorter, end - 1
            indicator = self.catalogue.indicators[alias.indicator_id] if alias.indicator_id else None
            out.append(Subject(start, end, alias, indicator))
        return self._with_gapped(text, out) if _MAY_HAVE_GAP.search(text) else out

    def _with_gapped(self, text: str, found: list[Subject]) -> list[Subject]:
        """Names with an attribute inside take the place of the names that they contain, unless these are longer names."""
        out = found
        for alias, pattern in self._gapped:
            for match in pattern.finditer(folded(text)):
                inside = [s for s in out if s.start < match.end() and match.start() < s.end]
                if any(s.start <= match.start() or s.end > match.end() for s in inside):
                    continue
                indicator = self.catalogue.indicators[alias.indicator_id] if alias.indicator_id else None
                named = replace(alias, scope=match[1].strip("的"))
                out = [*(s for s in out if s not in inside), Subject(*match.span(), named, indicator)]
        return sorted(out, key=lambda s: s.start)


# First two characters of a name → characters before them with which they are another word (化工业, 二三产业).
_WORD_BEFORE = {"工业": "化加轻重军手", "三产": "二", "产业": "房", "税收": "国地", "出口": "进", "人口": "进出"}
_WIDE = tuple(zip("（），：；％", "(),:;%", strict=True))
_SMALL = re.compile("[a-z]")
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)


def folded(text: str) -> str:
    """Text with half-width brackets and commas and capital letters, as long as before."""
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    return text.translate(_CAPITALS) if _SMALL.search(text) else text


@cache
def default_names() -> Names:
    """Names of the declared catalogue."""
    return Names(load_catalogue())


def declared(identifier: str) -> Indicator | None:
    """The indicator that the catalogue declares under an identifier."""
    return load_catalogue().indicators.get(identifier)


_WHOSE = (
    r"(?:全[省市区县国州旗盟]|我[省市区县]|当地|当年|同期|地方|整个|其|每年|年度|政府|"
    r"本级|县级|区级|市级|规模以上|规上|平均|工业)*"
)
_PART_OF = re.compile(rf"(?:占(?:到|了)?|相当于|(?<![同环占对])比|较|高于|低于|快于|慢于|优于|好于|高出){_WHOSE}$")
_REACHES = re.compile(r"(?:达到?|超过|突破|不足|不到|为|(?:稳定|保持|维持)在)$")
_PROPORTION = re.compile(r"的?\s*(?:\d+(?:\.\d+)?%|[二三四五]分之|\d/\d|[一二三四五六七八九]成)")
_RELATION = re.compile(r"的?(?:比率|之比|比值)")


def is_denominator(text: str, subject: Subject) -> bool:
    """Whether the name is what something else is a share of or compared with (占一般公共预算支出的比例, 比三产增速高出)."""
    start, end = max(0, subject.start - 10), subject.start
    if subject.indicator is None and subject.alias.text.startswith(("占", "相当于")):
        return True
    if _PART_OF.search(text, start, end) or _RELATION.match(text, subject.end):
        return True
    return bool(_REACHES.search(text, start, end) and _PROPORTION.match(text, subject.end))
