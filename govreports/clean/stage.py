"""The cleaned stage: raw rows of one partition → cleaned rows.

Belongs here: making rows of cleanings. Does not belong here: cleaning itself (`govreports.clean.plan`), reading files.
"""

from typing import Any

from govreports.clean.duplicates import mark_duplicates
from govreports.clean.plan import Cleaning, Fix, PlacedZone, clean
from govreports.clean.zones import PAGE_TITLE

Row = dict[str, Any]

# A repair that is less sure than this is a mark only: the text there is damaged still.
REPAIRED = 0.5


def clean_documents(raws: list[Row]) -> list[Row]:
    """Clean the documents of one partition and settle which of them are duplicates."""
    return mark_duplicates([clean_document(raw) for raw in raws])


def clean_document(raw: Row) -> Row:
    """The cleaned row of a raw row: its columns without the media type, with text, offsets, spans and counts."""
    cleaning = clean(raw["raw_text"], raw.get("media_type") or "text/plain")
    damage = [fix for fix in cleaning.fixes if fix.fixer == "byte_damage"]
    row = {name: value for name, value in raw.items() if name != "media_type"}
    row |= {
        "raw_chars": len(raw["raw_text"]),
        "clean_chars": len(cleaning.text),
        "damaged_spans": len(damage),
        "repaired_spans": sum(1 for fix in damage if fix.confidence >= REPAIRED),
        "duplicate_of": None,
        "clean_text": cleaning.text,
        "offsets": cleaning.offsets.encode(),
        "span": span_rows(raw["doc_id"], cleaning),
    }
    return row


def span_rows(doc_id: str, cleaning: Cleaning) -> list[Row]:
    """Rows of text.span: zones, then fixes, each in the order of the raw text.

    The page's own title counts as metadata there: it tells about the document and is not in the cleaned text.
    """
    zones = [
        _row(doc_id, "metadata" if zone.kind == PAGE_TITLE else zone.kind, None, zone, None, None, 1.0)
        for zone in cleaning.zones
    ]
    fixes = [_row(doc_id, "fix", fix.fixer, fix, fix.before, fix.after, fix.confidence) for fix in cleaning.fixes]
    return zones + fixes


def _row(
    doc_id: str,
    kind: str,
    fixer: str | None,
    place: PlacedZone | Fix,
    before: str | None,
    after: str | None,
    confidence: float,
) -> Row:
    return {
        "doc_id": doc_id,
        "kind": kind,
        "fixer": fixer,
        "raw_start": place.raw_start,
        "raw_end": place.raw_end,
        "clean_start": place.clean_start,
        "clean_end": place.clean_end,
        "before": before,
        "after": after,
        "confidence": confidence,
    }
