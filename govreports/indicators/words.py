"""Words that steer the reading of a clause, compiled once.

Belongs here: closed lists of function words and cues of the genre. Does not belong here: names of indicators, units or places
(data under `govreports.metadata`), and what follows from a cue (see `attach`, `measures`, `status`, `scope`).
"""

import re

# What may stand between the name of an indicator (or the start of a clause that continues it) and a number without naming
# anything new.
_FUNCTION = (
    "按可比价格计算 按可比价计算 按可比口径 按不变价格计算 按可比价格 按不变价 可比价格 可比价 可比口径 同口径 同口径比 剔除 扣除 价格因素 不变价 现价 名义 实际 可比 计算 后 因素"
    " 同比上年 与上年同期相比 与上年相比 同上年相比 比上年同期 较上年同期 比去年同期 较去年同期 比上年末 较上年末 比上年 较上年 比去年 较去年 上年同期 去年同期 同比 环比 逐月累加 上年末 上年 去年"
    " 年均递增 年均增长 年均增速 年平均增长 年平均增速 年均 年平均 平均每年 平均增长 平均增速 平均递增 每年 连年 年度 分别 依次 均 都 各 皆 累计 累积 共计 合计 总计 全年 年末 年底 期末 末"
    " 总量 总额 总数 总值 规模 数量 数 增速 增幅 涨幅 降幅 增长率 增长速度 增长幅度 速度 绝对额 绝对值 增量 余额 比例 比重 占比 份额 水平"
    " 负增长 正增长 增长 增加 增 提高 提升 上升 攀升 升高 升 上涨 涨 上扬 扩大 递增 下降 减少 降低 回落 下滑 收窄 缩小 缩减 压减 跌 降 减 低 高 快 慢"
    " 由 从 到 至 达到 达 突破 超过 超出 超 跨越 跨过 跨上 迈上 迈过 迈进 越过 站上 冲破 过 破 首次 历史性 率先 提前 一举 成功 顺利 双双 再次 连续 再 又 也 已 已经 将 要 能够 可 可望 有望 力争 确保 争取 努力 预计 预期 预计可 预计将 预计达 完成 实现 取得 保持 保持在 控制在 稳定在 维持 维持在 始终 一直 稳定 稳居 稳步 稳 持续 继续 进一步 逐步 逐年 逐季 大幅 快速 较快 较大 平稳 明显 显著 小幅 略 略有 仅 仅为 只 只有 就 高达 多达 约 约为 大约 接近 近 不低于 不少于 不超过 低于 高于 高出 快于 好于 优于 大于 小于 少于 超额 左右 以上 以下 以内"
    " 位居 位列 名列 排名 排位 位次 位 居 列 排 获得 获 前移至 前移 跃居 跃升 跃升至 上升至 上升到 升至 升到 进入 跻身 蝉联 领跑 领先 居于 处于"
    " 全省 全市 全国 全区 全县 全州 全旗 我省 我市 我区 我县 全省县 全市县 县域 城区 中心城区 各县区 县区 各区 各县 县市区 各市 省 市 区 县 国 同类 平均水平 平均 平均数 平均值 水平 第 名 首 前列 之首 新高 高位 中"
    " 是 为 成为 的 了 在 于 有 并 且 而 和 与 及 比 较 相比 占 占到 占全 相当于 其 其中 其增速 增势 势头 增长势头 态势 年 月 期间 以来 五年来 五年 近五年来 近五年 三年 十年 来 同期 上半年 大关 台阶 关口 元 亿 万 千 百 个 倍 成 净 ,  、 ， / 分 之 以 还 多 余 地 得 被 所 给 本 该 这 此 其 当年 当前 目前 截至 截止 历年 历史 新 最 最高 创 创下 创造 以 以来 来 单月 当月 首 年内 增长了 达到了 总体 整体 基本 基本达到 经 初步 初步核算 核算 统计 据 初步统计 根据 口径 省 区级 本级 县级 市级 全口径 考核"
)
_WORDS = sorted(set(_FUNCTION.split()), key=lambda w: (-len(w), w))
FUNCTION = re.compile("|".join(map(re.escape, _WORDS)))
_NOISE = re.compile(r"[\s\d.%,，、:：;；()（）\[\]“”\"'‘’·—\-–~～+]+")
_YEARS = re.compile(r"(?:19|20)\d\d年|(?:\d+|[一二三四五六七八九十]+)(?:个)?(?:年|月|季度)|“?十[一二三四五]五”?")


