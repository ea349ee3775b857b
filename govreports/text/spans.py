"""Spans of a text.

Belongs here: what is done with (start, end) pairs whatever they are. Does not belong here: maps between two texts
(see `govreports.text.offsets`).
"""

from collections.abc import Iterable


def cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without spans, which ascend and do not overlap."""
    parts, at = [], 0
    for start, end in spans:
        parts.append(text[at:start])
        at = end
    return "".join([*parts, text[at:]])
