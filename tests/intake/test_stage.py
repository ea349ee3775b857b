"""Identity as a whole: the five reports, their re-encodings, precedence, sidecars, refusals, bad files."""

import gzip
import html
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_pages import PROSE, communique, plan, report

from govreports.intake import stage
from govreports.intake.source import SourceFile
from govreports.intake.stage import Identified, Refusal, identify, read_files
from govreports.lake.frames import stage_schema
from govreports.metadata.code_lists import load_code_lists
from govreports.metadata.gazetteer import load_gazetteer
from govreports.text.ids import doc_id, sha256

ROOT = Path(__file__).resolve().parents[2]
SEEDS = {path.name[:3]: path for path in sorted((ROOT / "raw").glob("*.txt"))}
TRUTH = json.loads((Path(__file__).with_name("golden") / "identity.json").read_text(encoding="utf-8"))
PARTITIONS = {
    "000": "360102-2021",
    "001": "360121-2022",
    "002": "360403-2024",
    "003": "360103-2021",
    "004": "420102-2024",
}
# What the bytes alone decide; everything else in a row is identity.
OF_THE_BYTES = {"doc_id", "sha256", "source_file", "encoding", "media_type", "raw_text", "raw_chars"}


def row_of(text: str | bytes, name: str = "a.txt", sidecar: str | None = None) -> dict[str, Any]:
    data = text.encode() if isinstance(text, str) else text
    found = identify(SourceFile(name, data, sidecar.encode() if sidecar is not None else None))
    assert isinstance(found, Identified), found
    return found.row


def refusal_of(text: str | bytes, name: str = "a.txt", sidecar: str | None = None) -> Refusal:
    data = text.encode() if isinstance(text, str) else text
    found = identify(SourceFile(name, data, sidecar.encode() if sidecar is not None else None))
    assert isinstance(found, Refusal), found
    assert found.reason_code in {code.code for code in load_code_lists()["reason_code"]}
    return found


# -- the five reports --------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_five_reports_are_known_for_what_they_are(seed: str) -> None:
    row = row_of(SEEDS[seed].read_bytes(), SEEDS[seed].name)
    stated = {name: value.isoformat() if isinstance(value := row[name], date) else value for name in TRUTH[seed]}
    assert stated == TRUTH[seed]
    assert row["partition_key"] == PARTITIONS[seed]
    assert row["completeness"] == "full"
    assert row["identity_basis"] == "text"


def test_the_spans_of_the_five_reports() -> None:
    spans = {
        seed: tuple(row_of(path.read_bytes())[n] for n in ("review_start", "review_end", "plan_start", "plan_end"))
        for seed, path in SEEDS.items()
    }
    assert spans["000"] == (date(2016, 1, 1), date(2021, 9, 30), date(2021, 1, 1), date(2025, 12, 31))
    assert spans["001"] == (date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31))
    assert spans["003"] == (date(2016, 1, 1), date(2020, 12, 31), date(2021, 1, 1), date(2025, 12, 31))
    assert spans["004"] == (date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31))


def as_page(text: str) -> str:
    lines = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.split("\n"))
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><div>{lines}</div></body></html>"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_shape_of_a_file_does_not_change_what_it_is(seed: str) -> None:
    data = SEEDS[seed].read_bytes()
    text = data.decode()
    shapes = {
        "gb.txt": text.encode("gb18030"),
        "utf16.txt": text.encode("utf-16"),
        "bom.txt": b"\xef\xbb\xbf" + data,
        "packed.txt.gz": gzip.compress(data, mtime=0),
        "page.html": as_page(text).encode(),
        "page.htm.gz": gzip.compress(as_page(text).encode("gb18030"), mtime=0),
        "crlf.txt": text.replace("\n", "\r\n").encode(),
        "escaped.txt": text.replace("\n", "\\r\\n").encode(),
    }
    identity = {name: value for name, value in row_of(data).items() if name not in OF_THE_BYTES}
    for name, shape in shapes.items():
        row = row_of(shape, name)
        assert {n: v for n, v in row.items() if n not in OF_THE_BYTES} == identity, name


def test_a_row_has_the_declared_columns_and_the_bytes_decide_its_id() -> None:
    data = SEEDS["001"].read_bytes()
    row = row_of(data, "deep/er/name.txt")
    assert set(row) == set(stage_schema("raw"))
    assert (row["doc_id"], row["sha256"]) == (doc_id(data), sha256(data))
    assert row["raw_text"] == data.decode()
    assert row["raw_chars"] == len(row["raw_text"])


# -- precedence --------------------


