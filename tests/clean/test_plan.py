"""Cleaning of any text: offsets stay exact, the plan replays, cleaned text is clean."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Fixer, Replacement, apply, offset_map
from govreports.clean.explain import explain, replay
from govreports.clean.plan import FIXERS, clean
from govreports.text.offsets import OffsetMap

PIECES = st.sampled_from(
    [
        *(
            "各位代表：",
            "现在，我代表区人民政府，向大会报告工作，请予审议。",
            "一、2023年工作回顾",
            "政府工作报告",
            "名词解释：",
        ),
        *(
            "\n",
            "\r\n",
            "\\r\\n",
            "\n\n",
            " ",
            "\u3000\u3000",
            "????",
            "&nbsp;",
            "<br>",
            "|",
            "\t",
            "?",
            "分享到：",
            "首页",
        ),
        *(
            "增长８．５％",
            "完成1·8%",
            "15℅",
            "13_M_M_",
            "規(guī)模",
            "產(chǎn)業(yè)",
            "经济和社会发\n展",
            "1l6家",
            "2 016年",
            "亿元",
        ),
        *(
            "全县生产总值完成447.1亿元，比上年增长4.2%。",
            "责任编辑：张三",
            "来源：某某网",
            "1.“双减”：即减轻负担。",
            "“",
            "”",
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_is_cleaned_and_mapped(text: str) -> None:
    cleaning = clean(text)
    assert replay(text, cleaning) == cleaning.text
    assert all(line == line.strip() and line for line in cleaning.text.split("\n")) or cleaning.text == ""
    for fix in cleaning.fixes:
        assert text[fix.raw_start : fix.raw_end] == fix.before
        assert 0 <= fix.clean_start <= fix.clean_end <= len(cleaning.text)
    for match in re.finditer("亿元|审议", cleaning.text):
        start, end = cleaning.offsets.to_raw(*match.span())
        assert text[start:end].replace("\n", "").replace("\r", "").replace(" ", "")[0] == match[0][0]


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_zones_lie_in_order_and_cover_the_cleaned_text(text: str) -> None:
    cleaning = clean(text)
    assert [z.raw_start for z in cleaning.zones] == sorted(z.raw_start for z in cleaning.zones)
    # The line end between two zones may be one within a torn sentence.
    covered = "".join(cleaning.text[z.clean_start : z.clean_end] for z in cleaning.zones)
    assert covered.replace("\n", "") == cleaning.text.replace("\n", "")


@settings(max_examples=100, deadline=None)
@given(
    st.text("ab一二\n", max_size=30),
    st.lists(st.tuples(st.text("ab一\n", min_size=1, max_size=2), st.text("X", max_size=3)), max_size=4),
)
def test_random_fixers_compose(text: str, rules: list[tuple[str, str]]) -> None:
    offsets, now = OffsetMap(), text
    for find, put in rules:
        found = [Replacement(*m.span(), put) for m in re.finditer(re.escape(find), now)]
        offsets = offsets.then(offset_map(found))
        now = apply(now, found)
    for i, char in enumerate(now):
        start, end = offsets.to_raw(i, i + 1)
        assert char == "X" or char in text[start:end]


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.frozensets(st.sampled_from([fixer.name for fixer in FIXERS])), st.booleans())
def test_any_choice_of_fixers_replays_and_maps_in_order(text: str, without: frozenset[str], html: bool) -> None:
    cleaning = clean(text, "text/html" if html else "text/plain", CleaningConfig(without=without))
    assert replay(text, cleaning) == cleaning.text
    assert without.isdisjoint(step.fixer.name for step in cleaning.steps)
    places = [cleaning.offsets.to_raw(i, i + 1) for i in range(len(cleaning.text))]
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert places == sorted(places)
    for i, (start, end) in enumerate(places):
        if start < end:
            first, last = cleaning.offsets.to_clean(start, end)
            assert first <= i < last


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_characters_that_nothing_touched_lead_to_themselves(text: str) -> None:
    cleaning = clean(text)
    kept = set("政府工作报告审议全县生产总值完成亿元")
    changed = [(fix.clean_start, fix.clean_end) for fix in cleaning.fixes]
    for i, char in enumerate(cleaning.text):
        if char in kept and not any(a <= i < b for a, b in changed):
            start, end = cleaning.offsets.to_raw(i, i + 1)
            assert char in text[start:end]


def test_blanks_at_the_ends_of_a_zone_belong_to_none() -> None:
    cleaning = clean("政府工作报告\n????各位代表：\n现在，我代表区人民政府，向大会报告工作，请予审议。")
    kept = [(z.kind, cleaning.text[z.clean_start : z.clean_end]) for z in cleaning.zones]
    assert kept == [
        ("title_block", "政府工作报告"),
        ("body", "各位代表：\n现在，我代表区人民政府，向大会报告工作，请予审议。"),
    ]


def test_fixers_have_names_and_can_be_left_out() -> None:
    names = [fixer.name for fixer in FIXERS]
    assert len(set(names)) == len(names)
    assert all(isinstance(fixer, Fixer) and fixer.description for fixer in FIXERS)
    text = "各位代表：\n增长13_M_M_。"
    assert "13%" in clean(text).text
    assert "13_M_M_" in clean(text, config=CleaningConfig(without=frozenset({"percent_damage"}))).text


def test_an_empty_text_is_cleaned_to_nothing() -> None:
    assert clean("").text == ""
    assert clean(" \n\u3000\n").text == ""


def test_html_keeps_places_however_deep() -> None:
    page = "<html><body>" + "<div>" * 5000 + "<p>各位代表：</p><p>完成<b>447.1</b>亿元&nbsp;。</p>" + "</div>" * 5000
    cleaning = clean(page, "text/html")
    assert cleaning.text == "各位代表：\n完成447.1亿元。" or cleaning.text == "各位代表：\n完成447.1亿元 。"
    start = cleaning.text.index("447.1亿元")
    raw_start, raw_end = cleaning.offsets.to_raw(start, start + 7)
    assert page[raw_start:raw_end] == "447.1</b>亿元"


def test_the_explanation_names_every_step() -> None:
    cleaning = clean("各位代表：\n增长８．５％，占15℅。")
    assert [summary.fixer for summary in explain(cleaning)] == ["width", "percent_damage"]
    assert explain(cleaning)[1].examples[0].before == "℅"
