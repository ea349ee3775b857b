"""Lines and blanks: one paragraph, heading or table cell a line.

Belongs here: joining what a page tore apart, splitting what it glued together, trimming blanks. Does not belong here: markup.

A change is recorded where it joins or splits lines or numbers; blanks that go at line ends or within prose are not,
since there may be thousands of them and no word changes its neighbours.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.text.hanzi import BLANK, HAN

_SPACE_RUN = re.compile(rf"[{BLANK}\n]{{2,}}|\A[{BLANK}\n]|[{BLANK}\n]\Z")
_INNER = re.compile(rf"[{BLANK}]{{2,}}|[{BLANK.replace(' ', '')}]")
_GAP = re.compile(rf"(?<=[^{BLANK}\n])[{BLANK}]+(?=[^{BLANK}\n])")
_QUESTION_BLANKS = re.compile(r"\?{2,}")
_BARS = re.compile(rf"(?m)^[{BLANK}]*[|│┃｜]+[{BLANK}]*(?:\n|\Z)")
_TABBED = re.compile(r"(?m)^[^\n\t]{1,40}(?:\t+[^\n\t]{1,40}){1,12}\t*$")
_TABS = re.compile(r"(?<=[^\t])\t+(?=[^\t])")
_NUMERAL = "[一二三四五六七八九十]"
_HEADING_START = re.compile(
    rf"第[一二三四五六七八九十百\d]+[章节篇编部条]|{_NUMERAL}{{1,3}}[、.．]|[（(](?:{_NUMERAL}{{1,3}}|\d{{1,2}})[）)]|"
    r"\d{1,2}[、.．](?!\d)|[①-⑳]|——|—|[\[［【〔]\d|专栏|表\s*\d|图\s*\d|注\s*\d?[:：]|附[件表录：:]|各位代表|同志们"
)
_SPLIT_BEFORE = re.compile(rf"(?<=[。！!；;])(?={_NUMERAL}{{1,2}}、|[（(]{_NUMERAL}{{1,2}}[）)]|各位代表[,，!！:：])")
_SALUTATION = re.compile(r"各位|同志们|尊敬的|主席")
_HEAD_PART = re.compile(rf"各位代表|同志们|[{HAN}]{{2,12}}(?:省|市|区|县|州|盟|旗|镇|乡)长[{BLANK}]")
_HEAD_LENGTH = 120
_SENTENCE_END = re.compile(r"[。！!？?；;：:…”’」』》）)\]】]$")
_FULL_STOP = re.compile(r"[。！!？?；;：:…][”’」』）)]?$")
_BARE_NUMBER = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]")
_ENDS = "。！!；;：:"
_YEAR_AHEAD = re.compile(r"(?:19|20)\d\d年")
_HEADING_ENDS = ("回顾", "安排", "任务", "要求", "目标", "建议")
_ITEM_NUMBER = re.compile(r"\d{1,2}[.、．](?!\d)")
_INSIDE_SENTENCE = re.compile(r"[。；;，,、]")
_CONTINUES = re.compile(r"[、，,。；;：:”’）)》】%％]")
_UNIT = re.compile(r"(?:[百千万亿]+|个?百分点|[%％‰]|公里|平方|公顷|亩|[元吨户人件个家倍])")
_PROSE_BLANK = re.compile(
    rf"(?<=[{HAN}\d])[ ](?=[{HAN}\d])|(?<=[{HAN}])[ ](?=[，。；、：])|(?<=[，。；、：！])[ ](?=[{HAN}\d])"
)
_INITIAL = re.compile(rf"(?m)^[{HAN}](\s)(?=[{HAN}][^\n]{{18}})")
_MANY_INITIALS = 5
_UNIT_BLANK = re.compile(r"(?<=\d)[ ](?=[%‰]|(?:亿|万|个百分点|元|倍|年[^ ]))")
_YEAR_BLANK = re.compile(r"[12](?<![\d.,].) ?(?:(?<=1)9|(?<=1 )9|(?<=2)0|(?<=2 )0) ?\d ?\d(?= ?年)")
_GLUED = re.compile(
    rf"(?m)^(?:{_NUMERAL}{{1,2}}、|[（(]{_NUMERAL}{{1,2}}[）)]|第{_NUMERAL}{{1,3}}[章节部篇])[^。！；\n ]{{2,32}}?"
    r"(?: |(?<=回顾)|(?<=总体要求)|(?<=工作安排)|(?<=主要任务)|(?<=工作情况))"
    rf"(?=(?:20\d\d年|过去|刚刚过去|各位代表|一年来|今年|今后|五年来|我们)[^\n]{{30}}"
    rf"|(?<= )(?:[{HAN}“]|\d{{1,2}}[.、](?!\d))[^\n]{{60}})"
)

_DOUBLED = re.compile(rf"\n([{HAN}])\1\n")

_WATERMARK_WORDS = ("来源:", "来源：", "搜索", "详见官网", "详见网站", "下载自")
_WATERMARK = re.compile(
    r"(?m)(?:(?<=[。！!？?”；;])|\s+)(?:(?:数据|资料|文章)?来源[:：](?=\S*(?:百度|搜索|数据|文库))\S[^。\n]{1,14}(?:网|库)"
    r"|(?:百度)?搜索[^。，\n]{2,12}(?:网|库)|(?:更多)?详见(?:官网|网站)[:：]?\s*(?:www\.|https?:)[\w./:-]+|下载自[^。\n]{2,14}(?:网|库))\s*$"
)

_TORN_JOINS = 5  # so many sure joins make a text a torn one
_SHORT = 10
_LINE_OF_PROSE = 20
_SHREDDED_MEAN = 12


class _Text(NamedTuple):
    """A line and where it starts."""

    start: int
    text: str


def find_question_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Runs of question marks that stand for no-break spaces lost in a charset."""
    if "??" not in text:
        return []
    return [Replacement(*m.span(), " ") for m in _QUESTION_BLANKS.finditer(text)]


