"""Attachment: which indicator each quantity of a sentence belongs to.

Belongs here: the state machine that walks the clauses of a sentence, carries the subject, and pairs names with
numbers. Does not belong here: the kind of a number (`measures`), its period and status (`settle`), rows (`stage`).

A sentence is a list of clauses (parted by commas and semicolons outside brackets). Each clause holds names and
quantities. A quantity belongs to the name before it in its clause; to the subject carried from the clause before
where nothing new is named in between; to the names of a list one by one (分别), or to all of them (均). Every
decision has a `rule`, documented in `rules.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from govreports.indicators import words
from govreports.indicators.clauses import blanked, clauses, find_subjects, number_runs
from govreports.indicators.quantity import Quantity
from govreports.indicators.scope import TRADE, Home, is_area, scope_before, sector_before, topic_of, trade_group
from govreports.indicators.subjects import GAP, Names, Subject, is_denominator
from govreports.metadata.catalogue import Alias, Indicator, load_catalogue


@dataclass(frozen=True, slots=True)
class Head:
    """What a quantity can belong to: an indicator under a name, with its scope; `indicator` None for anything else."""

    indicator: Indicator | None
    alias: Alias | None
    start: int
    end: int
    scope: str | None = None
    text: str = ""


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


@dataclass(slots=True)
class _State:
    """What a clause inherits."""

    current: tuple[Head, ...] = ()
    items: list[Head] = field(default_factory=list)
    holder: str | None = None
    # Whether `holder` was but the beginning of a name (规模以上工业总产值).
    named: bool = False
    # The clause that named `current`, and whether it had numbers.
    clause_start: int = 0
    counted: bool = True
    # What was current before a clause that has neither a name nor a number.
    left_behind: tuple[Head, ...] = ()
    # The total that was named, of which town and country are parts: income_all or retail_sales.
    whole: str | None = None


_FIRMS = re.compile(r"(?:企业|公司|集团|业|集群|产品)$")
_JOIN = re.compile(r"[\s“”]*(?:、|和|与|及|以及|，|,)?[\s“”]*(?:和|与|及)?[\s“”]*$")
_OF = re.compile(r"\s*(?:以上|左右|以内)?的(?:全[省市区县]|本级|地方)?")
_OF_INDUSTRY = {
    "增加值": "industry_va",
    "总产值": "industry_output",
    "利润": "industry_profit",
    "利润总额": "industry_profit",
    "利税": "industry_profit",
    "主营业务收入": "industry_revenue",
}
_BARE_NAME = re.compile(r"(?:实现|完成|创造|企业|[和、与])(增加值|总产值|利润总额|利润|利税|主营业务收入)")
_BARE_PART = re.compile(
    r"(城镇|城市|农村|乡村|农牧区)(?:常住)?(?:居民)?(?:人均)?(?=\d|增长|、农村|和农村|分别|达|为|、增长|下降)"
)
_BARE_OPENING = re.compile(r"(增加值|总产值|利润总额|利润|利税|主营业务收入)(?=\d|达|增|同比|为)")
_RESPECTIVELY = re.compile(r"(?:预计|年均|将)?(?:分别|依次|各)")
_INDICATORS = re.compile(
    r"(?:等(?!级)|等?(?:\d+|[一二两三四五六七八九十]+)(?:项|个|大))(?:主要|核心|重要|关键|重点|经济|发展|社会|外贸|工业|财政|总量|速度|增速)*指标"
)
_PER_HEAD = re.compile(r"(?:人均|户均|亩均|地均|每平方公里|(?<!类型)(?<![企事]业)单位|每人|人均.{0,4})$")
# What a quantity right before it only classes (主营业务收入5亿元以上工业企业).
_SIZE_CLASS = re.compile(r"的[\u4e00-\u9fff]{0,8}(?:企业|项目|单位|园区|集群|乡镇|街道|县|村|楼宇)")
_CLASSED = re.compile(
    r"的?(?:大型|工业|重大|优质|重点|骨干|上市|龙头|民营|规上|产业|商务|新兴){0,2}(?:企业|项目|单位|集群|乡镇|镇|园区|楼宇|楼|村|县|平台|产品|市场主体)"
)
# Dimensions of things that are counted, and what may stand between the count and the thing.
_COUNTED_IN = frozenset(["count", "persons", "person_times", "households", "area", "length"])
_ADJECTIVE = re.compile(r"(?:国家级?|省级|市级|区级|县级|各类|新增?|优质|重点|大型|一批|的){1,2}")
_DENSITY = re.compile(r"每(?:平方公里|平方米|公顷|亩|[十百千万]名?人)|单位面积|地均|亩均")
# Before a value that stands before its name: a contribution to it, or what it is divided by.
_NOT_LEADING = re.compile(r"贡献|推动|拉动|带动|支撑|每人|每户|户均|" + _DENSITY.pattern)
_TO_MARK = re.compile(r"[^\d、和与及]*")
# What a number right before it belongs to (20亿元的项目); steps that a value took are no thing of their own.
_TAIL = re.compile(r"的(?!跨越|台阶|大关|关口|突破|历史|目标|佳绩|好成绩|成绩|增速|增长|速度|水平|规模)[\u4e00-\u9fff]")
# Areas whose building a clause speaks of, and a clause that says what was done there.
_BUILDING = re.compile(
    r"([\u4e00-\u9fff]{2,8}(?:片区|园区|新区|开发区|新城|商务区))(?:的)?(?:开发|建设|开发建设)[，,]$"
)
_DONE_THERE = re.compile(r"(?:全年|年内|累计|预计|力争|计划|共)*(?:完成|实现)")
_DONE = re.compile(r"(?:累计|共|全年)?(?:完成|实现)")
# 财政支出的八成投向民生领域: the share, or the sum, is that of spending on livelihood.
_SPENDING = re.compile(r"(?:支出|财力|预算收入|财政收入|财政资金)(?:总额)?的?$")
_ON_LIVELIHOOD = re.compile(
    r"(?:以上|左右)?(?:将|都|全部|均)?(?:安排在|安排用于|用于|投向|投入到?|用在)[^，,。；;\d]{0,10}民生"
)
_PUT_IN = re.compile(r"(?:投入|安排)(?:财政)?(?:资金)?$")
_LIVELIHOOD_SUM = re.compile(r"(?:的)?财政(?:资金|投入|支出)(?:用于|投入)?(?:保障和改善|保障|改善)?(?:基本)?民生")
_PROJECTS = re.compile(r"项目\d+个[，,]$|\d+个[^，,。；;]{0,12}项目[^，,。；;]{0,8}[，,]$")
_OF_FIRMS = re.compile(r"企业|项目|楼宇|公司|带动|上缴|贡献|达产|投产")
_AREA_WIDE = re.compile(r"全[省市区县]|工业|园区|开发区|经开区|高新区|新区")
# A sentence that goes on about what the one before named last (2005年，初步核算达到10116.6亿元).
GOES_ON = re.compile(
    r"(?:(?:其中|到)?(?:19|20)\d\d年[，,]?|全年|年末)?(?:初步核算|预计|总量|规模|总额)?[，,]?"
    r"(?:已)?(?:达到|达|完成|实现|突破)(?:了)?\d"
    r"|(?:同比|比上年|较上年)(?:增长|下降)(?:了)?\d"
)
# What follows a number that is nobody else's.
_CLOSED = re.compile(r"\s*(?:[，,；;、。（(]|左右|以上|$)")
_UP_TO = re.compile(r"(?:提高|提升|增加|增长|上升|下降|降低|减少|扩大|攀升|跃升|调整|优化|降|升)(?:到|至|为)\s*$")
# A higher goal after the first (增长7%以上、力争达到8%).
_STRETCH = re.compile(r"\s*[、，,]?\s*(?:力争|争取|确保|努力)(?:达到?|突破|实现|为)?\s*")
_UP_TO_YEAR = re.compile(_UP_TO.pattern.removesuffix(r"\s*$") + r"\s*(?:(?:19|20)\d\d年的?)?\s*$")
_LEADING_WORDS = re.compile(r"^(?:其中|对|全年|预计|我[省市区县])+")
# What says how the members of a list are called together (锂电池、太阳能电池等“新三样”出口分别…).
_ALL_OF_THEM = re.compile(r"等(?:“[^”]*”|(?:\d+|[一二三四五六七八九十]+)[类种大个][^、]*)?$")
_HOW_MANY = re.compile(
    r"(?:等)?[一二三四五六七八九十两\d]+(?:个|大)?(?:行政|功能|主要)?(?:区|县|市|镇|街道|园区|开发区|片区)?$"
)
_LIST_MARK = re.compile(r"、|和|与|及")
_OF_SHARE = re.compile(r"\s*(?:以上|左右|以内)?(?:的)?(?:全[省市区县]|本级|地方)?")
_ABOVE_SCALE = re.compile(r"(?:规模以上|规上|规模)(?:工业)?(?:企业|工业)")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a paragraph speaks of from sentence to sentence: an industry (规模以上工业企业), and the indicator named last."""

    holder: str | None = None
    head: Head | None = None


