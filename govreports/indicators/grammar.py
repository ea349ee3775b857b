"""The grammar of written quantities: numbers, units, bounds, ranges, ratios, fractions, folds and ranks.

Belongs here: finding every quantity in a cleaned text and reading its value, unit and bound. Does not belong here:
what a quantity is and what the members of a list share (`quantity`), numerals by themselves (`numerals`), the units
(see `govreports.metadata.units`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from govreports.indicators.numerals import DIGITS, NUMERALS, numeral
from govreports.indicators.quantity import Quantity, with_shared_units
from govreports.metadata.units import Unit, load_units

# Written units that are also parts of names (5级, 3期, 4路, 一面): no unit behind digits alone.
_NOT_UNITS = frozenset(
    "大强星级届期省国面路字码首段站店村镇乡县市区校园节门类团队峰卷本道卡单里分担度方口部P桩M兆G".replace(" ", "")
)
# Of these, digits with a multiplier (500万度) or a decimal do make a quantity.
_WITH_MULTIPLIER = frozenset("度方里分担口单本")

_BEFORE = re.compile(
    r"(?:(?P<at_least>不低于|不少于|不小于|不下于|不得低于|至少|高于|大于|多于|超过|超出|突破|超|逾|跨越|越过|迈上|迈过|迈入|跨上|跨过|跨入|站上|登上|冲破|跃上|踏上|连(?:上|跨|破|越)|≥|>|＞|>=|(?<![通经不渡透跨])过|(?<![打跌])破)"
    r"|(?P<at_most>跌破|不超过|不高于|不大于|不多于|不足|不到(?:全[省市区县国](?:总量)?的?)?|低于|少于|小于|≤|<|＜|<=)"
    r"|(?P<near>接近(?:或者?达到)?|将近|近)|(?P<approx>大约|约为|约|大概|约占(?:全[省市区县国])?(?:总量|总数|总额)?的?))[\s了]*$"
)
# The same before a part of a larger area (超过全市1/5).
_BEFORE_PART = re.compile(
    _BEFORE.pattern.removesuffix(r"[\s了]*$") + r"(?:全[省市区县国州盟](?:总量|总数|总额)?的?)?[\s了]*$"
)
_AFTER = re.compile(
    r"\s*(?:(?P<at_least>(?:及|或)?以上|之上|多(?=[，,、。；;]|$))|(?P<at_most>(?:及|或)?以内|(?:及|或)?以下|之内|之下)|(?P<approx>左右|上下))"
)
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?![\d.])|\d+(?:\.\d+)?)"
_DASH = r"(?:[-—–~～－―]{1,2}|至|到)"
_MULTIPLIER = r"(?:万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百)"
_CN_UNIT = (
    r"(?:万亿|亿|万)?(?:元|美元|人次|人|户|亩|吨|平方米|平方公里|公里)(?![口才民代均质力]|大(?!关))"
    r"|(?:家|个百分点|倍|项|座|所|栋|件)(?![一二三])"
)
_CANDIDATE = re.compile(
    # What a quantity can begin with: most places are passed over at once.
    rf"(?=[\d第前首榜之居龙翻成几{NUMERALS}])(?:(?P<ratio>(?<![\d.])(?<!\d[:：])\d+(?:\.\d+)?(?:\s?[:：︰∶]\s?\d+(?:\.\d+)?){{1,2}}(?![\d.:：]))"
    rf"|(?P<slash>(?<![\d.A-Za-z/])[1-9]/(?:[2-9]|1\d)(?![\d/]))"
    rf"|(?P<range>(?<![\dA-Za-z.+“])(?P<a>{_NUMBER})\s?(?P<am>{_MULTIPLIER}?(?:%|个百分点|元|美元|‰)?){_DASH}(?!(?:19|20)\d\d年)(?P<b>{_NUMBER})(?!\d))"
    rf"|(?P<number>(?:(?<![\dA-Za-z.+])|(?<=[Gg][Dd][Pp])|(?<=[Cc][Pp][Ii])){_NUMBER}(?![\d+]))"
    r"|(?P<rank>第\s?(?P<r1>[一二三四五六七八九十百]{1,4}|\d{1,4})\s?(?P<rs>位|名)?|前(?P<r2>[一二两三四五六七八九十百]{1,3}|\d{1,3})\s?(?P<r2s>位|名|强)?"
    r"|(?P<first>首位|榜首|之首|居首|龙头(?=地位)|第一位)|(?P<nth>[一二三四五六七八九十\d]+)连冠)"
    r"|(?P<parts>(?P<den>[二三四五六七八九十百]+)分之(?P<num>[一二两三四五六七八九十]+)(?:点(?P<dec>[〇零一二三四五六七八九]+))?)"
    r"|(?P<fold>翻(?:了)?(?P<fn>近|将近|接近)?(?P<fa>约)?(?P<f>[一两二三四五六七八九十\d])?(?P<fu>番|倍)(?P<fy>多|以上)?|成倍(?=增长))"
    r"|(?P<round>(?<=[过破超逾越])(?P<rn>[十百千万])亿(?!元|美元|[以多”级产集企])|(?<=[上入])(?P<rm>[十百千万])亿(?=大关|大台阶|台阶|关口))"
    r"|(?P<myriads>(?<=[过破越超上逾到达在入近])(?:一)?(?:万亿(?:元|美元|大关)|万元(?=大关|关口|台阶)|(?<=突破)万元(?=[，,、。；;]|$)))"
    r"|(?P<two>(?:两|二|2)位数(?P<up>以上)?)"
    r"|(?P<tenths>(?<![完收])(?P<t>[一二两三四五六七八九])成(?=以上|多|左右|的|[,，。、；;）)]|半|$|用于|投|都用|均用|安排)(?P<half>半)?)"
    rf"|(?P<years>(?<=连续|历时|为期|已有)(?P<yn>[{NUMERALS}]{{1,3}})年|(?<=近)(?P<yn2>[{NUMERALS}]{{1,3}})年)"
    rf"|(?P<chinese>(?<![第{NUMERALS}])(?P<c>[{NUMERALS}几]{{1,9}}?)(?P<cd>点[〇零一二三四五六七八九]{{1,3}})?(?P<cy>余|多|来)?(?P<cu>{_CN_UNIT})))"
)


def find_quantities(text: str) -> list[Quantity]:
    """Every quantity and rank of a text, in order."""
    out: list[Quantity] = []
    for match in _CANDIDATE.finditer(text):
        if out and match.start() < out[-1].end:
            continue
        found = _READERS[_outer(match)](text, match)
        if found:
            out.append(found)
    return [q for q in with_shared_units(text, out) if q.unit or q.kind != "number" or q.decimals]


_OUTER = (
    "number",
    "rank",
    "range",
    "ratio",
    "chinese",
    "slash",
    "parts",
    "fold",
    "two",
    "tenths",
    "round",
    "myriads",
    "years",
)


def _outer(match: re.Match[str]) -> str:
    return next(name for name in _OUTER if match[name] is not None)


_UNITS = load_units()
_IN_FULL = _UNITS.in_full()
# By the first character of units, how long they can be, the longest first.
_LENGTHS = {
    first: sorted({len(written) for written in _IN_FULL if written[0] == first}, reverse=True)
    for first in {written[0] for written in _IN_FULL}
}


def unit_at(text: str, at: int) -> Unit | None:
    """The longest declared unit, multiplier included, that a text has at a place."""
    for length in _LENGTHS.get(text[at : at + 1], ()):
        unit = _IN_FULL.get(text[at : at + length])
        if unit:
            return unit
    return None


def _make(text: str, start: int, end: int, unit: Unit | None, **values: object) -> Quantity:
    base: dict[str, object] = {
        "value": None,
        "low": None,
        "high": None,
        "unit": unit.written if unit else "",
        "unit_measure": unit.unit_measure if unit else None,
        "dimension": unit.dimension if unit else None,
        "factor": unit.factor if unit else 1.0,
        "written_mult": unit.written_mult if unit else 0,
        "decimals": 0,
    }
    base.update(values)
    return _bounded(text, Quantity(start, end, start, end, **base))  # type: ignore[arg-type]


def _bounded(text: str, quantity: Quantity) -> Quantity:
    if quantity.kind == "share":
        before = _BEFORE_PART.search(text, max(0, quantity.start - 12), quantity.start)
    else:
        before = _BEFORE.search(text, max(0, quantity.start - 6), quantity.start)
    after = _AFTER.match(text, quantity.end)
    found = after or before
    bound = quantity.bound
    if (found and bound == "point") or (bound == "at_least" and found):
        bound = found.lastgroup or "point"
    if quantity.low is not None and quantity.high is not None:
        bound = "range"
    if not found and bound == quantity.bound:
        return quantity
    return replace(
        quantity,
        bound=bound,
        quote_start=before.start() if before else quantity.start,
        quote_end=after.end() if after else quantity.end,
    )


# What a sum passes (突破10亿大关, 连上300亿、400亿两个大台阶).
_THRESHOLD = re.compile(r"大?(?:关(?!联|键|于|注)|台阶)")
# The unit in brackets behind a label, as tables run into lines have it: 年均增速(%)7.8.
_LABEL_UNIT = re.compile(r"[(（]([^()（）\d]{1,6})[)）]\s*[≤≥<>]?\s*(?:[\d.]+\s*[,，]\s*)?$")
# A remark in brackets between number and unit: 276.38（不含军工涉密企业）亿元.
_REMARK = re.compile(r"[（(][^（()）\d]{2,16}[)）]")
_DATE = re.compile(r"\s?(?:年(?!级|期|以上|以内|左右|内)|月|日|号|点|时(?!间)|世纪|届|版|条措施)")


def _number(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    if text.startswith("连冠", end):
        return _make(text, start, end + 2, _UNITS.lookup("位"), value=1.0, kind="rank")
    written = match[0]
    before = text[start - 1] if start else "\n"
    after = text[end : end + 1]
    if (before in "“〔[【" and after in tuple("”〕]】")) or after in ("+", "＋") or before in "+＋〔№#":
        return None
    if _DATE.match(text, end) and not _is_duration(text, start, end):
        return None
    more = re.match(r"\s?(余|多|来(?=[个万]))?\s?", text[end : end + 3])
    skip = more.end() if more else 0
    unit = unit_at(text, end + skip)
    stop = end + skip + (len(unit.written) if unit else 0)
    plus = bool(more and more[1])
    remark = _REMARK.match(text, end) if not unit else None
    if remark and unit_at(text, remark.end()):
        unit = unit_at(text, remark.end())
        stop = remark.end() + len(unit.written) if unit else stop
    # 2.6万余人, 1.2万余个, 7000余万元: the surplus stands inside the unit.
    if unit and text[stop : stop + 1] in ("余", "多") and unit.written in _UNITS.multipliers:
        rest = unit_at(text, stop + 1)
        whole = _UNITS.lookup(unit.written + rest.written) if rest else None
        plus = True
        stop += 1
        if whole and rest:
            unit, stop = whole, stop + len(rest.written)
    if unit and unit.written_mult and _THRESHOLD.match(text, end + skip + len(unit.written) - 1):
        # 10亿大关 is 10亿 and no 亿大.
        stop -= 1
        unit = _UNITS.lookup(unit.written[:-1])
    if unit and unit.written in _NOT_UNITS and (unit.written not in _WITH_MULTIPLIER or "." not in written):
        return None
    if unit and "余" in unit.written:
        unit, plus = _UNITS.lookup(unit.written.replace("余", "")), True
    if unit and unit.written.endswith("人口"):
        unit, stop = _UNITS.lookup(unit.written.removesuffix("口")), stop - 2
        unit = replace(unit, written=unit.written.removesuffix("人")) if unit else None
    unit = unit or _unit_of_label(text, start)
    if not unit:
        if not _may_stand_bare(text, start, end):
            return None
        stop = end
    value = float(written.replace(",", ""))
    if _is_negative(text, start, unit):
        value, start = -value, start - 1
    decimals = len(written.partition(".")[2])
    return _make(text, start, stop, unit, value=value, decimals=decimals, bound="at_least" if plus else "point")


_MINUS = frozenset("-－−")
_RATES = frozenset({"percent", "percentage_points"})


def _is_negative(text: str, start: int, unit: Unit | None) -> bool:
    """Whether a minus stands before a number: 增速为-3.2%, 一季度-9.9%, 负3.2%; no dash of a span or of a list (1-8月)."""
    sign, before = text[max(0, start - 1) : start], text[max(0, start - 2) : start - 1] if start > 1 else ""
    if sign == "负":
        return before != "减"
    if sign not in _MINUS:
        return False
    if before and before in "长速幅为降的由从至到:：(（":
        return True
    return bool(unit and unit.dimension in _RATES and "\u4e00" <= before <= "\u9fff")


def _unit_of_label(text: str, start: int) -> Unit | None:
    found = _LABEL_UNIT.search(text, max(0, start - 18), start)
    unit = _UNITS.lookup(found[1]) if found else None
    return unit if unit and unit.written else None


def _is_duration(text: str, start: int, end: int) -> bool:
    if text[end] == "年" and end - start <= 2:
        return True
    return text[end : end + 2] in ("月龄", "日游")


_BARE = re.compile(r"(?:达到|达|为|是|至|到|降至|控制在|[≥≤<>=]|指数|系数|强度|比)\s*$")


def _may_stand_bare(text: str, start: int, end: int) -> bool:
    if text[end : end + 1].isascii() and text[end : end + 1].isalpha():
        return False
    if re.match(r"\s?[、和与及]\s?(?:全[省市区县国州盟])?\d", text[end : end + 6]):
        return True
    return "." in text[start:end] and bool(_BARE.search(text, max(0, start - 4), start))


def _range(text: str, match: re.Match[str]) -> Quantity | None:
    a, b = match["a"], match["b"]
    unit = unit_at(text, match.end())
    if unit and unit.written in _NOT_UNITS:
        return None
    rest = text[match.end() : match.end() + 1]
    if not unit and not match["am"] and rest not in ("年", "月", "日"):
        unit = _unit_of_label(text, match.start())
    if (rest in ("年", "月", "日") and unit and unit.dimension.startswith("time_")) or (not unit and not match["am"]):
        return None
    if not unit and match["am"]:
        unit = _UNITS.lookup(match["am"])
    low, high = float(a.replace(",", "")), float(b.replace(",", ""))
    inner = _UNITS.lookup(match["am"]) if match["am"] else None
    if inner and unit and inner.unit_measure == unit.unit_measure:
        low *= inner.factor / unit.factor
    if high < low or not unit:
        return _number(text, _NUMBER_ALONE.match(text, match.start()) or match)
    stop = match.end() + (len(unit.written) if text.startswith(unit.written, match.end()) else 0)
    decimals = max(len(a.partition(".")[2]), len(b.partition(".")[2]))
    return _make(text, match.start(), stop, unit, low=low, high=high, decimals=decimals)


_NUMBER_ALONE = re.compile(_NUMBER)

_RANK_TAIL = re.compile(
    r"产业|批|次|届|条|章|节|轮|期|季|方阵|梯队|个|三方|大|家|步|部|课|书记|线|时间|一|二|要务|责任|手|站|站位|高级|中学|小学|人民|医院"
    r"|阵营|代|年|党|幼|实验|职业|组|类|阶段|段|块|套|员|曲|行动|资源|动力|生产力|桥|楼|街|路|道|号|回|天|动能|增长|引擎|投入|支柱|标准"
)
_RANK_HEAD = re.compile(
    r"(?:全[省市国区县州球旗]|世界|亚洲|西部|中部|东部|东北|地区|城区|城市|市区?\)|区\)|）|\)|省会|同类|位|居|列|排|名|获|得|夺|跃升?|保持|稳|升|至|到|为|总量|增速|增幅|分别|进|跻身|挤进|持续|均|双|“双|第[一二三四五六七八九十\d]+(?:位|名)?[、和]|城市|各[区县市州]|[一二三四五六七八九十\d]个?(?:行政)?[区县市]|地市|县区|区县|市县|市州|县域|[居列排位][\u4e00-\u9fff]{2,4}[省市州])\s*$"
)


def _rank(text: str, match: re.Match[str]) -> Quantity | None:
    unit = _UNITS.lookup("位")
    start, end = match.span()
    if match["first"]:
        if text[end : end + 1] in ("度", "产"):
            return None
        return _make(text, start, end, unit, value=1.0, kind="rank")
    if match["nth"]:
        return _make(text, start, end, unit, value=1.0, kind="rank")
    if match["r2"]:
        if not match["r2s"] and not re.match(r"[,，。、;；]|行列|之列|$", text[end : end + 2]):
            return None
        return _make(text, start, end, unit, value=numeral(match["r2"]), bound="at_most", kind="rank")
    if not match["rs"]:
        if _RANK_TAIL.match(text, end) or not _RANK_HEAD.search(text, max(0, start - 6), start):
            return None
    elif match["rs"] == "名" and text[end : end + 1] == "书":
        return None
    return _make(text, start, end, unit, value=numeral(match["r1"]), kind="rank")


def _ratio(text: str, match: re.Match[str]) -> Quantity | None:
    members = tuple(
        (m.start(), m.end(), float(m[0]), len(m[0].partition(".")[2]))
        for m in _NUMBER_ALONE.finditer(text, match.start(), match.end())
    )
    total = sum(m[2] for m in members)
    if len(members) == 2 and not 99 <= total <= 101 and members[1][2] != 1:
        return None
    if members[1][2] == 1 and len(members) == 2:
        unit = None
        return _make(text, *match.span(), unit, value=members[0][2], decimals=members[0][3], kind="quotient")
    if len(members) == 3 and not 98 <= total <= 102:
        return None
    return _make(text, *match.span(), None, value=members[0][2], kind="ratio", members=members)


def _slash(text: str, match: re.Match[str]) -> Quantity | None:
    top, bottom = match[0].split("/")
    return _make(text, *match.span(), None, value=int(top) / int(bottom), kind="share")


def _parts(text: str, match: re.Match[str]) -> Quantity | None:
    bottom, top = numeral(match["den"]), numeral(match["num"])
    if match["den"] == "百":
        decimals = match["dec"] or ""
        value = float(f"{top:.0f}.{''.join(str(DIGITS[c]) for c in decimals) or 0}")
        return _make(text, *match.span(), _UNITS.lookup("%"), value=value, decimals=len(decimals))
    value = top / bottom
    return _make(text, *match.span(), None, value=round(value, 6), kind="share")


def _fold(text: str, match: re.Match[str]) -> Quantity | None:
    if match["fold"].startswith("成倍"):
        return None
    count = numeral(match["f"]) if match["f"] else 1.0
    value = 2.0**count if match["fu"] == "番" or not match["f"] else count
    bound = "near" if match["fn"] else "approx" if match["fa"] else "at_least" if match["fy"] else "point"
    return _make(text, *match.span(), _UNITS.lookup("倍"), value=value, kind="fold", bound=bound)


def _two_digits(text: str, match: re.Match[str]) -> Quantity | None:
    return _make(text, *match.span(), _UNITS.lookup("%"), value=10.0, bound="at_least", kind="growth")


def _tenths(text: str, match: re.Match[str]) -> Quantity | None:
    value = numeral(match["t"]) + (0.5 if match["half"] else 0.0)
    unit = _UNITS.lookup("%")
    return _make(text, *match.span(), unit, value=value * 10, kind="share")


def _years(text: str, match: re.Match[str]) -> Quantity | None:
    return _make(text, *match.span(), _UNITS.lookup("年"), value=numeral(match["yn"] or match["yn2"]))


def _round(text: str, match: re.Match[str]) -> Quantity | None:
    return _make(text, *match.span(), _UNITS.lookup("亿元"), value=numeral(match["rn"] or match["rm"]))


def _myriads(text: str, match: re.Match[str]) -> Quantity | None:
    """万亿元 or 万元 behind a word that reaches it: one of them."""
    written = match[0].removeprefix("一").replace("大关", "元")
    unit = _UNITS.lookup(written)
    end = match.end() - (2 if match[0].endswith("大关") else 0)
    return _make(text, match.start(), end, unit, value=1.0)


def _chinese(text: str, match: re.Match[str]) -> Quantity | None:
    written, rest = match["c"], match["cu"]
    if "几" in written:
        return None
    at = match.start("cu")
    unit = unit_at(text, at)
    if match["cd"]:
        # 四十九点五亿美元.
        return _with_decimals(text, match, unit) if unit else None
    small = len(written) == 1 and written not in "百千万亿"
    if (small and rest not in ("家", "倍", "个百分点")) or (
        written in ("一", "二", "万", "两") and rest not in ("倍", "个百分点")
    ):
        return None
    if not unit or (match["cu"].startswith(("亿", "万")) and small):
        return None
    # 百亿元 is 100 亿元, 亿元 is 1 亿元: a last 万 or 亿 belongs to the unit.
    found = re.fullmatch(r"(.*?)(万亿|亿|万)?", written)
    number, power = (found[1], found[2]) if found else (written, None)
    whole = _UNITS.lookup(power + unit.written) if power else unit
    if whole is None:
        return None
    value = numeral(number) if number else 1.0
    if number and set(number) <= set("万亿"):
        return None
    made = _make(text, match.start(), match.end(), whole, value=value, bound="at_least" if match["cy"] else "point")
    # 亿元楼, 千万元楼宇 are names of classes; a round sum counts where a bound or 达 says so.
    round_sum = set(number) <= set("十百千")
    return None if round_sum and made.bound == "point" and text[match.start() - 1] not in "达近上入越" else made


def _with_decimals(text: str, match: re.Match[str], unit: Unit) -> Quantity:
    decimals = "".join(str(DIGITS[digit]) for digit in match["cd"][1:])
    value = float(f"{numeral(match['c']):.0f}.{decimals}")
    bound = "at_least" if match["cy"] else "point"
    return _make(text, match.start(), match.end(), unit, value=value, decimals=len(decimals), bound=bound)


_READERS = {
    "number": _number,
    "range": _range,
    "rank": _rank,
    "ratio": _ratio,
    "slash": _slash,
    "parts": _parts,
    "fold": _fold,
    "two": _two_digits,
    "tenths": _tenths,
    "round": _round,
    "myriads": _myriads,
    "years": _years,
    "chinese": _chinese,
}