def find_lost_lines(text: str, config: CleaningConfig) -> list[Replacement]:
    """Line ends for a text on one line: at the gap that usually follows a sentence, and before headings that follow one."""
    if (text.count("\n") + 1) * config.characters_per_line_end > len(text):
        return []
    gaps = list(_GAP.finditer(text))
    ended = [m for m in gaps if text[m.start() - 1] in _ENDS]
    usual = Counter(m[0] for m in ended or gaps).most_common(1)
    splits = {m.span() for m in gaps if m[0] == usual[0][0] and _between_words(text, m)} if usual else set()
    splits |= {m.span() for m in gaps if _HEAD_PART.match(text, m.end()) and m.start() < _HEAD_LENGTH}
    splits |= {m.span() for m in _SPLIT_BEFORE.finditer(text)}
    return [Replacement(start, end, "\n") for start, end in sorted(splits)]


def _between_words(text: str, gap: re.Match[str]) -> bool:
    """Whether a gap stands between words, not beside a number or a Latin letter; a number that opens a paragraph is none."""
    before, after = text[gap.start() - 1], text[gap.end()]
    if before.isascii() and before not in ":!?;)]":
        return False
    if not after.isascii() or after in "([" or _ITEM_NUMBER.match(text, gap.end()):
        return True
    ended = before in _ENDS or text[gap.start() - 2 : gap.start()] in _HEADING_ENDS
    return ended and _YEAR_AHEAD.match(text, gap.end()) is not None


def find_watermarks(text: str, config: CleaningConfig) -> list[Replacement]:
    """A source's advertisement glued to the end of a paragraph."""
    if not any(word in text for word in _WATERMARK_WORDS):
        return []
    return [Replacement(*m.span(), "") for m in _WATERMARK.finditer(text)]


def find_cell_bars(text: str, config: CleaningConfig) -> list[Replacement]:
    """Lines of nothing but a bar, which mark the borders of table cells."""
    return [Replacement(*m.span(), "", recorded=False) for m in _BARS.finditer(text)]


def find_tabbed_cells(text: str, config: CleaningConfig) -> list[Replacement]:
    """Rows of a table with tabs between their cells; a tab in a single line is a blank."""
    if "\t" not in text:
        return []
    rows = list(_TABBED.finditer(text))
    ends = {m.end() for m in rows}
    starts = {m.start() for m in rows}
    in_table = [m for m in rows if m.start() - 1 in ends or m.end() + 1 in starts]
    return [
        Replacement(m.start() + t.start(), m.start() + t.end(), "\n") for m in in_table for t in _TABS.finditer(m[0])
    ]


def find_edge_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Blanks at the ends of lines, and blank lines."""
    out = []
    for match in _SPACE_RUN.finditer(text):
        if match.start() == 0 or match.end() == len(text):
            out.append(Replacement(*match.span(), "", recorded=False))
        elif "\n" in match[0]:
            out.append(Replacement(*match.span(), "\n", recorded=False))
    return out


def find_inner_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Runs of blanks within a line become one space."""
    return [Replacement(*m.span(), " ", recorded=False) for m in _INNER.finditer(text)]


