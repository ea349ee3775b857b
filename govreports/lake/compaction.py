"""From thousands of small stage files to flat Parquet files, one per table and year, or one per table for a few of them.

Belongs here: which years are dirty, and writing them anew; taking out what a few partitions hold. Does not belong here: what is
done with the tables (see `govreports.warehouse`). Grouping 64,000 small files costs minutes at every query, grouping some twenty
large ones nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from govreports.lake import mentions
from govreports.lake.frames import LAYOUTS, flat, stage_schema, table_schema
from govreports.lake.ledger import StageFile
from govreports.lake.store import CorruptLakeFile, Lake, read_stage, write_atomically
from govreports.metadata.themes import load_themes
from govreports.text.ids import fingerprint

# Tables that are compacted, by the stage that writes them. The raw stage has no published table of its own.
STAGES = ("cleaned", "sections", "indicators")
DOCUMENT = "text.document"
_SECTION = "text.section"
# What is made of a stage's rows beside the tables nested in them.
_MORE = {"cleaned": (DOCUMENT,), "sections": (mentions.TABLE,)}
# Files that are read at once: one in a bucket is an answer away.
_AT_ONCE = 16


def compact(lake: Lake, made: Iterable[StageFile]) -> dict[str, list[Path]]:
    """Bring the yearly files of all outputs up to date and return them by table, each list sorted by year.

    `made` are the outputs that count. Beside the nested tables of the stages there are `text.document` and
    `text.theme_mention`.
    Raises `CorruptLakeFile` where stage files that count cannot be read; all of them have then been forgotten.
    """
    by_year: dict[tuple[str, str], list[StageFile]] = defaultdict(list)
    for file in _published(made):
        by_year[file.stage, file.partition_key.rsplit("-", 1)[1]].append(file)
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


def extract(lake: Lake, made: Iterable[StageFile], folder: Path) -> dict[str, list[Path]]:
    """The same tables of some outputs alone, one file each, in a folder.

    Raises `CorruptLakeFile` where one of them cannot be read; it has then been forgotten.
    """
    by_stage: dict[str, list[StageFile]] = {stage: [] for stage in STAGES}
    for file in _published(made):
        by_stage[file.stage].append(file)
    out: dict[str, list[Path]] = {}
    for stage, files in by_stage.items():
        if files:
            paths = {table: folder / f"{table}.parquet" for table in _tables(stage)}
            _write_tables(lake, stage, files, paths)
            out.update({table: [path] for table, path in paths.items()})
    return out


def partition_hashes(made: Iterable[StageFile]) -> dict[str, str]:
    """A hash for each partition over those of its outputs that have tables."""
    hashes: dict[str, list[str]] = defaultdict(list)
    for file in _published(made):
        hashes[file.partition_key].append(f"{file.stage} {file.content_hash}")
    return {key: fingerprint(*parts) for key, parts in hashes.items()}


def _published(made: Iterable[StageFile]) -> list[StageFile]:
    return sorted((file for file in made if file.stage in STAGES), key=lambda file: (file.stage, file.partition_key))


def _tables(stage: str) -> list[str]:
    return [*LAYOUTS[stage].nested.values(), *_MORE.get(stage, ())]


def _compact_year(lake: Lake, stage: str, year: str, files: list[StageFile]) -> dict[str, Path]:
    paths = {table: lake.root / "compact" / table / f"{year}.parquet" for table in _tables(stage)}
    columns = [
        *stage_schema(stage).items(),
        *(item for table in _MORE.get(stage, ()) for item in table_schema(table).items()),
    ]
    schemas = repr([(name, str(kind)) for name, kind in columns])
    themes = repr(_themes()) if mentions.TABLE in paths else ""
    wanted = fingerprint(schemas, themes, *(f"{made.partition_key}:{made.content_hash}" for made in files))
    note = f"compact/{stage}/{year}"
    if lake.ledger.note(note) == wanted and all(path.exists() for path in paths.values()):
        return paths
    _write_tables(lake, stage, files, paths)
    lake.ledger.set_note(note, wanted)
    return paths


def _write_tables(lake: Lake, stage: str, files: list[StageFile], paths: Mapping[str, Path]) -> None:
    """Write the tables of a stage's files, each flat."""
    frame = _read(lake, stage, files)
    for column, table in LAYOUTS[stage].nested.items():
        rows = flat(stage, frame, column).collect()
        write_atomically(rows, paths[table])
        if table == _SECTION:
            write_atomically(mentions.theme_mentions(rows, _themes()), paths[mentions.TABLE])
    if DOCUMENT in paths:
        write_atomically(frame.select(list(table_schema(DOCUMENT))), paths[DOCUMENT])


def _themes() -> dict[str, tuple[str, ...]]:
    return {theme.id: theme.terms for theme in load_themes().values()}


def _read(lake: Lake, stage: str, files: list[StageFile]) -> pl.DataFrame:
    """What the tables of a stage need of its files, read at once: one by one takes five times as long."""
    columns = list(LAYOUTS[stage].nested)
    if stage == "cleaned":
        columns += table_schema(DOCUMENT)
    try:
        return pl.read_parquet(_bytes(lake, stage, files), columns=columns, hive_partitioning=False)
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
