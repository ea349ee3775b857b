"""Byte damage: text read one byte out of step, glosses torn into characters, lost characters; and the model that judges."""

import pytest

from govreports.clean.config import DEFAULT_CONFIG
from govreports.clean.damage import MARKED_CONFIDENCE, find_damage
from govreports.clean.edits import apply
from govreports.clean.language import fold, language_model


def repaired(text: str) -> str:
    return apply(text, find_damage(text, DEFAULT_CONFIG))


def out_of_step(text: str, at: int, end: int) -> str:
    """The text with the first byte of the character at `at` lost, read on out of step to `end`, where an ASCII byte ends it."""
    return text[:at] + "?" + text[at:end].encode("gbk")[1:].decode("gbk") + text[end:]


@pytest.mark.parametrize(
    ("text", "at", "end"),
    [
        ("全年地區生產總值增長13%。可以說是在承壓前行下實現了高質量發展", 13, 17),
        ("頭部企業強勢落地。《贛鄂皖三省十縣區知識產權合作協議》簽署實施", 8, 11),
    ],
)
def test_text_out_of_step_is_read_again(text: str, at: int, end: int) -> None:
    damaged = out_of_step(text, at, end)
    assert damaged != text
    assert repaired(damaged) == text


def test_a_gloss_torn_into_a_character_is_taken_out() -> None:
    assert (
        repaired("建成洋街?jǐn)?shù)字文創人才街區、電商直播人才實訓基地")
        == "建成洋街數字文創人才街區、電商直播人才實訓基地"
    )


def test_a_gloss_behind_a_letter_is_taken_out() -> None:
    assert repaired("成為九江文旅新品牌和最I(lǐng)N城市書房") == "成為九江文旅新品牌和最IN城市書房"


def test_a_lost_middle_dot_comes_back() -> None:
    assert (
        repaired("持續將“玩轉江城?潮游端午”等系列活動打造成為品牌") == "持續將“玩轉江城·潮游端午”等系列活動打造成為品牌"
    )


def test_replacement_characters_are_always_marked_or_read() -> None:
    text = "全县上下团结奋斗，完成投资\ufffd2.5亿元，城乡居民\ufffd\ufffd\ufffd入稳步增长。"
    found = find_damage(text, DEFAULT_CONFIG)
    assert [(r.start, r.end) for r in found] == [(13, 14), (24, 27)]
    assert found[0].after == "\ufffd"
    assert found[0].confidence == MARKED_CONFIDENCE


def test_a_numeral_is_never_guessed() -> None:
    found = find_damage('努力办好第四?"高交会"，推动科技成果转化。', DEFAULT_CONFIG)
    assert [(r.after, r.confidence) for r in found] == [("\ufffd", MARKED_CONFIDENCE)]


def test_a_character_that_its_neighbours_tell_is_read() -> None:
    assert repaired("坚持稳中求?工作总基调，推动经济社会发展。") == "坚持稳中求进工作总基调，推动经济社会发展。"
    assert repaired('承办好运动会，巩?"双拥模范城"创建成果。') == '承办好运动会，巩固"双拥模范城"创建成果。'


@pytest.mark.parametrize(
    "text",
    [
        '切实解?"文山会海"问题，改进作风。',
        "引进项目?221个，完成投资。",
        "服务英利?蠡县智慧产业园项目，加快建设。",
        "提高到1200?、1300元，惠及群众。",
    ],
)
def test_a_lost_character_that_nothing_tells_is_marked_and_ends_no_sentence(text: str) -> None:
    found = find_damage(text, DEFAULT_CONFIG)
    assert [r.confidence for r in found] == [MARKED_CONFIDENCE]
    assert apply(text, found) == text.replace("?", "\ufffd")


def test_a_middle_dot_stands_between_digits_or_words_in_quotation_marks() -> None:
    assert repaired("深刻吸取“12?20”滑坡事故教训") == "深刻吸取“12·20”滑坡事故教训"
    assert repaired("开展“欢乐暑期?社工陪伴”关爱留守儿童行动") == "开展“欢乐暑期·社工陪伴”关爱留守儿童行动"
    assert "·" not in repaired("全面梳理产业?展，完成征地补偿工作。")


@pytest.mark.parametrize(
    "text",
    [
        "怎么办?我们要迎难而上。",
        "钱从哪里来?人往哪里去?",
        "县长?? 张三",
        "代表：????现在，我代表县人民政府",
        "http://example.org/info.asp?infoid=5666",
        "",
    ],
)
def test_questions_blanks_and_addresses_are_no_damage(text: str) -> None:
    assert find_damage(text, DEFAULT_CONFIG) == []


def test_the_model_prefers_prose_to_damage() -> None:
    model = language_model()
    assert model.score("", fold("可以说是")) > model.score("", fold("梢哉f是")) + 3
    assert model.next("人民政", "府") > model.next("人民政", "心")
    assert model.next("", "龘") < model.next("", "的")


def test_folding_for_the_model() -> None:
    assert fold("增長８.5％，（ＧＤＰ） 說") == "增长0.0%,(AAA)说"
