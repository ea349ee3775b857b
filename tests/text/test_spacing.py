"""Characters without width, and blanks behind every character."""

from govreports.text.spacing import invisible_characters, spacing_blanks
from govreports.text.spans import cut


def test_characters_without_width_part_nothing() -> None:
    text = "\ufeff生产\u200b总值增长6.\u200b\u20606%，"
    assert cut(text, invisible_characters(text)) == "生产总值增长6.6%，"
    assert invisible_characters("增长6.6%, GDP") == []


def test_a_text_with_a_blank_behind_every_character() -> None:
    spaced = " ".join("全县生产总值完成1.5亿元，增长8%。") + "\n" + " ".join("各位代表")
    assert cut(spaced, spacing_blanks(spaced)) == "全县生产总值完成1.5亿元，增长8%。\n各位代表"
    assert spacing_blanks("县长 王 强 作政府工作报告。各位代表，全县生产总值完成。") == []
    latin = " ".join("国内生产总值") + " G D P of China"
    assert cut(latin, spacing_blanks(latin)).endswith("of China")
