"""Replacements in a text, and what a cleaning consists of.

Belongs here: the data that fixers, zones and the plan exchange, and applying replacements. Does not belong here: any rule.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from govreports.clean.config import CleaningConfig
from govreports.text.offsets import OffsetMap


class Replacement(NamedTuple):
    """text[start:end] becomes `after`.

    `recorded`: whether the change deserves a row of its own in text.span (trivial ones, such as trimmed blanks, do not).
    `confidence`: null for that of the fixer.
    """

    start: int
    end: int
    after: str
    recorded: bool = True
    confidence: float | None = None


class Zone(NamedTuple):
    """A stretch of text of one kind (see text.span.kind in the warehouse contract)."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Fixer:
    """A named repair: finds replacements in a text. Replacements ascend and do not overlap.

    `confidence`: how sure a replacement is right where it does not say so itself. `doubtful`: whether a number inside
    the repaired span must not be trusted. `joins_lines`: whether it removes line ends, which it must not do between two zones.
    """

    name: str
    description: str
    find: Callable[[str, CleaningConfig], Sequence[Replacement]]
    confidence: float = 1.0
    doubtful: bool = False
    joins_lines: bool = False


def apply(text: str, replacements: Sequence[Replacement]) -> str:
    """The text after replacements, which ascend and do not overlap."""
    parts, last = [], 0
    for replacement in replacements:
        parts.append(text[last : replacement.start])
        parts.append(replacement.after)
        last = replacement.end
    parts.append(text[last:])
    return "".join(parts)


def offset_map(replacements: Sequence[Replacement]) -> OffsetMap:
    """The offset map of replacements."""
    return OffsetMap.from_replacements((r.start, r.end, len(r.after)) for r in replacements)
