"""Scope: which area or group a value is about, and which set a rank or gap compares with.

Belongs here: reading area and group words around a name. Does not belong here: the gazetteer (see `govreports.intake`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from govreports.metadata.gazetteer import load_gazetteer, stem

REGION = "region"
_WHOLE = re.compile(r"全[省市区县旗州盟国](?!性|面|域)")
_LEAD = re.compile(
    r"^(?:其中|此外|同时|特别是|尤其是|截至目前|目前|到|至|和|与|及|以及|或|并|而|的|是|为|在|对|将|使|推动|带动|拉动|促进|实现|完成|力争|确保|争取|努力|预计|预期|保持|达到|年度|全年|累计|今年|去年|本年|年均|一是|二是|三是|四是|五是|六是|新增|净增|主要|目标|主要预期目标|预期目标|经济|社会|发展|期末|年末|年底|上年|当年|按|完|我们|各位代表|初步核算|据初步核算|经初步核算|初步统计|据统计|规模以上|规上|限额以上|限上|地方|辖区|本地|区域|区级|县级|市级|本级|全部|全社会|全口径|总|\d+年|\d+月|[\d\s.%、,，:：“”\"（）()【】\-—~至到]|[一二三四五六七八九十]+是|[一二三四五]年来?|“?十[一二三四五]五”?(?:期间|时期|末|以来)?|上半年|前三季度|[一二三四]季度|面对|首次|实际|名义|稳步|持续|不断|大力|全力|加快|进一步|提前|成功|率先|历史性|城乡|大幅|区内|县内|市内|境内|同比|比上年|较上年|间|来|末|共|约|又|均|也|要|已|可)+"
)
_AREA = re.compile(
    r"(?:[\u4e00-\u9fff“”\d+]{0,12}(?:经开区|高新区|开发区|新区|片区|园区|(?<!公)(?<!校)(?<!家)园|示范区|试验区|保税区|合作区|自贸区|聚集区|集聚区|管委会|街道|新城|[\u4e00-\u9fff]{2,4}城|商务区|口岸|县域|都市圈|城市群|经济带|临港区|工业区|科学城|城区|产业带|经济圈|基地|都市区|发展区)"
    r"|[\u4e00-\u9fff]{1,6}(?:镇|乡|县|市|区|旗|州|港)|[\u4e00-\u9fff、“”]{1,14}(?:产业|企业|行业|制造业|工业|经济类型单位|产品|贸易|电商|集群|集团|公司|经济|市场主体|项目|工程|领域|脱贫县|脱贫地区|脱贫人口|脱贫劳动力|服务业|装备|设备|业)|城镇|农村|县域|民营|个体|居民)$"
)
_SET = re.compile(
    r"全[省市区县国州盟球]|全省[各]?县(?:\([市区、]+\)|（[市区、]+）|市区|域)?|世界|亚洲|中西部|西部|中部|东部|长三角|珠三角|京津冀|中心城区|主城区|省会城市|副省级城市|同类[\u4e00-\u9fff]{0,4}"
)


_AND = re.compile(r"[、和与及]")
# A shorter own name (易 of 易县) is a word like others.
_SHORTEST = 2


@cache
def regions_within(code: str) -> frozenset[str]:
    """Full and own names of the regions below a province or prefecture; none below a county."""
    digits = code.rstrip("0")
    above = code[:2] if len(digits) <= 2 else code[:4] if code.endswith("00") else ""
    if not above or len(code) != 6:
        return frozenset()
    regions = load_gazetteer().regions.values()
    names = {region.name for region in regions if region.region_code.startswith(above) and region.region_code != code}
    return frozenset(n for name in names for n in (name, stem(name)) if len(n) >= _SHORTEST)


@cache
def _every_region() -> frozenset[str]:
    """Full and own names of all regions."""
    names = {region.name for region in load_gazetteer().regions.values()}
    return frozenset(n for name in names for n in (name, stem(name)) if len(n) >= _SHORTEST)


def _are_regions(text: str) -> bool:
    """Whether a text lists several regions and nothing else (宝安、光明、龙华); a single name may be a word like others."""
    parts = _AND.split(text)
    return len(parts) > 1 and all(part in _every_region() for part in parts)


# A zone speaks of itself by its kind (全年新区实现地区生产总值…).
_KINDS_OF_ZONE = ("新区", "示范区", "开发区", "高新区", "合作区", "管理区", "保税区")


@dataclass(frozen=True, slots=True)
class Home:
    """The reporting region: words that mean all of it (全区), its names, and the names of the regions within it."""

    whole: frozenset[str]
    names: frozenset[str]
    within: frozenset[str] = frozenset()

    @classmethod
    def of(cls, cleaned: dict[str, Any]) -> Home:
        """From the identity of a cleaned row, or where that says nothing from the words that the text uses most."""
        name = cleaned.get("region_name") or ""
        code = str(cleaned.get("region_code") or "")
        words = set()
        if code.isdigit() and len(code) == 6:
            if code.endswith("0000"):
                words = {"全省", "全区"} if code[:2] not in ("11", "12", "31", "50") else {"全市"}
            elif code.endswith("00"):
                words = {"全市", "全州", "全盟"}
            else:
                words = {"全县", "全区", "全旗", "县域"} | ({"全市"} if name.endswith("市") else set())
        else:
            counts = Counter(_WHOLE.findall(cleaned.get("clean_text") or ""))
            counts.pop("全国", None)
            words = {counts.most_common(1)[0][0]} if counts else set()
        if name.endswith("自治区"):
            words |= {"自治区", "全自治区"}
        words |= {kind for kind in _KINDS_OF_ZONE if name.endswith(kind) and name != kind}
        names = {name, name[:-1]} - {""} if len(name) > 2 else {name} - {""}
        return cls(frozenset(words), frozenset(names), regions_within(code) - names)

    def parts_of(self, text: str) -> bool:
        """Whether a text names regions within this one and nothing else (襄阳、宜昌)."""
        return bool(self.within and text) and all(part in self.within for part in _AND.split(text))

    def covers(self, word: str) -> bool:
        """Whether a word means the whole reporting region."""
        return word in self.whole or any(word.endswith(n) or word == "我" + n[-1:] for n in self.names)


def scope_before(before: str, home: Home) -> str | None:
    """The area or group that the words right before a name restrict it to; None where there is none.

    `before`: the clause up to the name.
    """
    text = before.strip()
    whole = list(_WHOLE.finditer(text))
    if whole and len(text) - whole[-1].end() <= 2:
        word = whole[-1][0]
        if re.match(r"首|唯|第|前|最", text[whole[-1].end() :]):
            return None
        return None if word in home.whole else word
    partner = _PARTNER.search(text)
    if partner:
        return partner[1] or partner[2]
    text = _LEAD.sub("", text)
    text = _TRAIL.sub("", text)
    text = _LEAD.sub("", text)
    text = text.removesuffix("”") if text.count("”") > text.count("“") else text
    if not text or len(text) > 30 or home.covers(text):
        return None
    if _QUALIFIER.fullmatch(text) or home.parts_of(text) or _are_regions(text):
        return text
    found = _AREA.search(text)
    if not found:
        return None
    word = unquoted(_LEAD.sub("", found[0]).lstrip("个家条类"))
    if not word or home.covers(word) or _WHOLE.fullmatch(word):
        return None
    if VERB.search(word) or word in _NO_GROUP:
        return None
    return word


# Words that restrict the thing named to a part of it (重点服务业增加值).
_QUALIFIER = re.compile(
    r"重点|主要|现代|新兴|高端|生产性|生活性|传统|高技术|支柱|优势|特色|先进|装备|主导|国有(?:及国有控股)?|国有控股|股份制|私营|外资|外商及港澳台|非公有制"
    r"|京津冀|长三角|珠三角|粤港澳大湾区|大湾区|东北三省|成渝(?:地区)?"
)
# Trade with a partner: 对东盟出口.
_PARTNER = re.compile(
    r"(?<!面)对((?!外|[一二三四五六七八九十\d]+[大类项])(?:[\u4e00-\u9fff“”]{2,14}|[美欧日韩俄德法英非港澳台]))$"
    r"|(?:与|同)([\u4e00-\u9fff“”]{0,16}(?:\d+|[一二三四五六七八九十])?(?:国家和地区|国家|沿线|[个]?国|东盟|欧盟|地区))$"
)
# Words before a name of trade that mean the whole of it.
_ALL_TRADE = re.compile(r"^(?:外贸|对外贸易|货物贸易|货物|商品|自营|直接|地区|外资|外向型经济|开放型经济|海关)*$")
TRADE = frozenset({"exports", "imports", "trade_total"})


def trade_group(before: str) -> str | None:
    """The goods or way of trade that the words right before 出口 name (机电产品, 市场采购)."""
    text = _LEAD.sub("", _TRAIL.sub("", _LEAD.sub("", before.strip())))
    if text.count("”") > text.count("“"):
        # “青海三文鱼”公共品牌正式发布、出口增长12倍: the name ends with its quotation mark.
        text = text.partition("”")[0]
    if (
        not 2 <= len(text) <= 30
        or _ALL_TRADE.match(text)
        or VERB.search(text)
        or not re.fullmatch(r"[\u4e00-\u9fff“”、]+", text)
    ):
        return None
    return None if _WHOLE.search(text) else unquoted(text)


def sector_before(before: str) -> str | None:
    """The branch of services that is written right before 服务业 as part of its name (互联网软件信息技术)."""
    text = _LEAD.sub("", _TRAIL.sub("", _LEAD.sub("", before.strip())))
    plain = re.fullmatch(r"[\u4e00-\u9fff]{2,12}", text) and not VERB.search(text) and not _WHOLE.search(text)
    return text if plain else None


def unquoted(text: str) -> str:
    """Text without quotation marks at its ends that have lost their partner, or hold all of it."""
    inner = text.strip("“”")
    return inner if not re.search("[“”]", inner) else text


_TRAIL = re.compile(
    r"(?:规模以上|规上|限额以上|限上|累计|预计|全年|实现|完成|的|共|年|新增|上半年|生产|年度|将|持续|稳定|总计|已)+$"
)
VERB = re.compile(
    r"推进|推动|实施|坚持|加快|深化|强化|优化|提升|发展|聚焦|围绕|建设|打造|扩大|培育|支持|引进|加大|壮大|促进|做|抓|稳|增强|加强"
    r"|拓展|落实|保障|开展|巩固|构建|完善|带动|体量|实力|综合(?!保税)"
)
_NO_GROUP = frozenset(
    [
        "经济",
        "国民经济",
        "社会",
        "产业",
        "企业",
        "工业",
        "区域",
        "主要经济",
        "各行业",
        "市场",
        "规模以上工业",
        "规上工业",
        "农业",
        "居民",
        "城乡居民",
        "个体",
    ]
)


def comparison_set(text: str) -> str | None:
    """The last set named in a text that ranks or compares (全市第一, 全省县(市、区)首位)."""
    found = None
    for match in _SET.finditer(text):
        found = match[0]
    return found


_TOPIC = re.compile(
    r"[\u4e00-\u9fff“”]{1,8}?(?:经开区|高新区|开发区|新区|片区|园区|街道|合作区|示范区|试验区|[^城乡小集]镇|口岸)(?![、和与及建内]|规划)"
)


# A zone that the report calls by its kind alone is a topic where the clause goes on with what it made.
_BARE_TOPIC = re.compile(
    r"(园区|开发区|经开区|高新区|工业园|保税区|自贸区)(?:预计|累计|全年|完成|实现|规模以上|规上|主营|营业|税收|工业总产值|进出口|实际|在全)"
)


# Zones and groups of places that are the subject of what was done there (新能源汽车产业基地共引进企业20家，实现工业总产值85亿元).
_DOING_TOPIC = re.compile(
    r"([\u4e00-\u9fff]{0,10}(?:产业基地|产业园|工业园|科技园|物流园|加工区|保税区)|\d+个(?:县市区?|县区|区县|县|镇|街道|脱贫县|重点镇))"
    r"(?:共|全年|累计|预计|已|现)*(?:完成|实现|引进|入驻|新增|拥有|规模以上|规上|主营|营业|税收|工业总产值|进出口)"
)


_SUB_AREA = re.compile(r"(?:区|县|市|镇|乡|街道|园|城|口岸)$")


def is_area(scope: str | None) -> bool:
    """Whether a scope is a place, not a group."""
    return scope is not None and _SUB_AREA.search(scope) is not None


# Whose aims a report quotes (党的十六大提出国内生产总值到2020年力争翻两番).
_NATION = re.compile(
    r"(?:党的十[一二三四五六七八九]?大|党中央|中央|国家|国务院)[^，,。；;]{0,8}(?:提出|确定|明确)(?!后)"
)


def topic_of(sentence: str, home: Home) -> str | None:
    """The sub-area, or the nation, that opens a sentence as what it is about; None where there is none."""
    if _NATION.match(sentence):
        return "全国"
    text = _LEAD.sub("", sentence[:24])
    bare = _BARE_TOPIC.match(text) or _DOING_TOPIC.match(text)
    if bare and not VERB.search(bare[1]):
        return bare[1]
    found = _TOPIC.match(text)
    if not found or home.covers(found[0]) or VERB.search(found[0]) or len(found[0]) < 4:
        return None
    return None if re.search(r"占|增加值|收入|投资|产值|比重", found[0]) else found[0]
