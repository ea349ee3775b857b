"""What a materialisation of a mart shows."""

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from assets.defs.lineage import mart_lineage
from assets.defs.previews import _markdown, mart_previews
from govreports.marts.sql import MARTS


@pytest.mark.parametrize("mart", MARTS)
def test_a_mart_shows_a_chart_and_rows(labelled_file: Path, mart: str) -> None:
    with duckdb.connect(labelled_file, read_only=True) as con:
        count = con.execute(f"SELECT count(*) FROM mart.{mart}").fetchone()
        shown = mart_previews(con, mart)
    if count == (0,):
        assert shown == {}
    else:
        assert "█" in str(shown["spread"].value)
        assert str(shown["preview"].value).count("\n") >= 2


def test_a_preview_leads_to_the_sentence(labelled_file: Path) -> None:
    with duckdb.connect(labelled_file, read_only=True) as con:
        shown = str(mart_previews(con, "region_year_long")["preview"].value)
    assert "| site/report/d" in shown and ".html#obs=o" in shown


def test_quotes_are_no_markup() -> None:
    shown = _markdown(["quote"], [["a|b <script>*x*</script>\n`c`"]])
    assert shown.splitlines()[-1] == r"| a\|b &lt;script&gt;\*x\*&lt;/script&gt; \`c\` |"


def test_lineage_names_assets_and_leaves_declarations_out() -> None:
    deps = mart_lineage("region_year").deps_by_column
    assert deps["year"] == [dg.TableColumnDep(asset_key=dg.AssetKey("region_year_long"), column_name="year")]
    assert "full_name" not in deps
    quotes = mart_lineage("target_vs_actual").deps_by_column["target_quote"]
    assert quotes == [dg.TableColumnDep(asset_key=dg.AssetKey("indicators"), column_name="quote")]


@pytest.mark.parametrize("mart", MARTS)
def test_every_mart_has_a_lineage_that_names_a_column_of_an_asset_once(mart: str) -> None:
    for column, deps in mart_lineage(mart).deps_by_column.items():
        named = [(dep.asset_key, dep.column_name) for dep in deps]
        assert len(set(named)) == len(named) > 0, column
