"""Line ends within a sentence, and what stands between its halves.

Belongs here: joining what a page tore apart: at its width, around linked words, at page ends, before units, within headings. Does
not belong here: splitting what a page glued together (`govreports.clean.lines`), telling texts set to a width
(`govreports.text.wrapping`).

Signs decide first: nothing begins with a comma, no number ends before its unit. A text that shows many such tears may be torn
anywhere. In any other text a line end is taken for a tear only where the language model finds the sentence going on.
"""

import re
from itertools import pairwise

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.clean.language import run_on
from govreports.clean.lines import TextLine, lines_of
from govreports.text.hanzi import HAN
from govreports.text.wrapping import wrapped_line_ends

_NUMERAL = "[一二三四五六七八九十]"
_HEADING_START = re.compile(
    rf"第[一二三四五六七八九十百\d]+[章节篇编部条]|{_NUMERAL}{{1,3}}[、.．]|[（(](?:{_NUMERAL}{{1,3}}|\d{{1,2}})[）)]|"
    r"\d{1,2}[、.．](?!\d)|[①-⑳]|——|—|[\[［【〔]\d|专栏|表\s*\d|图\s*\d|注\s*\d?[:：]|附[件表录：:]|各位代表|同志们"
    rf"|第{_NUMERAL}[，,、：:]"
)
_NUMBERED_HEADING = re.compile(
    rf"第[一二三四五六七八九十百]+[章节篇编部]|{_NUMERAL}{{1,3}}[、.．]|[（(]{_NUMERAL}{{1,3}}[）)]"
)
_SALUTATION = re.compile(r"各位|同志们|尊敬的|主席|现在[，,]?我(?:受|谨?代表)")
_ADDRESS = re.compile(r"(?:各位代表|同志们)[，,！!]")
_SENTENCE_END = re.compile(r"[。！!？?；;：:…”’」』》）)\]】]$")
_FULL_STOP = re.compile(r"[。！!？?；;：:…][”’」』）)]?$")
_BARE_NUMBER = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]")
_INSIDE_SENTENCE = re.compile(r"[。；;，,、]")
_INSIDE_CLAUSE = re.compile(r"[，,；;：:]")
_OPEN_END = re.compile(r"[、，,]$")
_CONTINUES = re.compile(r"[、，,。；;：:”’）)》】%％]")
_UNIT = re.compile(r"(?:[百千万亿]+|个?百分点|[%％‰]|公里|平方|公顷|亩|[元吨户人件个家倍])")
_PAGE = re.compile(r"\d{1,3}")
_VALUE = re.compile(r"\d+(?:\.\d+)?")
_MARKED_PAGE = re.compile(r"[-—–－·]{1,2} ?\d{1,3} ?[-—–－·]{1,2}|第 ?\d{1,3} ?页(?:[ ,，]*共 ?\d{1,3} ?页)?")
_STUMP = re.compile(rf"[{HAN}]{{1,4}}[。；]")

_TORN_JOINS = 5  # so many sure joins make a text a torn one
_SHORT = 10
_LINK = 12
_PROSE = 30
_SHREDDED_MEAN = 12
_LEAST_PAGE = 300  # characters between two page numbers, at least
_LEAST_PAGES = 3
# In a text that is not torn: lines longer than this are no headings, and the log10 by which the model must prefer that the
# sentence goes on.
_NO_HEADING = 40
_BROKEN_HEADING, _BROKEN_ENDING = 45, 25
_SURE, _LIKELY = 4.0, 3.0


