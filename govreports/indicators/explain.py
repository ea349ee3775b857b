"""Explanation: every sentence of a report with the values read in it and the rules that read them.

Belongs here: rows of observations arranged by sentence, as data and as marked text. Does not belong here: printing (see
`govreports.cli`), reading (see `stage`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from govreports.indicators.rules import load_rules

Row = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """A quote in a sentence: sentence[start:end], with the rows of core.observation that rest on it."""

    start: int
    end: int
    observations: tuple[Row, ...]


@dataclass(frozen=True)
class ExplainedSentence:
    """A cleaned sentence with its marks in order."""

    text: str
    section_id: str | None
    marks: tuple[Mark, ...]

    def marked(self, opening: str = "⟦", closing: str = "⟧") -> str:
        """The sentence with brackets around every quote."""
        out, last = "", 0
        for mark in self.marks:
            if mark.start < last:
                continue
            out += self.text[last : mark.start] + opening + self.text[mark.start : mark.end] + closing
            last = mark.end
        return out + self.text[last:]


def explain(cleaned: Row, readings: Row) -> list[ExplainedSentence]:
    """The sentences of a report that hold observations, in the order of the text.

    `cleaned`: the cleaned row; `readings`: what `stage.read_document` made of it.
    """
    rows = sorted(readings["observation"], key=lambda r: (r["clean_start"], r["clean_end"], r["observation_id"]))
    placed = [(_start(cleaned["clean_text"], row), row) for row in rows]
    out = []
    for (start, text), group in groupby(placed, key=lambda p: (p[0], p[1]["sentence"])):
        members = [row for _, row in group]
        out.append(ExplainedSentence(text, members[0]["section_id"], tuple(_marks(start, members))))
    return out


def _start(text: str, row: Row) -> int:
    """Cleaned offset of the sentence that a row stands in."""
    return text.index(row["sentence"], max(0, row["clean_end"] - len(row["sentence"])))


def _marks(start: int, rows: list[Row]) -> Iterator[Mark]:
    for (first, last), group in groupby(rows, key=lambda r: (r["clean_start"], r["clean_end"])):
        yield Mark(first - start, last - start, tuple(group))


def rule_text(rule_id: str, language: str = "zh") -> str:
    """What a rule does, in Chinese or English; the id where it is not documented."""
    rule = load_rules().get(rule_id)
    return (rule.zh if language == "zh" else rule.en) if rule else rule_id
