"""Heads: what the names of a clause stand for, and which area or group each is about.

Belongs here: making heads of names, telling names of the region's own figures from those of others (firms, projects, per head),
and grouping those that a list names together. Does not belong here: finding names (`subjects`, `bare`), reading the words of a
scope (`scope`), which number goes to which head (`attach`, `pairing`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from govreports.indicators import words
from govreports.indicators.bare import BareNames
from govreports.indicators.quantity import Quantity
from govreports.indicators.scope import TRADE, Home, is_area, scope_before, sector_before, topic_of, trade_group
from govreports.indicators.subjects import GAP, Subject, declared, is_denominator
from govreports.metadata.catalogue import Alias, Indicator


@dataclass(frozen=True, slots=True)
class Head:
    """What a quantity can belong to: an indicator under a name, with its scope; `indicator` None for anything else."""

    indicator: Indicator | None
    alias: Alias | None
    start: int
    end: int
    scope: str | None = None
    text: str = ""


NOTHING = Head(None, None, 0, 0)

_FIRMS = re.compile(r"(?:企业|公司|集团|业|集群|产品)$")
_JOIN = re.compile(r"[\s“”]*(?:、|和|与|及|以及|，|,)?[\s“”]*(?:和|与|及)?(?:五年|全年)?[\s“”]*$")
_PER_HEAD = re.compile(r"(?:人均|户均|亩均|地均|每平方公里|(?<!类型)(?<![企事]业)单位|每人|人均.{0,4})$")
_TO_MARK = re.compile(r"[^\d、和与及]*")
# Areas whose building a clause speaks of, and a clause that says what was done there.
_BUILDING = re.compile(
    r"([\u4e00-\u9fff]{2,8}(?:片区|园区|新区|开发区|新城|商务区))(?:的)?(?:开发|建设|开发建设)[，,]$"
)
_DONE_THERE = re.compile(r"(?:全年|年内|累计|预计|力争|计划|共)*(?:完成|实现)")
_DONE = re.compile(r"(?:累计|共|全年)?(?:完成|实现)")
_PROJECTS = re.compile(r"(?<!投资)项目\d+个[，,]$|\d+个[^，,。；;]{0,12}项目[^，,。；;]{0,8}[，,]$")
_REGIONAL = re.compile(r"全社会|地方|全[省市区县州旗]|规模以上|\d+万元以上")
_OF_FIRMS = re.compile(r"企业|项目|楼宇|公司|带动|上缴|贡献|达产|投产")
_AREA_WIDE = re.compile(r"全[省市区县]|工业|园区|开发区|经开区|高新区|新区")
# Part of an economy that a clause speaks of, and what else is then its own (民营经济增加值增长9%、进出口增长12%).
_OWNER = re.compile(
    r"(?:其中|全[省市区县]|[\u4e00-\u9fff、]{1,20}?等)?((?:民营|非公有制|非公|国有|个体私营)经济|(?:[一二三四五六七八九十]大)?(?:主导|支柱|优势|特色|战略性新兴)产业)"
)
_OWNED = frozenset(
    {"tax_revenue", "tax_share", "trade_total", "exports", "imports", "fixed_investment", "industry_profit"}
)
# A clause that names what an aim in the next one is of (经济增长预期目标是，…实现年均增长7%).
_AIM_FOLLOWS = re.compile(r"的?(?:年均)?(?:预期|奋斗)?目标(?:是|为)$")
# What bare 营业收入 and 利润 stand for, unless firms right before them are others.
_BARE_OF_FIRMS = frozenset({"industry_revenue", "industry_profit"})
# What came on top (新增工业总产值1000亿元) is no size; new loans, deposits and assets are figures of their own.
_ADDED = re.compile(r"(?:新增|净增|增加)$")
_ITS_SHARE = re.compile(r"的?(?:占比|比重|比例)")


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause with its names and numbers."""

    start: int
    end: int
    subjects: Sequence[Subject]
    quantities: Sequence[Quantity]


