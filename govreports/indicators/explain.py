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


def explain(readings: Row) -> list[ExplainedSentence]:
    """The sentences of a report that hold observations, in the order of the text. `readings`: what `stage.read_document` returned."""
    rows = sorted(readings["observation"], key=lambda r: (r["clean_start"], r["clean_end"], r["observation_id"]))
    out = []
    for (text, section), group in groupby(rows, key=lambda r: (r["sentence"], r["section_id"])):
        members = list(group)
        out.append(ExplainedSentence(text, section, tuple(_marks(text, members))))
    return out


def _marks(text: str, rows: list[Row]) -> Iterator[Mark]:
    base = _base(text, rows)
    for (start, end), group in groupby(rows, key=lambda r: (r["clean_start"], r["clean_end"])):
        yield Mark(start - base, end - base, tuple(group))


def _base(text: str, rows: list[Row]) -> int:
    """Cleaned offset of the sentence: where all its quotes lie inside it. Any row carries it."""
    return int(rows[0]["sentence_start"]) if "sentence_start" in rows[0] else _found(text, rows)


def _found(text: str, rows: list[Row]) -> int:
    # The quote of the cleaned text has the length of its offsets; the sentence begins where every number falls on a digit or word.
    first = rows[0]
    width = first["clean_end"] - first["clean_start"]
    written = _plain(first["quote"])
    for at in range(len(text) - width + 1):
        if _plain(text[at : at + width]) == written:
            return int(first["clean_start"]) - at
    return int(first["clean_start"])


def _plain(text: str) -> str:
    return "".join(text.split())


def rule_text(rule_id: str, language: str = "zh") -> str:
    """What a rule does, in Chinese or English; the id where it is not documented."""
    rule = load_rules().get(rule_id)
    return (rule.zh if language == "zh" else rule.en) if rule else rule_id
