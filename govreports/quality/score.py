"""Scoring read values against golden labels.

Belongs here: pairing labels with readings, precision, recall and F1 per indicator and overall. Does not belong here: the labels.

value   a reading and a label of one document agree in indicator, measure and value (or both ends of a range)
strict  they also agree in unit, bound, status, period, scope, and the quote overlaps the labelled place

Each label and each reading is paired at most once, the best agreeing pairs first. Only indicators that a set covers exhaustively
count, so that a reading without a label is a mistake; goals of earlier plans (past_target) are not scored.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govreports.quality.labels import LabelSet, Reading, bare_unit, read_labels, shipped_sets

if TYPE_CHECKING:
    import duckdb

TOTAL = "all"
MATCHES = ("value", "strict")
LONGEST_QUOTE = 60


@dataclass
class Tally:
    """Labels, readings, and pairs by kind of match, for one indicator or all."""

    labelled: int = 0
    predicted: int = 0
    matched: Counter[str] = field(default_factory=Counter)

    def precision(self, match: str) -> float:
        """Matched readings by all readings."""
        return self.matched[match] / self.predicted if self.predicted else 0.0

    def recall(self, match: str) -> float:
        """Matched labels by all labels."""
        return self.matched[match] / self.labelled if self.labelled else 0.0

    def f1(self, match: str) -> float:
        """Harmonic mean of precision and recall."""
        p, r = self.precision(match), self.recall(match)
        return 2 * p * r / (p + r) if p + r else 0.0


@dataclass(frozen=True)
class Miss:
    """A label nobody read, a reading nobody labelled, or a pair that differs in `attributes`."""

    kind: str
    document: str
    label: Reading | None
    reading: Reading | None
    attributes: tuple[str, ...] = ()


@dataclass
class Score:
    """Tallies by indicator, `all` for the total, and every miss."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    misses: list[Miss] = field(default_factory=list)

    @property
    def total(self) -> Tally:
        """The tally over all indicators."""
        return self.tallies[TOTAL]

    def rows(self, gold_set: str) -> list[dict[str, Any]]:
        """Rows of meta.quality."""
        return [
            {
                "gold_set": gold_set,
                "indicator_id": indicator,
                "match": match,
                "labelled": tally.labelled,
                "predicted": tally.predicted,
                "matched": tally.matched[match],
                "precision": round(tally.precision(match), 6),
                "recall": round(tally.recall(match), 6),
                "f1": round(tally.f1(match), 6),
            }
            for indicator, tally in sorted(self.tallies.items())
            for match in MATCHES
        ]


def score(
    labels: Mapping[str, Sequence[Reading]], readings: Mapping[str, Sequence[Reading]], exhaustive: Iterable[str]
) -> Score:
    """Score readings against labels, both by document. A labelled document without readings counts as missed."""
    covered, out = frozenset(exhaustive), Score()
    for document, labelled in sorted(labels.items()):
        gold = [label for label in labelled if label.indicator_id in covered]
        found = [r for r in readings.get(document, ()) if r.indicator_id in covered and r.status != "past_target"]
        _score_document(out, document, gold, found)
    return out


def disagreements(label: Reading, reading: Reading) -> tuple[str, ...]:
    """Attributes in which a pair of equal indicator, measure and value differs."""
    same = {
        "unit": not label.unit or label.unit == reading.unit,
        "bound": label.bound == reading.bound,
        "status": label.status == reading.status,
        "period": label.time_period == reading.time_period
        and (not label.base_period or label.base_period == reading.base_period),
        "scope": label.scope == reading.scope,
        "quote": _overlap(label, reading),
    }
    return tuple(name for name, agrees in same.items() if not agrees)


def score_warehouse(con: duckdb.DuckDBPyConnection, gold: Sequence[Path] = ()) -> list[dict[str, Any]]:
    """Rows of meta.quality for the default catalog: shipped sets, and further files of labels."""
    return [row for name, scored in score_sets(con, gold) for row in scored.rows(name)]


def score_sets(con: duckdb.DuckDBPyConnection, gold: Sequence[Path] = ()) -> Iterator[tuple[str, Score]]:
    """The score of each label set by its name, documents by doc_id.

    A set is scored on those of its documents that the warehouse holds, and left out where it holds none.
    """
    present = dict(con.execute("SELECT doc_id, source_file FROM text.document ORDER BY doc_id").fetchall())
    for labels in [*shipped_sets(), *(_set_of(path) for path in gold)]:
        held = _by_doc_id(labels.labels, present)
        if held:
            yield labels.name, score(held, readings_of(con, held), labels.exhaustive)