def attach(
    text: str, quantities: Sequence[Quantity], names: Names, home: Home, spoken: Spoken | None = None
) -> tuple[list[Attached], Spoken]:
    """Heads for the quantities of one sentence, and what the sentence leaves spoken of.

    Quantities that belong to no known indicator come with an empty head. `spoken`: what the sentence before left.
    """
    spoken = spoken or Spoken()
    shadow = blanked(text)
    subjects = find_subjects(text, shadow, names)
    walker = _Walker(text, shadow, home, spoken.holder)
    goes_on = quantities and GOES_ON.match(shadow, 0, quantities[0].start + 1)
    if spoken.head and goes_on and _CLOSED.match(shadow, quantities[0].quote_end):
        walker.state.current = (spoken.head,)
    hidden = [q for q in quantities if not shadow[q.start : q.end].strip()]
    inside = {id(q) for q in hidden}
    shown = [q for q in quantities if id(q) not in inside and not _is_part_of_name(q, subjects)]
    i = j = 0
    for start, end in clauses(shadow):
        while i < len(subjects) and subjects[i].start < start:
            i += 1
        first = i
        while i < len(subjects) and subjects[i].start < end:
            i += 1
        while j < len(shown) and shown[j].start < start:
            j += 1
        begin = j
        while j < len(shown) and shown[j].start < end:
            j += 1
        walker.clause(start, end, subjects[first:i], shown[begin:j])
    walker.brackets(hidden)
    walker.rest(shown)
    current = walker.state.current
    # Offsets of a head are those of its own sentence: it is handed on without a place.
    last = replace(current[0], start=0, end=0) if len(current) == 1 and current[0].indicator else None
    return walker.out, Spoken(walker.state.holder or spoken.holder, last)


def _is_part_of_name(quantity: Quantity, subjects: Sequence[Subject]) -> bool:
    return any(s.start <= quantity.start and quantity.end <= s.end for s in subjects)


