"""What the four partitioned assets have in common.

Belongs here: turning a stage of the library into an asset: running it over the partitions of a run, and telling Dagster what
became of each. Does not belong here: what the stages are called and shown as (see `raw`, `cleaned`, `sections`, `indicators`),
or what they do (see the library).
"""

import sqlite3
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster._core.definitions.data_version import (
    CODE_VERSION_TAG,
    DATA_VERSION_IS_USER_PROVIDED_TAG,
    DATA_VERSION_TAG,
    get_input_data_version_tag,
    get_input_event_pointer_tag,
)

from assets.defs.partitions import chosen, region_year, tells_itself, tries_again
from assets.defs.resources import Project
from assets.event_log import keep_connections
from assets.progress import listener
from assets.project import Folders, way_out
from govreports.incremental.plan import died, inputs_of
from govreports.incremental.stages import PartitionResult, run_stage
from govreports.lake.frames import LAYOUTS
from govreports.lake.store import Lake
from govreports.metadata.tables import load_tables
from govreports.store.stores import StoreError
from govreports.versions import code_version

ASSET_OF = {"raw": "raw_documents", "cleaned": "cleaned_documents", "sections": "sections", "indicators": "indicators"}
CHECK = "every_document_processed"
OWNERS = ["team:govreports"]
# Trouble with the disk may pass: it is tried again after 10 and 40 seconds. A report raises nothing, and a mistake in the code
# does not go away by waiting.
_RETRIES, _RETRY_SECONDS = 2, 10

# From here on it is cheaper to ask once what is stale than to ask for each partition.
_MANY = 2000
_SHOWN = 50
_PREVIEW_ROWS, _PREVIEW_CHARACTERS = 8, 60

# Backfill policies are marked as beta; the pinned version and the tests are the answer to that.
warnings.filterwarnings("ignore", category=dg.BetaWarning)


@dataclass(frozen=True)
class Stage:
    """A stage as an asset. `table` is the declared table whose columns are shown as the asset's."""

    name: str
    table: str
    group: str
    description: str
    kinds: frozenset[str] = frozenset({"python", "parquet"})

    @property
    def asset_name(self) -> str:
        """Name of the asset."""
        return ASSET_OF[self.name]


def stage_asset(stage: Stage) -> dg.AssetsDefinition:
    """The partitioned asset of a stage."""

    @dg.asset(
        name=stage.asset_name,
        deps=[ASSET_OF[source] for source in inputs_of(stage.name)],
        partitions_def=region_year,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=stage.group,
        kinds=set(stage.kinds),
        owners=OWNERS,
        description=stage.description,
        code_version=code_version(stage.name),
        metadata={
            "dagster/column_schema": column_schema(stage.table),
            "lake": f"lake/{stage.name}/<year>/<key>.parquet",
        },
        check_specs=[
            dg.AssetCheckSpec(
                CHECK,
                asset=stage.asset_name,
                description="Warns, and names the files, where a document could not be processed. It stops nothing else.",
            )
        ],
    )
    def materialize(context: dg.AssetExecutionContext, project: Project) -> dg.MaterializeResult:
        folders = project.folders
        keep_connections(context.instance)
        telling = _Telling(context, stage, folders.lake)
        keys = _keys_to_run(chosen(context.run, context.partition_keys), folders, stage.name)
        apart = not died(folders.lake.ledger, stage.name).isdisjoint(keys)
        if not telling.itself:
            _let_be_stale(folders.lake, stage.name, keys)
        listener().stage(stage.name, len(keys))
        try:
            with folders.mapper(len(keys), apart) as mapper:
                results = run_stage(
                    folders.lake,
                    stage.name,
                    keys,
                    raw_dir=folders.raw,
                    mapper=mapper,
                    on_partition=telling.partition,
                    again=tries_again(context.run),
                )
        except StoreError as error:
            # Its client has tried again already.
            raise dg.Failure(str(error), allow_retries=False) from error
        except (OSError, sqlite3.OperationalError) as error:
            if (sentence := way_out(error, folders.lake.root)) is not None:
                raise dg.Failure(sentence, allow_retries=False) from error
            raise dg.RetryRequested(_RETRIES, _RETRY_SECONDS * 4**context.retry_number) from error
        context.log.info(_summary(stage, results))
        return telling.result(results)

    return materialize


def column_schema(table: str) -> dg.TableSchema:
    """The declared columns of a table."""
    columns = load_tables()[table].columns
    return dg.TableSchema(
        [
            dg.TableColumn(
                name=column.name,
                type=column.type,
                description=f"{column.description_en} {column.label_zh}",
                constraints=dg.TableColumnConstraints(
                    nullable=column.nullable, unique=load_tables()[table].primary_key == (column.name,)
                ),
            )
            for column in columns
        ]
    )


def check_of_folder(lake: Lake, stage: str) -> dict[str, Any]:
    """Whether every document passed a stage, and the names of those that did not, as fields of a check result."""
    failed = [(f.source_file, f.reason_code, f.reason) for f in lake.ledger.failures() if f.stage == stage]
    if stage == "raw":
        refused = [row for row in lake.ledger.refused() if row.status == "refused"]
        failed = [(row.source_file, row.reason_code, row.reason) for row in refused] + failed
    return {
        "passed": not failed,
        "severity": dg.AssetCheckSeverity.WARN,
        "description": f"{len(failed)} not processed: {_named(failed)}" if failed else "every document was processed",
        "metadata": {"failed": len(failed), **({"files": _table(failed)} if failed else {})},
    }


