"""Building the site: what is in it, what is written again, what a hostile report can do."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from site_project import HOSTILE, REPORTS, MadeLibrary, MadeReport, MadeSite, data_of, objects

from govreports.site.build import BUILT, is_current
from govreports.warehouse.connection import WarehouseError
from govreports.warehouse.corrections import load_corrections


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> MadeSite:
    """A published warehouse with its site, made once."""
    project = MadeSite(tmp_path_factory.mktemp("first"))
    project.publish()
    project.build()
    return project


@pytest.fixture
def made(first: MadeSite, tmp_path: Path) -> MadeSite:
    """A copy of it to do something with; times are kept."""
    return MadeSite(shutil.copytree(first.folder, tmp_path / "made"))


def piece(made: MadeSite, name: str) -> Any:
    """The data of a piece."""
    return data_of((made.site / "data" / f"{name}.js").read_bytes())


def test_there_is_a_page_for_each_region_and_report(made: MadeSite) -> None:
    files = set(made.files())
    for report in REPORTS:
        assert {
            f"report/{report.doc_id}.html",
            f"data/report/{report.doc_id}.js",
            f"data/raw/{report.doc_id}.js",
        } <= files
        assert {
            f"region/{report.region}.html",
            f"data/region/{report.region}.js",
            f"data/ranks/{report.region}.js",
        } <= files
    assert {
        "index.html",
        "quality.html",
        "data/index.js",
        "data/regions/360000.js",
        "data/values/gdp/level/360000.js",
    } <= files


def test_raw_and_clean_text_hold_the_quote_where_the_offsets_say(made: MadeSite) -> None:
    for report in REPORTS:
        data, raw = piece(made, f"report/{report.doc_id}"), piece(made, f"raw/{report.doc_id}")["text"]
        (row,) = objects(data["observations"])
        assert raw[row["raw_start"] : row["raw_end"]] == row["quote"]
        assert data["text"][row["clean_start"] : row["clean_end"]] == row["quote"]
        assert objects(data["sections"])[0]["title"] == "一、回顾"


def test_evidence_urls_of_the_marts_lead_to_pages_and_values(made: MadeSite) -> None:
    import duckdb

    with duckdb.connect(made.published, read_only=True) as con:
        urls = [url for (url,) in con.execute("SELECT evidence_url FROM mart.region_year_long").fetchall()]
    assert urls
    for url in urls:
        page, _, anchor = url.partition("#obs=")
        assert (made.folder / page).is_file()
        rows = objects(piece(made, f"report/{Path(page).stem}")["observations"])
        assert anchor in {row["observation_id"] for row in rows}


def test_values_gaps_and_targets_of_an_indicator_stand_by_province(made: MadeSite) -> None:
    data = piece(made, "values/gdp/level/360000")
    rows = {(row["region"], row["year"]): row for row in objects(data["values"])}
    assert rows["360102", 2023]["value"] == 320.5e8
    assert rows["360102", 2023]["obs"] == REPORTS[1].observation()["observation_id"]
    first, letters = piece(made, "gaps/gdp/360000")["360103"]
    assert dict(enumerate(letters, first)) == {2022: "d", 2023: "f"}
    regions = {row["region_code"]: row for row in objects(piece(made, "regions/360000"))}
    assert [report[:2] for report in regions["360102"]["reports"]] == [[r.year, r.doc_id] for r in REPORTS[:2]]


def test_the_index_names_exactly_the_pieces_that_are_there(made: MadeSite) -> None:
    index = piece(made, "index")
    provinces = [province["code"] for province in index["provinces"]]

    def among(mask: int) -> set[str]:
        return {code for place, code in enumerate(provinces) if mask >> place & 1}

    told = set()
    for indicator in objects(index["indicators"]):
        told |= {f"data/gaps/{indicator['id']}/{code}.js" for code in among(indicator["gaps"])}
        for measure, _, _, mask in indicator["measures"]:
            told |= {f"data/values/{indicator['id']}/{measure}/{code}.js" for code in among(mask)}
    assert told == {name for name in made.files() if name.startswith(("data/values/", "data/gaps/"))}


def test_the_words_of_a_hostile_report_stand_in_no_page_and_end_no_script(made: MadeSite) -> None:
    hostile = REPORTS[2]
    assert HOSTILE in piece(made, f"report/{hostile.doc_id}")["text"]
    for name, data in made.files().items():
        if name.startswith(("app/", "vendor/")):
            continue
        assert b"<script>alert" not in data, name
        if name.endswith(".html"):
            assert b"calc" not in data, name
        else:
            assert not set(data.decode()) & set("<>\u2028"), name


def test_a_second_build_does_nothing(made: MadeSite) -> None:
    before, library = made.times(), MadeLibrary(REPORTS)
    report = made.build(library)
    assert (report.stale, report.written, report.removed, library.asked) == (0, 0, 0, [])
    assert made.times() == before
    assert is_current(made.site, made.published)


def test_the_same_inputs_give_the_same_bytes(made: MadeSite, tmp_path: Path) -> None:
    other = MadeSite(tmp_path / "other")
    other.folder.mkdir()
    other.publish(*reversed(REPORTS))
    other.build()
    assert other.files() == made.files()


def test_one_new_report_touches_its_own_pieces(made: MadeSite) -> None:
    before, new = made.times(), MadeReport("360103", 2025, 470)
    made.publish(*REPORTS, new)
    library = MadeLibrary(made.reports)
    report = made.build(library)
    assert library.asked == [new.key]
    changed = {name for name, time in made.times().items() if before.get(name) != time}
    assert {f"data/report/{new.doc_id}.js", "data/region/360103.js", "data/values/gdp/level/360000.js"} <= changed
    assert not {f"data/report/{old.doc_id}.js" for old in REPORTS} & changed
    assert report.removed == 0


def test_a_report_moves_the_ranks_of_its_peers_and_nothing_else_of_theirs(made: MadeSite) -> None:
    def standing() -> dict[str, int]:
        return {row["group"]: row["rank"] for row in objects(piece(made, "ranks/360102"))}

    before = made.times()
    assert standing()["prefecture"] == 2
    made.publish(*REPORTS[:2], MadeReport("360103", 2024, 310))
    made.build()
    assert standing()["prefecture"] == 1
    changed = {name for name, time in made.times().items() if before.get(name) != time}
    assert {"data/ranks/360102.js", "data/ranks/360103.js", "data/region/360103.js"} <= changed
    assert not {"data/region/360102.js", "region/360102.html"} & changed


def test_pieces_of_a_report_that_is_gone_are_removed(made: MadeSite) -> None:
    made.publish(*REPORTS[:2])
    made.build()
    gone = REPORTS[2].doc_id
    left = [name for name in made.files() if gone in name or "360103" in name]
    assert left == []
    assert all(any(folder.iterdir()) for folder in made.site.rglob("*") if folder.is_dir())


def test_a_text_that_is_newer_than_the_publication_waits(made: MadeSite) -> None:
    before = made.files()
    newer = MadeReport("360102", 2023, 300, words="稳中求进。又一句")
    newer_texts = MadeLibrary((newer, *REPORTS[1:]))
    newer_texts.texts = lambda key: {  # type: ignore[method-assign]
        old.doc_id: type(next(iter(MadeLibrary(REPORTS).texts(old.key).values())))(old.raw, old.clean + "。")
        for old in REPORTS
        if old.key == key
    }
    assert made.build(newer_texts).waiting == 1
    assert made.files() == before
    assert made.build().waiting == 0


def test_a_lost_or_empty_piece_is_made_again(made: MadeSite) -> None:
    before = made.files()
    (made.site / f"data/report/{REPORTS[0].doc_id}.js").unlink()
    (made.site / "data/region/360103.js").write_bytes(b"")
    assert made.build().stale == 2
    assert made.files() == before


def test_a_broken_record_of_the_build_costs_time_only(made: MadeSite) -> None:
    before = made.files()
    (made.site / BUILT).write_bytes(b"\x00{")
    report = made.build()
    assert (report.stale, report.written) == (report.pieces, 0)
    assert made.files() == before


def test_a_site_of_another_file_or_code_is_not_current(made: MadeSite, tmp_path: Path) -> None:
    assert not is_current(tmp_path / "nowhere", made.published)
    made.publish(*REPORTS[:1])
    assert not is_current(made.site, made.published)


def test_a_correction_shows_on_the_page_of_its_report(made: MadeSite) -> None:
    row = REPORTS[0].observation()
    folder = made.folder / "corrections"
    folder.mkdir()
    (folder / "a.yml").write_text(
        f"- {{id: by-hand, action: override, where: {{observation_id: {row['observation_id']}}}, expect: {{value: 300}},"
        " set: {value: 310}, reason: typo, date: 2025-03-01}\n",
        encoding="utf-8",
    )
    made.publish(corrections=load_corrections(folder))
    made.build()
    (shown,) = objects(piece(made, f"report/{REPORTS[0].doc_id}")["corrections"])
    assert (shown["correction_id"], shown["original_value"], shown["obs_value"]) == ("by-hand", 300e8, 310e8)
    assert [c["correction_id"] for c in piece(made, "quality")["corrections"]] == ["by-hand"]


def test_without_a_warehouse_the_way_out_is_told(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="run `govreports build` first"):
        MadeSite(tmp_path).build()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    made = MadeSite(tmp_path)
    made.publish()
    (tmp_path / "site").write_text("in the way")
    with pytest.raises(WarehouseError, match="cannot be written"):
        made.build()