def find_page_numbers(text: str, config: CleaningConfig) -> list[Replacement]:
    """Page numbers on lines of their own: marked as such, in the midst of a sentence, or in a row through the text."""
    lines = list(lines_of(text))
    found = {i for i, line in enumerate(lines) if len(line.text) < 20 and _MARKED_PAGE.fullmatch(line.text)}
    bare = [i for i, line in enumerate(lines) if len(line.text) < 4 and _PAGE.fullmatch(line.text)]
    found |= {i for i in bare if 0 < i < len(lines) - 1 and _one_sentence(lines[i - 1].text, lines[i + 1].text)}
    found |= set(_in_a_row(lines, bare))
    found -= {i for i in bare if 0 < i < len(lines) - 1 and _is_value(lines[i - 1].text, lines[i + 1].text)}
    return [
        Replacement(lines[i].start, min(lines[i].start + len(lines[i].text) + 1, len(text)), "") for i in sorted(found)
    ]


def _one_sentence(first: str, second: str) -> bool:
    """Whether the second line surely goes on with the sentence of the first, a line of prose."""
    return len(first) > _PROSE and bool(_INSIDE_SENTENCE.search(first)) and _surely_torn(first, second)


def _is_value(before: str, after: str) -> bool:
    """Whether a number between two lines is one of the sentence: its unit follows, and it has no number of its own."""
    return _UNIT.match(after) is not None and not before[-1].isdigit()


def _in_a_row(lines: list[TextLine], bare: list[int]) -> list[int]:
    """Numbers that count up by one, a page of text apart."""
    row: list[int] = []
    for i in bare:
        if row and (
            int(lines[i].text) != int(lines[row[-1]].text) + 1 or lines[i].start - lines[row[-1]].start < _LEAST_PAGE
        ):
            continue
        row.append(i)
    return row if len(row) >= _LEAST_PAGES else []


def find_wrapped_lines(text: str, config: CleaningConfig) -> list[Replacement]:
    """Line ends of a text that is set to a width, with the page numbers that stand between its lines."""
    return [
        Replacement(start, end, _glue(text[start - 1], text[end]), recorded=not text[start:end].isspace())
        for start, end in wrapped_line_ends(text)
    ]


def _glue(last: str, first: str) -> str:
    """What belongs between the halves of a line: a space between Latin words."""
    return " " if last.isascii() and last.isalpha() and first.isascii() else ""


def find_torn_lines(text: str, config: CleaningConfig) -> list[Replacement]:
    """Line ends within a sentence: around hyperlinked words, before a unit, between single words."""
    lines = list(lines_of(text))
    pairs = list(pairwise(lines))
    sure = sum(1 for first, second in pairs if _surely_torn(first.text, second.text))
    broken = _broken([line.text for line in lines]) | _parted_numbers([line.text for line in lines])
    if not sure and not broken:
        return []
    mean = len(text) / len(lines)
    joins = _Joiner(torn=sure >= _TORN_JOINS, shredded=mean < _SHREDDED_MEAN and sure > 0.05 * len(lines))
    out = []
    salutation = next((line.start for line in lines[:20] if _SALUTATION.match(line.text)), 0)
    for i, (first, second) in enumerate(pairs):
        if first.start < salutation:
            continue
        end = first.start + len(first.text)
        if joins.join(first.text, second.text, i in broken):
            out.append(Replacement(end, second.start, _glue(first.text[-1], second.text[0])))
    return out


def _parted_numbers(lines: list[str]) -> set[int]:
    """Indices of lines around a number on a line of its own, in a sentence that goes on with its unit."""
    out: set[int] = set()
    for i in range(1, len(lines) - 1):
        if len(lines[i]) < _SHORT and _VALUE.fullmatch(lines[i]) and _UNIT.match(lines[i + 1]):
            before = lines[i - 1]
            if _INSIDE_SENTENCE.search(before) and not _SENTENCE_END.search(before):
                out |= {i - 1, i}
    return out


def _broken(lines: list[str]) -> set[int]:
    """Indices of lines whose sentence or heading goes on in the next line, as the language model sees it."""
    out: set[int] = set()
    first = ""
    for i, (line, second) in enumerate(pairwise(lines)):
        first = first + line if i - 1 in out else line
        if _SENTENCE_END.search(first) or _HEADING_START.match(second):
            continue
        third = lines[i + 2] if i + 2 < len(lines) else ""
        if i in out:
            continue
        if _goes_on(first, second, third):
            out.add(i)
            if _is_link(second) and run_on(second, third) > _LIKELY:
                out.add(i + 1)
        elif _is_link(second) and _encloses(first, second, third):
            out |= {i, i + 1}
    return out


