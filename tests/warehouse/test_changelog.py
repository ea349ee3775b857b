"""What moved when a report was scraped again."""

import duckdb
import pytest

from govreports.warehouse.changelog import Change, compare

COLUMNS = "observation_id, doc_id, indicator_id, measure, time_period, scope, quote, obs_value, raw_start"


def fill(con: duckdb.DuckDBPyConnection, name: str, document: str, rows: list[tuple[str, str, float, int]]) -> None:
    """A catalog with one report and its values: id, quote, value, place."""
    con.execute(f"ATTACH ':memory:' AS {name}")
    con.execute(f"CREATE SCHEMA {name}.text; CREATE SCHEMA {name}.core")
    con.execute(f"CREATE TABLE {name}.text.document AS SELECT ? AS doc_id, 'a.txt' AS source_file", [document])
    values = ", ".join(
        f"('{id}', '{document}', 'gdp', 'level', '2024', 'region', '{quote}', {value}, {place})"
        for id, quote, value, place in rows
    )
    con.execute(f"CREATE TABLE {name}.core.observation AS SELECT * FROM (VALUES {values}) AS t ({COLUMNS})")


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_values_that_still_stand_are_mapped_to_their_new_ids(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, "old", "d1", [("o1", "100亿元", 1e10, 5), ("o2", "100亿元", 1e10, 50), ("o3", "7亿元", 7e8, 70)])
    fill(con, "new", "d2", [("o4", "100亿元", 1e10, 25), ("o5", "100亿元", 1e10, 70), ("o6", "8亿元", 8e8, 90)])
    moved = [change for change in compare(con, "old", "new", ()) if change.change == "moved"]
    assert moved == [
        Change("core.observation", "moved", "observation_id", 2, "o4", "o1 at 5", "o4 at 25"),
        Change("core.observation", "moved", "observation_id", 2, "o5", "o2 at 50", "o5 at 70"),
    ]


def test_a_report_with_the_same_bytes_moves_nothing(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, "old", "d1", [("o1", "100亿元", 1e10, 5)])
    fill(con, "new", "d1", [("o1", "100亿元", 1e10, 5)])
    assert compare(con, "old", "new", ()) == []