class _Telling:
    """Tells Dagster of each partition, and the listener of progress."""

    def __init__(self, context: dg.AssetExecutionContext, stage: Stage, lake: Lake) -> None:
        self.context, self.stage, self.lake = context, stage, lake
        self.itself = tells_itself(context.run)
        self.asset_key = dg.AssetKey(stage.asset_name)

    def partition(self, result: PartitionResult) -> None:
        """Tell of one partition: nothing of one that was fresh in a run over a range, as nothing happened to it."""
        listener().partition(result)
        if not (self.itself and result.skipped):
            self._materialized(result)
        if result.refusals:
            self.context.log_event(
                dg.AssetCheckEvaluation(
                    check_name=CHECK,
                    asset_key=self.asset_key,
                    passed=False,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=_named(result.refusals),
                    metadata={"files": _table(result.refusals)},
                    partition=result.partition_key,
                )
            )

    def result(self, results: Sequence[PartitionResult]) -> dg.MaterializeResult:
        """What the asset returns. A run of one partition by hand states that partition's data version and shows some rows."""
        one = results[0] if len(results) == 1 and not self.itself else None
        return dg.MaterializeResult(
            metadata=_preview(self.lake, self.stage, one.partition_key) if one else {},
            data_version=dg.DataVersion(one.data_version) if one and one.data_version else None,
            check_results=[dg.AssetCheckResult(check_name=CHECK, **check_of_folder(self.lake, self.stage.name))],
        )

    def _materialized(self, result: PartitionResult) -> None:
        if not self.itself:
            self.context.add_asset_metadata(_metadata(result), partition_key=result.partition_key)
        elif result.data_version:
            self.context.log_event(
                dg.AssetMaterialization(
                    asset_key=self.asset_key,
                    partition=result.partition_key,
                    metadata=_metadata(result),
                    tags=self._version_tags(result),
                )
            )

    def _version_tags(self, result: PartitionResult) -> dict[str, str]:
        tags = {
            CODE_VERSION_TAG: code_version(self.stage.name),
            DATA_VERSION_TAG: result.data_version,
            DATA_VERSION_IS_USER_PROVIDED_TAG: "true",
        }
        for source in inputs_of(self.stage.name):
            made = self.lake.ledger.stage_file(source, result.partition_key)
            if made:
                key = dg.AssetKey(ASSET_OF[source])
                tags[get_input_data_version_tag(key)] = made.content_hash
                tags[get_input_event_pointer_tag(key)] = "NULL"
        return tags


def _keys_to_run(keys: Sequence[str], folders: Folders, stage: str) -> list[str]:
    if len(keys) < _MANY:
        return list(keys)
    stale = set(folders.plan().keys(stage))
    return [key for key in keys if key in stale]


def _let_be_stale(lake: Lake, stage: str, keys: Sequence[str]) -> None:
    """Who materializes partitions by hand wants them made anew, fresh or not."""
    for key in keys:
        lake.ledger.forget_stage(stage, key)


def _metadata(result: PartitionResult) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "documents": result.documents,
        "characters": result.characters,
        "seconds": round(result.seconds, 4),
        "refusals": len(result.refusals),
        **result.rows,
    }
    if result.flags:
        metadata["flags"] = len(result.flags)
        metadata["flagged"] = dg.MetadataValue.text("\n".join(result.flags[:_SHOWN]))
    return metadata


def _preview(lake: Lake, stage: Stage, key: str) -> Mapping[str, Any]:
    """The first rows of a partition as a Markdown table, a single one as a list of its fields."""
    rows = list(_preview_rows(lake, stage, key))
    if not rows:
        return {}
    names = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    if len(rows) == 1:
        cells = [["field", "value"], *([name, rows[0][name]] for name in names)]
    else:
        cells = [names, *([row[name] for name in names] for row in rows)]
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in cells]
    lines.insert(1, "|" + " --- |" * len(cells[0]))
    return {"preview": dg.MetadataValue.md("\n".join(lines))}


def _preview_rows(lake: Lake, stage: Stage, key: str) -> Iterator[dict[str, Any]]:
    if lake.ledger.stage_file(stage.name, key) is None:
        return
    nested = LAYOUTS[stage.name].nested
    column = next((column for column, table in nested.items() if table == stage.table), None)
    for document in lake.get(stage.name, key):
        rows = document[column] if column else [{k: v for k, v in document.items() if k not in nested}]
        yield from rows[:_PREVIEW_ROWS]


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    shown = text if len(text) <= _PREVIEW_CHARACTERS else text[:_PREVIEW_CHARACTERS] + "…"
    return shown.replace("|", "\\|").replace("\n", " ")


def _named(failed: Sequence[tuple[str, str, str]]) -> str:
    shown = "; ".join(f"{name} ({code}): {reason}" for name, code, reason in failed[:5])
    return shown + (f"; and {len(failed) - 5} more" if len(failed) > 5 else "")


def _table(failed: Sequence[tuple[str, str, str]]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table(
        [
            dg.TableRecord({"file": name, "reason_code": code, "reason": reason})
            for name, code, reason in failed[:_SHOWN]
        ],
        schema=dg.TableSchema([dg.TableColumn(name) for name in ("file", "reason_code", "reason")]),
    )


def _summary(stage: Stage, results: Sequence[PartitionResult]) -> str:
    done = [result for result in results if not result.skipped]
    return (
        f"{stage.name}: {len(done)} partitions done, {len(results) - len(done)} fresh, "
        f"{sum(r.characters for r in done):,} characters, {sum(r.seconds for r in done):.1f} s, "
        f"{sum(len(r.refusals) for r in done)} refusals"
    )
