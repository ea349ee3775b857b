"""The gazetteer: spans, successors, names, levels; the table as a whole hangs together."""

from datetime import date

import pytest

from govreports.metadata.compile_regions import spell
from govreports.metadata.gazetteer import load_gazetteer, short_names, stem

GAZETTEER = load_gazetteer()


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("清苑县", "清苑"),
        ("大厂回族自治县", "大厂"),
        ("海西蒙古族藏族自治州", "海西"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("广西壮族自治区", "广西"),
        ("内蒙古自治区", "内蒙古"),
        ("锡林郭勒盟", "锡林郭勒"),
        ("大鹏新区", "大鹏"),
        ("毕节地区", "毕节"),
        ("香港特别行政区", "香港"),
    ],
)
def test_the_own_part_of_a_name(name: str, own: str) -> None:
    assert stem(name) == own


def test_short_names_of_autonomous_places() -> None:
    assert short_names("大厂回族自治县") == ["大厂", "大厂县"]
    assert short_names("黔东南苗族侗族自治州") == ["黔东南", "黔东南州"]
    assert short_names("易县") == []
    assert {r.region_code for r in GAZETTEER.named("大厂县")} == {"131028"}


def test_a_county_that_became_a_district() -> None:
    county, district = GAZETTEER.regions["130622"], GAZETTEER.regions["130608"]
    assert (county.name, district.name) == ("清苑县", "清苑区")
    assert county.successor_code == district.region_code
    assert county.valid_in(2014) and not county.valid_in(2016)
    assert GAZETTEER.current("130622") == district
    assert GAZETTEER.valid_in("130622", 2020) == district


def test_validity_by_the_day() -> None:
    district = GAZETTEER.regions["130608"]
    assert district.valid_from is not None
    assert district.valid_on(district.valid_from)
    assert not district.valid_on(date(2015, 1, 1))


def test_places_of_one_name() -> None:
    assert {r.prefecture for r in GAZETTEER.named("西湖区", 2020)} == {"南昌市", "杭州市"}
    assert GAZETTEER.regions["360103"].full_name == "江西省南昌市西湖区"


@pytest.mark.parametrize(
    ("code", "pinyin"),
    [("510100", "chengdushi"), ("140400", "changzhishi"), ("140428", "zhangzixian"), ("211300", "chaoyangshi")],
)
def test_names_are_spelled_as_places_are_read(code: str, pinyin: str) -> None:
    assert GAZETTEER.regions[code].name_pinyin == pinyin
    assert spell(GAZETTEER.regions[code].name) == pinyin


def test_functional_areas_hang_below_their_parent() -> None:
    area = GAZETTEER.regions["440300X04"]
    assert (area.name, area.level, area.prefecture, area.province) == ("大鹏新区", "functional", "深圳市", "广东省")


def test_provinces_are_all_there() -> None:
    provinces = [r for r in GAZETTEER.regions.values() if r.level == "province" and r.valid_to is None]
    assert len(provinces) == 34


def test_every_code_leads_to_one_in_use_or_to_a_known_end() -> None:
    for code, region in GAZETTEER.regions.items():
        current = GAZETTEER.current(code)
        assert current.region_code in GAZETTEER.regions
        assert current.valid_to is None or not current.successor_code, code
        assert region.successor_code is None or region.successor_code in GAZETTEER.regions, code
        assert region.parent_code is None or region.parent_code in GAZETTEER.regions, code
        if region.valid_from and region.valid_to:
            assert region.valid_from <= region.valid_to, code


def test_regions_that_ended_have_a_successor_in_their_province() -> None:
    ended = [r for r in GAZETTEER.regions.values() if r.valid_to]
    assert len(ended) > 500
    left = [r.region_code for r in ended if r.successor_code and r.successor_code[:2] != r.region_code[:2]]
    assert left == []