class _Walker:
    """Walks the clauses of one sentence."""

    def __init__(self, text: str, shadow: str, home: Home, inherited: str | None) -> None:
        self.inherited = inherited
        self.text = text
        self.shadow = shadow
        self.masked = shadow
        self.home = home
        self.state = _State()
        self.out: list[Attached] = []
        self.topic = topic_of(text, home)

    def clause(self, start: int, end: int, subjects: list[Subject], quantities: list[Quantity]) -> None:
        """Attach the quantities of one clause and settle what the next one inherits."""
        if start and self.shadow[start - 1] in "；;":
            self.state.items.clear()
            self.topic = topic_of(self.text[start:end], self.home)
        holder = _ABOVE_SCALE.search(self.text, start, end)
        self.state.named = (
            holder is not None
            and "企业" not in holder[0]
            and any(s.indicator and s.start <= holder.start() and holder.end() < s.end for s in subjects)
        ) or (holder is None and self.state.named)
        since = start if self.state.holder or self.inherited else holder.end() if holder else end
        if holder:
            self.state.holder = holder[0]
        if since < end:
            subjects = self._of_holder(since, end, subjects)
        subjects = self._of_parts(start, end, subjects)
        subjects = self._without_denominators(subjects)
        heads = self._for_livelihood(start, end, self._groups(start, end, subjects, quantities))
        runs = number_runs(self.shadow, quantities)
        position = start
        next_group = 0
        group: tuple[Head, ...] | None = None
        used = False
        for run in runs:
            at = run[0].quote_start
            while next_group < len(heads) and heads[next_group][0].start < run[0].start:
                if group and not used:
                    self.state.items.extend(group)
                group, used = heads[next_group], False
                position = group[-1].end
                next_group += 1
            after = heads[next_group] if next_group < len(heads) else None
            adjacent = after and _OF_SHARE.fullmatch(self.shadow, run[-1].quote_end, after[0].start)
            if self._on_livelihood(run, start):
                pass
            elif after and self._counts(run, after, end):
                # 新增35家规上企业、10家国家高新技术企业: each number counts the noun right after it.
                self._emit(run[:1], after[:1], "value_before_name", run[0].quote_start, start)
            elif adjacent and after and run[0].kind == "share":
                self._emit(run[:1], after[:1], "value_before_name", run[0].quote_start, start)
            elif group and (
                self._of_indicators(run, [h for g in heads[:next_group] for h in g])
                or self._aligned(run, start, [h for g in heads[:next_group] for h in g])
            ):
                pass
            elif group:
                self._in_clause(run, group, position, start, at, used)
            elif after and self._leads(run, after, start):
                self._emit(run[:1], after[:1], "value_before_name", run[0].quote_start, start)
            else:
                self._carried(run, start, at, end)
            used = True
            position = run[-1].quote_end
        while next_group < len(heads):
            group = heads[next_group]
            next_group += 1
            used = False
        if group:
            self.state.current, self.state.left_behind = group, ()
            self.state.clause_start, self.state.counted = start, bool(runs)
            if not used:
                self.state.items.extend(group)
        elif not runs and words.residue(self.shadow[start:end]):
            self.state.left_behind = self.state.current or self.state.left_behind
            self.state.current = ()
        elif runs:
            self.state.counted = True

    def _of_parts(self, start: int, end: int, subjects: list[Subject]) -> list[Subject]:
        """After income or retail sales of the whole, bare 城镇 and 农村 name theirs (其中城镇增长4.9%)."""
        wholes = [s.indicator.id for s in subjects if s.indicator and s.indicator.id in ("income_all", "retail_sales")]
        self.state.whole = wholes[-1] if wholes else self.state.whole
        if not self.state.whole:
            return subjects
        out = list(subjects)
        for match in _BARE_PART.finditer(self.shadow, start, end):
            if any(s.start < match.end() and match.start() < s.end and s.indicator for s in subjects):
                continue
            town = match[1] in ("城镇", "城市")
            if self.state.whole == "income_all":
                name, scope = "income_urban" if town else "income_rural", None
            else:
                name, scope = "retail_sales", match[1]
            out.append(Subject(*match.span(), Alias(match[0], name, scope=scope), _catalogue_indicator(name)))
        return sorted(out, key=lambda s: s.start)

    def _of_holder(self, start: int, end: int, subjects: list[Subject]) -> list[Subject]:
        """Bare names (实现增加值, 总产值) are those of the industry above the designated size that the sentence speaks of."""
        out = list(subjects)
        industrial = "工业" in (self.state.holder or "")
        opening = _BARE_OPENING.match(self.shadow, start, end)
        for match in [*([opening] if opening else []), *_BARE_NAME.finditer(self.shadow, start, end)]:
            inherited = self.state.holder is None
            if inherited and words.residue(self.shadow[start : match.start(1)]):
                # 现代服务业实现增加值: the clause speaks of something else than the industry before it.
                continue
            if any(s.start < match.end() and match.start() < s.end and s.indicator for s in subjects):
                continue
            indicator = _catalogue_indicator(_OF_INDUSTRY[match[1]])
            if indicator:
                alias = Alias(match[1], indicator.id)
                out.append(Subject(match.start(1), match.end(1), alias, indicator))
        for i, subject in enumerate(out if self.state.holder else ()):
            whole = subject.alias.text.startswith(("全", "年")) or (
                self.state.named and subject.alias.text.startswith("工业")
            )
            if (
                subject.start >= start
                and subject.indicator
                and not whole
                and subject.indicator.id
                in (("output_value", "industry_va_all") if industrial else ("industry_va_all",))
            ):
                name = "industry_output" if subject.indicator.id == "output_value" else "industry_va"
                out[i] = Subject(
                    subject.start, subject.end, Alias(subject.alias.text, name), _catalogue_indicator(name)
                )
        return sorted(out, key=lambda s: s.start)

    def _on_livelihood(self, run: list[Quantity], start: int) -> bool:
        """Whether a share or sum of spending is said to go to the people's livelihood (财政支出的八成投向民生领域)."""
        first = run[0]
        share = first.dimension == "percent" or first.kind == "share"
        if not share and first.dimension != "money":
            return False
        if share and not _SPENDING.search(self.shadow, start, first.quote_start):
            return False
        put_in = not share and _PUT_IN.search(self.shadow, start, first.quote_start)
        patterns = [_ON_LIVELIHOOD] if share else [_LIVELIHOOD_SUM, *([_ON_LIVELIHOOD] if put_in else [])]
        if not any(pattern.match(self.shadow, first.quote_end) for pattern in patterns):
            return False
        alias = Alias("民生支出", "livelihood_expenditure", measure="share" if share else None)
        head = Head(_catalogue_indicator("livelihood_expenditure"), alias, first.quote_start, first.quote_start)
        self._emit(run[:1], (head,), "value_before_name", first.quote_start, start)
        return True

    def _counts(self, run: list[Quantity], after: tuple[Head, ...], end: int) -> bool:
        """Whether a number counts the thing named right after it, at whose end the item of a list ends."""
        head = after[0]
        if len(run) != 1 or head.indicator is None or len(after) != 1 or run[0].kind != "number":
            return False
        gap = self.shadow[run[0].quote_end : head.start]
        accepted = (
            {head.indicator.dimension} | (head.alias.accepts if head.alias else frozenset()) | head.indicator.accepts
        )
        countable = run[0].dimension in accepted and run[0].dimension in _COUNTED_IN
        closes = head.end >= end or self.shadow[head.end] in "、和及与并"
        return countable and closes and (not gap or _ADJECTIVE.fullmatch(gap) is not None)

    def _leads(self, run: list[Quantity], after: tuple[Head, ...], start: int) -> bool:
        """Whether a value stands before its name: 76.1%的财政支出用于民生."""
        of = _OF.fullmatch(self.shadow, run[-1].quote_end, after[0].start)
        return of is not None and not _NOT_LEADING.search(self.shadow, start, run[0].start)

    def _without_denominators(self, subjects: list[Subject]) -> list[Subject]:
        """Names that stand for a subject; those that something is compared with are blanked out."""
        kept = []
        last: Subject | None = None
        for subject in subjects:
            listed = last is not None and _LIST_MARK.fullmatch(self.shadow, last.end, subject.start)
            if listed or is_denominator(self.shadow, subject):
                last = subject
                blank = " " * (subject.end - subject.start)
                self.masked = self.masked[: subject.start] + blank + self.masked[subject.end :]
            else:
                kept.append(subject)
        return kept

    def _groups(
        self, start: int, end: int, subjects: list[Subject], quantities: list[Quantity]
    ) -> list[tuple[Head, ...]]:
        groups: list[list[Head]] = []
        last_end = start
        blocked: list[bool] = []
        for subject in subjects:
            indicator = subject.indicator
            without = indicator and subject.alias.needs_value and not any(q.start >= subject.start for q in quantities)
            if without and not _AIM_FOLLOWS.match(self.shadow, subject.end, end):
                continue
            if indicator and (
                _PER_HEAD.search(self.shadow, max(start, last_end, subject.start - 6), subject.start)
                or _DENSITY.search(self.shadow, start, subject.start)
            ):
                indicator = None
            if indicator and (
                self._is_of_projects(indicator, start, subject) or self._is_of_firms(indicator, start, subject)
            ):
                indicator = None
            if indicator and subject.alias.needs_value:
                number = next((q.quote_start for q in quantities if q.quote_start >= subject.end), end)
                rest = _TO_MARK.match(self.masked, subject.end, number)
                indicator = None if rest and words.residue(_INDICATORS.sub("", rest[0])) else indicator
            if indicator and indicator.dimension == "money" and _ADDED.search(self.shadow, start, subject.start):
                indicator = None
            if indicator and indicator.id in _BARE_OF_FIRMS and self._is_of_last(subjects, subject):
                indicator = None
            longer = subject.indicator and words.LONGER.match(self.shadow, subject.end)
            if longer and longer.end() <= end:
                indicator = None
                if groups and self._joins(groups[-1][-1], subject, quantities):
                    # 进口和出口通关时间: what makes the second another thing does so to the first.
                    groups[-1], blocked[-1] = [replace(h, indicator=None) for h in groups[-1]], True
            counted = [q.quote_end for q in quantities if q.quote_end <= subject.start]
            heads = self._heads(subject, indicator, start, max(last_end, counted[-1] if counted else start))
            place = self._place_before(subjects, subject)
            if place and not heads[0].scope:
                heads = [replace(h, scope=place) for h in heads]
            joins = (
                groups
                and not blocked[-1]
                and indicator is not None
                and groups[-1][-1].indicator is not None
                and self._joins(groups[-1][-1], subject, quantities)
            )
            owner = (
                _OWNER.match(self.shadow, start, subject.start) if groups and subject.start > groups[0][0].end else None
            )
            if owner and indicator and indicator.id in _OWNED and not heads[0].scope:
                heads = [replace(h, scope=owner[1]) for h in heads]
            if joins:
                scope = groups[-1][-1].scope
                if scope and not heads[0].scope:
                    heads = [Head(h.indicator, h.alias, h.start, h.end, scope, h.text) for h in heads]
                groups[-1].extend(heads)
            else:
                if groups and is_area(groups[-1][-1].scope) and not heads[0].scope:
                    heads = [replace(h, scope=groups[-1][-1].scope) for h in heads]
                groups.append(heads)
                blocked.append(indicator is None)
            last_end = subject.end
        return [tuple(g) for g in groups]

    def _joins(self, last: Head, subject: Subject, quantities: list[Quantity]) -> bool:
        """Whether only a connector of a list parts a name from the one before it."""
        listed = _JOIN.fullmatch(self.shadow[last.end : subject.start]) is not None
        return listed and not any(last.end <= q.start < subject.start for q in quantities)

    def _place_before(self, subjects: list[Subject], subject: Subject) -> str | None:
        """A place right before a name that only looks like the name of an indicator (出口加工区全年实现进出口总额)."""
        before = [s for s in subjects if s.end <= subject.start and s.indicator is None]
        if not before or not is_area(before[-1].alias.text) or self.home.covers(before[-1].alias.text):
            return None
        return None if words.residue(self.shadow[before[-1].end : subject.start]) else before[-1].alias.text

    def _for_livelihood(self, start: int, end: int, groups: list[tuple[Head, ...]]) -> list[tuple[Head, ...]]:
        """A share of spending after a clause on livelihood is that of livelihood (民生投入持续加大，公共财政支出占比超84%)."""
        last = self.shadow.rfind("，", 0, max(0, start - 1)) + 1
        if not start or "民生" not in self.shadow[last:start]:
            return groups
        livelihood = _catalogue_indicator("livelihood_expenditure")
        return [
            tuple(
                replace(h, indicator=livelihood)
                if h.indicator and h.indicator.id == "budget_expenditure" and _ITS_SHARE.match(self.shadow, h.end, end)
                else h
                for h in group
            )
            for group in groups
        ]

    def _is_of_last(self, subjects: list[Subject], subject: Subject) -> bool:
        """Whether a bare name says what firms right before it made (规模以上物流企业实现营业总收入)."""
        if not subject.alias.needs_value:
            return False
        before = [s for s in subjects if s.end <= subject.start]
        if not before or before[-1].indicator or not _FIRMS.search(before[-1].alias.text):
            return False
        return not words.residue(self.shadow[before[-1].end : subject.start])

    def _is_of_projects(self, indicator: Indicator, start: int, subject: Subject) -> bool:
        """Investment of projects is theirs, not the region's (开工项目150个，完成固定资产投资; 总投资90亿元，其中社会投资)."""
        if indicator.id == "fixed_investment" and subject.alias.scope == "社会投资" and "总投资" in self.shadow[:start]:
            return True
        if indicator.id != "fixed_investment" or not _DONE.match(self.shadow, start, subject.end):
            return False
        return bool(_PROJECTS.search(self.shadow, max(0, start - 30), start))

    def _is_of_firms(self, indicator: Indicator, start: int, subject: Subject) -> bool:
        """Revenue, profits and taxes of firms or projects that the clause names are not the region's."""
        before = self.shadow[start : subject.start]
        if indicator.id == "tax_revenue":
            return bool(_OF_FIRMS.search(before))
        if indicator.id not in ("industry_profit", "industry_revenue") or not subject.alias.needs_value:
            return False
        named = self.state.holder or self.inherited or self.topic or scope_before(before, self.home)
        return not named and not _AREA_WIDE.search(before)

    def _heads(self, subject: Subject, indicator: Indicator | None, start: int, last_end: int) -> list[Head]:
        text = self.text[subject.start : subject.end]
        alias = subject.alias
        if indicator is None:
            return [Head(None, alias, subject.start, subject.end, None, text)]
        scope = alias.scope or scope_before(self.shadow[max(start, last_end) : subject.start], self.home)
        scope = None if scope and self.home.covers(scope) else scope
        if not scope and indicator.id in TRADE:
            scope = trade_group(self.shadow[max(start, last_end) : subject.start])
            scope = None if scope and self.home.covers(scope) else scope
        if not scope and alias.text.startswith("服务业"):
            sector = sector_before(self.shadow[max(start, last_end) : subject.start])
            scope = f"{sector}服务业" if sector and not self.home.covers(sector) else None
        if scope and alias.text.startswith("产品") and not scope.endswith("产品"):
            scope += "产品"
        if scope and _FIRMS.search(scope) and alias.needs_value:
            return [Head(None, alias, subject.start, subject.end, None, text)]
        scope = scope or (
            None if self._is_whole(start, subject) else self.topic or self._built_up(indicator, start, subject)
        )
        if alias.scope and GAP in alias.text:
            # 科学研究和技术服务业 is one industry: 和 parts only what 、 parts too.
            marks = _LIST_MARK if "、" in alias.scope else re.compile("、")
            groups = [part for part in marks.split(alias.scope) if part]
            return [Head(indicator, alias, subject.start, subject.end, group, text) for group in groups]
        parts = alias.parts or (indicator.id,)
        if len(parts) == 1:
            return [Head(indicator, alias, subject.start, subject.end, scope, text)]
        return [
            Head(_catalogue_indicator(part), alias, subject.start, subject.end, scope, text)
            for part in parts
            if _catalogue_indicator(part)
        ]

    def _built_up(self, indicator: Indicator, start: int, subject: Subject) -> str | None:
        """The areas whose building the clause before speaks of (推进前海、蛇口等重点片区建设，全年完成固定资产投资500亿元)."""
        if indicator.id != "fixed_investment" or not start or not _DONE_THERE.match(self.shadow, start, subject.end):
            return None
        found = _BUILDING.search(self.shadow, 0, start)
        return found[1] if found and not self.home.covers(found[1]) else None

    def _is_whole(self, start: int, subject: Subject) -> bool:
        """Whether the clause says that it speaks of all of the reporting region (全县地区生产总值)."""
        before = self.shadow[max(start, subject.start - 8) : subject.start + 2]
        return any(word in before for word in self.home.whole)

    def _in_clause(
        self, run: list[Quantity], group: tuple[Head, ...], position: int, start: int, at: int, used: bool
    ) -> None:
        between = self.shadow[position:at]
        left = _left(self.masked[position:at], run)
        last = self.out[-1] if self.out else None
        same = used and last and last.quantity.dimension == run[0].dimension
        if same and last and (_UP_TO.search(between) or _STRETCH.fullmatch(between)):
            # 比重从34%提高到54%, 增长7%、力争达到8%: what steers the first number steers the second.
            position = last.context_start
        rule = "name_before_value" if not used else "same_clause"
        if (
            _CLASSED.match(self.shadow, run[-1].quote_end)
            or (run[-1].quote_end > run[-1].end and _SIZE_CLASS.match(self.shadow, run[-1].quote_end))
            or group[0].indicator is None
            or _is_foreign(left, between, used)
            or words.COMPLETION.search(between)
        ):
            self._emit(run, (_NOTHING,) * len(run), "unknown_head", position, start)
            return
        self._share(run, group, between, rule, position, start, len(left))

    def _of_indicators(self, run: list[Quantity], named: list[Head]) -> bool:
        """A rank or rate of all that a list names (A、B、C等5项指标增速居全市第一), known or not."""
        known = [h for h in named if h.indicator is not None]
        stop = _INDICATORS.search(self.shadow, named[0].end, run[0].quote_start)
        if len(run) != 1 or not known or stop is None or run[0].dimension not in ("rank", "percent"):
            return False
        for head in known:
            self._emit(run, (head,), "shared_by_all", stop.end(), known[0].start)
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
        members, last = [], start
        for mark in [*_LIST_MARK.finditer(self.shadow, start, stop), None]:
            members.append((last, mark.start() if mark else stop))
            last = mark.end() if mark else last
        # Names that end where a known one begins are words before it (外资企业出口).
        whole = [h for h in named if h.indicator or not any(h.end == k.start for k in known)]
        if len(members) != len(run) or any(len({h.start for h in whole if a <= h.start < b}) > 1 for a, b in members):
            return False
        after = max((h.end for h in named), default=stop)
        only = len(known) == 1 and whole == known
        last_named = (
            known[0] if only and known[0].start >= members[-1][0] and not _OWN_NAME.search(known[0].text) else None
        )
        if last_named and (last_named.scope or self.shadow[members[-1][0] : last_named.start].strip()):
            # 对东盟、中东出口分别…: the members before are groups of the one indicator that the last names.
            for quantity, (a, b) in zip(run, members, strict=True):
                group = _ALL_OF_THEM.sub("", _LEADING_WORDS.sub("", self.shadow[a : min(b, last_named.start)])).strip()
                head = replace(last_named, scope=group or last_named.scope)
                self._emit([quantity], (head,), "respectively", after, start, 0, run[0])
            return True
        if not respectively:
            return False
        for quantity, (a, b) in zip(run, members, strict=True):
            head = next((h for h in named if a <= h.start < b), _NOTHING)
            self._emit([quantity], (head,), "respectively", after, start, 0, run[0])
        return True

    def _over_areas(self, run: list[Quantity], start: int, stop: int, head: Head) -> bool:
        """Values of one indicator in each of several areas named before 分别 (香洲、金湾和斗门三个区分别实现地区生产总值…)."""
        before = _HOW_MANY.sub("", self.shadow[start:stop])
        areas = [part.strip() for part in _LIST_MARK.split(_LEADING_WORDS.sub("", before))]
        if len(areas) != len(run) or not all(2 <= len(area) <= 10 for area in areas):
            return False
        for quantity, area in zip(run, areas, strict=True):
            self._emit([quantity], (replace(head, scope=area),), "respectively", head.end, start, 0, run[0])
        return True

    def _share(
        self,
        run: list[Quantity],
        group: tuple[Head, ...],
        between: str,
        rule: str,
        position: int,
        start: int,
        distance: int = 0,
    ) -> None:
        if run[0].kind == "ratio":
            self._ratio(run[0], group, position, start)
            return
        n, k = len(run), len(group)
        if k == 1 and n == 2 and _of_one(run, between):
            for quantity in run:
                self._emit([quantity], group, "respectively", position, start, distance, run[0])
            return
        if k > 1 and n == k:
            for quantity, head in zip(run, group, strict=True):
                self._emit([quantity], (head,), "respectively", position, start, distance, run[0])
        elif k > 1 and n == 1:
            if self._is_sum(group, run[0], between):
                self._emit(run, (_NOTHING,), "unknown_head", position, start)
                return
            listed = words.RESPECTIVELY.search(between + group[0].text) or words.TOGETHER.search(between)
            merged = group if listed else self._wholes(group)
            for head in merged:
                self._emit(run, (head,), "shared_by_all" if len(merged) > 1 else rule, position, start, distance)
        elif k > 1:
            for quantity, head in zip(run, group, strict=False):
                self._emit([quantity], (head,), "respectively", position, start, distance, run[0])
        elif n == 2 and words.RESPECTIVELY.search(between) and self._town_and_country(group[0]):
            for quantity, place in zip(run, ("城市", "农村"), strict=True):
                self._emit([quantity], (replace(group[0], scope=place),), "respectively", position, start, 0, run[0])
        elif n > 1 and words.RESPECTIVELY.search(between):
            self._distribute(run, position, start)
        elif n > 1 and _STEPS.match(self.shadow, run[-1].quote_end):
            for quantity in run:
                self._emit([quantity], group[:1], rule, position, start, distance, run[0])
        else:
            for i, quantity in enumerate(run):
                same = i and quantity.dimension == run[0].dimension
                self._emit([quantity], (_NOTHING if same else group[0],), rule, position, start, distance, run[0])

    def _town_and_country(self, head: Head) -> bool:
        """Whether a name speaks of town and country at once (城乡低保标准分别达到…)."""
        return (
            head.alias is not None and not head.alias.parts and "城乡" in self.text[max(0, head.start - 2) : head.end]
        )

    def _is_sum(self, group: tuple[Head, ...], quantity: Quantity, between: str) -> bool:
        """Whether one share is that of several industries together (二三产业占比达到84%)."""
        alias = group[0].alias
        if alias is None or not alias.parts or any(h.alias is not alias for h in group):
            return False
        industries = alias.parts[0].startswith("gdp_")
        return industries and quantity.dimension == "percent" and bool(words.SHARE.search(alias.text + between))

    def _wholes(self, group: tuple[Head, ...]) -> tuple[Head, ...]:
        """The heads of a list, those of one name with parts taken together."""
        named = {h.start: tuple(other for other in group if other.start == h.start) for h in group}
        return tuple(head for heads in named.values() for head in self._whole(heads))

    def _whole(self, group: tuple[Head, ...]) -> tuple[Head, ...]:
        """A name of two parts with one figure for both stands for the whole (城乡居民人均可支配收入增长8%)."""
        alias = group[0].alias
        indicator = _catalogue_indicator(alias.indicator_id) if alias and alias.parts and alias.indicator_id else None
        if indicator is None or any(h.alias is not alias for h in group) or indicator.id in alias.parts:  # type: ignore[union-attr]
            return group
        return (Head(indicator, alias, group[0].start, group[0].end, group[0].scope, group[0].text),)

    def _carried(self, run: list[Quantity], start: int, at: int, end: int) -> None:
        previous = [a for a in self.out if a.clause_start == start]
        own = begin = previous[-1].quantity.quote_end if previous else start
        last = self.out[-1] if self.out else None
        current = self.state.current
        if last and last.head in current and _goes_on(last.quantity, run[0], self.shadow[begin:at]):
            # 比重从2010年的65%，增加到2015年的78%: what steers the first number steers the second.
            begin = last.context_start
        elif not previous and current and not self.state.counted:
            # 比重逐年增加，从65%增加到78%: the clause before has the words that steer the number.
            begin = max(current[-1].end, self.state.clause_start)
        between = self.shadow[begin:at]
        left = _left(self.masked[own:at], run)
        behind, self.state.left_behind = self.state.left_behind, ()
        if not current and behind and not previous and not left and _TAKES_UP.search(between):
            # 人均GDP达到13153美元，提前两年完成规划目标，继续居内地大中城市首位.
            current = self.state.current = behind
        if _PER_PERSON.match(self.shadow, own, at):
            if words.CHANGE.search(between):
                # 人均增加312元，增长8%: a change leaves the subject as it was.
                self._emit(run, (_NOTHING,) * len(run), "unknown_head", begin, start)
                return
            if _is_gdp(current) and run[0].dimension == "money":
                # 生产总值2860.51亿元，人均5.39万元.
                current = self.state.current = (replace(current[0], indicator=_catalogue_indicator("gdp_per_capita")),)
                left = ""
        if left and len(current) == 1 and current[0].indicator and self._is_other_part(left, own):
            # 襄阳经济总量突破5000亿元，孝感达到3000亿元: another part of the region, the same indicator.
            current = self.state.current = (replace(current[0], scope=left),)
            left = ""
        named_again = len(current) == 1 and current[0].indicator is not None
        spent = named_again and current[0].indicator.id == "livelihood_expenditure" and left in ("投入", "资金")  # type: ignore[union-attr]
        again = spent or (named_again and left in current[0].text)
        if left in _LABELLED and start and (again or self.shadow[start - 1] in ":："):
            # 民生投入：全年投入97.4亿元; 民生支出107亿元，支出比例稳定在83%.
            left = ""
        foreign_tail = words.LONGER.match(self.shadow, run[-1].quote_end) or _TAIL.match(self.shadow, run[-1].quote_end)
        if words.COMPLETION.search(between):
            # 完成17亿元，超额完成年度任务2.1亿元，增长20.6%: what is said of the plan leaves the subject as it was.
            self._emit(run, (_NOTHING,) * len(run), "unknown_head", begin, start)
            return
        if left or not self._continues(run, between, foreign_tail is not None):
            self.state.current = ()
            self._emit(run, (_NOTHING,) * len(run), "unknown_head", begin, start)
            self.state.items.extend([_NOTHING] * len(run))
            return
        if len(run) == 2 and len(current) == 1 and _of_one(run, between):
            self._share(run, current, between, "carried", begin, start)
        elif run[0].kind != "ratio" and len(run) > 1 and len(self.state.items) >= len(run):
            self._distribute(run, begin, start)
        elif (
            len(run) == 1
            and len(current) == 1
            and len(self.state.items) > 1
            and (words.RESPECTIVELY.search(between) or (_BOTH.search(between) and run[0].dimension == "multiple"))
        ):
            pair = [h for h in dict.fromkeys(self.state.items) if h.indicator][-2:]
            for head in pair:
                self._emit(run, (head,), "shared_by_all", begin, start)
        elif current:
            if words.RESPECTIVELY.search(between) and len(run) > len(current):
                self._distribute(run, begin, start)
            else:
                self._share(run, current, between, "carried", begin, start)
        else:
            self._emit(run, (_NOTHING,) * len(run), "unknown_head", begin, start)
            self.state.items.extend([_NOTHING] * len(run))

    def _is_other_part(self, left: str, start: int) -> bool:
        """Whether the words before a number name another part of the region (孝感, “渝东北翼”)."""
        return self.home.parts_of(left) or _QUOTED_AREA.match(self.shadow, start) is not None

    def _continues(self, run: list[Quantity], between: str, foreign_tail: bool) -> bool:
        """Whether a clause that names nothing goes on about the subject before it."""
        first = run[0]
        if foreign_tail and first.kind != "share":
            return False
        if first.dimension == "count" and not between.strip():
            return False
        if first.dimension in ("percent", "percentage_points", "multiple", "rank") or first.kind in ("share", "ratio"):
            return not words.CONTRIBUTION.search(between)
        return True

    def _distribute(self, run: list[Quantity], position: int, start: int) -> None:
        items = self.state.items
        current = self.state.current
        chosen = list(current) if len(current) == len(run) else items[-len(run) :]
        if len(chosen) < len(run):
            chosen = [_NOTHING] * len(run)
        for quantity, head in zip(run, chosen, strict=True):
            self._emit([quantity], (head,), "respectively_carried", position, start, 0, run[0])

    def _ratio(self, quantity: Quantity, group: tuple[Head, ...], position: int, start: int) -> None:
        heads = group
        if len(heads) != len(quantity.members):
            ids = {2: ("gdp_secondary", "gdp_tertiary"), 3: ("gdp_primary", "gdp_secondary", "gdp_tertiary")}
            industry = group[0].indicator is not None and (
                group[0].indicator.id.startswith("gdp_") or group[0].indicator.id == "three_industry_ratio"
            )
            if not industry:
                self._emit([quantity], (_NOTHING,), "unknown_head", position, start)
                return
            parts = [_catalogue_indicator(i) for i in ids[len(quantity.members)]]
            heads = tuple(
                Head(p, group[0].alias, group[0].start, group[0].end, group[0].scope, group[0].text) for p in parts
            )
        for member, head in zip(quantity.members, heads, strict=True):
            a, b, value, decimals = member
            part = Quantity(a, b, a, b, value, None, None, "", None, None, 1.0, 0, decimals, kind="ratio")
            self._emit([part], (head,), "industry_ratio", position, start, 0, quantity)

    def _emit(
        self,
        run: Sequence[Quantity],
        heads: Sequence[Head],
        rule: str,
        position: int,
        start: int,
        distance: int = 0,
        first: Quantity | None = None,
    ) -> None:
        for quantity, head in zip(run, heads, strict=False):
            self.out.append(Attached(quantity, head, rule, position, start, distance, first or run[0]))
            if rule in ("name_before_value", "shared_by_all", "respectively", "value_before_name"):
                self.state.items.append(head)
        if rule == "value_before_name":
            self.state.current = tuple(heads)

    def rest(self, shown: Sequence[Quantity]) -> None:
        """What belongs to no list of values, such as durations, is kept as a quantity."""
        done = {a.quantity.start for a in self.out} | {m[0] for q in shown for m in q.members}
        for quantity in shown:
            if quantity.start not in done:
                start = max((c for c, end in clauses(self.shadow) if c <= quantity.start), default=0)
                self.out.append(Attached(quantity, _NOTHING, "unknown_head", start, start))

    def brackets(self, hidden: list[Quantity]) -> None:
        """Figures in brackets: those of a higher area beside the region's own (增长20.7%（全市9.7%）)."""
        for quantity in hidden:
            opening = max(self.text.rfind(c, 0, quantity.start) for c in "（(【[〔")
            inner = self.text[opening + 1 : quantity.quote_start]
            word = re.fullmatch(r"\s*(全[省市区县国州])(?:平均)?(?:水平)?(?:为|增长|增速)?\s*", inner)
            before = [a for a in self.out if a.quantity.quote_end == opening and a.head.indicator]
            if (
                word
                and before
                and before[-1].quantity.dimension == quantity.dimension
                and word[1] not in self.home.whole
            ):
                last = before[-1]
                head = Head(
                    last.head.indicator, last.head.alias, last.head.start, last.head.end, word[1], last.head.text
                )
                self.out.append(
                    Attached(quantity, head, "bracketed_area", last.context_start, last.clause_start, 0, last.quantity)
                )
            else:
                self.out.append(Attached(quantity, _NOTHING, "unknown_head", opening + 1, opening + 1))