def test_the_text_beats_the_name() -> None:
    row = row_of(report("攀枝花市米易县", 2023), "保定_易县_2021.txt")
    assert (row["partition_key"], row["identity_basis"]) == ("510421-2023", "text")


def test_the_name_helps_where_the_text_is_silent() -> None:
    row = row_of("一、综合\n初步核算，" + PROSE.format(kind="县") * 3, "湖南省/衡阳县_2022公报.txt")
    assert (row["region_code"], row["report_year"]) == ("430421", 2022)
    assert row["identity_basis"] == "file_name"
    assert row["identity_confidence"] <= 0.5


@pytest.mark.parametrize(("city", "code"), [("南昌", "360103"), ("杭州", "330106")])
def test_the_text_decides_between_places_of_one_name(city: str, code: str) -> None:
    text = report("西湖区", 2020, extra=f"在{city}市委、{city}市政府的坚强领导下，{city}的中心城区建设取得进展。\n")
    assert row_of(text)["region_code"] == code


def test_places_of_one_name_without_any_sign_are_refused() -> None:
    refusal = refusal_of(report("西湖区", 2020))
    assert refusal.reason_code == "ambiguous_region"
    assert "360103" in refusal.reason and "sidecar" in refusal.reason


def test_codes_are_those_of_the_year_and_point_to_today() -> None:
    for year, code in ((2014, "130622"), (2018, "130608")):
        name = "清苑县" if year == 2014 else "清苑区"
        row = row_of(report(f"保定市{name}", year))
        assert (row["region_code"], row["region_code_current"]) == (code, "130608")
        assert row["region_code_current"] in load_gazetteer().regions


def test_functional_areas_have_codes_of_ours() -> None:
    text = report("大鹏新区", 2019, head="2019年深圳市大鹏新区管委会工作报告\n").replace("人民政府", "管委会")
    assert row_of(text)["partition_key"] == "440300X04-2019"


@pytest.mark.parametrize(
    ("place", "year", "code"),
    [
        ("西藏自治区", 2009, "540000"),
        ("湖南省湘西土家族苗族自治州", 2012, "433100"),
        ("内蒙古自治区锡林郭勒盟苏尼特右旗", 2023, "152524"),
        ("河北省廊坊市大厂回族自治县", 2016, "131028"),
        ("上海市崇明县", 2010, "310230"),
        ("上海市崇明区", 2020, "310151"),
        ("重庆市城口县", 2009, "500229"),
        ("广西壮族自治区桂林市资源县", 2011, "450329"),
        ("山西省大同市矿区", 2012, "140203"),
        ("江西省南昌市新建县", 2009, "360122"),
        ("广东省东莞市", 2024, "441900"),
    ],
)
def test_places_of_every_level_in_every_kind_of_document(place: str, year: int, code: str) -> None:
    assert row_of(report(place, year))["partition_key"] == f"{code}-{year}"
    row = row_of(communique(place, year))
    assert (row["partition_key"], row["doc_type"]) == (f"{code}-{year}", "statistical_communique")
    assert (row["delivered_on"], row["published_on"]) == (None, date(year + 1, 4, 10))


def test_a_plan_is_of_the_year_of_its_approval() -> None:
    row = row_of(plan("四川省成都市青羊区", "十二", 2011))
    assert (row["partition_key"], row["doc_type"]) == ("510105-2011", "five_year_plan")
    assert (row["review_start"], row["plan_start"], row["plan_end"]) == (
        date(2006, 1, 1),
        date(2011, 1, 1),
        date(2015, 12, 31),
    )


# -- sidecars --------------------


def test_a_sidecar_goes_before_the_text() -> None:
    row = row_of(report("攀枝花市米易县", 2023), sidecar="region: 江西省南昌市西湖区\nyear: 2022\n")
    assert (row["partition_key"], row["identity_basis"], row["identity_confidence"]) == ("360103-2022", "sidecar", 1.0)


def test_a_sidecar_that_states_one_thing_leaves_the_other_to_the_text() -> None:
    row = row_of(report("攀枝花市米易县", 2023), sidecar="year: 2022\n")
    assert (row["partition_key"], row["identity_basis"]) == ("510421-2022", "region: text, year: sidecar")


def test_guards_that_hold_let_a_file_pass() -> None:
    guards = ["region: 米易县", "year: 2023", "doc_type: work_report", "text: 审议", "title: 工作报告"]
    sidecar = "region: 510421\nexpect:\n" + "".join(f"  {guard}\n" for guard in guards)
    assert row_of(report("攀枝花市米易县", 2023), sidecar=sidecar)["partition_key"] == "510421-2023"