def _goes_on(first: str, second: str, third: str) -> bool:
    if len(first) > _SHORT and _OPEN_END.search(first):
        return len(second) < 2 * _PROSE and run_on(first, second) > _SURE
    if _NUMBERED_HEADING.match(first):
        whole = len(third) > _PROSE or _HEADING_START.match(third)
        short = len(first) <= _BROKEN_HEADING and len(second) <= _BROKEN_ENDING
        return bool(short and whole and not _INSIDE_CLAUSE.search(second) and run_on(first, second) > _SURE)
    if _ADDRESS.match(first):
        return run_on(first, second) > _LIKELY
    long = len(first) > _NO_HEADING and _INSIDE_CLAUSE.search(first)
    return bool(long and run_on(first, second) > _SURE)


def _is_link(line: str) -> bool:
    return len(line) <= _LINK and not _INSIDE_SENTENCE.search(line) and not _SENTENCE_END.search(line)


def _encloses(first: str, link: str, third: str) -> bool:
    """Whether a linked word on a line of its own belongs between the beginning of a paragraph and its prose.

    Where the third line begins with the last word of a sentence, the model need be less sure of each of the two joints.
    """
    if not re.search(f"[{HAN}]{{2}}$", first) or not _INSIDE_SENTENCE.search(third):
        return False
    before, behind = run_on(first, link), run_on(link, third)
    if _STUMP.match(third):
        return min(before, behind) > 1.0 and before + behind > _SURE
    return len(third) > _PROSE and min(before, behind) > _LIKELY


def _surely_torn(first: str, second: str) -> bool:
    """Whether a line end between two lines falls within a sentence, whatever else the text looks like."""
    if _CONTINUES.match(second):
        return not _FULL_STOP.search(first)
    if first[-1] in "“‘《（(":
        return True
    if first[-1].isdigit():
        return bool(_UNIT.match(second)) and bool(_INSIDE_SENTENCE.search(first))
    return (
        ("。" in first[:-1] or "；" in first[:-1])
        and not _SENTENCE_END.search(first)
        and not _HEADING_START.match(second)
    )


class _Joiner:
    """Decides line by line; remembers what it has joined so far."""

    def __init__(self, torn: bool, shredded: bool) -> None:
        self.torn = torn
        self.shredded = shredded
        self._paragraph = ""
        self._after_word = False

    def join(self, first: str, second: str, broken: bool) -> bool:
        """Whether the second line goes on with the paragraph that the first one ends; `broken`: the model says so."""
        self._paragraph += first
        joined = broken or self._decide(first, second)
        self._after_word = joined and self._is_word(second)
        if not joined:
            self._paragraph = ""
        return joined

    def _decide(self, first: str, second: str) -> bool:
        if _surely_torn(self._paragraph, second):
            return True
        if not (self.torn or self.shredded) or _HEADING_START.match(second):
            return False
        if _BARE_NUMBER.fullmatch(first):
            return True
        if (_FULL_STOP if self.torn else _SENTENCE_END).search(first):
            return False
        if self.shredded or self._after_word:
            return True
        numbered = _HEADING_START.match(self._paragraph) and not _ADDRESS.match(self._paragraph)
        if self._is_word(second):
            return bool(numbered) or len(self._paragraph) > _SHORT
        if self._is_word(first) and self._paragraph == first:
            return len(second) > _PROSE and not numbered
        return bool(_INSIDE_SENTENCE.search(self._paragraph)) and not numbered

    @staticmethod
    def _is_word(line: str) -> bool:
        """A line that is no more than a linked word."""
        return (
            len(line) <= _SHORT and not re.search(r"[。！!？?；;：:]|\d{4}年", line) and not _HEADING_START.match(line)
        )
