"""Duplicates within a partition.

Belongs here: likeness of texts, and which of several copies stands for all. Does not belong here: partitions themselves.

Likeness is the Jaccard similarity of bottom-k sketches of hashed character 5-grams. The canonical copy is the most
complete one, then that with the fewest damaged spans left, then the longest cleaned text, then the smallest
identifier: a rule that does not depend on the order of files.
"""

from typing import Any

import numpy as np

from govreports.clean.config import DEFAULT_CONFIG, CleaningConfig

Row = dict[str, Any]

_GRAM = 5
_SKETCH = 512
_COMPLETENESS = {"full": 0, "truncated": 1, "excerpt": 2, "secondary": 3}


def mark_duplicates(rows: list[Row], config: CleaningConfig = DEFAULT_CONFIG) -> list[Row]:
    """The rows with `duplicate_of` set to the canonical copy's doc_id, null for canonical documents. Keeps the order."""
    if len(rows) < 2:
        return rows
    sketches = [sketch(row["clean_text"]) for row in rows]
    ranked = sorted(range(len(rows)), key=lambda i: _rank(rows[i]))
    canonical: list[int] = []
    for i in ranked:
        match = next((c for c in canonical if _alike(rows[c], rows[i], sketches[c], sketches[i], config)), None)
        if match is None:
            canonical.append(i)
        else:
            rows[i]["duplicate_of"] = rows[match]["doc_id"]
    return rows


def sketch(text: str) -> np.ndarray:
    """The smallest hashes of the text's character 5-grams, ascending, at most `_SKETCH` of them."""
    codes = np.frombuffer(text.replace("\n", "").encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < _GRAM:
        return codes
    hashes = np.zeros(len(codes) - _GRAM + 1, dtype=np.uint64)
    for k in range(_GRAM):
        hashes = hashes * np.uint64(0x100000001B3) ^ codes[k : len(codes) - _GRAM + 1 + k]
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(32)
    return np.unique(hashes)[:_SKETCH]


def similarity(first: np.ndarray, second: np.ndarray) -> float:
    """Estimated Jaccard similarity of two sketched texts, between 0 and 1."""
    union = np.union1d(first, second)[:_SKETCH]
    both = np.intersect1d(first, second, assume_unique=True)
    return float(np.isin(union, both).sum() / len(union)) if len(union) else 1.0


def _alike(a: Row, b: Row, first: np.ndarray, second: np.ndarray, config: CleaningConfig) -> bool:
    if a.get("doc_type") != b.get("doc_type"):
        return False
    return similarity(first, second) >= config.duplicate_similarity


def _rank(row: Row) -> tuple[int, int, int, str]:
    damaged = (row["damaged_spans"] or 0) - (row["repaired_spans"] or 0)
    completeness = _COMPLETENESS.get(row.get("completeness") or "full", len(_COMPLETENESS))
    return completeness, damaged, -row["clean_chars"], row["doc_id"]