def below_floor(rows: Iterable[Mapping[str, Any]], documents: Iterable[str]) -> list[str]:
    """One sentence for each floor that quality rows fall below; sets of which documents are missing have no floors."""
    present, out = set(documents), []
    totals = {(row["gold_set"], row["match"]): row["f1"] for row in rows if row["indicator_id"] == TOTAL}
    for labels in shipped_sets():
        for match, floor in labels.floors.items():
            reached = totals.get((labels.name, match))
            if labels.labels.keys() <= present and reached is not None and reached < floor:
                out.append(f"{match} F1 on the set {labels.name} is {reached:.3f}, its floor is {floor:.3f}")
    return out


def readings_of(con: duckdb.DuckDBPyConnection, documents: Iterable[str]) -> dict[str, list[Reading]]:
    """What the default catalog's core.observation holds of documents, by doc_id."""
    out: dict[str, list[Reading]] = defaultdict(list)
    found = con.execute(
        """SELECT doc_id, indicator_id, measure, value, value_low, value_high, unit, bound, status, time_period, base_period,
                  scope, raw_start, raw_end
           FROM core.observation WHERE doc_id IN (SELECT unnest(?)) ORDER BY doc_id, raw_start, observation_id""",
        [list(documents)],
    ).fetchall()
    for doc, indicator, measure, *values, unit, bound, status, period, base, scope, start, end in found:
        factor, bare = bare_unit(unit)
        value, low, high = (None if v is None else v * factor for v in values)
        out[doc].append(
            Reading(
                indicator_id=indicator,
                measure=measure,
                value=value,
                low=low,
                high=high,
                unit=bare,
                bound=bound,
                status=status,
                time_period=period or "",
                base_period=base or "",
                scope="region" if scope == "region" else "other",
                places=((start, end),),
            )
        )
    return out


def _by_doc_id(labels: Mapping[str, list[Reading]], present: Mapping[str, str]) -> dict[str, list[Reading]]:
    """Labels of the documents that are present; annotators name a document by the stem of its file or a prefix of it."""
    named: dict[str, str] = {}
    for document, source in present.items():
        for name in (document, *_names(source.rsplit("/", 1)[-1])):
            named.setdefault(name, document)
    return {named[name]: found for name, found in labels.items() if name in named}


def _names(file: str) -> Iterator[str]:
    """What a file may be called: its name up to the first dot, and up to each underscore."""
    yield file.split(".", 1)[0]
    at = file.find("_")
    while at >= 0:
        yield file[:at]
        at = file.find("_", at + 1)


def _set_of(path: Path) -> LabelSet:
    labels = read_labels(path)
    return LabelSet(path.stem, labels, frozenset(i for s in shipped_sets() for i in s.exhaustive))


def _score_document(out: Score, document: str, gold: list[Reading], found: list[Reading]) -> None:
    pairs = _pairs(gold, found)
    # Doubtful labels, and what was paired with them, neither help nor hurt.
    free = {j for i, (j, _) in pairs.items() if gold[i].optional}
    for i, label in enumerate(gold):
        if label.optional:
            continue
        _count(out, label.indicator_id, labelled=1)
        if i not in pairs:
            out.misses.append(Miss("missed", document, label, None))
            continue
        j, differing = pairs[i]
        _count(out, label.indicator_id, matches=("value",) if differing else MATCHES)
        if differing:
            out.misses.append(Miss("differs", document, label, found[j], differing))
    taken = {j for j, _ in pairs.values()}
    for j, reading in enumerate(found):
        if j not in free:
            _count(out, reading.indicator_id, predicted=1)
        if j not in taken:
            out.misses.append(Miss("spurious", document, None, reading))


def _count(out: Score, indicator: str, *, labelled: int = 0, predicted: int = 0, matches: Sequence[str] = ()) -> None:
    for name in (indicator, TOTAL):
        tally = out.tallies[name]
        tally.labelled += labelled
        tally.predicted += predicted
        tally.matched.update(matches)


def _pairs(gold: list[Reading], found: list[Reading]) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Label → reading and what they differ in; pairs that agree best first, the quote counting twice."""
    candidates = []
    for i, label in enumerate(gold):
        for j, reading in enumerate(found):
            if (label.indicator_id, label.measure) == (reading.indicator_id, reading.measure) and _same_value(
                label, reading
            ):
                differing = disagreements(label, reading)
                candidates.append((len(differing) + ("quote" in differing), i, j, differing))
    pairs: dict[int, tuple[int, tuple[str, ...]]] = {}
    taken: set[int] = set()
    for _, i, j, differing in sorted(candidates, key=lambda candidate: candidate[0]):
        if i not in pairs and j not in taken:
            pairs[i] = (j, differing)
            taken.add(j)
    return pairs


def _same_value(a: Reading, b: Reading) -> bool:
    return all(_close(x, y) for x, y in ((a.value, b.value), (a.low, b.low), (a.high, b.high)))


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)


def _overlap(label: Reading, reading: Reading) -> bool:
    if not label.places:
        return all(0 < end - start <= LONGEST_QUOTE for start, end in reading.places)
    return any(
        0 < end - start <= LONGEST_QUOTE and start < b and a < end
        for start, end in reading.places
        for a, b in label.places
    )
