"""Attachment: which indicator each quantity of a sentence belongs to.

Belongs here: walking the clauses of a sentence, and which names each run of numbers is about: those before it in its clause, or
what the clause before was about. Does not belong here: values before their names (`leading`), what a name stands for (`heads`),
which number of a run goes to which of several names (`pairing`), the kind of a number (`measures`), its period and status
(`settle`), rows (`stage`).

A sentence is a list of clauses (parted by commas and semicolons outside brackets). Each clause holds names and
quantities. A quantity belongs to the name before it in its clause; to the subject carried from the clause before
where nothing new is named in between; to the names of a list one by one (分别), or to all of them (均). Every
decision has a `rule`, documented in `rules.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from govreports.indicators import words
from govreports.indicators.clauses import blanked, clauses, find_subjects, number_runs
from govreports.indicators.heads import Head, Heads
from govreports.indicators.leading import livelihood, precedes
from govreports.indicators.pairing import Attached, Pairs
from govreports.indicators.quantity import Quantity
from govreports.indicators.scope import Home
from govreports.indicators.subjects import Names, Subject, declared

# A sentence that goes on about what the one before named last (2005年，初步核算达到10116.6亿元).
GOES_ON = re.compile(
    r"(?:(?:其中|到)?(?:19|20)\d\d年[，,]?|全年|年末)?(?:初步核算|预计|总量|规模|总额)?[，,]?"
    r"(?:已)?(?:达到|达|完成|实现|突破)(?:了)?\d"
    r"|(?:同比|比上年|较上年)(?:增长|下降)(?:了)?\d"
    r"|(?P<way>[由从](?:(?:19|20)\d\d年|“?[八九十][一二三四五]?五[”\"]?期?末)?的?\d)"
)
# What follows a number that is nobody else's.
_CLOSED = re.compile(r"\s*(?:[，,；;、。（(]|左右|以上|$)")
_HIGHER_AREA = re.compile(r"\s*(全[省市区县国州])(?:平均)?(?:水平)?(?:为|增长|增速)?\s*")

# What a number right before it counts those among whom a rank is (居全省14个市州第3位).
_OF_PEERS = re.compile(
    r"(?<=个)(?:设区|地级|县级|行政|先进)?(?:市县区|县市区|区县市|市州|州市|区县|县区|县市|市区|城市|市|县|区|州|盟|旗|省)(?:[（(][市区、州盟旗]+[）)])?"
    r"[^，,；;。\d]{0,6}?(?:第\s?[\d一二三四五六七八九十]|[首末]位|前[\d一二三四五六七八九十])"
)
# What a quantity right before it only classes (主营业务收入5亿元以上工业企业).
_SIZE_CLASS = re.compile(r"的[\u4e00-\u9fff]{0,8}(?:企业|项目|单位|园区|集群|乡镇|街道|县|村|楼宇)")
_CLASSED = re.compile(
    r"的?(?:大型|工业|重大|优质|重点|骨干|上市|龙头|民营|规上|产业|商务|新兴){0,2}(?:企业|项目|单位|集群|乡镇|镇|园区|楼宇|楼|村|县|平台|产品|市场主体)"
)
_OTHER_THING = re.compile(
    r"项目|企业|公司|资金(?!额)|贷款|平台|基地|园区|单位|工程|引进|建设|新增|带动|拉动|贡献|签约|开工|竣工|培育|改造|支持|撬动|减免|补贴|不足|其他|相关"
)
# What a number right before it belongs to (20亿元的项目); steps that a value took are no thing of their own.
_TAIL = re.compile(r"的(?!跨越|台阶|大关|关口|突破|历史|目标|佳绩|好成绩|成绩|增速|增长|速度|水平|规模)[\u4e00-\u9fff]")
_UP_TO = re.compile(r"(?:提高|提升|增加|增长|上升|下降|降低|减少|扩大|攀升|跃升|调整|优化|降|升)(?:到|至|为)\s*$")
_UP_TO_YEAR = re.compile(_UP_TO.pattern.removesuffix(r"\s*$") + r"\s*(?:(?:19|20)\d\d年的?)?\s*$")
# A higher goal after the first (增长7%以上、力争达到8%).
_STRETCH = re.compile(r"\s*[、，,]?\s*(?:力争|争取|确保|努力)(?:达到?|突破|实现|为)?\s*")
# On what basis something is aimed at (在明显提高质量效益的基础上实现年均增长7%).
_ON_BASIS = re.compile(r"在[^，,。；;\d]{2,24}?(?:基础上|前提下|同时)[，,]?")
# Whose growth a gap is measured against.
_OTHER_PEOPLE = re.compile(r"(?<=[比于])(?:城镇|农村)(?:常住)?居民(?:收入)?(?:增速)?")

# Words that take up again what a clause in between left: a rank, a gap, its speed.
_TAKES_UP = re.compile(r"^(?!.*数量).*(?:居|位列|排名|排在|高于全|低于全|快于全|(?:增速|增幅)(?:为|达到?|达)?\s*$)")
_QUOTED_AREA = re.compile(r"“[^”]{2,8}(?:圈|翼|带|片区|新区|新城|城|区)”(?:完成|实现|达|增长|占)")
_PER_PERSON = re.compile(r"\s*人均(?!可支配|纯|生产|GDP|收入|预期|寿命|消费)")
# The part of a sum that the government of the place itself takes (其中区本级227亿元).
_OWN_LEVEL = re.compile(r"(?:其中)?[，,:：]?(?:[省市区县州]级?)?本级(?:收入|支出)?(?:完成|实现|达到?|为)?")
# What is said of a plan in passing leaves the subject as it was (，提前完成“十四五”目标任务，增长13%).
_PLAN_MET = re.compile(
    r"(?:均|都|已|[一两三]年|提前|超额|圆满|全面|顺利|如期)*(?:完成|实现|达到)了?[^，,。；;\d]{0,20}(?:目标|任务|计划|指标)(?:任务|要求)?[，,]?"
)
# Words that say once more what a label before a colon names.
_LABELLED = frozenset(["投入", "支出", "收入", "总产值", "产值", "增加值", "零售额", "投资", "引资", "出口"])


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
    if spoken.head and goes_on and (goes_on["way"] or _CLOSED.match(shadow, quantities[0].quote_end)):
        walker.pairs.current = (spoken.head,)
    hidden = [q for q in quantities if not shadow[q.start : q.end].strip()]
    inside = {id(q) for q in hidden}
    told = [q for q in quantities if id(q) not in inside and not _is_part_of_name(q, subjects)]
    shown = [q for q in told if not _OF_PEERS.match(shadow, q.end)]
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
    walker.rest(told)
    current = walker.pairs.current
    # Offsets of a head are those of its own sentence: it is handed on without a place.
    last = replace(current[0], start=0, end=0) if len(current) == 1 and current[0].indicator else None
    return walker.pairs.out, Spoken(walker.heads.industry, last)


def _is_part_of_name(quantity: Quantity, subjects: Sequence[Subject]) -> bool:
    return any(s.start <= quantity.start and quantity.end <= s.end for s in subjects)


class _Walker:
    """Walks the clauses of one sentence."""

    def __init__(self, text: str, shadow: str, home: Home, industry: str | None) -> None:
        self.text = text
        self.shadow = shadow
        self.home = home
        self.heads = Heads(text, shadow, home, industry)
        self.pairs = Pairs(text, shadow)
        # The clause that named what is current, and whether it had numbers.
        self.clause_start = 0
        self.counted = True
        # Names whose number only classes what the clause counts (固定资产投资5000万元以上项目947个).
        self.classing: tuple[Head, ...] = ()
        # What was current before a clause that has neither a name nor a number.
        self.left_behind: tuple[Head, ...] = ()

    def clause(self, start: int, end: int, subjects: list[Subject], quantities: list[Quantity]) -> None:
        """Attach the quantities of one clause and settle what the next one inherits."""
        if start and self.shadow[start - 1] in "；;":
            self.pairs.items.clear()
        groups = self.heads.of_clause(start, end, subjects, quantities)
        self.classing = ()
        runs = number_runs(self.shadow, quantities)
        position, passed, used = start, 0, False
        for run in runs:
            while passed < len(groups) and groups[passed][0].start < run[0].start:
                if passed and not used:
                    self.pairs.items.extend(groups[passed - 1])
                position, used = groups[passed][-1].end, False
                passed += 1
            after = groups[passed] if passed < len(groups) else None
            self._run(run, groups[:passed], after, position, start, end, used)
            position, used = run[-1].quote_end, True
        if groups:
            self.pairs.current, self.left_behind = () if groups[-1] == self.classing else groups[-1], ()
            self.clause_start, self.counted = start, bool(runs)
            if passed < len(groups) or not used:
                self.pairs.items.extend(groups[-1])
        elif runs:
            self.counted = True
        elif words.residue(self.shadow[start:end]) and not _PLAN_MET.fullmatch(self.shadow[start:end].strip()):
            self.left_behind = self.pairs.current or self.left_behind
            self.pairs.current = ()

    def _run(
        self,
        run: list[Quantity],
        before: list[tuple[Head, ...]],
        after: tuple[Head, ...] | None,
        position: int,
        start: int,
        end: int,
        used: bool,
    ) -> None:
        """Attach one run of a clause. `before`, `after`: what its clause names around it; `used`: whether a run had the last."""
        spent = livelihood(self.shadow, run[0], start)
        if spent:
            self.pairs.add_before_name(run[0], spent, start)
        elif after and precedes(self.shadow, run, after, bool(before), start, end):
            self.pairs.add_before_name(run[0], after[0], start)
        elif not before:
            self._carried(run, start)
        elif not self.pairs.add_for_list(run, start, [head for group in before for head in group]):
            self._in_clause(run, before[-1], position, start, used)

    def _in_clause(self, run: list[Quantity], group: tuple[Head, ...], position: int, start: int, used: bool) -> None:
        """Attach a run to the names before it in its clause, unless what stands between names something else."""
        at = run[0].quote_start
        between = self.shadow[position:at]
        left = _left(self.heads.masked[position:at], run)
        last = self.pairs.out[-1] if self.pairs.out else None
        same = used and last and last.quantity.dimension == run[0].dimension
        if same and last and (_UP_TO.search(between) or _STRETCH.fullmatch(between)):
            # 比重从34%提高到54%, 增长7%、力争达到8%: what steers the first number steers the second.
            position = last.context_start
        if _CLASSED.match(self.shadow, run[-1].quote_end) or (
            run[-1].quote_end > run[-1].end and _SIZE_CLASS.match(self.shadow, run[-1].quote_end)
        ):
            self.classing = group
        if (
            group == self.classing
            or group[0].indicator is None
            or _is_foreign(left, between, used)
            or words.COMPLETION.search(between)
        ):
            self.pairs.leave_out(run, position, start)
            return
        rule = "same_clause" if used else "name_before_value"
        self.pairs.share(run, group, between, rule, position, start, len(left))

    def _carried(self, run: list[Quantity], start: int) -> None:
        """Attach a run whose clause names nothing before it to what the clause before was about, if it goes on about that."""
        at = run[0].quote_start
        own, position = self._reach(run, start)
        between = self.shadow[position:at]
        left = _left(self.heads.masked[own:at], run)
        behind, self.left_behind = self.left_behind, ()
        if not self.pairs.current and own == start and not left and _TAKES_UP.search(between):
            # 人均GDP达到13153美元，提前两年完成规划目标，继续居内地大中城市首位.
            self.pairs.current = behind
        if _PER_PERSON.match(self.shadow, own, at) and words.CHANGE.search(between):
            # 人均增加312元，增长8%: a change leaves the subject as it was.
            self.pairs.leave_out(run, position, start)
            return
        turned = self._turned(run, left, own)
        if turned:
            self.pairs.current, left = (turned,), ""
        elif self._is_again(left, start):
            left = ""
        if self.pairs.add_for_counted(run, between, position, start):
            return
        if words.COMPLETION.search(between):
            # 完成17亿元，超额完成年度任务2.1亿元，增长20.6%: what is said of the plan leaves the subject as it was.
            self.pairs.leave_out(run, position, start)
        elif left or not self._continues(run, between):
            self.pairs.turn_away(run, position, start)
        else:
            self.pairs.carry(run, between, position, start)

    def _reach(self, run: list[Quantity], start: int) -> tuple[int, int]:
        """Where the words between a run and what stands before it begin, and where those that steer it do."""
        out, current = self.pairs.out, self.pairs.current
        previous = [a for a in out if a.clause_start == start]
        own = previous[-1].quantity.quote_end if previous else start
        last = out[-1] if out else None
        if last and last.head in current and _goes_on(last.quantity, run[0], self.shadow[own : run[0].quote_start]):
            # 比重从2010年的65%，增加到2015年的78%: what steers the first number steers the second.
            return own, last.context_start
        if not previous and current and not self.counted:
            # 比重逐年增加，从65%增加到78%: the clause before has the words that steer the number.
            return own, max(current[-1].end, self.clause_start)
        return own, own

    def _turned(self, run: list[Quantity], left: str, own: int) -> Head | None:
        """What the words before a run make of the subject: its value per head, or that of another part of the region."""
        current = self.pairs.current
        if len(current) != 1 or current[0].indicator is None:
            return None
        per_person = _PER_PERSON.match(self.shadow, own, run[0].quote_start)
        if per_person and current[0].indicator.id == "gdp" and run[0].dimension == "money":
            # 生产总值2860.51亿元，人均5.39万元.
            return replace(current[0], indicator=declared("gdp_per_capita"))
        if _OWN_LEVEL.match(self.shadow, own, run[0].quote_start):
            return replace(current[0], scope="本级")
        if left and (self.home.parts_of(left) or _QUOTED_AREA.match(self.shadow, own)):
            # 襄阳经济总量突破5000亿元，孝感达到3000亿元; “渝东北翼”.
            return replace(current[0], scope=left)
        return None

    def _is_again(self, left: str, start: int) -> bool:
        """Whether words name once more what is current (民生投入：全年投入97.4亿元; 民生支出107亿元，支出比例稳定在83%)."""
        if left not in _LABELLED or not start:
            return False
        if self.shadow[start - 1] in ":：":
            return True
        current = self.pairs.current
        if len(current) != 1 or current[0].indicator is None:
            return False
        spent = current[0].indicator.id == "livelihood_expenditure" and left == "投入"
        return spent or left in current[0].text

    def _continues(self, run: list[Quantity], between: str) -> bool:
        """Whether a clause that names nothing goes on about the subject before it."""
        first, end = run[0], run[-1].quote_end
        if first.kind != "share" and (words.LONGER.match(self.shadow, end) or _TAIL.match(self.shadow, end)):
            return False
        if first.dimension == "count" and not between.strip():
            return False
        if first.dimension in ("percent", "percentage_points", "multiple", "rank") or first.kind in ("share", "ratio"):
            return not words.CONTRIBUTION.search(between)
        return True

    def rest(self, shown: Sequence[Quantity]) -> None:
        """What belongs to no list of values, such as durations, is kept as a quantity."""
        done = {a.quantity.start for a in self.pairs.out} | {m[0] for q in shown for m in q.members}
        for quantity in shown:
            if quantity.start not in done:
                start = max((c for c, end in clauses(self.shadow) if c <= quantity.start), default=0)
                self.pairs.leave_out([quantity], start, start)

    def brackets(self, hidden: list[Quantity]) -> None:
        """Figures in brackets: those of a higher area beside the region's own (增长20.7%（全市9.7%）)."""
        for quantity in hidden:
            opening = max(self.text.rfind(c, 0, quantity.start) for c in "（(【[〔")
            area = _HIGHER_AREA.fullmatch(self.text[opening + 1 : quantity.quote_start])
            before = [a for a in self.pairs.out if a.quantity.quote_end == opening and a.head.indicator]
            last = before[-1] if before else None
            alike = last is not None and last.quantity.dimension == quantity.dimension
            if area and last and alike and area[1] not in self.home.whole:
                heads = (replace(last.head, scope=area[1]),)
                place = last.context_start, last.clause_start
                self.pairs.add([quantity], heads, "bracketed_area", *place, first=last.quantity)
            else:
                self.pairs.leave_out([quantity], opening + 1, opening + 1)


def _left(between: str, run: Sequence[Quantity]) -> str:
    """What names something between a name and a number."""
    if run[0].dimension == "percentage_points":
        between = _OTHER_PEOPLE.sub("", between)
    between = _ON_BASIS.sub("", between)
    return words.residue_of_rank(between) if run[0].kind == "rank" else words.residue(between)


def _goes_on(last: Quantity, now: Quantity, between: str) -> bool:
    """Whether a number is the end of a way that the number before began (从65%，增加到78%)."""
    return last.dimension == now.dimension and _UP_TO_YEAR.search(between) is not None


def _is_foreign(left: str, between: str, used: bool) -> bool:
    """Whether the words between a name and a number name something else."""
    if used:
        return len(left) > 1
    if words.CONTRIBUTION.search(between):
        return True
    return len(left) > 14 or bool(left and _OTHER_THING.search(left))
