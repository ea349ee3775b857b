"""Weighing names: where a report names its own place, how often, and what is named around it."""

from datetime import date

import pytest

from govreports.intake.place import Place, PlaceClues, PlaceProblem, find_place, names_in


def settle(year: int = 2020, delivered: date | None = None, **clues: str) -> Place:
    found = find_place(PlaceClues(**clues), year, delivered)
    assert isinstance(found, Place), found
    return found


def test_words_that_look_like_names_are_none() -> None:
    assert names_in("深化合作，节约资源，建设示范县、小康县，推动平安和谐、振兴县域") == []
    assert names_in("甘肃省合作市和广西桂林市资源县") == ["甘肃省", "合作市", "广西", "桂林市", "资源县"]


def test_the_longest_name_counts() -> None:
    assert names_in("米易县 大厂回族自治县 大厂县 光明新区") == ["米易县", "大厂回族自治县", "大厂县", "光明新区"]


def test_a_name_before_the_congress_beats_the_file_name() -> None:
    found = settle(block="在米易县第十九届人民代表大会第二次会议上", file_name="保定_易县_2021")
    assert (found.region_code, found.basis) == ("510421", "text")


def test_the_file_name_alone_is_told_as_such() -> None:
    found = settle(file_name="湖南省/衡阳县_2022公报", body="全县生产总值增长5.2%")
    assert (found.region_code, found.basis) == ("430421", "file_name")


def test_a_text_that_only_names_its_place_among_others() -> None:
    body = "我代表县人民政府。" + "全县" * 20 + "新安发展，新安速度，新安经验，洛阳市委，洛阳副中心，河南"
    assert settle(body=body).region_code == "410323"


def test_the_whole_that_a_text_speaks_of_tells_the_city_from_its_county() -> None:
    assert settle(body="南昌" * 20 + "全县" * 9 + "南昌县" * 2).region_code == "360121"
    assert settle(body="南昌" * 20 + "全市" * 9 + "南昌县" * 2).region_code == "360100"


def test_a_place_whose_short_name_is_a_word_needs_the_place_above() -> None:
    body = "全县" * 9 + "资源发展迈上新台阶，资源人民团结奋进，"
    assert settle(body=body + "桂林市委、桂林市政府").region_code == "450329"
    assert isinstance(find_place(PlaceClues(body=body), 2020), PlaceProblem)


def test_neighbours_tell_places_of_one_name_apart() -> None:
    around = {"360103": "青云谱区、青山湖区、东湖区、红谷滩", "330106": "上城区、余杭区、滨江区、钱塘江"}
    for code, neighbours in around.items():
        assert settle(title="2020年西湖区政府工作报告", body=f"西湖区与{neighbours}协同").region_code == code


@pytest.mark.parametrize(
    ("year", "delivered", "code"),
    [
        (2011, date(2011, 1, 20), "522422"),
        (2011, date(2011, 11, 20), "520521"),
        (2011, None, "522422"),
        (2012, None, "520521"),
    ],
)
def test_a_code_that_changed_within_the_year_is_taken_as_of_the_day(
    year: int, delivered: date | None, code: str
) -> None:
    found = settle(year, delivered, title="毕节大方县政府工作报告")
    assert (found.region_code, found.region_code_current) == (code, "520521")


def test_a_newer_name_over_an_older_report_gives_the_code_of_then() -> None:
    assert settle(2010, title="保定市清苑区2010年政府工作报告").region_code == "130622"
    assert settle(2020, title="保定市清苑县2020年政府工作报告").region_code == "130608"


@pytest.mark.parametrize(
    ("stated", "code"),
    [("360103", "360103"), ("江西省南昌市西湖区", "360103"), ("南昌西湖区", "360103"), ("米易县", "510421")],
)
def test_a_stated_region_is_a_code_or_a_name(stated: str, code: str) -> None:
    found = settle(stated=stated, title="杭州市西湖区政府工作报告")
    assert (found.region_code, found.basis, found.confidence) == (code, "sidecar", 1.0)


@pytest.mark.parametrize("stated", ["西湖区", "乌有县", "999999"])
def test_a_stated_region_that_is_none_or_several_is_told(stated: str) -> None:
    problem = find_place(PlaceClues(stated=stated), 2020)
    assert isinstance(problem, PlaceProblem)
    assert (problem.reason_code, stated in problem.reason) == ("unknown_region", True)


def test_confidence_grows_with_the_margin() -> None:
    clear = settle(block="在南昌市西湖区第十六届人民代表大会第四次会议上", body="西湖区" * 9 + "南昌" * 9)
    faint = settle(title="2020年西湖区政府工作报告", body="西湖区与上城区协同")
    assert 0.5 <= faint.confidence < clear.confidence <= 1
