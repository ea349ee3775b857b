"""Explanation of a cleaning, and its replay.

Belongs here: telling people what was done to a text and why. Does not belong here: printing (see `govreports.cli`), cleaning.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from govreports.clean.damage import MARKED_CONFIDENCE
from govreports.clean.edits import apply
from govreports.clean.plan import Cleaning, Fix


@dataclass(frozen=True)
class FixerSummary:
    """What one fixer did to a text. `changes`: all replacements; `recorded`: those with a row in text.span."""

    fixer: str
    description: str
    changes: int
    recorded: int
    characters_removed: int
    examples: tuple[Fix, ...]


def explain(cleaning: Cleaning, examples: int = 3) -> list[FixerSummary]:
    """One summary for each step that changed the text, in the order of the plan, with its first recorded fixes."""
    recorded = Counter(fix.fixer for fix in cleaning.fixes)
    out: list[FixerSummary] = []
    for step in cleaning.steps:
        name = step.fixer.name
        removed = sum(r.end - r.start - len(r.after) for r in step.replacements)
        shown = tuple(fix for fix in cleaning.fixes if fix.fixer == name)[:examples]
        out.append(FixerSummary(name, step.fixer.description, len(step.replacements), recorded[name], removed, shown))
    return out


def describe(cleaning: Cleaning, examples: int = 3) -> Iterator[str]:
    """The explanation as lines of text: zones, then steps with examples, then damage that was not repaired."""
    yield "Zones (raw offsets)"
    for zone in cleaning.zones:
        kept = "" if zone.clean_end > zone.clean_start else "  not in the cleaned text"
        yield f"  {zone.kind:<14}{zone.raw_start:>8} – {zone.raw_end:<8}{kept}"
    yield "Steps"
    for summary in explain(cleaning, examples):
        counts = f"{summary.changes} changes, {summary.recorded} recorded, {summary.characters_removed:+d} characters removed"
        yield f"  {summary.fixer}: {summary.description} ({counts})"
        for fix in summary.examples:
            yield f"    at {fix.raw_start}: {_short(fix.before)} → {_short(fix.after)}  confidence {fix.confidence:.2f}"
    left = [fix for fix in cleaning.fixes if fix.doubtful and fix.confidence <= MARKED_CONFIDENCE]
    if left:
        yield "Damaged and not repaired"
        yield from (f"  at {fix.raw_start}: {_short(fix.before)}" for fix in left)


def replay(raw_text: str, cleaning: Cleaning) -> str:
    """The cleaned text made anew from the raw text and the replacements of the steps alone."""
    text = raw_text
    for step in cleaning.steps:
        text = apply(text, step.replacements)
    return text


def _short(text: str) -> str:
    shown = repr(text)[1:-1]
    return f"“{shown}”" if len(shown) <= 40 else f"“{shown[:24]} … {shown[-12:]}”"