_NOTHING = Head(None, None, 0, 0)
# On what basis something is aimed at (在明显提高质量效益的基础上实现年均增长7%).
_ON_BASIS = re.compile(r"在[^，,。；;\d]{2,24}?(?:基础上|前提下|同时)[，,]?")
# Whose growth a gap is measured against.
_OTHER_PEOPLE = re.compile(r"(?<=[比于])(?:城镇|农村)(?:常住)?居民(?:收入)?(?:增速)?")
# A name that says of itself which group it is of (基本建设、更新改造投资 are two things).
_OWN_NAME = re.compile(r"改造|技改|更新")
# Part of an economy that a clause speaks of, and what else is then its own (民营经济增加值增长9%、进出口增长12%).
_OWNER = re.compile(
    r"(?:其中|全[省市区县]|[\u4e00-\u9fff、]{1,20}?等)?((?:民营|非公有制|非公|国有|个体私营)经济|(?:[一二三四五六七八九十]大)?(?:主导|支柱|优势|特色|战略性新兴)产业)"
)
_OWNED = frozenset(
    {"tax_revenue", "tax_share", "trade_total", "exports", "imports", "fixed_investment", "industry_profit"}
)
# Words that take up again what a clause in between left: a rank, a gap, its speed.
_TAKES_UP = re.compile(r"^(?!.*数量).*(?:居|位列|排名|排在|高于全|低于全|快于全|(?:增速|增幅)(?:为|达到?|达)?\s*$)")
# A clause that names what an aim in the next one is of (经济增长预期目标是，…实现年均增长7%).
_AIM_FOLLOWS = re.compile(r"的?(?:年均)?(?:预期|奋斗)?目标(?:是|为)$")
_QUOTED_AREA = re.compile(r"“[^”]{2,8}(?:圈|翼|带|片区|新区|新城|城|区)”(?:完成|实现|达|增长|占)")
# What bare 营业收入 and 利润 stand for, unless firms right before them are others.
_BARE_OF_FIRMS = frozenset({"industry_revenue", "industry_profit"})
# What came on top (新增工业总产值1000亿元) is no size; new loans, deposits and assets are figures of their own.
_ADDED = re.compile(r"(?:新增|净增|增加)$")
_ITS_SHARE = re.compile(r"的?(?:占比|比重|比例)")
_PER_PERSON = re.compile(r"\s*人均(?!可支配|纯|生产|GDP|收入|预期|寿命|消费)")
# Thresholds that one value passed (连上300亿、400亿两个大台阶).
_STEPS = re.compile(r"[两二三四2-4]个?大?(?:台阶|关口|大关)")
_BOTH = re.compile(r"(?<![年平户人])均|双双|都")
_AREA_WORD = re.compile(r"全[省市区县国州盟旗]")
_ASPECT = re.compile(r"总量|增速|增幅|增量|规模|总额|人均")
# Words that say once more what a label before a colon names.
_LABELLED = frozenset(["投入", "支出", "收入", "总产值", "产值", "增加值", "零售额", "投资", "引资", "出口"])


