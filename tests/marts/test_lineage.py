"""Column lineage as the parser reads it off the SQL of the marts."""

import pytest

from govreports.marts.lineage import Source, column_lineage
from govreports.marts.sql import MARTS
from govreports.metadata.tables import load_tables
from govreports.warehouse.dimensions import headlines

OBSERVATION = "core.observation_corrected"
# What is said by the SQL itself.
CONSTANT = {("consistency", "check_id"), ("consistency", "rule")}


@pytest.mark.parametrize("mart", MARTS)
def test_every_column_of_a_mart_has_declared_sources(mart: str) -> None:
    declared = load_tables()
    found = column_lineage(mart, headlines())
    assert set(found) == set(declared[f"mart.{mart}"].expanded(headlines()).column_names)
    for column, sources in found.items():
        assert sources or (mart, column) in CONSTANT, column
        for source in sources:
            assert source.column in declared[source.table].column_names, source


def test_a_column_is_followed_through_shared_tables_unions_and_aliases() -> None:
    long = column_lineage("region_year_long", ())
    assert long["region_code"] == (Source("text.document", "region_code_current"),)
    assert long["obs_value"] == (Source(OBSERVATION, "obs_value"),)
    assert Source(OBSERVATION, "observation_id") in long["base_observation_id"]
    targets = column_lineage("target_vs_actual", ())
    assert targets["target_quote"] == (Source(OBSERVATION, "quote"),)
    assert Source("core.indicator", "higher_is") in targets["verdict"]


def test_a_mart_that_reads_a_mart_ends_there() -> None:
    wide = column_lineage("region_year", headlines()[:1])
    assert wide["region_code"] == (Source("mart.region_year_long", "region_code"),)
    level = wide[headlines()[0].indicator_id]
    assert Source("mart.region_year_long", "obs_value") in level


def test_windows_and_counts_name_what_they_order_and_group_by() -> None:
    assert Source(OBSERVATION, "obs_value") in column_lineage("ranking", ())["rank"]
    attention = column_lineage("policy_attention", ())
    assert attention["mentions"] == (Source("text.theme_mention", "mentions"),)
    assert Source("text.section", "text") in attention["per_10k"]
    peers = column_lineage("ranking", ())["peers"]
    assert Source("core.region", "province_code") in peers
