"""Words that steer the reading of a clause, compiled once.

Belongs here: function words (declared in `words.yaml`) and cues of the genre. Does not belong here: names of
indicators, units or places (data under `govreports.metadata`), and what follows from a cue (see `attach`, `measures`,
`status`, `scope`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from govreports.declarations import read_yaml

# What may stand between the name of an indicator (or the start of a clause that continues it) and a number without naming
# anything new.
_DECLARED = read_yaml(Path(__file__).resolve().parent / "words.yaml")
_WORDS = sorted({word for group in _DECLARED.values() for word in group.split()}, key=lambda w: (-len(w), w))
_FUNCTION = re.compile("|".join(map(re.escape, _WORDS)))
_NOISE = re.compile(r"[\s\d.%,，/、:：;；()（）\[\]“”\"'‘’·—\-–~～+]+")
_YEARS = re.compile(
    r"五年前|前五年|上一?个五年|(?:19|20)\d\d年(?:底|末)?|(?:\d+|[一二两三四五六七八九十]+)(?:个)?(?:年|月|季度)"
    r"|“?[八九十][一二三四五]?五”?(?:时期|期间|期末|末)?(?:总和)?"
)


# What a share is taken of (占总支出的) names no subject.
_SHARE_OF = re.compile(
    r"占(?!用|领|据|道|地(?![区方级]))[\u4e00-\u9fff]{1,16}?(?:的比重|的比例|的|比重|比例)"
    r"|在(?:三次产业|国民经济|经济总量|生产总值|GDP)中的?(?=比重|占比)"
)


# Between a name and a number the same few words stand again and again.
@lru_cache(maxsize=1 << 14)
def residue(text: str) -> str:
    """What is left of a stretch of text without function words, numbers and marks: words that name something."""
    return _NOISE.sub("", _FUNCTION.sub("", _SHARE_OF.sub("", _YEARS.sub("", text))))


_PEERS = re.compile(
    r"(?:全[省市区县国州盟球]|我[省市区县]|(?:我国)?内地|我国|世界|国内|国际|亚洲|中国|[东中西]部|中西部|东北|长三角|珠三角|京津冀|沿海|沿边|同类|各"
    r"|[冀晋辽吉苏浙皖闽赣鲁豫鄂湘粤桂川黔滇陕甘][东西南北中]{1,4}部?|胶东|关中|河西)"
    r"(?:的|各)?(?:[一二三四五六七八九十百\d]+个?)?"
    r"(?:行政|一线|二线|三线|大中|超大|特大|大|主要|中心|省会|副省级|计划单列|地级|县级|设区|重点|百强|民族|贫困|山区|沿海|同类)*"
    r"(?:县域|城市|市辖区|行政区|[区县](?:[(（]?[县市区、]+[)）]?)?|区县|市县|县市|市州|地市|州市|省份|省区市|省市|地区|区|市|州|盟|省)?中?的?"
    r"|(?<=[居列排位名占])[\u4e00-\u9fff]{2,4}[省市州](?:县域|各县|各区|区县|县市)?"
    r"|[一二三超特]线城市|“?双$|[一二两三四五六七八九十\d]+个?[区县市](?:[一二两三四五六七八九十\d]*[区县市])?"
)


def residue_of_rank(text: str) -> str:
    """The same before a rank, where the set that is compared with names no subject (全国主要城市, 全市各区)."""
    return residue(_PEERS.sub("", text))


DECLINE = re.compile(
    r"(?:负增长|下降|减少|降低|回落|下滑|缩减|压减|收缩|下跌|递减|减|降|跌)(?:了|幅|约|近|为|达|超过|超|逾|不超过|大约)*\s*$"
)
DECLINE_TO = re.compile(r"(?:下降|减少|降低|回落|下滑|缩减|压减|降|减)(?:到|至|为)\s*$")
GROWTH = re.compile(
    r"增长|增加|增速|增幅|提高|提升|上升|上涨|涨幅|递增|攀升|下降|减少|降低|回落|下滑|降幅|增|升|涨|降|同比|负增长|扩大|翻|比上年|较上年|比去年|较去年"
)
CHANGE = re.compile(
    r"(?:净增|新增|增收|增加|增长|增|多|减少|下降|减|少|降低|压减|提高|上升|递增)(?:了|额|量|约|近|达|超过|超|额达|量达|过)*\s*$"
)
TO = re.compile(r"(?:到|至|达|达到|为)\s*$")
AVERAGE = re.compile(r"年均|年平均|平均每年|平均增长|平均增速|平均递增|年递增")
SHARE = re.compile(
    r"(?:不到|不足|超过|约为?|近)全[省市区县国](?:总量)?的|占(?!用|领|据|道|地(?![区方级]))|比重|占比|份额|比例|用于|投入|投向"
)
CONTRIBUTION = re.compile(
    r"贡献率|拉动|带动|撬动|弹性系数|完成比|完成率|进度|目标任务的|任务的|计划的|(?<!公共)预算的|目标的|目标数的|预算数的|计划数的|预算数|目标值的|任务数|年初预算|年度预算|调整预算|目标完成|年任务|年目标|年计划|满意度|覆盖率"
)
COMPLETION = re.compile(
    r"(?:超额|提前)完成[^，,。；;\d]{0,8}(?:任务|目标|计划|预算)数?$|(?:比|较)(?:初步核算|快报|年报|预报)[数值]?$"
    r"|(?:完成|占|为|是|达到?|相当于)[^，,。；;\d]{0,6}(?:任务|目标|预算|计划)(?:数)?(?:任务)?的"
)
TOGETHER = re.compile(r"分别|依次|(?<![年平户人])均|都|皆|各|双双|指标|同步|双")
RESPECTIVELY = re.compile(r"分别|依次|各(?=增|达|为|实|完)")
# What parts the members of a list.
LIST_MARK = re.compile(r"、|和|与|及")
# Words for all that a list has named (A、B、C等5项主要指标).
INDICATORS = re.compile(
    r"(?:等(?!级)|等?(?:\d+|[一二两三四五六七八九十]+)(?:项|个|大))(?:主要|核心|重要|关键|重点|经济|发展|社会|外贸|工业|财政|总量|速度|增速)*指标"
)
# Before a name: how much of it there is for each unit of land or people.
DENSITY = re.compile(r"每(?:平方公里|平方米|公顷|亩|[十百千万]名?人)|单位面积|地均|亩均")
ESTIMATED = re.compile(r"预计|预期可|预估|估计|初步预计|测算|预测")
# What is hoped of one value.
HOPED = re.compile(r"可达(?=[到\d])|有望|可望")
AIM = re.compile(
    r"力争|确保|争取|目标是|目标为|计划|预期目标|奋斗目标|规划|将|要|努力|预期|到20\d\d年|必须|不低于|突破"
)
GOAL = re.compile(r"(?:年初|预期|既定|规划|计划|年度|确定|提出|下达|原定)[^,，。；;]{0,8}目标|目标任务")
ALWAYS = re.compile(r"始终|一直|每年|连年|历年|连续|均保持|长期|持续将|持续保持|控制在|稳定在|保持在")
TOTAL = re.compile(r"累计|共计|合计|总计|共(?=完|实|新|引|投|争|利)|五年(?=新增|实现|城镇)")
NOTE = re.compile(r"口径|可比价|不含|剔除|扣除|不包括|纯收入|现价|快报|初步核算|不变价|含[^义量金]")
PROVISIONAL = re.compile(r"初步核算|初步统计|快报|初步测算|初步预计")
CONSTANT = re.compile(r"可比价|不变价|可比增长|扣除价格|剔除价格|实际增长")
# Heads of another thing: a name followed by one of these is only part of a longer name.
LONGER = re.compile(
    r"\s*(?:专项债|债券|国债|项目|企业|单位|工程|资金|计划(?!超|完成|达|增长|为|在|\d|安排[^，,]{0,4}\d)|行动|领域|支持|奖|补贴|贷款|政策|管理|改革|平台|服务(?!业)|任务|目标(?!(?:值|拟|初步)*(?:设定|定|确定|设|安排)?(?:为|在|是)(?:\D{0,3}\d|[,，]))|工作|基金|制度|体系|机制|方式|渠道|来源|能力|效益|质量(?!.{0,4}\d)|结构(?!.{0,6}\d)|差距|上市|用地|人员|人数|通关|清关|户(?!籍)|地均|建设用地|能耗|水耗|电耗|大县|大户|强县|(?:倍增|翻番)(?:、[^，,。]{1,20})?(?:计划|行动|工程|目标|战略)|超(?:过)?[\d百千万亿]+[亿万]?元?(?:的|以上)?(?:企业|项目|产业|集群|乡镇|镇|园区|村|楼|楼宇))"
)
