"""What of a page is the report: the kinds of pages that portals, newspapers, forums and document mirrors make."""

import pytest

from govreports.clean.config import DEFAULT_CONFIG
from govreports.clean.zones import find_zones

PROSE = "我们坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻落实党的二十大精神，经济社会发展取得新成效。"
TITLE = "政府工作报告\n——2024年1月20日在某县第十七届人民代表大会第四次会议上\n某县人民政府县长 张三"
BODY = f"""各位代表：
现在，我代表县人民政府，向大会报告工作，请予审议。
一、2023年工作回顾
{PROSE}
{PROSE}
二、2024年工作安排
{PROSE}"""
NOTES = "名词解释\n1.“双减”：减轻负担。\n2.“五经普”：第五次全国经济普查。\n3.“两高”：高耗能、高排放。"


def zones(text: str) -> dict[str, str]:
    """Text of each kind of zone, its parts joined by line ends."""
    out: dict[str, list[str]] = {}
    for zone in find_zones(text, DEFAULT_CONFIG):
        out.setdefault(zone.kind, []).append(text[zone.start : zone.end])
    return {kind: "\n".join(parts) for kind, parts in out.items()}


@pytest.mark.parametrize(
    "head",
    [
        "首页>政务公开>政府工作报告",
        "索引号: 0123 主题分类: 综合\n发布机构: 某县人民政府 生成日期: 2024-02-01",
        "某县2024年政府工作报告\n2024-02-01 09:30:00 来源：某县融媒体中心 浏览次数：1203\n【字体：\n大\n中\n小\n】",
        "编者按：1月20日，县长张三代表县人民政府在县人民代表大会会议上作政府工作报告。现将报告全文刊发如下。",
        "标题：某县2024年政府工作报告\n发文单位：某县人民政府\n来源URL：http://example.org/columns/ab0652d2-7dc4-49e7-89f1-1901d3eb723b/\n正文：",
        "内容摘要：\n政府工作报告——2024年1月20日在某县第十七届人民代表大会第四次会议上某县人民政府县长 张三各位代表：现在",
    ],
)
@pytest.mark.parametrize(
    "tail",
    [
        "",
        "【责任编辑：李四】\n相关阅读\n某县召开经济工作会议",
        "分享到：\nQQ空间\n上一篇：\n乙县2024年政府工作报告\n本栏最新\n12-03\n丙区2025年政府工作报告\n标签云\n统计公报",
        "冀ICP备06016263号-1\n主办：某县人民政府办公室\n您访问的链接即将离开“某县人民政府”门户网站\n是否继续？\n放弃",
        "来源：某县融媒体中心\n编辑：王某 审核：张某\n往期推荐\n喜欢就点个“在看”吧\n阅读原文\n微信扫一扫 关注该公众号",
        "收藏0 分享 淘帖 支持 反对\n回复 举报\n沙发\n发表于 2021-3-5 11:02:15 | 只看该作者\n谢谢楼主分享，学习了！\n高级模式",
        "本文链接：http://example.org/fanwen/1.html\n【政府工作报告】相关文章：\n1.县政府工作报告范文\n"
        "版权声明：本文内容由互联网用户自发贡献，本站仅提供信息存储空间服务，不拥有所有权，不承担相关法律责任。\n猜你喜欢",
        "附件：\n1．附件1：名词解释.doc\n2．附件2：民生实事.doc",
        "免责声明：本文仅代表作者观点，不代表本站立场。凡注明为某网原创作品的，未经许可不得转载。\n标签：\n工作报告",
    ],
)
def test_head_and_tail_of_a_page_are_told_from_the_report(head: str, tail: str) -> None:
    found = zones("\n".join([head, TITLE, BODY, NOTES, tail]))
    assert found["title_block"] == TITLE
    assert found["body"] == BODY
    assert found["notes"] == NOTES
    assert found.get("tail_chrome", "") == tail
    above = set(found) - {"title_block", "body", "notes", "tail_chrome"}
    assert above and above <= {"front_chrome", "metadata", "page_title"}


@pytest.mark.parametrize(
    "line",
    [
        "[1] [2] [3] 下一页",
        "第 2 页 共 10 页",
        "（本文来自某某文档网）",
        "更多精彩内容请关注微信公众号“某县发布”",
        "精品文档，值得下载",
        "word格式支持编辑，如有帮助欢迎下载支持。",
        "------------- 可编辑修改 -------------",
        "【 · · 范文大全】",
        "●●●",
    ],
)
def test_what_a_mirror_prints_at_its_pages_is_no_part_of_the_report(line: str) -> None:
    found = zones("\n".join([TITLE, BODY, line, "三、加强自身建设", PROSE]))
    assert found["body"] == "\n".join([BODY, "三、加强自身建设", PROSE])
    assert found["tail_chrome"] == line


def test_a_line_that_comes_again_between_paragraphs_is_a_running_title() -> None:
    pages = [f"{PROSE}{page}。" for page in "甲乙丙丁"]
    assert zones("\n".join([TITLE, BODY, "\n某县报告文集\n".join(pages)]))["body"] == "\n".join([BODY, *pages])
    torn = [f"{PROSE[:-1]}，全面建成{page}" for page in "甲乙丙丁"]
    linked = "\n小康社会\n".join([torn[0], *(f"的{page}" for page in torn[1:])])
    assert zones("\n".join([TITLE, BODY, linked]))["body"].count("小康社会") == 3


def test_jumps_of_a_newspaper_are_no_part_of_the_report() -> None:
    jump = "下转7版\n（上接第4版）"
    found = zones("\n".join([TITLE, BODY, jump, "三、加强自身建设", PROSE]))
    assert found["body"] == "\n".join([BODY, "三、加强自身建设", PROSE])
    assert found["tail_chrome"] == jump


def test_a_bare_report_is_all_report() -> None:
    assert zones("\n".join([BODY, NOTES])) == {"body": BODY, "notes": NOTES}
    assert zones(BODY) == {"body": BODY}


def test_a_contents_list_ends_where_its_first_entry_comes_again() -> None:
    contents = "目  录\n第一章 发展基础 1\n第一节 发展成就 1\n第二章 总体要求 5"
    body = f"第一章 发展基础\n第一节 发展成就\n{PROSE}\n第二章 总体要求\n{PROSE}"
    found = zones(f"某县国民经济和社会发展第十四个五年规划纲要\n2021年2月\n{contents}\n{body}")
    assert found["contents"] == contents
    assert found["body"] == body
    assert found["title_block"].startswith("某县国民经济")


def test_tables_at_the_end_are_body() -> None:
    table = "附件\n指标\n2023年\n生产总值\n295.4\n7.7\n-0.2"
    assert zones(f"{BODY}\n{table}")["body"] == f"{BODY}\n{table}"


def test_a_caption_within_the_report_is_chrome() -> None:
    found = zones(f"{TITLE}\n张三作政府工作报告。某日报记者 李四 摄\n{BODY}")
    assert found["front_chrome"] == "张三作政府工作报告。某日报记者 李四 摄"
    assert (found["title_block"], found["body"]) == (TITLE, BODY)


def test_notes_without_a_heading_are_found_by_their_numbers() -> None:
    notes = "\n".join(f"[{n}]“第{n}项行动”：指在全县范围内开展的专项工作。" for n in range(1, 9))
    assert zones(f"{BODY}\n{notes}")["notes"] == notes


def test_blank_text_has_no_zones() -> None:
    assert find_zones("", DEFAULT_CONFIG) == find_zones("\n \n", DEFAULT_CONFIG) == []
