"""The piece of the quality page: how well values are read, and what is known to be wrong.

Belongs here: its rows. Does not belong here: scoring (see `govreports.quality`), checking (see `govreports.warehouse.checks`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb

from govreports.quality.labels import Reading
from govreports.quality.score import Miss, score_sets
from govreports.warehouse.connection import records

Row = dict[str, Any]

# Rows of a list; how many more there are is told.
_SHOWN = 400
_QUERIES = {
    "quality": "SELECT gold_set, indicator_id, match, labelled, predicted, matched, precision, recall, f1 FROM meta.quality "
    "ORDER BY gold_set, indicator_id, match",
    "refusals": "SELECT reason_code, count(*) AS files FROM text.quarantine GROUP BY ALL ORDER BY files DESC, reason_code",
    "refused": f"SELECT source_file, reason_code, reason, partition_key FROM text.quarantine ORDER BY source_file LIMIT {_SHOWN}",
    "rejects": "SELECT schema_name || '.' || table_name AS name, reason_code, count(*) AS rows, min(reason) AS example "
    "FROM meta.reject GROUP BY ALL ORDER BY rows DESC, name, reason_code, example",
    "checks": "SELECT check_id, severity, count(*) AS found, count(DISTINCT doc_id) AS documents FROM text.self_check "
    "GROUP BY ALL ORDER BY found DESC, check_id, severity",
    "fired": f"""SELECT c.doc_id, c.check_id, c.severity, c.message, d.region_name, d.report_year
        FROM text.self_check AS c JOIN text.document AS d USING (doc_id)
        ORDER BY severity = 'info', c.check_id, c.doc_id, c.raw_start, c.message LIMIT {_SHOWN}""",
    "consistency": "SELECT check_id, verdict, count(*) AS pairs FROM mart.consistency GROUP BY ALL ORDER BY check_id, verdict",
    "contradictions": f"""SELECT c.check_id, c.rule, c.region_code, r.name AS region_name, c.indicator_id, c.measure,
            c.time_period, c.stated, c.implied, c.tolerance, c.doc_id, c.observation_id, c.quote, c.other_quote, c.third_quote
        FROM mart.consistency AS c JOIN core.region AS r USING (region_code) WHERE verdict = 'contradicts'
        ORDER BY abs(deviation) / nullif(tolerance, 0) DESC NULLS LAST, check_id, observation_id, other_observation_id
        LIMIT {_SHOWN}""",
    # The build's own time is no part of what it found: the same inputs give the same piece.
    "changes": f"""SELECT schema_name || '.' || table_name AS name, change, column_name, row_count, row_key, old_value, new_value
        FROM meta.change_log
        WHERE built_at = (SELECT built_at FROM meta.build)
        ORDER BY name, change, column_name, row_key LIMIT {_SHOWN}""",
    "corrections": """SELECT correction_id, action, reason, corrected_on, doc_id, observation_id, original_value, obs_value,
            unit_measure FROM core.correction ORDER BY correction_id, observation_id""",
    "tables": "SELECT schema_name || '.' || table_name AS name, row_count FROM meta.table_stats "
    "WHERE schema_name IN ('text', 'core', 'mart') ORDER BY 1",
}


def piece(con: duckdb.DuckDBPyConnection) -> Row:
    """Everything that the quality page shows."""
    return {**{name: records(con, query) for name, query in _QUERIES.items()}, "errors": list(_errors(con))[:_SHOWN]}


def _errors(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Labels that nobody read, readings that nobody labelled, and pairs that differ, with the observation to look at."""
    scores = list(score_sets(con))
    observations = _observations(con, {miss.document for _, score in scores for miss in score.misses})
    for name, score in scores:
        for miss in score.misses:
            yield _error(name, miss, observations)


def _observations(
    con: duckdb.DuckDBPyConnection, documents: set[str]
) -> dict[tuple[str, int, str, str], tuple[str, str]]:
    found = con.execute(
        """SELECT doc_id, raw_start, indicator_id, measure, observation_id, quote FROM core.observation
           WHERE doc_id IN (SELECT unnest(?::VARCHAR[]))""",
        [sorted(documents)],
    ).fetchall()
    return {(doc, start, indicator, measure): (obs, quote) for doc, start, indicator, measure, obs, quote in found}


def _error(gold_set: str, miss: Miss, observations: dict[tuple[str, int, str, str], tuple[str, str]]) -> Row:
    known = miss.label or miss.reading
    assert known is not None
    obs, quote = None, None
    if miss.reading and miss.reading.places:
        place = (miss.document, miss.reading.places[0][0], miss.reading.indicator_id, miss.reading.measure)
        obs, quote = observations.get(place, (None, None))
    return {
        "gold_set": gold_set,
        "kind": miss.kind,
        "doc": miss.document,
        "indicator": known.indicator_id,
        "measure": known.measure,
        "label": _words(miss.label),
        "reading": _words(miss.reading),
        "attributes": list(miss.attributes),
        "obs": obs,
        "quote": quote,
        "raw_start": known.places[0][0] if known.places else None,
        "raw_end": known.places[0][1] if known.places else None,
    }


def _words(reading: Reading | None) -> str | None:
    """A reading in one line."""
    if reading is None:
        return None
    value = f"{reading.low:g}–{reading.high:g}" if reading.value is None else f"{reading.value:.10g}"
    period = reading.time_period + (f" against {reading.base_period}" if reading.base_period else "")
    return f"{value} {reading.unit} · {reading.bound} · {reading.status} · {period or 'no period'} · {reading.scope}"
