"""The marts on what people read in the five committed reports."""

from pathlib import Path

from govreports.warehouse.connection import published_file, records

XIHU = "d6250108c1bbdd30c"


def ask(path: Path, query: str) -> list[dict]:
    with published_file(path) as con:
        return records(con, query)


def test_region_year_gives_what_the_reports_state_of_gdp(labelled_file: Path) -> None:
    rows = {
        row["region_name"]: (row["year"], round(row["gdp"] / 1e8, 2), row["gdp_growth_yoy"])
        for row in ask(labelled_file, "FROM mart.region_year WHERE gdp IS NOT NULL AND gdp_growth_yoy IS NOT NULL")
    }
    assert rows["南昌县"] == (2021, 1195.6, 8.7)
    assert rows["浔阳区"] == (2023, 447.1, 4.2)
    assert rows["江岸区"] == (2023, 1685.0, 7.0)


def test_coverage_says_why_others_have_none(labelled_file: Path) -> None:
    rows = ask(
        labelled_file, "FROM mart.coverage WHERE indicator_id = 'gdp' AND region_code = '360102' AND year = 2020"
    )
    assert [(row["reason"], row["doc_id"]) for row in rows] == [("not_stated", "dd998cf38e4225bcb")]


def test_both_contradictions_of_the_plan_of_xihu_are_found(labelled_file: Path) -> None:
    rows = {
        (row["check_id"], row["indicator_id"]): row
        for row in ask(labelled_file, f"FROM mart.consistency WHERE verdict = 'contradicts' AND doc_id = '{XIHU}'")
    }
    multiple = rows["multiple_vs_average", "fiscal_revenue"]
    assert (multiple["stated"], round(multiple["implied"], 1)) == (12.89, 10.4)
    retail = rows["cumulative_vs_average", "retail_sales"]
    assert (retail["stated"], round(retail["implied"], 1)) == (1.1, 5.5)


def test_no_other_report_is_accused(labelled_file: Path) -> None:
    accused = ask(labelled_file, "SELECT DISTINCT doc_id FROM mart.consistency WHERE verdict = 'contradicts'")
    assert accused == [{"doc_id": XIHU}]


def test_regions_of_one_prefecture_are_ranked(labelled_file: Path) -> None:
    rows = ask(
        labelled_file,
        "FROM mart.ranking WHERE indicator_id = 'retail_sales' AND time_period = '2020' AND measure = 'level' "
        "AND peer_group = 'prefecture:360100' ORDER BY rank",
    )
    assert [(row["region_code"], row["rank"], row["peers"]) for row in rows] == [("360102", 1, 2), ("360103", 2, 2)]


def test_the_plan_shows_base_and_target(labelled_file: Path) -> None:
    (row,) = ask(
        labelled_file,
        f"FROM mart.plan_indicators WHERE doc_id = '{XIHU}' AND indicator_id = 'gdp' AND measure = 'growth_avg_annual'",
    )
    assert (row["base_period"], row["base_value"], row["target_period"], row["target_bound"]) == (
        "2016/2020",
        8.0,
        "2021/2025",
        "range",
    )


def test_the_labels_score_as_they_should_against_themselves(labelled_file: Path) -> None:
    (row,) = ask(labelled_file, "FROM meta.quality WHERE indicator_id = 'all' AND match = 'value'")
    assert row["labelled"] > 150 and row["f1"] > 0.99


def test_every_cell_of_region_year_has_its_reason(labelled_file: Path) -> None:
    (row,) = ask(
        labelled_file,
        "SELECT count(*) AS cells, count(reason) AS reasons FROM mart.region_year AS r "
        "CROSS JOIN core.indicator AS i LEFT JOIN mart.coverage AS c USING (region_code, year, indicator_id) WHERE i.headline",
    )
    assert row["cells"] == row["reasons"] > 0
