"""The scorer: what counts as a match, how pairs are made, and the shipped labels."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreports.metadata.catalogue import load_catalogue
from govreports.quality.labels import LabelSet, Reading, all_places, bare_unit, read_labels, shipped_sets
from govreports.quality.score import TOTAL, below_floor, disagreements, score
from govreports.text.ids import doc_id

RAW = Path(__file__).resolve().parents[2] / "raw"
LABEL = Reading("gdp", "level", 100e8, None, None, "元", "point", "actual", "2023", "", "region", ((10, 40),))


def f1(labels, readings, match: str = "value") -> float:
    return score({"d": labels}, {"d": readings}, {"gdp"}).total.f1(match)


def test_a_perfect_reading() -> None:
    reading = replace(LABEL, places=((20, 26),))
    assert f1([LABEL], [reading]) == 1 and f1([LABEL], [reading], "strict") == 1


@pytest.mark.parametrize(
    ("change", "attribute"),
    [
        ({"unit": "美元"}, "unit"),
        ({"bound": "at_least"}, "bound"),
        ({"status": "target"}, "status"),
        ({"time_period": "2022"}, "period"),
        ({"scope": "other"}, "scope"),
        ({"places": ((50, 56),)}, "quote"),
        ({"places": ((10, 80),)}, "quote"),
    ],
)
def test_each_attribute_breaks_a_strict_match_only(change: dict, attribute: str) -> None:
    reading = replace(LABEL, **change)
    assert disagreements(LABEL, reading) == (attribute,)
    assert f1([LABEL], [reading]) == 1 and f1([LABEL], [reading], "strict") == 0


@pytest.mark.parametrize("change", [{"value": 101e8}, {"measure": "share"}, {"value": None, "low": 1.0, "high": 2.0}])
def test_another_value_or_measure_is_no_match(change: dict) -> None:
    assert f1([LABEL], [replace(LABEL, **change)]) == 0


def test_a_base_period_counts_only_where_the_label_names_one() -> None:
    assert disagreements(LABEL, replace(LABEL, base_period="2015")) == ()
    assert disagreements(replace(LABEL, base_period="2010"), replace(LABEL, base_period="2015")) == ("period",)


def test_the_best_agreeing_pair_is_made_first() -> None:
    other = replace(LABEL, places=((100, 130),))
    readings = [replace(LABEL, places=((105, 111),)), replace(LABEL, places=((15, 21),))]
    assert f1([LABEL, other], readings, "strict") == 1


def test_missed_and_spurious_readings() -> None:
    result = score({"d": [LABEL], "e": [LABEL]}, {"d": [LABEL, replace(LABEL, value=1.0)]}, {"gdp"})
    assert (result.total.labelled, result.total.predicted, result.total.matched["value"]) == (2, 2, 1)
    assert sorted(miss.kind for miss in result.misses) == ["missed", "spurious"]
    assert {row["match"] for row in result.rows("x") if row["indicator_id"] == TOTAL} == {"value", "strict"}


def test_goals_of_earlier_plans_and_other_indicators_are_not_scored() -> None:
    readings = [replace(LABEL, status="past_target"), replace(LABEL, indicator_id="patents")]
    assert score({"d": []}, {"d": readings}, {"gdp"}).total.predicted == 0


def test_doubtful_labels_neither_help_nor_hurt() -> None:
    doubtful = replace(LABEL, optional=True)
    assert score({"d": [doubtful]}, {"d": [LABEL]}, {"gdp"}).total.predicted == 0
    assert score({"d": [doubtful]}, {"d": []}, {"gdp"}).total.labelled == 0


@given(st.integers(0, 6), st.integers(0, 6))
def test_scores_stay_between_nought_and_one(labelled: int, read: int) -> None:
    result = score({"d": [LABEL] * labelled}, {"d": [LABEL] * read}, {"gdp"}).total
    assert result.matched["value"] == min(labelled, read)
    assert 0 <= result.f1("value") <= 1 and 0 <= result.precision("value") <= 1 and 0 <= result.recall("value") <= 1


@pytest.mark.parametrize(
    ("unit", "factor", "bare"),
    [
        ("亿美元", 1e8, "美元"),
        ("万", 1e4, ""),
        ("%", 1, "%"),
        ("成", 10, "%"),
        ("千瓦", 1, "千瓦"),
        ("万亿元", 1e12, "元"),
        ("", 1, ""),
    ],
)
def test_bare_units(unit: str, factor: float, bare: str) -> None:
    assert bare_unit(unit) == (factor, bare)


# -- the shipped labels --------------------


def shipped(name: str) -> LabelSet:
    return next(labels for labels in shipped_sets() if labels.name == name)


@pytest.mark.parametrize("labels", shipped_sets(), ids=lambda labels: labels.name)
def test_every_set_is_of_known_indicators_and_has_floors(labels: LabelSet) -> None:
    assert len(labels.labels) >= 5 and labels.exhaustive <= load_catalogue().indicators.keys()
    assert 0.9 <= labels.floors["strict"] <= labels.floors["value"] <= 1
    assert all(start < end for found in labels.labels.values() for label in found for start, end in label.places)


def test_the_shipped_labels_are_of_the_committed_reports() -> None:
    seeds = shipped("seeds")
    assert seeds.labels.keys() == {doc_id(path.read_bytes()) for path in RAW.glob("*.txt")}
    assert sum(len(labels) for labels in seeds.labels.values()) == 546
    assert len(seeds.exhaustive) == 41 and seeds.exhaustive <= load_catalogue().indicators.keys()


def test_labels_lie_within_their_reports() -> None:
    seeds = shipped("seeds")
    lengths = {doc_id(path.read_bytes()): len(path.read_text(encoding="utf-8-sig")) for path in RAW.glob("*.txt")}
    for document, labels in seeds.labels.items():
        for label in labels:
            ((start, end),) = label.places
            assert 0 <= start < end <= lengths[document]


def test_floors_hold_for_whole_sets_only() -> None:
    seeds = shipped("seeds")
    rows = [{"gold_set": "seeds", "indicator_id": TOTAL, "match": "value", "f1": seeds.floors["value"] - 0.01}]
    assert below_floor(rows, []) == []
    (complaint,) = below_floor(rows, seeds.labels)
    assert "value F1 on the set seeds" in complaint
    assert below_floor([{**rows[0], "f1": seeds.floors["value"]}], seeds.labels) == []


def test_files_of_annotators_are_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "doc,indicator,value,unit,value_low,value_high,measure,qualifier,status,period,base_period,scope,evidence,optional\n"
        "x,gdp,28.2,亿元,,,level,at_least,actual,2023,,region,突破28.2亿元,\n"
        "x,gdp,,%,7,7.5,growth_yoy,,target,2024,,某园区,7%-7.5%,yes\n",
        encoding="utf-8",
    )
    text = "总值突破28.2亿元,突破28.2亿元"
    first, second = read_labels(path, lambda doc, evidence: all_places(text, evidence))["x"]
    assert (first.value, first.unit, first.bound, first.scope) == (28.2e8, "元", "at_least", "region")
    assert first.places == ((2, 10), (11, 19))
    assert (second.low, second.high, second.bound, second.scope, second.optional) == (7, 7.5, "range", "other", True)
