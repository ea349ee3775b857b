"""The pieces of a report: its cleaned text with everything that was found in it, and its raw text.

Belongs here: their rows, where the texts come from, and when a piece is stale. Does not belong here: how they are drawn (see
`app/report.js`).

The published file holds the outline, the spans and the observations with their offsets, but not the texts as a whole. Those come
from the lake: the `cleaned` stage keeps the decoded raw text and the cleaned text of each report. Should the lake have moved on
since the publication, so that a text is not as long as the published document says, the report waits for the next publication.
The raw text stands in a piece of its own: few readers ask for it, and it never changes, as it is what `doc_id` is made from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import duckdb
import polars as pl

from govreports.lake.store import CorruptLakeFile, Lake, read_stage
from govreports.site.pieces import table
from govreports.text.ids import fingerprint
from govreports.warehouse.connection import records

Row = dict[str, Any]

_DOCUMENT = (
    "doc_id", "source_file", "encoding", "region_code_current", "region_name", "report_year", "doc_type", "completeness", "title",
    "delivered_on", "meeting", "speaker", "publisher", "published_on", "document_number", "review_start", "review_end",
    "plan_start", "plan_end", "raw_chars", "clean_chars", "damaged_spans", "repaired_spans", "identity_basis", "duplicate_of",
)  # fmt: skip
_SECTION = ("section_id", "depth", "kind", "number", "title", "role", "clean_start", "clean_end")
_OBSERVATION = (
    "observation_id", "indicator_id", "measure", "value", "value_low", "value_high", "unit", "obs_value", "unit_measure", "bound",
    "status", "obs_status", "price_basis", "time_period", "base_period", "scope", "reference_area", "definition_note", "quote",
    "raw_start", "raw_end", "clean_start", "clean_end", "subject_start", "subject_end", "rule_id", "confidence",
)  # fmt: skip
# Of a passage that was converted as a whole its beginning is enough.
_FIX = ("fixer", "raw_start", "raw_end", "clean_start", "clean_end", "before", "after", "confidence")
_SHORTENED = "* REPLACE (left(before, 40) AS before, left(after, 40) AS after)"
_ZONE = ("kind", "raw_start", "raw_end", "clean_start", "clean_end")
_CORRECTION = (
    "observation_id", "correction_id", "action", "reason", "corrected_on", "original_value", "obs_value", "value", "unit",
    "obs_status",
)  # fmt: skip
_CHECK = ("check_id", "severity", "message", "raw_start", "raw_end")
# Each part of the piece: its table, columns, condition and order.
_PARTS = {
    "sections": ("text.section", _SECTION, "true", "ordinal"),
    "observations": ("core.observation", _OBSERVATION, "true", "raw_start, raw_end, observation_id"),
    "fixes": (f"(SELECT {_SHORTENED} FROM text.span)", _FIX, "kind = 'fix'", "raw_start, raw_end, fixer"),
    "zones": ("text.span", _ZONE, "kind <> 'fix'", "raw_start, raw_end, kind"),
    "corrections": ("core.correction", _CORRECTION, "true", "observation_id"),
    "checks": ("text.self_check", _CHECK, "true", "check_id, raw_start, message"),
}
_STAGES = ("cleaned", "sections", "indicators")


@dataclass(frozen=True)
class Texts:
    """The two texts of a report."""

    raw: str
    clean: str


class Library(Protocol):
    """Where texts come from."""

    def versions(self) -> Mapping[str, str]:
        """For each partition a fingerprint of everything that the stages made of it."""
        ...

    def texts(self, partition_key: str) -> Mapping[str, Texts]:
        """The texts of a partition by doc_id."""
        ...


class LakeLibrary:
    """The texts as they stand in the lake."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake

    def versions(self) -> Mapping[str, str]:
        """For each partition the content hashes of its stage files, as one."""
        hashes: dict[str, list[str]] = defaultdict(list)
        for (stage, key), made in sorted(self.lake.ledger.stage_files().items()):
            if stage in _STAGES:
                hashes[key].append(f"{stage} {made.content_hash}")
        return {key: fingerprint(*parts) for key, parts in hashes.items()}

    def texts(self, partition_key: str) -> Mapping[str, Texts]:
        """The texts of a partition; none where its file is gone or broken: the next build makes it anew."""
        made = self.lake.ledger.stage_file("cleaned", partition_key)
        if made is None:
            return {}
        try:
            data = read_stage(self.lake.files, "cleaned", partition_key, made.content_hash)
            frame = pl.read_parquet(data, columns=["doc_id", "raw_text", "clean_text"], hive_partitioning=False)
        except (CorruptLakeFile, pl.exceptions.PolarsError):
            return {}
        return {doc: Texts(raw, clean) for doc, raw, clean in frame.select("doc_id", "raw_text", "clean_text").rows()}


def versions(con: duckdb.DuckDBPyConnection, library: Library) -> dict[str, str]:
    """For each report a fingerprint of what its pieces are made from."""
    made = library.versions()
    corrected: dict[str, list[str]] = defaultdict(list)
    for doc, *touched in con.execute(
        "SELECT doc_id, correction_id, observation_id, action, reason, obs_value, obs_status FROM core.correction ORDER BY ALL"
    ).fetchall():
        corrected[doc].append(repr(touched))
    documents = con.execute("SELECT doc_id, partition_key, region_code_current FROM text.document").fetchall()
    return {doc: fingerprint(made.get(key, ""), region, *corrected[doc]) for doc, key, region in documents}


def pieces(
    con: duckdb.DuckDBPyConnection, library: Library, documents: Sequence[str]
) -> Iterator[tuple[str, Row, Row] | tuple[str, None, None]]:
    """For each of some reports its piece and that of its raw text; none for one that waits for the next publication."""
    con.execute("CREATE OR REPLACE TEMP TABLE chosen AS SELECT unnest(?::VARCHAR[]) AS doc_id", [sorted(documents)])
    parts = {name: _by_document(con, *part) for name, part in _PARTS.items()}
    found = records(
        con,
        f"""SELECT partition_key, {", ".join(_DOCUMENT)} FROM text.document SEMI JOIN chosen USING (doc_id)
            ORDER BY partition_key, doc_id""",
    )
    key, texts = "", {}
    for row in found:
        if row["partition_key"] != key:
            key = str(row.pop("partition_key"))
            texts = dict(library.texts(key))
        document = {name: row[name] for name in _DOCUMENT}
        doc = str(row["doc_id"])
        text = texts.get(doc)
        if text is None or (len(text.raw), len(text.clean)) != (row["raw_chars"], row["clean_chars"]):
            yield doc, None, None
            continue
        piece = {name: table(rows.get(doc, []), _PARTS[name][1]) for name, rows in parts.items()}
        yield doc, {"document": document, "text": text.clean, **piece}, {"text": text.raw}


def _by_document(
    con: duckdb.DuckDBPyConnection, source: str, columns: Sequence[str], condition: str, order: str
) -> dict[str, list[Row]]:
    query = f"SELECT doc_id, {', '.join(columns)} FROM {source} SEMI JOIN chosen USING (doc_id) WHERE {condition} "
    out: dict[str, list[Row]] = defaultdict(list)
    for row in records(con, f"{query} ORDER BY doc_id, {order}"):
        out[str(row["doc_id"])].append(row)
    return out
