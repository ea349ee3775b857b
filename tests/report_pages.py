"""Small pages in the shapes that reports come in, of any place and year."""

PROSE = (
    "坚持稳中求进工作总基调，统筹推进各项工作，全{kind}地区生产总值完成120.5亿元，增长6.5%；一般公共预算收入完成8.2亿元，"
    "增长4.1%；固定资产投资增长9.3%，社会消费品零售总额增长7%，居民人均可支配收入增长6.8%，经济社会保持平稳健康发展。\n"
)
CLOSING = "各位代表，让我们同心同德、真抓实干，为建设美好家园而努力奋斗！\n"
ADDRESS = "各位代表：\n现在，我代表{speaks_for}人民政府，向大会报告工作，请予审议，并请政协委员提出意见。\n"


def body(kind: str, year: int, prose: int = 6) -> str:
    """A review of the year before, the plan of the year and the closing."""
    text = PROSE.format(kind=kind) * prose
    plan = f"二、{year}年工作安排\n做好{year}年工作，主要预期目标是：地区生产总值增长7%左右。\n"
    return f"一、{year - 1}年工作回顾\n{text}{plan}{text}{CLOSING}"


def report(place: str, year: int, speaks_for: str = "", head: str | None = None, extra: str = "") -> str:
    """A work report of a place. `speaks_for`: how the speaker calls it, in full by default; `extra`: text below the address."""
    if head is None:
        head = (
            f"政府工作报告\n——{year}年1月12日在{place}第十六届人民代表大会第四次会议上\n{place}人民政府负责人 王小明\n"
        )
    return head + ADDRESS.format(speaks_for=speaks_for or place) + extra + body(place[-1], year)


def communique(place: str, year: int) -> str:
    """The opening of a statistical communiqué."""
    return (
        f"{place}{year}年国民经济和社会发展统计公报\n{place}统计局\n{year + 1}年4月10日\n"
        f"{year}年，经济平稳发展。\n一、综合\n初步核算，全年地区生产总值120.5亿元，比上年增长7.1%。\n"
        + PROSE.format(kind=place[-1])
        * 3
    )


def plan(place: str, ordinal: str, first: int) -> str:
    """The opening of a five-year plan."""
    return (
        f"{place}国民经济和社会发展第{ordinal}个五年规划纲要\n（{first}年2月18日{place}第十六届人民代表大会第五次会议批准）\n"
        f"前言\n{place}国民经济和社会发展第{ordinal}个五年规划纲要，阐明政府战略意图，明确政府工作重点，是未来五年的宏伟蓝图。\n"
        "第一章 发展基础\n" + PROSE.format(kind=place[-1]) * 3
    )
