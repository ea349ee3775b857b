"""Which partitions a file of corrections touches.

Belongs here: looking its rows up in the published file. Does not belong here: applying corrections (see `corrections`).
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml

from govreports.warehouse.connection import published_file
from govreports.warehouse.corrections import Correction, load_corrections, read_correction
from govreports.warehouse.ddl import quoted


def touched_partitions(file: Path, published: Path) -> list[str]:
    """Partitions with observations that a file corrects now, and those that a file which is gone had corrected.

    Raises `CorrectionError` where the file cannot be read. Without a published file nothing is known to be touched.
    """
    if not published.is_file() or file.suffix != ".yml":
        return []
    listed = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else None
    known = [correction.correction_id for correction in load_corrections(file.parent)]
    with published_file(published) as con:
        keys = {key for spec in listed or () for key in _matched(con, read_correction(file.name, spec))}
        keys |= {key for (key,) in con.execute(_GONE, [known]).fetchall()}
    return sorted(keys)


_GONE = """
    SELECT DISTINCT partition_key FROM core.correction JOIN text.document USING (doc_id)
    WHERE NOT list_contains(?::VARCHAR[], correction_id)"""


def _matched(con: duckdb.DuckDBPyConnection, correction: Correction) -> list[str]:
    conditions = " AND ".join(f"o.{quoted(name)} IS NOT DISTINCT FROM ?" for name in correction.where)
    found = con.execute(
        f"SELECT DISTINCT partition_key FROM core.observation o JOIN text.document USING (doc_id) WHERE {conditions}",
        list(correction.where.values()),
    )
    return [key for (key,) in found.fetchall()]
