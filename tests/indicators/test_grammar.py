"""The grammar of quantities: what is written comes back, and what is no quantity stays out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreports.indicators.grammar import find_quantities

UNITS = ["亿元", "万元", "%", "个百分点", "万人", "亿美元", "倍", "家", "万平方米", "公里", "元"]
BEFORE = {"": "point", "超过": "at_least", "约": "approx", "近": "near", "不低于": "at_least", "不超过": "at_most"}
AFTER = {"": "point", "以上": "at_least", "左右": "approx", "以内": "at_most"}


@given(
    st.decimals(min_value=0, max_value=99999, places=2),
    st.sampled_from(UNITS),
    st.sampled_from(sorted(BEFORE)),
    st.sampled_from(sorted(AFTER)),
)
def test_numbers_units_and_bounds_come_back(number: object, unit: str, before: str, after: str) -> None:
    text = f"增长到{before}{number}{unit}{after},"
    (found,) = find_quantities(text)
    assert found.value == float(str(number))
    assert found.unit == unit
    assert found.decimals == 2
    assert found.bound == (AFTER[after] if after else BEFORE[before])
    assert text[found.start : found.end] == f"{number}{unit}"
    assert text[found.quote_start : found.quote_end] == f"{before}{number}{unit}{after}"


@given(st.integers(1000, 9_999_999))
def test_thousands_separators_make_no_difference(number: int) -> None:
    (found,) = find_quantities(f"收入{number:,}元")
    assert found.value == number


@given(st.integers(0, 50), st.integers(51, 100), st.sampled_from(["-", "—", "~", "～", "至", "%-", "%至"]))
def test_ranges_come_back(low: int, high: int, dash: str) -> None:
    (found,) = find_quantities(f"增长{low}{dash}{high}%左右")
    assert (found.low, found.high, found.unit, found.bound) == (low, high, "%", "range")
    assert found.value is None
    assert found.obs_value == (low + high) / 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新增床位1100余张", [(1100, "张", "at_least")]),
        ("新增就业2.6万余人", [(2.6, "万人", "at_least")]),
        ("投入近千万元", [(1000, "万元", "near")]),
        ("财政收入过百亿城区", [(100, "亿元", "at_least")]),
        ("突破百亿元大关", [(100, "亿元", "at_least")]),
        ("占全市三成", [(30, "%", "point")]),
        ("占全省1/5", [(0.2, "", "point")]),
        ("超过全市三分之一", [(0.333333, "", "at_least")]),
        ("较上年翻一番", [(2, "倍", "point")]),
        ("比2000年翻两番", [(4, "倍", "point")]),
        ("保持两位数以上增长", [(10, "%", "at_least")]),
        ("保持在120%、68%、100%以上", [(120, "%", "at_least"), (68, "%", "at_least"), (100, "%", "at_least")]),
        ("分别提高3、5个百分点", [(3, "个百分点", "point"), (5, "个百分点", "point")]),
        ("失业率≤3%", [(3, "%", "at_most")]),
        ("增长-3.4%", [(-3.4, "%", "point")]),
        ("列全省第2位", [(2, "位", "point")]),
        ("稳居全省县(市、区)首位", [(1, "位", "point")]),
        ("位居全市第一", [(1, "位", "point")]),
        ("保持全省前三位", [(3, "位", "at_most")]),
        ("14亿人口", [(14, "亿", "point")]),
        ("276.38（不含军工）亿元", [(276.38, "亿元", "point")]),
        ("经过29家企业", [(29, "家", "point")]),
        ("四十九点五亿美元", [(49.5, "亿美元", "point")]),
        ("五点零三多万吨", [(5.03, "万吨", "at_least")]),
        ("投资1915.09万元", [(1915.09, "万元", "point")]),
    ],
)
def test_forms_of_the_genre(text: str, expected: list[tuple[float, str, str]]) -> None:
    assert [(q.value, q.unit, q.bound) for q in find_quantities(text)] == expected


def test_ratio_of_the_industries() -> None:
    (found,) = find_quantities("三次产业比达到0.16:7.91:91.93")
    assert found.kind == "ratio"
    assert [m[2] for m in found.members] == [0.16, 7.91, 91.93]


@pytest.mark.parametrize(
    "text",
    [
        "12345热线",
        "“1+5+X”社区邻里中心",
        "实施03专项",
        "5G基站建设",
        "2023年12月31日",
        "1-8月",
        "2016-2020年",
        "第二产业",
        "第十三届",
        "首位产业",
        "“5020”项目",
        "（0791-83986666）",
        "府发〔2020〕15号",
        "第一书记",
        "地铁4号线",
    ],
)
def test_names_dates_and_marks_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == []
