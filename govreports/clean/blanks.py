"""Blanks: at the ends of lines, within prose, within numbers.

Belongs here: which blanks part nothing. Does not belong here: line ends within a sentence (`govreports.clean.torn`).

Blanks that go at line ends or within prose are not recorded, since there may be thousands of them and no word changes its
neighbours. A blank within a number is: two numbers may have stood there.
"""

import re

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.clean.lines import lines_of
from govreports.text.digits import split_years
from govreports.text.hanzi import BLANK, BLANKS, HAN
from govreports.text.spacing import invisible_characters, spacing_blanks

_UNUSUAL = BLANKS.replace(" ", "")
_INNER = re.compile(rf"[{BLANK}]{{2,}}|[{BLANK.replace(' ', '')}]")
_QUESTION_BLANKS = re.compile(r"\?{2,}")
_LINE_OF_PROSE = 20
_INSIDE_SENTENCE = re.compile(r"[。；;，,、]")
# Each alternative begins with the blank itself, which the engine finds fast.
_PROSE_BLANK = re.compile(
    rf" (?<=[{HAN}] )(?=[{HAN}\dA-Za-z“‘《（(，。；、：！”’》）)])| (?<=\d )(?=[{HAN}])| (?<=[A-Za-z] )(?=[{HAN}，。；、：])"
    rf"| (?<=[%‰\d] )(?=[，。；、：])| (?<=[，。；、：！“‘《（(”’》）)] )(?=[{HAN}\d“‘《（(，。；、：！”’》）)])"
)
_UNIT_BLANK = re.compile(r" (?<=\d )(?=[%‰]|(?:亿|万|个百分点|元|倍|年[^ ]))| (?<=\d[万亿百千] )(?=[万亿元吨户人亩])")
_DASH_BLANK = re.compile(rf"(?m)^[—–]{{1,3}}( )(?=[{HAN}])")
_NUMBER = r"(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]\d{1,2}[）)])"
_INITIAL = re.compile(rf"(?m)^{_NUMBER}?(?![一二三四五六七八九十表图注附第])[{HAN}]( )(?=[{HAN}]{{3}})")
_LONG_INITIAL = re.compile(rf"(?m)^{_NUMBER}?[{HAN}]( )(?=[{HAN}][^\n]{{18}})")
_MANY_INITIALS = 5
_GAPPED = re.compile(r" (?:(?<=\d )(?=[\d.．])|(?<=[.．] )(?=\d))")
_COUNTED = r"(?:[%％﹪℅‰]|个百分点|[十百千万亿]|[元个家人户项名所处台条件座套亩倍]|公里|平方|公顷|吨)"
# Of two numbers side by side in prose one would have a sign or a word of its own: with a unit behind both they are one.
_SPLIT_NUMBER = re.compile(rf"(?<=[{HAN}])( ?)(\d+(?:(?: ?[.．] ?| )\d+){{1,2}})(?= ?{_COUNTED})")

# A decimal point beside a blank needs no word before it, but the number of an item stands at the start of a sentence.
_DECIMAL = r"(\d+(?: [.．] ?|[.．] )\d+)"
_SPLIT_DECIMAL = re.compile(rf"(?<=[{HAN}“‘（(）)、，,：:—–~～-]) ?{_DECIMAL}(?= ?(?:{_COUNTED}|[:：︰∶]))")
_SPLIT_MEMBER = re.compile(rf"(?<=\d[:：︰∶]){_DECIMAL}")


def find_invisible(text: str, config: CleaningConfig) -> list[Replacement]:
    """Characters without width."""
    return [Replacement(start, end, "", recorded=False) for start, end in invisible_characters(text)]


def find_spacing(text: str, config: CleaningConfig) -> list[Replacement]:
    """The blanks of a text that has one behind every character."""
    return [Replacement(start, end, "", recorded=False) for start, end in spacing_blanks(text)]


def find_question_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Runs of question marks that stand for no-break spaces lost in a charset."""
    if "??" not in text:
        return []
    return [Replacement(*m.span(), " ") for m in _QUESTION_BLANKS.finditer(text)]


def find_edge_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Blanks at the ends of lines, and blank lines."""
    out: list[Replacement] = []
    at = end = 0  # end: behind the last character that stays
    for line in text.split("\n"):
        kept = line.strip(BLANKS)
        if kept:
            start = at + (line.index(kept[0]) if line[0] != kept[0] else 0)
            glue = "\n" if end else ""
            if text[end:start] != glue:
                out.append(Replacement(end, start, glue, recorded=False))
            end = start + len(kept)
        at += len(line) + 1
    if end < len(text):
        out.append(Replacement(end, len(text), "", recorded=False))
    return out


def find_inner_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Runs of blanks within a line become one space."""
    if "  " not in text and not any(blank in text for blank in _UNUSUAL):
        return []
    return [Replacement(*m.span(), " ", recorded=False) for m in _INNER.finditer(text)]


def find_prose_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Single spaces within prose, behind a line's first sign, before a unit, behind the first character of a paragraph."""
    if " " not in text:
        return []
    spans = {m.span() for m in _UNIT_BLANK.finditer(text)} | {m.span(1) for m in _DASH_BLANK.finditer(text)}
    for line in lines_of(text):
        first = _INSIDE_SENTENCE.search(line.text) if len(line.text) > _LINE_OF_PROSE and " " in line.text else None
        if first:
            spans |= {
                (line.start + m.start(), line.start + m.end()) for m in _PROSE_BLANK.finditer(line.text, first.start())
            }
    spans |= _blanks_behind_initials(text)
    return [Replacement(start, end, "", recorded=False) for start, end in sorted(spans)]


def _blanks_behind_initials(text: str) -> set[tuple[int, int]]:
    """Blanks behind the first character of paragraphs where a page sets many of them apart: 各 位代表, (一)进 一步."""
    found = {m.span(1) for m in _LONG_INITIAL.finditer(text)}
    return found | {m.span(1) for m in _INITIAL.finditer(text)} if len(found) >= _MANY_INITIALS else set()


def find_split_years(text: str, config: CleaningConfig) -> list[Replacement]:
    """Years with a blank inside: 2 016年."""
    return [Replacement(*found) for found in split_years(text)]


def find_split_numbers(text: str, config: CleaningConfig) -> list[Replacement]:
    """Numbers with a blank inside, behind a word and before a unit: 增长1 2.7%, “5. 8%”."""
    if not _GAPPED.search(text):
        return []
    found = {m.span(2) for m in _SPLIT_NUMBER.finditer(text)}
    found |= {m.span(1) for pattern in (_SPLIT_DECIMAL, _SPLIT_MEMBER) for m in pattern.finditer(text)}
    out = []
    for start, end in sorted(found):
        number = text[start:end].replace(" ", "")
        if number != text[start:end] and number.count(".") < 2:
            out.append(Replacement(start, end, number))
    return out
