"""Texts that a program wrote in escapes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from govreports.text.escapes import unicode_escapes
from govreports.text.spans import exchange

SENTENCE = (
    "各位代表：全县生产总值完成12.5亿元，同比增长8%，一般公共预算收入完成3.2亿元，城镇登记失业率控制在4%以内。" * 2
)


def read(text: str) -> str:
    return exchange(text, unicode_escapes(text))


@given(st.text(st.characters(exclude_characters='"\\/', exclude_categories=["Cc", "Cs"])))
def test_what_json_escapes_is_read_back(text: str) -> None:
    assert read(json.dumps(SENTENCE + text)) == f'"{SENTENCE}{text}"'


def test_slashes_pairs_and_doubled_escapes() -> None:
    assert read(json.dumps(SENTENCE + "😀").replace("\\", "\\\\") + "<\\/p>") == f'"{SENTENCE}😀"</p>'
    assert read(json.dumps(SENTENCE) + "\\ud83d.").endswith("\ufffd.")


def test_a_few_escapes_in_a_text_stay() -> None:
    assert unicode_escapes(SENTENCE + "\\u3000\\u3000" + SENTENCE) == []
