"""The parts of a sentence: clauses, names, and runs of numbers.

Belongs here: cutting a sentence where its grammar parts it, without deciding what belongs to what (see `attach`). Does not belong
here: cutting texts into sentences (`sentences`), finding numbers (`grammar`) or names (`subjects`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from govreports.indicators.quantity import Quantity, joined
from govreports.indicators.subjects import Names, Subject

_CLAUSE = re.compile(r"[，；;：。！？!?\n]|(?<!\d),|,(?!\d)|(?<=\d),(?=\d{1,2}(?:\D|$)|\d{4})|:(?!\d)")
_BRACKET = re.compile(r"[（(【\[〔][^（(【\[〔）)】\]〕]{0,60}[）)】\]〕]")
_NET_OF = re.compile(r"(?:扣除|剔除)[^，,。；;\d]{1,24}?(?:之后|以后|后|影响|因素)(?:影响|，|,)?")
# What names no subject although it holds names: what a figure is net of, and under what circumstances it came about.
_ASIDES = (
    (("扣除", "剔除"), _NET_OF),
    (("情况下", "背景下", "条件下"), re.compile(r"在[^，,。；;\d]{2,24}?(?:情况|背景|条件)下")),
)
_PART_OF_NAME = re.compile(r"GDP|服务业|次|套|R&D|含")


def blanked(text: str) -> str:
    """The text with brackets and asides replaced by blanks, offsets kept; brackets of names stay."""
    for words, pattern in _ASIDES:
        if any(word in text for word in words):
            text = pattern.sub(lambda match: " " * len(match[0]), text)
    if not _BRACKET.search(text):
        return text

    def blank(match: re.Match[str]) -> str:
        named = (_PART_OF_NAME.search(match[0]) and len(match[0]) <= 6) or "城镇化率" in match[0]
        return match[0] if named else " " * len(match[0])

    return _BRACKET.sub(blank, text)


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans of the clauses of a sentence without their closing marks."""
    out, last = [], 0
    for match in _CLAUSE.finditer(text):
        if match.start() > last:
            out.append((last, match.start()))
        last = match.end()
    if last < len(text):
        out.append((last, len(text)))
    return out


def find_subjects(text: str, shadow: str, names: Names) -> list[Subject]:
    """Names in a sentence; a footnote mark or remark in brackets inside a name does not break it."""
    found = names.find(text)
    if shadow is text or shadow == text:
        return found
    kept = [i for i, c in enumerate(shadow) if c != " " or text[i] == " "]
    compact = "".join(shadow[i] for i in kept)
    bridging = []
    for s in names.find(compact):
        start, end = kept[s.start], kept[s.end - 1] + 1
        if end - start > s.end - s.start:
            bridging.append(Subject(start, end, s.alias, s.indicator))
    free = [s for s in found if not any(b.start < s.end and s.start < b.end for b in bridging)]
    visible = [s for s in free if shadow[s.start : s.end].strip()]
    return sorted(visible + bridging, key=lambda s: s.start)


# Days that are a value and no duration.
_DAYS_OF = re.compile(r"天数|优良|达标")
_TURN = re.compile(r"\s*[、和]\s*(?:同比)?(?:增长|下降|提高|提升|上升|减少|降低|回落|上涨)(?:了|约|近)?\s*")


def _joined_by_verb(text: str, run: list[Quantity], quantity: Quantity) -> bool:
    """Whether a verb of its own leads a further member of a list after 分别 (分别提升11.9个百分点、下降16.5个百分点)."""
    if not _TURN.fullmatch(text, run[-1].quote_end, quantity.quote_start):
        return False
    return bool(re.search(r"分别[^，,。；;]*$", text[: run[0].start]))


def number_runs(text: str, quantities: Sequence[Quantity]) -> list[list[Quantity]]:
    """Quantities in runs: members of a list (11%、12.6%) stand together."""
    out: list[list[Quantity]] = []
    for quantity in quantities:
        if quantity.dimension in ("time_years", "time_months"):
            continue
        if quantity.dimension == "time_days" and not _DAYS_OF.search(text, max(0, quantity.start - 16), quantity.start):
            continue
        listed = out and quantity.dimension == out[-1][-1].dimension
        if listed and (joined(text, out[-1][-1], quantity) or _joined_by_verb(text, out[-1], quantity)):
            out[-1].append(quantity)
        else:
            out.append([quantity])
    return out