class Heads:
    """Makes heads of the names of one sentence, clause by clause. `industry`: what the sentence before left spoken of."""

    def __init__(self, text: str, shadow: str, home: Home, industry: str | None) -> None:
        self.text = text
        self.shadow = shadow
        # The shadow without names that something is compared with.
        self.masked = shadow
        self._home = home
        self._bare = BareNames(text, shadow, industry)
        self._topic = topic_of(text, home)

    @property
    def industry(self) -> str | None:
        """The industry that is spoken of so far (规模以上工业企业)."""
        return self._bare.industry

    def of_clause(
        self, start: int, end: int, subjects: list[Subject], quantities: list[Quantity]
    ) -> list[tuple[Head, ...]]:
        """The heads of a clause in the order of its names; those that a list names together stand in one group."""
        if start and self.shadow[start - 1] in "；;":
            self._topic = topic_of(self.text[start:end], self._home)
        named = self._without_denominators(self._bare.complete(start, end, subjects))
        if not named:
            return []
        return self._for_livelihood(start, end, self._groups(_Clause(start, end, named, quantities)))

    def _without_denominators(self, subjects: list[Subject]) -> list[Subject]:
        """Names that stand for a subject; those that something is compared with are blanked out."""
        kept = []
        last: Subject | None = None
        for subject in subjects:
            listed = last is not None and words.LIST_MARK.fullmatch(self.shadow, last.end, subject.start)
            if listed or is_denominator(self.shadow, subject):
                last = subject
                blank = " " * (subject.end - subject.start)
                self.masked = self.masked[: subject.start] + blank + self.masked[subject.end :]
            else:
                kept.append(subject)
        return kept

    def _groups(self, clause: _Clause) -> list[tuple[Head, ...]]:
        groups: list[list[Head]] = []
        last_end = clause.start
        for subject in clause.subjects:
            if self._lacks_value(clause, subject):
                continue
            indicator = subject.indicator
            if indicator and self._is_of_others(clause, subject, indicator, last_end):
                indicator = None
            if self._is_part_of_longer(clause, subject):
                indicator = None
                if groups and self._joins(groups[-1][-1], subject, clause.quantities):
                    # 进口和出口通关时间: what makes the second another thing does so to the first.
                    groups[-1] = [replace(h, indicator=None) for h in groups[-1]]
            both_known = bool(groups) and indicator is not None and groups[-1][-1].indicator is not None
            joins = both_known and self._joins(groups[-1][-1], subject, clause.quantities)
            heads = self._heads(clause, subject, indicator, last_end)
            scope = None if heads[0].scope else self._scope_around(clause, subject, indicator, groups, joins)
            if scope:
                heads = [replace(h, scope=scope) for h in heads]
            if joins:
                groups[-1].extend(heads)
            else:
                groups.append(heads)
            last_end = subject.end
        return [tuple(g) for g in groups]

    def _joins(self, last: Head, subject: Subject, quantities: Sequence[Quantity]) -> bool:
        """Whether only a connector of a list parts a name from the one before it."""
        listed = _JOIN.fullmatch(self.shadow[last.end : subject.start]) is not None
        return listed and not any(last.end <= q.start < subject.start for q in quantities)

    def _lacks_value(self, clause: _Clause, subject: Subject) -> bool:
        """Whether a weak name has no number behind it in its clause, nor is that of an aim in the next one."""
        if not subject.indicator or not subject.alias.needs_value:
            return False
        if any(q.start >= subject.start for q in clause.quantities):
            return False
        return not _AIM_FOLLOWS.match(self.shadow, subject.end, clause.end)

    def _is_part_of_longer(self, clause: _Clause, subject: Subject) -> bool:
        """Whether a name is only the beginning of another thing's (出口通关时间)."""
        longer = words.LONGER.match(self.shadow, subject.end) if subject.indicator else None
        return longer is not None and longer.end() <= clause.end

    def _is_of_others(self, clause: _Clause, subject: Subject, indicator: Indicator, last_end: int) -> bool:
        """Whether a name is of no figure of the region's: one per head, one of projects or firms, what came on top."""
        start = clause.start
        return bool(
            _PER_HEAD.search(self.shadow, max(start, last_end, subject.start - 6), subject.start)
            or words.DENSITY.search(self.shadow, start, subject.start)
            or self._is_of_projects(indicator, start, subject)
            or self._is_of_firms(indicator, start, subject)
            or (subject.alias.needs_value and self._has_other_behind(clause, subject))
            or (indicator.dimension == "money" and _ADDED.search(self.shadow, start, subject.start))
            or (indicator.id in _BARE_OF_FIRMS and self._is_of_last(clause.subjects, subject))
        )

    def _has_other_behind(self, clause: _Clause, subject: Subject) -> bool:
        """Whether words that name something else part a weak name from the number behind it."""
        number = next((q.quote_start for q in clause.quantities if q.quote_start >= subject.end), clause.end)
        rest = _TO_MARK.match(self.masked, subject.end, number)
        return rest is not None and bool(words.residue(words.INDICATORS.sub("", rest[0])))

    def _is_of_projects(self, indicator: Indicator, start: int, subject: Subject) -> bool:
        """Investment of projects is theirs, not the region's (开工项目150个，完成固定资产投资; 总投资90亿元，其中社会投资)."""
        if indicator.id != "fixed_investment":
            return False
        if subject.alias.scope == "社会投资" and "总投资" in self.shadow[:start]:
            return True
        if not _DONE.match(self.shadow, start, subject.end) or _REGIONAL.search(self.shadow, start, subject.end):
            return self.shadow[: subject.start].endswith("项目")
        return bool(_PROJECTS.search(self.shadow, max(0, start - 30), start))

    def _is_of_firms(self, indicator: Indicator, start: int, subject: Subject) -> bool:
        """Revenue, profits and taxes of firms or projects that the clause names are not the region's."""
        before = self.shadow[start : subject.start]
        if indicator.id == "tax_revenue":
            return bool(_OF_FIRMS.search(before))
        if indicator.id not in ("industry_profit", "industry_revenue") or not subject.alias.needs_value:
            return False
        named = self.industry or self._topic or scope_before(before, self._home)
        return not named and not _AREA_WIDE.search(before)

    def _is_of_last(self, subjects: Sequence[Subject], subject: Subject) -> bool:
        """Whether a bare name says what firms right before it made (规模以上物流企业实现营业总收入)."""
        if not subject.alias.needs_value:
            return False
        before = [s for s in subjects if s.end <= subject.start]
        if not before or before[-1].indicator or not _FIRMS.search(before[-1].alias.text):
            return False
        return not words.residue(self.shadow[before[-1].end : subject.start])

    def _heads(self, clause: _Clause, subject: Subject, indicator: Indicator | None, last_end: int) -> list[Head]:
        """The heads of one name: of each of its parts, of each group that stands inside it, or one alone."""
        alias = subject.alias
        text = self.text[subject.start : subject.end]
        if indicator is None:
            return [Head(None, alias, subject.start, subject.end, None, text)]
        counted = [q.quote_end for q in clause.quantities if q.quote_end <= subject.start]
        scope = self._scope_of(subject, indicator, self.shadow[max([last_end, *counted[-1:]]) : subject.start])
        if scope and _FIRMS.search(scope) and alias.needs_value:
            return [Head(None, alias, subject.start, subject.end, None, text)]
        if not scope and not self._is_whole(clause.start, subject):
            scope = self._topic or self._built_up(indicator, clause.start, subject)
        head = Head(indicator, alias, subject.start, subject.end, scope, text)
        if alias.scope and GAP in alias.text:
            # 科学研究和技术服务业 is one industry: 和 parts only what 、 parts too.
            groups = words.LIST_MARK.split(alias.scope) if "、" in alias.scope else [alias.scope]
            return [replace(head, scope=group) for group in groups if group]
        if len(alias.parts) <= 1:
            return [head]
        return [replace(head, indicator=part) for part in map(declared, alias.parts) if part]

    def _scope_of(self, subject: Subject, indicator: Indicator, before: str) -> str | None:
        """The area or group that a name or the words right before it restrict it to."""
        alias = subject.alias
        scope = self._unless_home(alias.scope or scope_before(before, self._home))
        if not scope and indicator.id in TRADE:
            scope = self._unless_home(trade_group(before))
        if not scope and alias.text.startswith("服务业"):
            sector = self._unless_home(sector_before(before))
            scope = f"{sector}服务业" if sector else None
        if scope and alias.text.startswith("产品") and not scope.endswith("产品"):
            scope += "产品"
        return scope

    def _unless_home(self, scope: str | None) -> str | None:
        return scope if scope and not self._home.covers(scope) else None

    def _is_whole(self, start: int, subject: Subject) -> bool:
        """Whether the clause says that it speaks of all of the reporting region (全县地区生产总值)."""
        before = self.shadow[max(start, subject.start - 8) : subject.start + 2]
        return any(word in before for word in self._home.whole)

    def _built_up(self, indicator: Indicator, start: int, subject: Subject) -> str | None:
        """The areas whose building the clause before speaks of (推进前海、蛇口等重点片区建设，全年完成固定资产投资500亿元)."""
        if indicator.id != "fixed_investment" or not start or not _DONE_THERE.match(self.shadow, start, subject.end):
            return None
        found = _BUILDING.search(self.shadow, 0, start)
        return self._unless_home(found[1]) if found else None

    def _scope_around(
        self, clause: _Clause, subject: Subject, indicator: Indicator | None, groups: list[list[Head]], joins: bool
    ) -> str | None:
        """The area or group that a name without one of its own takes over from what the clause named before it."""
        place = self._place_before(clause.subjects, subject)
        if place or not groups:
            return place
        if indicator and indicator.id in _OWNED and subject.start > groups[0][0].end:
            owner = _OWNER.match(self.shadow, clause.start, subject.start)
            if owner:
                return owner[1]
        last = groups[-1][-1].scope
        return last if joins or is_area(last) else None

    def _place_before(self, subjects: Sequence[Subject], subject: Subject) -> str | None:
        """A place right before a name that only looks like the name of an indicator (出口加工区全年实现进出口总额)."""
        before = [s for s in subjects if s.end <= subject.start and s.indicator is None]
        if not before or not is_area(before[-1].alias.text) or self._home.covers(before[-1].alias.text):
            return None
        return None if words.residue(self.shadow[before[-1].end : subject.start]) else before[-1].alias.text

    def _for_livelihood(self, start: int, end: int, groups: list[tuple[Head, ...]]) -> list[tuple[Head, ...]]:
        """A share of spending after a clause on livelihood is that of livelihood (民生投入持续加大，公共财政支出占比超84%)."""
        last = self.shadow.rfind("，", 0, max(0, start - 1)) + 1
        if not start or "民生" not in self.shadow[last:start]:
            return groups
        livelihood = declared("livelihood_expenditure")
        return [
            tuple(
                replace(h, indicator=livelihood)
                if h.indicator and h.indicator.id == "budget_expenditure" and _ITS_SHARE.match(self.shadow, h.end, end)
                else h
                for h in group
            )
            for group in groups
        ]
