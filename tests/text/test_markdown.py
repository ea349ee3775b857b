"""Signs of Markdown at the beginnings of lines."""

from govreports.text.markdown import markdown_signs
from govreports.text.spans import cut


def test_signs_go_and_words_stay() -> None:
    text = (
        "# 政府工作报告\n\n**一、2023年工作回顾**\n> 全县生产总值增长5%。\n**工业提质。**新增企业5家。\n### （一）农业"
    )
    plain = "政府工作报告\n\n一、2023年工作回顾\n全县生产总值增长5%。\n工业提质。新增企业5家。\n（一）农业"
    assert cut(text, markdown_signs(text)) == plain


def test_a_few_signs_are_no_markdown() -> None:
    text = "全县增长>5%\n**县人民政府**年工作报告\n# 一号工程"
    assert markdown_signs(text) == []
    assert markdown_signs("完成投资12亿元。\n" * 9) == []