def find_prose_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Single spaces within prose, behind a line's first comma, and between a number and its unit."""
    if " " not in text:
        return []
    spans = {m.span() for m in _UNIT_BLANK.finditer(text)}
    for line in _lines(text):
        first = _INSIDE_SENTENCE.search(line.text) if len(line.text) > _LINE_OF_PROSE and " " in line.text else None
        if first:
            spans |= {
                (line.start + m.start(), line.start + m.end()) for m in _PROSE_BLANK.finditer(line.text, first.start())
            }
    spans |= _blanks_behind_initials(text)
    return [Replacement(start, end, "", recorded=False) for start, end in sorted(spans)]


def _blanks_behind_initials(text: str) -> set[tuple[int, int]]:
    """Blanks behind the first character of paragraphs where a page sets many of them apart: 各 位代表."""
    found = {(m.start(1), m.end(1)) for m in _INITIAL.finditer(text)}
    return found if len(found) >= _MANY_INITIALS else set()


def find_split_years(text: str, config: CleaningConfig) -> list[Replacement]:
    """Years with a blank inside: 2 016年."""
    return [Replacement(*m.span(), m[0].replace(" ", "")) for m in _YEAR_BLANK.finditer(text) if " " in m[0]]


def find_glued_headings(text: str, config: CleaningConfig) -> list[Replacement]:
    """A numbered heading and the paragraph behind it on one line."""
    out = []
    for match in _GLUED.finditer(text):
        start = match.end() - 1 if match[0].endswith(" ") else match.end()
        out.append(Replacement(start, match.end(), "\n"))
    return out


def find_doubled_links(text: str, config: CleaningConfig) -> list[Replacement]:
    """A linked word of one character that stands twice on a line of its own: 安 / 国国 / 际."""
    found = [m for m in _DOUBLED.finditer(text) if m[1] != "谢"]
    if (
        not found
        or sum(1 for first, second in pairwise(_lines(text)) if _surely_torn(first.text, second.text)) < _TORN_JOINS
    ):
        return []
    return [Replacement(*m.span(), m[1]) for m in found]


def find_torn_lines(text: str, config: CleaningConfig) -> list[Replacement]:
    """Line ends within a sentence: around hyperlinked words, before a unit, between single words."""
    lines = list(_lines(text))
    pairs = list(pairwise(lines))
    sure = sum(1 for first, second in pairs if _surely_torn(first.text, second.text))
    if not sure:
        return []
    mean = len(text) / len(lines)
    joins = _Joiner(torn=sure >= _TORN_JOINS, shredded=mean < _SHREDDED_MEAN and sure > 0.05 * len(lines))
    out = []
    salutation = next((line.start for line in lines[:20] if _SALUTATION.match(line.text)), 0)
    for first, second in pairs:
        if first.start < salutation:
            continue
        end = first.start + len(first.text)
        if joins.join(first.text, second.text):
            glue = " " if first.text[-1].isascii() and second.text[0].isascii() and first.text[-1].isalpha() else ""
            out.append(Replacement(end, second.start, glue))
    return out


def _lines(text: str) -> Iterator[_Text]:
    at = 0
    for line in text.split("\n"):
        if line:
            yield _Text(at, line)
        at += len(line) + 1


def _surely_torn(first: str, second: str) -> bool:
    """Whether a line end between two lines falls within a sentence, whatever else the text looks like."""
    if _CONTINUES.match(second):
        return not _FULL_STOP.search(first)
    if first[-1] in "“‘《（(":
        return True
    if first[-1].isdigit():
        return bool(_UNIT.match(second) or second.isdecimal()) and bool(_INSIDE_SENTENCE.search(first))
    return (
        bool(re.search(r"[。；]", first[:-1])) and not _SENTENCE_END.search(first) and not _HEADING_START.match(second)
    )


class _Joiner:
    """Decides line by line; remembers what it has joined so far."""

    def __init__(self, torn: bool, shredded: bool) -> None:
        self.torn = torn
        self.shredded = shredded
        self._paragraph = ""
        self._after_word = False

    def join(self, first: str, second: str) -> bool:
        """Whether the second line goes on with the paragraph that the first one ends."""
        self._paragraph += first
        joined = self._decide(first, second)
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
        numbered = _HEADING_START.match(self._paragraph)
        if self._is_word(second):
            return bool(numbered) or len(self._paragraph) > _SHORT
        if self._is_word(first) and self._paragraph == first:
            return len(second) > 30 and not numbered
        return bool(_INSIDE_SENTENCE.search(self._paragraph)) and not numbered

    @staticmethod
    def _is_word(line: str) -> bool:
        """A line that is no more than a linked word."""
        return (
            len(line) <= _SHORT and not re.search(r"[。！!？?；;：:]|\d{4}年", line) and not _HEADING_START.match(line)
        )
