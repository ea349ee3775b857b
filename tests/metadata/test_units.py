"""Units and code lists."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreports.metadata.code_lists import code_lists_from, load_code_lists
from govreports.metadata.tables import DeclarationError, code_lists_needed
from govreports.metadata.units import load_units, units_from


@pytest.mark.parametrize(
    ("written", "measure", "factor", "power"),
    [
        ("亿元", "CNY", 1e8, 8),
        ("万元", "CNY", 1e4, 4),
        ("万亿元", "CNY", 1e12, 12),
        ("千万元", "CNY", 1e7, 7),
        ("亿美元", "USD", 1e8, 8),
        ("万人", "PERSONS", 1e4, 4),
        ("万人次", "PERSON_TIMES", 1e4, 4),
        ("万户", "HOUSEHOLDS", 1e4, 4),
        ("家", "UNITS", 1, 0),
        ("亩", "M2", 666.67, 0),
        ("万亩", "M2", 6666700, 4),
        ("平方公里", "M2", 1e6, 0),
        ("㎡", "M2", 1, 0),
        ("千米", "KM", 1, 0),
        ("千克", "T", 0.001, 0),
        ("千瓦", "KW", 1, 0),
        ("万千瓦", "KW", 1e4, 4),
        ("亿千瓦时", "KWH", 1e8, 8),
        ("%", "PT", 1, 0),
        ("‰", "PT", 0.1, 0),
        ("成", "PT", 10, 0),
        ("个百分点", "PP", 1, 0),
        ("位", "RANK", 1, 0),
        ("微克/立方米", "UG_M3", 1, 0),
        ("万标箱", "TEU", 1e4, 4),
        ("万", "UNITS", 1e4, 4),
    ],
)
def test_a_written_unit_has_its_base_and_factor(written: str, measure: str, factor: float, power: int) -> None:
    unit = load_units().lookup(written)
    assert unit is not None
    assert (unit.unit_measure, unit.written_mult) == (measure, power)
    assert unit.factor == pytest.approx(factor)


@pytest.mark.parametrize("written", ["", "号文件", "元钱包", "亿亿元"])
def test_what_is_no_unit_is_not_found(written: str) -> None:
    assert load_units().lookup(written) is None


@given(st.sampled_from(sorted(load_units().multipliers)), st.sampled_from(load_units().written))
def test_a_multiplier_scales_the_unit_behind_it(multiplier: str, written: str) -> None:
    units = load_units()
    if multiplier + written in units.written:
        return
    plain, scaled = units.lookup(written), units.lookup(multiplier + written)
    assert plain and scaled
    assert scaled.unit_measure == plain.unit_measure
    assert scaled.factor == pytest.approx(plain.factor * 10 ** units.multipliers[multiplier])


def test_bare_units_come_longest_first() -> None:
    lengths = [len(written) for written in load_units().written]
    assert lengths == sorted(lengths, reverse=True)
    assert "" not in load_units().written


@pytest.mark.parametrize(
    ("units", "says"),
    [
        ({"A": {"dimension": "d", "zh": "甲"}}, "A: missing ['en', 'written']"),
        ({"A": {"dimension": "d", "zh": "甲", "en": "a", "written": {"甲": 0}}}, "must be a positive number"),
        (
            {
                "A": {"dimension": "d", "zh": "甲", "en": "a", "written": {"甲": 1}},
                "B": {"dimension": "d", "zh": "乙", "en": "b", "written": {"甲": 2}},
            },
            "'甲' stands under A and B",
        ),
    ],
)
def test_a_faulty_unit_is_named(units: dict[str, Any], says: str) -> None:
    with pytest.raises(DeclarationError) as error:
        units_from({"multipliers": {}, "units": units})
    assert says in str(error.value)


def test_every_coded_column_has_its_list_and_every_code_both_labels() -> None:
    lists = load_code_lists()
    assert code_lists_needed() <= lists.keys()
    for name, codes in lists.items():
        assert codes, name
        assert len({code.code for code in codes}) == len(codes)
        assert all(code.zh and code.en for code in codes), name
    assert {"CNY", "PT", "M2"} <= {code.code for code in lists["unit_measure"]}


def test_a_code_without_labels_is_named() -> None:
    with pytest.raises(DeclarationError, match="bound: 'point' must be a text"):
        code_lists_from({"bound": {"point": ["点值"]}})
