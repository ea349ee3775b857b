"""Bare names: words that name an indicator only after what was spoken of (实现增加值, 其中城镇增长4.9%).

Belongs here: the industry and the total that a sentence has spoken of, and the names that its clauses cut short after them. Does
not belong here: names that stand for themselves (`subjects`), which areas or groups names are about (`heads`).
"""

from __future__ import annotations

import re

from govreports.indicators import words
from govreports.indicators.subjects import Subject, declared
from govreports.metadata.catalogue import Alias

_ABOVE_SCALE = re.compile(r"(?:规模以上|规上|规模)(?:工业)?(?:企业|工业)")
_OF_INDUSTRY = {
    "增加值": "industry_va",
    "总产值": "industry_output",
    "利润": "industry_profit",
    "利润总额": "industry_profit",
    "利税": "industry_profit",
    "主营业务收入": "industry_revenue",
    "销售收入": "industry_revenue",
    "营业收入": "industry_revenue",
}
# A sector that a clause opens with and says something of without a number, and what is then its own.
_SECTOR = re.compile(
    r"(?:其中|全[省市区县国州盟旗]|我[省市区县州盟旗])?(服务业|第[一二三]产业|农业|非公有制经济|非公经济|民营经济)(?!增加值|总产值)[^\d，,；;：:。]{0,16}[，,]"
)
_OF_SECTOR = {
    ("服务业", "增加值"): "services_va",
    ("第一产业", "增加值"): "gdp_primary",
    ("第二产业", "增加值"): "gdp_secondary",
    ("第三产业", "增加值"): "gdp_tertiary",
    ("农业", "增加值"): "gdp_primary",
    ("非公有制经济", "增加值"): "private_economy_va",
    ("非公经济", "增加值"): "private_economy_va",
    ("民营经济", "增加值"): "private_economy_va",
}
_BARE_NAME = re.compile(
    r"(?:实现|完成|创造|企业|[和、与])(增加值|总产值|利润总额|利润|利税|主营业务收入|销售收入|营业收入)"
)
_BARE_OPENING = re.compile(r"(增加值|总产值|利润总额|利润|利税|主营业务收入|销售收入|营业收入)(?=\d|达|增|同比|为)")
_BARE_PART = re.compile(
    r"(城镇|城市|农村|乡村|农牧区)(?:常住)?(?:居民)?(?:人均)?(?=\d|增长|、农村|和农村|分别|达|为|、增长|下降)"
)
# What of the crop that the sentence named last is told by the bare word: 粮食播种面积60万亩、总产量5.2亿斤.
_CROP = re.compile(
    r"粮食|夏粮|秋粮|早稻|水稻|小麦|玉米|大豆|薯|油料|花生|棉|糖|蔬菜|水果|果品|瓜|茶|烟叶|药材|食用菌|肉|禽|蛋|奶|乳|水产|鱼|木材|毛|蚕"
)
_BARE_CROP = re.compile(r"(?:(?<=[，、,和与])|^)(?:年|全年)?(总产量|产量|总产)(?=[\u4e00-\u9fff]{0,6}\d)")
# Totals of which town and country are parts.
_WHOLES = ("income_all", "retail_sales")


class BareNames:
    """Finds the bare names of one sentence, clause by clause. `inherited`: the industry that the sentence before left."""

    def __init__(self, text: str, shadow: str, inherited: str | None) -> None:
        self.text = text
        self.shadow = shadow
        self._inherited = inherited
        # The industry that the sentence itself has named.
        self._holder: str | None = None
        # The sector that it speaks of instead.
        self._sector: str | None = None
        # Whether that was but the beginning of a name (规模以上工业总产值).
        self._named = False
        # The total that was named last, one of `_WHOLES`.
        self._whole: str | None = None

    @property
    def industry(self) -> str | None:
        """The industry that is spoken of so far (规模以上工业企业)."""
        return None if self._sector else self._holder or self._inherited

    def complete(self, start: int, end: int, subjects: list[Subject]) -> list[Subject]:
        """The names of a clause, bare ones among them; later clauses go on with what this one speaks of."""
        since = self._note_holder(start, end, subjects)
        if since < end:
            subjects = self._of_holder(since, end, subjects)
        return self._of_parts(start, end, self._of_grain(start, end, subjects))

    def _note_holder(self, start: int, end: int, subjects: list[Subject]) -> int:
        """Note the industry that a clause names; from where on bare names of the clause are an industry's."""
        holder = _ABOVE_SCALE.search(self.text, start, end)
        if holder or self.shadow[start - 1 : start] in ("；", ";"):
            self._sector = None
        sector = _SECTOR.match(self.shadow, start)
        if sector and not holder:
            self._sector, self._holder = sector[1], None
        since = start if self.industry or self._sector else holder.end() if holder else end
        if holder:
            self._named = "企业" not in holder[0] and any(
                s.indicator and s.start <= holder.start() and holder.end() < s.end for s in subjects
            )
            self._holder = holder[0]
        return since

    def _of_holder(self, start: int, end: int, subjects: list[Subject]) -> list[Subject]:
        """Bare names (实现增加值, 总产值) are those of the industry above the designated size that the sentence speaks of."""
        out = list(subjects)
        opening = _BARE_OPENING.match(self.shadow, start, end)
        for match in [*([opening] if opening else []), *_BARE_NAME.finditer(self.shadow, start, end)]:
            inherited = self._holder is None
            if inherited and words.residue(self.shadow[start : match.start(1)]):
                # 现代服务业实现增加值: the clause speaks of something else than the industry before it.
                continue
            if any(s.start < match.end() and match.start() < s.end and s.indicator for s in subjects):
                continue
            name = _OF_SECTOR.get((self._sector, match[1])) if self._sector else _OF_INDUSTRY[match[1]]
            indicator = declared(name) if name else None
            if indicator:
                alias = Alias(match[1], indicator.id)
                out.append(Subject(match.start(1), match.end(1), alias, indicator))
        if self._holder:
            out = [self._above_scale(s, self._holder) if s.start >= start else s for s in out]
        return sorted(out, key=lambda s: s.start)

    def _above_scale(self, subject: Subject, holder: str) -> Subject:
        """A name of all industry's value added or output is that of `holder` alone, unless it says that it is of all."""
        text = subject.alias.text
        if text.startswith(("全", "年")) or (self._named and text.startswith("工业")):
            return subject
        wider = ("output_value", "industry_va_all") if "工业" in holder else ("industry_va_all",)
        if subject.indicator is None or subject.indicator.id not in wider:
            return subject
        name = "industry_output" if subject.indicator.id == "output_value" else "industry_va"
        return Subject(subject.start, subject.end, Alias(text, name), declared(name))

    def _of_grain(self, start: int, end: int, subjects: list[Subject]) -> list[Subject]:
        """After grain, the bare word for output names its output."""
        out = list(subjects)
        for match in _BARE_CROP.finditer(self.shadow, start, end) if "产" in self.shadow[start:end] else ():
            crops = _CROP.findall(self.shadow, 0, match.start())
            if (
                crops
                and crops[-1] == "粮食"
                and not any(s.start < match.end() and match.start() < s.end for s in subjects)
            ):
                out.append(Subject(*match.span(1), Alias(match[1], "grain"), declared("grain")))
        return sorted(out, key=lambda s: s.start)

    def _of_parts(self, start: int, end: int, subjects: list[Subject]) -> list[Subject]:
        """After income or retail sales of the whole, bare 城镇 and 农村 name theirs (其中城镇增长4.9%)."""
        wholes = [s.indicator.id for s in subjects if s.indicator and s.indicator.id in _WHOLES]
        self._whole = wholes[-1] if wholes else self._whole
        if not self._whole:
            return subjects
        out = list(subjects)
        for match in _BARE_PART.finditer(self.shadow, start, end):
            if any(s.start < match.end() and match.start() < s.end and s.indicator for s in subjects):
                continue
            town = match[1] in ("城镇", "城市")
            if self._whole == "income_all":
                name, scope = "income_urban" if town else "income_rural", None
            else:
                name, scope = "retail_sales", match[1]
            out.append(Subject(*match.span(), Alias(match[0], name, scope=scope), declared(name)))
        return sorted(out, key=lambda s: s.start)