def residue(text: str) -> str:
    """What is left of a stretch of text without function words, numbers and marks: words that name something."""
    return _NOISE.sub("", FUNCTION.sub("", _YEARS.sub("", text)))


DECLINE = re.compile(
    r"(?:负增长|下降|减少|降低|回落|下滑|缩减|压减|收缩|下跌|递减|减|降|跌)(?:了|幅|约|近|为|达|超过|超|逾|不超过|大约)*\s*$"
)
DECLINE_TO = re.compile(r"(?:下降|减少|降低|回落|下滑|缩减|压减|降|减)(?:到|至|为)\s*$")
GROWTH = re.compile(
    r"增长|增加|增速|增幅|提高|提升|上升|上涨|涨幅|递增|攀升|下降|减少|降低|回落|下滑|降幅|增|升|涨|降|同比|负增长|扩大|翻|比上年|较上年|比去年|较去年"
)
CHANGE = re.compile(
    r"(?:净增|新增|增加|增长|增|多|减少|下降|减|少|降低|压减|提高|上升|递增)(?:了|额|量|约|近|达|超过|超|额达|量达|过)*\s*$"
)
TO = re.compile(r"(?:到|至|达|达到|为)\s*$")
AVERAGE = re.compile(r"年均|年平均|平均每年|平均增长|平均增速|平均递增|年递增")
SHARE = re.compile(r"(?:不到|不足|超过|约为?|近)全[省市区县国](?:总量)?的|占(?!用|地|领|据|道)|比重|占比|份额|比例|用于|投入|投向")
CONTRIBUTION = re.compile(
    r"贡献率|拉动|带动|撬动|弹性系数|完成比|完成率|进度|目标任务的|任务的|计划的|预算的|目标的|目标数的|预算数的|计划数的|预算数|目标值的|任务数|年初预算|年度预算|调整预算|目标完成|年任务|年目标|年计划|满意度|覆盖率"
)
TOGETHER = re.compile(r"分别|依次|(?<![年平户人])均|都|皆|各|双双|指标|同步|双")
RESPECTIVELY = re.compile(r"分别|依次|各(?=增|达|为|实|完)")
EACH = re.compile(r"均|都|皆|双双|等")
ESTIMATED = re.compile(r"预计|预期可|预估|有望|可望|估计|初步预计|测算|预测")
AIM = re.compile(
    r"力争|确保|争取|目标是|目标为|计划|预期目标|奋斗目标|规划|将|要|努力|预期|到20\d\d年|必须|不低于|突破"
)
GOAL = re.compile(r"(?:年初|预期|既定|规划|计划|年度|确定|提出|下达|原定)[^,，。；;]{0,8}目标|目标任务")
ALWAYS = re.compile(r"始终|一直|每年|连年|历年|连续|均保持|长期|持续将|持续保持|控制在|稳定在")
TOTAL = re.compile(r"累计|共计|合计|总计|共(?=完|实|新|引|投|争|利)|五年(?=新增|实现|城镇)")
NOTE = re.compile(r"口径|可比价|不含|剔除|扣除|不包括|纯收入|现价|快报|初步核算|不变价|含[^义量金]")
PROVISIONAL = re.compile(r"初步核算|初步统计|快报|初步测算|初步预计")
CONSTANT = re.compile(r"可比价|不变价|可比增长|扣除价格|剔除价格|实际增长")
CONNECTOR = re.compile(r"[\s、,，]*(?:、|和|与|及|以及|并|,|，)\s*")
# Heads of another thing: a name followed by one of these is only part of a longer name.
LONGER = re.compile(
    r"\s*(?:项目|企业|单位|工程|资金|计划|行动|领域|支持|奖|补贴|贷款|政策|管理|改革|平台|服务(?!业)|任务|目标|工作|基金|制度|体系|机制|方式|渠道|来源|能力|效益|质量(?!.{0,4}\d)|结构(?!.{0,6}\d)|差距|上市|用地|人员|人数|户|大县|大户|强县|倍增|翻番|超(?:过)?[\d百千万亿]+[亿万]?元?(?:的|以上)?(?:企业|项目|产业|集群|乡镇|镇|园区|村|楼|楼宇))"
)
