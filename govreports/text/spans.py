"""Spans of a text.

Belongs here: what is done with (start, end) pairs whatever they are. Does not belong here: maps between two texts
(see `govreports.text.offsets`).
"""

from collections.abc import Iterable


def cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without spans, which ascend and do not overlap."""
    return exchange(text, ((start, end, "") for start, end in spans))


def exchange(text: str, replacements: Iterable[tuple[int, int, str]]) -> str:
    """The text with other text in place of spans, which ascend and do not overlap."""
    parts, at = [], 0
    for start, end, after in replacements:
        parts += [text[at:start], after]
        at = end
    return "".join([*parts, text[at:]])