def _left(between: str, run: Sequence[Quantity]) -> str:
    """What names something between a name and a number."""
    if run[0].dimension == "percentage_points":
        between = _OTHER_PEOPLE.sub("", between)
    between = _ON_BASIS.sub("", between)
    return words.residue_of_rank(between) if run[0].kind == "rank" else words.residue(between)


def _of_one(run: Sequence[Quantity], between: str) -> bool:
    """Whether two numbers after one name are both its own: gaps to two areas, ranks by size and by growth."""
    if run[0].dimension == "percentage_points":
        return len(_AREA_WORD.findall(between)) >= 2
    return run[0].kind == "rank" and len(set(_ASPECT.findall(between))) >= 2


def _goes_on(last: Quantity, now: Quantity, between: str) -> bool:
    """Whether a number is the end of a way that the number before began (从65%，增加到78%)."""
    return last.dimension == now.dimension and _UP_TO_YEAR.search(between) is not None


_OTHER_THING = re.compile(
    r"项目|企业|公司|资金(?!额)|贷款|平台|基地|园区|单位|工程|引进|建设|新增|带动|拉动|贡献|签约|开工|竣工|培育|改造|支持|撬动|减免|补贴|不足|其他|相关"
)


def _is_foreign(left: str, between: str, used: bool) -> bool:
    """Whether the words between a name and a number name something else."""
    if used:
        return len(left) > 1
    if words.CONTRIBUTION.search(between):
        return True
    return len(left) > 14 or bool(left and _OTHER_THING.search(left))


def _is_gdp(heads: Sequence[Head]) -> bool:
    return len(heads) == 1 and heads[0].indicator is not None and heads[0].indicator.id == "gdp"


def _catalogue_indicator(identifier: str) -> Indicator | None:
    return load_catalogue().indicators.get(identifier)
