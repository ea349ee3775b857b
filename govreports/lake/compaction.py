"""From thousands of small stage files to one flat Parquet file per table and year.

Belongs here: which years are dirty, and writing them anew. Does not belong here: what is done with the tables (see
`govreports.warehouse`). Grouping 64,000 small files costs minutes at every query, grouping some twenty large ones nothing.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from govreports.lake.frames import LAYOUTS, flat, stage_schema, table_schema
from govreports.lake.ledger import StageFile
from govreports.lake.store import CorruptLakeFile, Lake, read_stage, write_atomically
from govreports.text.ids import fingerprint

# Tables that are compacted, by the stage that writes them. The raw stage has no published table of its own.
STAGES = ("cleaned", "sections", "indicators")
DOCUMENT = "text.document"
CLEAN_TEXT = "lake.clean_text"
_TEXT = ("doc_id", "clean_text", "offsets")
# Files that are read at once: one in a bucket is an answer away.
_AT_ONCE = 16


def compact(lake: Lake) -> dict[str, list[Path]]:
    """Bring the yearly files up to date and return them by table, each list sorted by year.

    Beside the nested tables of the stages these are `text.document` and `lake.clean_text` (doc_id, clean_text, offsets).
    Raises `CorruptLakeFile` where stage files that count cannot be read; all of them have then been forgotten.
    """
    by_year: dict[tuple[str, str], list[StageFile]] = defaultdict(list)
    for (stage, key), made in sorted(lake.ledger.stage_files().items()):
        if stage in STAGES:
            by_year[stage, key.rsplit("-", 1)[1]].append(made)
    out: dict[str, list[Path]] = {table: [] for stage in STAGES for table in _tables(stage)}
    corrupt: list[str] = []
    for (stage, year), files in sorted(by_year.items()):
        try:
            for table, path in _compact_year(lake, stage, year, files).items():
                out[table].append(path)
        except CorruptLakeFile as error:
            corrupt.append(str(error))
    if corrupt:
        raise CorruptLakeFile("; ".join(corrupt))
    _drop_others(lake, {path for paths in out.values() for path in paths})
    return out


def _tables(stage: str) -> list[str]:
    return [*LAYOUTS[stage].nested.values(), *([DOCUMENT, CLEAN_TEXT] if stage == "cleaned" else [])]


def _compact_year(lake: Lake, stage: str, year: str, files: list[StageFile]) -> dict[str, Path]:
    paths = {table: lake.root / "compact" / table / f"{year}.parquet" for table in _tables(stage)}
    schemas = repr([(name, str(kind)) for name, kind in stage_schema(stage).items()])
    wanted = fingerprint(schemas, *(f"{made.partition_key}:{made.content_hash}" for made in files))
    note = f"compact/{stage}/{year}"
    if lake.ledger.note(note) == wanted and all(path.exists() for path in paths.values()):
        return paths
    frame = _read(lake, stage, files)
    for column, table in LAYOUTS[stage].nested.items():
        write_atomically(flat(stage, frame, column).collect(), paths[table])
    if stage == "cleaned":
        write_atomically(frame.select(list(table_schema(DOCUMENT))), paths[DOCUMENT])
        write_atomically(frame.select(_TEXT), paths[CLEAN_TEXT])
    lake.ledger.set_note(note, wanted)
    return paths


def _read(lake: Lake, stage: str, files: list[StageFile]) -> pl.DataFrame:
    """What the tables of a year need of its stage files, read at once: one by one takes five times as long."""
    columns = list(LAYOUTS[stage].nested)
    if stage == "cleaned":
        columns += dict.fromkeys([*table_schema(DOCUMENT), *_TEXT])
    try:
        return pl.read_parquet(
            _bytes(lake, stage, files),
            columns=columns,
            hive_partitioning=False,
        )
    except (CorruptLakeFile, pl.exceptions.PolarsError):
        return _find_corrupt(lake, stage, files)


def _bytes(lake: Lake, stage: str, files: list[StageFile]) -> list[bytes]:
    def read(made: StageFile) -> bytes:
        return read_stage(lake.files, stage, made.partition_key, made.content_hash)

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(read, files))


def _find_corrupt(lake: Lake, stage: str, files: list[StageFile]) -> pl.DataFrame:
    """Forget every unreadable file of a year, then say so."""
    bad: list[str] = []
    for made in files:
        try:
            lake.get(stage, made.partition_key)
        except CorruptLakeFile:
            bad.append(made.partition_key)
    raise CorruptLakeFile(
        f"the {stage} files of {', '.join(bad)} cannot be read; run the build again to make them anew"
    )


def _drop_others(lake: Lake, wanted: set[Path]) -> None:
    for path in (lake.root / "compact").glob("*/*"):
        if path not in wanted:
            path.unlink(missing_ok=True)
