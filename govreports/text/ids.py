"""Identifiers: content hashes that outlive a change of rules.

Belongs here: how identifiers are made. Does not belong here: when a row deserves one.
"""

import hashlib

_LENGTH = 16  # hexadecimal digits: 64 bits, one accidental collision in about 4 billion rows


def _digest(*parts: object) -> str:
    return fingerprint(*map(str, parts))


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(*parts: str) -> str:
    """Sixteen hexadecimal digits over strings."""
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass"))[:_LENGTH]


def doc_id(data: bytes) -> str:
    """Identifier of a document, from its raw bytes alone: a renamed file keeps it."""
    return "d" + sha256(data)[:_LENGTH]


def section_id(doc: str, kind: str, raw_start: int, title: str) -> str:
    """Identifier of a section, from where it stands and what it is called."""
    return "s" + _digest(doc, kind, raw_start, title)


def observation_id(
    doc: str, raw_start: int, raw_end: int, indicator: str, measure: str, time_period: str | None
) -> str:
    """Identifier of an observation, as the warehouse contract defines it."""
    return "o" + _digest(doc, raw_start, raw_end, indicator, measure, time_period or "")


def quantity_id(doc: str, raw_start: int, raw_end: int) -> str:
    """Identifier of a quantity: its place."""
    return "q" + _digest(doc, raw_start, raw_end)
