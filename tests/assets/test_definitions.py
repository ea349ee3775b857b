"""The definitions: what Dagster is told of the assets. A change of the snapshot is a change of the graph."""

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.definitions import definitions_for
from assets.project import Folders
from govreports.marts.sql import MARTS
from govreports.metadata.tables import load_tables

pytestmark = pytest.mark.usefixtures("instance")
SNAPSHOT = Path(__file__).parent / "asset_specs.json"


def described(definitions: dg.Definitions) -> dict[str, Any]:
    """What the snapshot holds of each asset."""
    graph = definitions.resolve_asset_graph()
    out = {}
    for spec in sorted(definitions.resolve_all_asset_specs(), key=lambda spec: spec.key.to_user_string()):
        node = graph.get(spec.key)
        out[spec.key.to_user_string()] = {
            "group": spec.group_name,
            "deps": sorted(dep.asset_key.to_user_string() for dep in spec.deps),
            "kinds": sorted(spec.kinds),
            "owners": list(spec.owners),
            "partitioned": spec.partitions_def is not None,
            "backfill": str(node.backfill_policy.policy_type.value) if node.backfill_policy else None,
            "condition": spec.automation_condition.get_label() if spec.automation_condition else None,
            "checks": sorted(key.name for key in node.check_keys),
        }
    return out


def test_the_graph_is_the_one_that_was_looked_at(folders: Folders) -> None:
    shown = described(definitions_for(folders))
    assert shown == json.loads(SNAPSHOT.read_text(encoding="utf-8")), json.dumps(shown, indent=2)


def test_the_definitions_can_be_loaded(folders: Folders) -> None:
    definitions = definitions_for(folders)
    dg.Definitions.validate_loadable(definitions)
    assert {sensor.name for sensor in definitions.sensors or ()} == {"raw_folder", "marts_follow", "webhook"}
    assert [schedule.name for schedule in definitions.schedules or ()] == ["nightly"]


def test_what_runs_by_itself_is_switched_on(folders: Folders) -> None:
    definitions = definitions_for(folders)
    for sensor in definitions.sensors or ():
        assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert all(s.default_status == dg.DefaultScheduleStatus.RUNNING for s in definitions.schedules or ())  # type: ignore[union-attr]


def test_every_mart_shows_its_columns_code_and_version(folders: Folders) -> None:
    specs = {spec.key.to_user_string(): spec for spec in definitions_for(folders).resolve_all_asset_specs()}
    for mart in MARTS:
        columns = specs[mart].metadata["dagster/column_schema"].columns
        assert [column.name for column in columns] == list(load_tables()[f"mart.{mart}"].column_names)
        assert "select" in str(specs[mart].metadata["sql"]).lower()
    versions = [spec.code_version for spec in specs.values()]
    assert all(versions)


def test_a_check_stops_a_publication_but_never_a_partition(folders: Folders) -> None:
    graph = definitions_for(folders).resolve_asset_graph()
    blocking = {key.asset_key.to_user_string() for key in graph.asset_check_keys if graph.get(key).blocking}
    assert blocking == set(MARTS)