@pytest.mark.parametrize(
    "guard", ["region: 易县", "year: 2022", "title: 统计公报", "doc_type: five_year_plan", "text: 没有这句话"]
)
def test_a_guard_that_fails_names_itself_and_what_the_text_says(guard: str) -> None:
    refusal = refusal_of(report("攀枝花市米易县", 2023), sidecar=f"region: 510421\nexpect:\n  {guard}\n")
    assert refusal.reason_code == "sidecar_mismatch"
    assert guard in refusal.reason


@pytest.mark.parametrize("sidecar", ["", "jahr: 2023\n", "year: [2023]\n", "region: 易县\nregion: 米易县\n", "\t:"])
def test_a_sidecar_that_cannot_be_used_is_told(sidecar: str) -> None:
    assert refusal_of(report("攀枝花市米易县", 2023), sidecar=sidecar).reason_code == "bad_sidecar"


def test_a_sidecar_with_an_unknown_region_is_told() -> None:
    refusal = refusal_of(report("攀枝花市米易县", 2023), sidecar="region: 999999\n")
    assert (refusal.reason_code, "999999" in refusal.reason) == ("unknown_region", True)


# -- refusals --------------------


@pytest.mark.parametrize(
    ("name", "text", "reason_code"),
    [
        ("a.txt", "", "empty"),
        ("a.html", "<html><body>404 Not Found<p>您访问的页面不存在</p></body></html>", "error_page"),
        ("a.html", "<html><body><p>首页</p><p>政务公开</p><p>互动交流</p></body></html>", "no_text"),
        ("a.txt", "The quick brown fox jumps over the lazy dog. " * 40, "not_chinese"),
        ("a.txt", "春天来了，花儿开了，小鸟在树上唱歌，孩子们在草地上奔跑，大家都很高兴。\n" * 20, "not_a_report"),
        ("a.txt", report("攀枝花市米易县", 2023).replace("米易", "").replace("攀枝花", ""), "unknown_region"),
        ("a.txt", "二、工作回顾\n米易县" + PROSE.format(kind="县") * 3, "unknown_year"),
        ("a.txt", "2023年某县政府工作，" + "地区生产总值达到 亿元，增长 %，财政收入完成 亿元，" * 9, "blank_template"),
        (
            "a.txt",
            "本文根据网络公开资料整理，非官方原文。\n"
            "米易县2023年财政收入增长5%，经济平稳发展，社会大局稳定，人民生活继续改善。\n" * 9,
            "compiled_summary",
        ),
    ],
)
def test_what_is_no_document_is_refused_with_its_reason(name: str, text: str, reason_code: str) -> None:
    refusal = refusal_of(text, name)
    assert refusal.reason_code == reason_code
    assert len(refusal.reason) > 20


def test_a_bomb_a_deep_page_and_noise_end_in_refusals() -> None:
    assert refusal_of(gzip.compress(b"0" * 40_000_000, mtime=0), "a.txt.gz").reason_code == "too_large"
    assert refusal_of("<div>" * 1000 + "政府" + "</div>" * 1000, "a.html").reason_code == "no_text"
    assert refusal_of(report("攀枝花市米易县", 2023) * 2500).reason_code == "too_large"
    deep = "<div>" * 1000 + "<p>".join(report("攀枝花市米易县", 2023).split("\n")) + "</div>" * 1000
    assert row_of(deep, "a.html")["partition_key"] == "510421-2023"


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.sampled_from([*report("攀枝花市米易县", 2023).split("\n"), "<p>", "&#", "　", "2099年", "\x00", "?"]),
        max_size=30,
    )
)
def test_no_text_makes_identification_fail(lines: list[str]) -> None:
    found = identify(SourceFile("a.txt", "\n".join(lines).encode()))
    assert isinstance(found, Identified | Refusal)


def test_one_bad_file_does_not_cost_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = (SourceFile(f"{name}.txt", report("攀枝花市米易县", 2023).encode() + name.encode()) for name in "ab")
    decode = stage.decode

    def failing(file: SourceFile) -> Any:
        if file is bad:
            raise ZeroDivisionError("nothing to divide by")
        return decode(file)

    monkeypatch.setattr(stage, "decode", failing)
    read = read_files([bad, good])
    assert [row["source_file"] for row in read.rows] == ["a.txt"]
    assert [(r.source_file, r.reason_code) for r in read.refusals] == [("b.txt", "identification_failed")]
    assert "ZeroDivisionError" in read.refusals[0].reason
