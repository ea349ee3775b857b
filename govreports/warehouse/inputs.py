"""What a build is made from.

Belongs here: the bundle of Parquet files and rows that `build_warehouse` reads, and gathering it from the lake and the metadata.
Does not belong here: DuckDB.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from govreports.lake.compaction import DOCUMENT, compact, extract, partition_hashes
from govreports.lake.frames import table_schema
from govreports.lake.ledger import Ledger, SeenFile, StageFailure, StageFile
from govreports.lake.store import Lake, write_atomically
from govreports.metadata.tables import Headline
from govreports.warehouse.connection import writing

Row = dict[str, Any]

# Stages whose failure leaves no document; a later stage's failure leaves a document without its rows.
_STAGES_OF_DOCUMENTS = frozenset({"raw", "cleaned"})
DIMENSIONS = ("core.region", "core.indicator", "core.theme", "meta.code_list")


@dataclass(frozen=True)
class Inputs:
    """Everything that a build reads.

    `tables` maps `schema.name` to Parquet files whose columns are the declared ones; `headlines` are the indicators that
    `mart.region_year` has columns for, in order. `input_hash` stands for the bytes of all `input_count` files under raw/;
    `partitions` has a hash for each partition of the lake that the rows are from.
    """

    tables: Mapping[str, Sequence[Path]]
    headlines: Sequence[Headline]
    input_count: int = 0
    input_hash: str = ""
    partitions: Mapping[str, str] = field(default_factory=dict)
    gold: Sequence[Path] = field(default_factory=tuple)


def from_lake(lake: Lake) -> Inputs:
    """Compact the lake and gather the inputs of a build.

    Raises `govreports.lake.store.CorruptLakeFile` where a stage file cannot be read, `WarehouseError` where the disk is full.
    """
    made = list(lake.ledger.stage_files().values())
    with writing(lake.root / "compact", "the compacted lake"):
        compacted = compact(lake, made)
        return _gathered(lake, made, compacted, _documents(compacted.get(DOCUMENT, [])))


def from_partitions(lake: Lake, made: Sequence[StageFile], changed: Collection[str], others: set[str]) -> Inputs:
    """The inputs of bringing a file up to date: the rows of some partitions only, the small tables whole.

    `made` are the outputs that count, `others` the source files of the documents of the other partitions. Raises as `from_lake`
    does.
    """
    folder = lake.root / "compact" / "changed"
    with writing(folder, "the changed partitions"):
        extracted = extract(lake, [file for file in made if file.partition_key in changed], folder)
        return _gathered(lake, made, extracted, others | _documents(extracted.get(DOCUMENT, [])))


def _gathered(
    lake: Lake, made: Sequence[StageFile], tables: Mapping[str, Sequence[Path]], documents: set[str]
) -> Inputs:
    from govreports.warehouse.dimensions import dimension_rows, headlines

    folder = lake.root / "compact" / "rows"
    seen = lake.ledger.seen_files()
    small = {**dimension_rows(), **ledger_rows(lake.ledger, seen, documents)}
    files = {table: [write_rows(table, rows, folder)] for table, rows in small.items()}
    return Inputs(
        tables={**tables, **files},
        headlines=headlines(),
        input_count=len(seen),
        input_hash=hash_of_files(seen.values()),
        partitions=partition_hashes(made),
    )


def write_rows(table: str, rows: Iterable[Row], folder: Path) -> Path:
    """Write rows of a declared table as one Parquet file `<folder>/<table>.parquet`."""
    path = folder / f"{table}.parquet"
    write_atomically(pl.DataFrame(list(rows), schema=table_schema(table), orient="row"), path)
    return path


def hash_of_files(files: Iterable[SeenFile]) -> str:
    """Hexadecimal SHA-256 over names and bytes of files and their sidecars."""
    lines = sorted(f"{file.source_file}\t{file.sha256}\t{file.sidecar_sha256}\n" for file in files)
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def ledger_rows(ledger: Ledger, seen: Mapping[str, SeenFile], documents: set[str]) -> dict[str, list[Row]]:
    """Rows of `text.quarantine` and `meta.reject`, given the files of the last scan and the source files of the documents."""
    quarantine = {
        name: _refused(file) for name, file in seen.items() if file.status != "accepted" and name not in documents
    }
    rejects = []
    for failure in ledger.failures():
        if failure.stage in _STAGES_OF_DOCUMENTS:
            if failure.source_file not in documents and failure.source_file in seen:
                quarantine[failure.source_file] = _failed(failure)
        elif failure.source_file in documents:
            rejects.append(_reject(failure))
    for file in seen.values():
        if file.source_file not in documents and file.source_file not in quarantine:
            quarantine[file.source_file] = _waiting(file)
    return {"text.quarantine": [quarantine[name] for name in sorted(quarantine)], "meta.reject": rejects}


def _documents(paths: Sequence[Path]) -> set[str]:
    return {name for path in paths for name in pl.read_parquet(path, columns=["source_file"])["source_file"]}


def _refused(file: SeenFile) -> Row:
    return _quarantine(file.source_file, file.sha256, file.reason_code, file.reason, file.seen_at, file.partition_key)


def _failed(failure: StageFailure) -> Row:
    return _quarantine(
        failure.source_file,
        failure.sha256,
        failure.reason_code,
        failure.reason,
        failure.seen_at,
        failure.partition_key,
    )


def _waiting(file: SeenFile) -> Row:
    reason = "the file was accepted but not yet processed: run the build without --select"
    return _quarantine(file.source_file, file.sha256, "not_processed", reason, file.seen_at, file.partition_key)


def _quarantine(source_file: str, sha256: str, code: str, reason: str, seen_at: str, partition_key: str) -> Row:
    return {
        "source_file": source_file,
        "sha256": sha256,
        "reason_code": code,
        "reason": reason,
        "seen_at": datetime.fromisoformat(seen_at).replace(tzinfo=None),
        "partition_key": partition_key or None,
    }


def _reject(failure: StageFailure) -> Row:
    return {
        "schema_name": "text" if failure.stage == "sections" else "core",
        "table_name": "section" if failure.stage == "sections" else "observation",
        "row_key": failure.source_file,
        "doc_id": None,
        "reason_code": failure.reason_code,
        "reason": failure.reason,
        "quote": None,
    }
