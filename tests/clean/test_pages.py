"""Whole web pages as portals lay them out: the report comes back, and nothing else."""

from html import escape

import pytest

from govreports.clean.plan import clean

REPORT = """各位代表：
现在，我代表县人民政府，向大会报告工作，请予审议，并请各位政协委员提出意见。
一、2023年工作回顾
过去一年，我们坚持稳中求进工作总基调，全县生产总值完成447.1亿元，比上年增长4.2%，人均<5吨。
（一）产业提质增效。规模以上工业增加值增长8.5%，实施“双百”工程，民生支出占比超过80%。
二、2024年工作安排
生产总值增长5%左右，城镇新增就业2300人以上，居民收入增长与经济增长同步。
各位代表！蓝图已经绘就，奋斗正当其时，让我们团结一心、真抓实干，为建设美好家园而努力奋斗！"""
LINES = REPORT.split("\n")
HEAD = (
    "<!DOCTYPE html><html><head><title>政府工作报告 - 某县人民政府</title>"
    '<script>var a = "<p>各位代表：</p>"; if (1 < 2) { go(); }</script><style>.p{color:red}</style></head><body>'
    '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li><li>新闻中心</li></ul></div>'
    "<div>当前位置：<a>首页</a> &gt; <a>政务公开</a> &gt; 正文</div><h1>2024年政府工作报告</h1>"
    "<div><span>发布机构：某县人民政府办公室</span> <span>发布时间：2024-02-01 09:30</span> "
    "【字体：<a>大</a> <a>中</a> <a>小</a>】</div>"
)
FOOT = (
    '<div class="share">分享到：<a>微信</a><a>微博</a></div><p>【打印本页】【关闭窗口】</p><p>上一篇：<a>某县召开会议</a></p>'
    "<h3>相关链接</h3><ul><li>乙县2024年政府工作报告</li><li>统计公报</li></ul>"
    '<div class="footer"><p>主办：某县人民政府办公室&nbsp;&nbsp;技术支持：某公司</p>'
    "<p>版权所有&copy; 冀ICP备06016263号-1</p></div>"
    "</body></html>"
)
LAYOUTS = {
    "paragraphs": "".join(f'<p style="text-indent:2em">&emsp;&emsp;{escape(line)}</p>\n' for line in LINES),
    "breaks": "<div>" + "<br/>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{escape(line)}" for line in LINES) + "</div>",
    "spans": "".join(
        f'<p class="MsoNormal"><span><span>\u3000\u3000{escape(line[:9])}</span></span><!-- c --><o:p></o:p>'
        f'<span lang="EN-US">{escape(line[9:])}</span></p>'
        for line in LINES
    ),
    "tables": "<table><tr><td></td><td><table><tr><td>"
    + "".join(f"<div>&nbsp; {escape(line)}</div>" for line in LINES)
    + "</td></tr></table></td></tr></table>",
    "deep": "<div>" * 1200 + "".join(f"<p>{escape(line)}</p>" for line in LINES) + "</div>" * 1200,
    "unclosed": "".join(f"<p>{escape(line)}\n" for line in LINES),
    "wrapped": "".join(f"<p>{escape(line).replace('，', '，' + chr(10) + '    ')}</p>" for line in LINES),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_report_comes_back_from_its_page(layout: str) -> None:
    assert clean(HEAD + LAYOUTS[layout] + FOOT, "text/html").text == REPORT


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_value_leads_back_into_the_source(layout: str) -> None:
    page = HEAD + LAYOUTS[layout] + FOOT
    cleaning = clean(page, "text/html")
    for value in ("447.1亿元", "8.5%", "2300人"):
        at = cleaning.text.index(value)
        start, end = cleaning.offsets.to_raw(at, at + len(value))
        assert page[start:end] == value
