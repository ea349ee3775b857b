"""Pairing: which member of a run of numbers goes to which member of a group of heads.

Belongs here: numbers and names one by one (分别), one number for several names, several for one, ratios, lists of which only some
members are known, and what has been paired so far. Does not belong here: which group a run is about (`attach`), what a name
stands for (`heads`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from govreports.indicators import words
from govreports.indicators.heads import NOTHING, Head
from govreports.indicators.numerals import numeral
from govreports.indicators.quantity import Quantity
from govreports.indicators.subjects import declared


@dataclass(frozen=True, slots=True)
class Attached:
    """A quantity with its head. `context`: text[context_start:quantity.start] is what steers its measure."""

    quantity: Quantity
    head: Head
    rule: str
    context_start: int
    clause_start: int
    distance: int = 0
    first_of_run: Quantity | None = None


# Under these rules the sentence names the thing beside its number.
_NAMED = frozenset(["name_before_value", "shared_by_all", "respectively", "value_before_name"])
_RESPECTIVELY = re.compile(r"(?:预计|年均|将)?(?:分别|依次|各)")
# What says how the members of a list are called together (锂电池、太阳能电池等“新三样”出口分别…).
_ALL_OF_THEM = re.compile(r"等(?:“[^”]*”|(?:\d+|[一二三四五六七八九十]+)[类种大个][^、]*)?$")
_HOW_MANY = re.compile(
    r"(?:等)?[一二三四五六七八九十两\d]+(?:个|大)?(?:行政|功能|主要)?(?:区|县|市|镇|街道|园区|开发区|片区)?$"
)
_LEADING_WORDS = re.compile(r"^(?:其中|对|全年|预计|我[省市区县])+")
# A name that says of itself which group it is of (基本建设、更新改造投资 are two things).
_OWN_NAME = re.compile(r"改造|技改|更新")
# Thresholds that one value passed (连上300亿、400亿两个大台阶).
_STEPS = re.compile(r"[两二三四2-4]个?大?(?:台阶|关口|大关)")
# The next number of a list where the text ends before its unit (分别增长4.7%和7).
_CUT_OFF = re.compile(r"\s*[和与及、]\s*\d[\d.]*\s*$")
# How many of the things named last a number is of.
_SO_MANY = re.compile(r"(?:以上|上述|这)?([两二三四五六七八九]|\d)(?:项|个|大)(?:主要|核心|经济)*指标")
_BOTH = re.compile(r"(?<![年平户人])均|双双|都")
_AREA_WORD = re.compile(r"全[省市区县国州盟旗]")
_ASPECT = re.compile(r"总量|增速|增幅|增量|规模|总额|人均")
# Industries that the members of a ratio are of, by how many these are.
_INDUSTRIES = {2: ("gdp_secondary", "gdp_tertiary"), 3: ("gdp_primary", "gdp_secondary", "gdp_tertiary")}


class Pairs:
    """The pairs of one sentence.

    `position` of a method is where what steers the numbers begins, `start` where their clause does; `between` is what stands
    before them from there on.
    """

    def __init__(self, text: str, shadow: str) -> None:
        self.text = text
        self.shadow = shadow
        self.out: list[Attached] = []
        # What the next clause is about where it names nothing itself.
        self.current: tuple[Head, ...] = ()
        # What the sentence has named since its last semicolon, for values of a later clause (，分别增长29.1%和27.1%).
        self.items: list[Head] = []

    def add(
        self,
        run: Sequence[Quantity],
        heads: Sequence[Head],
        rule: str,
        position: int,
        start: int,
        distance: int = 0,
        first: Quantity | None = None,
    ) -> None:
        """Pair numbers and heads in order. `first`: the number that the words before steer, if not the first of these."""
        for quantity, head in zip(run, heads, strict=False):
            self.out.append(Attached(quantity, head, rule, position, start, distance, first or run[0]))
            if rule in _NAMED:
                self.items.append(head)

    def add_before_name(self, quantity: Quantity, head: Head, start: int) -> None:
        """Pair a number with the name that it stands before; the next clause goes on about it."""
        self.add([quantity], (head,), "value_before_name", quantity.quote_start, start)
        self.current = (head,)

    def leave_out(self, run: Sequence[Quantity], position: int, start: int) -> None:
        """Keep numbers that belong to nothing known."""
        self.add(run, (NOTHING,) * len(run), "unknown_head", position, start)

    def turn_away(self, run: Sequence[Quantity], position: int, start: int) -> None:
        """Keep numbers of something else that the sentence speaks of from here on."""
        self.current = ()
        self.leave_out(run, position, start)
        self.items.extend([NOTHING] * len(run))

    def add_for_list(self, run: list[Quantity], start: int, named: list[Head]) -> bool:
        """Pair a run with a list that its clause has named and of which some members are no known indicators, if there is one."""
        return self._of_indicators(run, named) or self._aligned(run, start, named)

    def _of_indicators(self, run: list[Quantity], named: list[Head]) -> bool:
        """A rank or rate of all that a list names (A、B、C等5项指标增速居全市第一), known or not."""
        known = [h for h in named if h.indicator is not None]
        stop = words.INDICATORS.search(self.shadow, named[0].end, run[0].quote_start)
        if len(run) != 1 or not known or stop is None or run[0].dimension not in ("rank", "percent"):
            return False
        for head in known:
            self.add(run, (head,), "shared_by_all", stop.end(), known[0].start)
        return True

    def _aligned(self, run: list[Quantity], start: int, named: list[Head]) -> bool:
        """Pair a list of values with a list of things of which some are no known indicators (主营业务、税收收入分别完成…)."""
        if len(run) < 2:
            return False
        respectively = _RESPECTIVELY.search(self.shadow, start, run[0].start)
        stop = respectively.start() if respectively else max((h.end for h in named), default=start)
        known = [h for h in named if h.indicator is not None]
        if len(known) == 1 and respectively and known[0].start > stop:
            return self._over_areas(run, start, stop, known[0])
        if len(known) == len(run) or any(h.end > stop for h in named):
            return False
        members = self._members(start, stop)
        # Names that end where a known one begins are words before it (外资企业出口).
        whole = [h for h in named if h.indicator or not any(h.end == k.start for k in known)]
        if len(members) != len(run) or any(len({h.start for h in whole if a <= h.start < b}) > 1 for a, b in members):
            return False
        if len(known) == 1 and whole == known and self._is_of_all(known[0], members):
            heads = [replace(known[0], scope=group or known[0].scope) for group in self._partners(known[0], members)]
        elif respectively:
            heads = [next((h for h in named if a <= h.start < b), NOTHING) for a, b in members]
        else:
            return False
        self.add(run, heads, "respectively", max((h.end for h in named), default=stop), start)
        return True

    def _members(self, start: int, stop: int) -> list[tuple[int, int]]:
        """The spans of the members of a list."""
        members, last = [], start
        for mark in words.LIST_MARK.finditer(self.shadow, start, stop):
            members.append((last, mark.start()))
            last = mark.end()
        return [*members, (last, stop)]

    def _is_of_all(self, head: Head, members: list[tuple[int, int]]) -> bool:
        """Whether what the last member of a list names is that of the members before too (对东盟、中东出口分别…)."""
        last = members[-1][0]
        if head.start < last or _OWN_NAME.search(head.text):
            return False
        return bool(head.scope or self.shadow[last : head.start].strip())

    def _partners(self, head: Head, members: list[tuple[int, int]]) -> list[str]:
        """The members of a list as groups of the one indicator that its last member names."""
        groups = (_LEADING_WORDS.sub("", self.shadow[a : min(b, head.start)]) for a, b in members)
        return [_ALL_OF_THEM.sub("", group).strip() for group in groups]

    def _over_areas(self, run: list[Quantity], start: int, stop: int, head: Head) -> bool:
        """Values of one indicator in each of several areas named before 分别 (香洲、金湾和斗门三个区分别实现地区生产总值…)."""
        before = _HOW_MANY.sub("", self.shadow[start:stop])
        areas = [part.strip() for part in words.LIST_MARK.split(_LEADING_WORDS.sub("", before))]
        if len(areas) != len(run) or not all(2 <= len(area) <= 10 for area in areas):
            return False
        self.add(run, [replace(head, scope=area) for area in areas], "respectively", head.end, start)
        return True

    def share(
        self,
        run: list[Quantity],
        group: tuple[Head, ...],
        between: str,
        rule: str,
        position: int,
        start: int,
        distance: int = 0,
    ) -> None:
        """Pair a run with the group that it is about; `rule` is that of a single head."""
        n = len(run)
        if run[0].kind == "ratio":
            self._ratio(run[0], group, position, start)
        elif len(group) > 1 and n == 1:
            self._for_all(run, group, between, rule, position, start, distance)
        elif len(group) > 1:
            self.add(run, group, "respectively", position, start, distance)
        elif n > 1 and _of_one(run, between):
            self.add(run, group * n, "respectively", position, start, distance)
        elif n == 2 and words.RESPECTIVELY.search(between) and self._town_and_country(group[0]):
            places = [replace(group[0], scope=place) for place in ("城市", "农村")]
            self.add(run, places, "respectively", position, start)
        elif n > 1 and words.RESPECTIVELY.search(between):
            self._distribute(run, position, start)
        elif n > 1 and _STEPS.match(self.shadow, run[-1].quote_end):
            self.add(run, group * n, rule, position, start, distance)
        else:
            others = [NOTHING if q.dimension == run[0].dimension else group[0] for q in run[1:]]
            self.add(run, [group[0], *others], rule, position, start, distance)

    def _for_all(
        self,
        run: list[Quantity],
        group: tuple[Head, ...],
        between: str,
        rule: str,
        position: int,
        start: int,
        distance: int,
    ) -> None:
        """Pair one number with each name of a list; names of two parts count once where nothing tells the parts apart."""
        if _is_sum(group, run[0], between):
            self.leave_out(run, position, start)
            return
        if _CUT_OFF.match(self.text, run[0].quote_end):
            self.add(run, group, rule, position, start, distance)
            return
        listed = words.RESPECTIVELY.search(between + group[0].text) or words.TOGETHER.search(between)
        merged = group if listed else _wholes(group)
        for head in merged:
            self.add(run, (head,), "shared_by_all" if len(merged) > 1 else rule, position, start, distance)

    def carry(self, run: list[Quantity], between: str, position: int, start: int) -> None:
        """Pair a run with what the clause before is about."""
        if len(run) > 1 and len(self.current) == 1 and _of_one(run, between):
            self.share(run, self.current, between, "carried", position, start)
        elif run[0].kind != "ratio" and len(run) > 1 and len(self.items) >= len(run):
            self._distribute(run, position, start)
        elif self._is_of_both(run, between):
            for head in [h for h in dict.fromkeys(self.items) if h.indicator][-2:]:
                self.add(run, (head,), "shared_by_all", position, start)
        elif not self.current:
            self.turn_away(run, position, start)
        elif words.RESPECTIVELY.search(between) and len(run) > len(self.current):
            self._distribute(run, position, start)
        else:
            self.share(run, self.current, between, "carried", position, start)

    def add_for_counted(self, run: list[Quantity], between: str, position: int, start: int) -> bool:
        """Pair one rank or rate with the things named last, where the words before it count them (…，三项指标增速均居第一)."""
        found = _SO_MANY.match(between)
        number = int(numeral(found[1])) if found and len(run) == 1 and run[0].dimension in ("rank", "percent") else 0
        named = list(dict.fromkeys(h for h in self.items if h.indicator))
        if not 1 < number <= len(named):
            return False
        for head in named[-number:]:
            self.add(run, (head,), "shared_by_all", position, start)
        return True

    def _is_of_both(self, run: list[Quantity], between: str) -> bool:
        """Whether one number is that of the two things named last (…，均增长8%)."""
        if len(run) != 1 or len(self.current) != 1 or len(self.items) < 2:
            return False
        both = run[0].dimension == "multiple" and _BOTH.search(between) is not None
        return both or words.RESPECTIVELY.search(between) is not None

    def _distribute(self, run: list[Quantity], position: int, start: int) -> None:
        """Pair a run with the things named last, one by one."""
        heads = self.current if len(self.current) == len(run) else self.items[-len(run) :]
        if len(heads) < len(run):
            heads = [NOTHING] * len(run)
        self.add(run, heads, "respectively_carried", position, start)

    def _ratio(self, quantity: Quantity, group: tuple[Head, ...], position: int, start: int) -> None:
        """Pair the members of a ratio with the industries that they are of."""
        heads = group
        if len(heads) != len(quantity.members):
            indicator = group[0].indicator
            if indicator is None or not (indicator.id.startswith("gdp_") or indicator.id == "three_industry_ratio"):
                self.leave_out([quantity], position, start)
                return
            parts = map(declared, _INDUSTRIES[len(quantity.members)])
            heads = tuple(replace(group[0], indicator=part) for part in parts)
        members = [
            Quantity(a, b, a, b, value, None, None, "", None, None, 1.0, 0, decimals, kind="ratio")
            for a, b, value, decimals in quantity.members
        ]
        self.add(members, heads, "industry_ratio", position, start, first=quantity)

    def _town_and_country(self, head: Head) -> bool:
        """Whether a name speaks of town and country at once (城乡低保标准分别达到…)."""
        return (
            head.alias is not None and not head.alias.parts and "城乡" in self.text[max(0, head.start - 2) : head.end]
        )


def _of_one(run: Sequence[Quantity], between: str) -> bool:
    """Whether numbers after one name are all its own: gaps to as many areas, ranks by size and by growth."""
    if run[0].dimension == "percentage_points":
        return len(_AREA_WORD.findall(between)) >= len(run)
    return len(run) == 2 and run[0].kind == "rank" and len(set(_ASPECT.findall(between))) >= 2


def _is_sum(group: tuple[Head, ...], quantity: Quantity, between: str) -> bool:
    """Whether one share is that of several industries together (二三产业占比达到84%)."""
    alias = group[0].alias
    if alias is None or not alias.parts or any(h.alias is not alias for h in group):
        return False
    industries = alias.parts[0].startswith("gdp_")
    return industries and quantity.dimension == "percent" and bool(words.SHARE.search(alias.text + between))


def _wholes(group: tuple[Head, ...]) -> tuple[Head, ...]:
    """The heads of a list, those of one name with parts taken together."""
    named = {h.start: tuple(other for other in group if other.start == h.start) for h in group}
    return tuple(head for heads in named.values() for head in _whole(heads))


def _whole(group: tuple[Head, ...]) -> tuple[Head, ...]:
    """A name of two parts with one figure for both stands for the whole (城乡居民人均可支配收入增长8%)."""
    alias = group[0].alias
    if alias is None or not alias.parts or any(h.alias is not alias for h in group):
        return group
    indicator = declared(alias.indicator_id) if alias.indicator_id else None
    if indicator is None or indicator.id in alias.parts:
        return group
    return (replace(group[0], indicator=indicator),)
