"""Lines: one paragraph, heading or table cell a line.

Belongs here: splitting what a page glued together, table cells, what a source hung onto a paragraph. Does not belong here:
joining what a page tore apart (`govreports.clean.torn`), blanks (`govreports.clean.blanks`), markup.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.text.hanzi import BLANK, HAN

_GAP = re.compile(rf"(?<=[^{BLANK}\n])[{BLANK}]+(?=[^{BLANK}\n])")
_BAR_SIGNS = "|│┃｜"
_BARS = re.compile(rf"(?m)^[{BLANK}]*[{_BAR_SIGNS}](?:[{BLANK}{_BAR_SIGNS}]|:?-{{2,}}:?)*(?:\n|\Z)")
_BARRED = re.compile(
    rf"(?m)^[{_BAR_SIGNS}]?[^\n{_BAR_SIGNS}]{{1,40}}(?:[{_BAR_SIGNS}][^\n{_BAR_SIGNS}]{{0,40}}){{1,12}}$"
)
_BAR = re.compile(f"[{_BAR_SIGNS}]")
_TABBED = re.compile(r"(?m)^[^\n\t]{1,40}(?:\t+[^\n\t]{1,40}){1,12}\t*$")
_TABS = re.compile(r"(?<=[^\t])\t+(?=[^\t])")
_NUMERAL = "[一二三四五六七八九十]"
_SPLIT_BEFORE = re.compile(rf"(?<=[。！!；;])(?={_NUMERAL}{{1,2}}、|[（(]{_NUMERAL}{{1,2}}[）)]|各位代表[,，!！:：])")
_HEAD_PART = re.compile(rf"各位代表|同志们|[{HAN}]{{2,12}}(?:省|市|区|县|州|盟|旗|镇|乡)长[{BLANK}]")
_HEAD_LENGTH = 120
_ENDS = "。！!；;：:"
_YEAR_AHEAD = re.compile(r"(?:19|20)\d\d年")
_HEADING_ENDS = ("回顾", "安排", "任务", "要求", "目标", "建议")
_ITEM_NUMBER = re.compile(r"\d{1,2}[.、．](?!\d)")
_GLUED = re.compile(
    rf"(?m)^(?:{_NUMERAL}{{1,2}}、|[（(]{_NUMERAL}{{1,2}}[）)]|第{_NUMERAL}{{1,3}}[章节部篇])[^。！；\n ]{{2,32}}?"
    r"(?: |(?<=回顾)|(?<=总体要求)|(?<=工作安排)|(?<=主要任务)|(?<=工作情况))"
    rf"(?=(?:20\d\d年|过去|刚刚过去|各位代表|一年来|今年|今后|五年来|我们)[^\n]{{30}}"
    rf"|(?<= )(?:[{HAN}“]|\d{{1,2}}[.、](?!\d))[^\n]{{60}})"
)


_WATERMARK_WORDS = ("来源:", "来源：", "搜索", "详见官网", "详见网站", "下载自")
_WATERMARK = re.compile(
    r"(?m)(?:(?<=[。！!？?”；;])|\s+)(?:(?:数据|资料|文章)?来源[:：](?=\S*(?:百度|搜索|数据|文库))\S[^。\n]{1,14}(?:网|库)"
    r"|(?:百度)?搜索[^。，\n]{2,12}(?:网|库)|(?:更多)?详见(?:官网|网站)[:：]?\s*(?:www\.|https?:)[\w./:-]+|下载自[^。\n]{2,14}(?:网|库))\s*$"
)


class TextLine(NamedTuple):
    """A line and where it starts."""

    start: int
    text: str


def lines_of(text: str) -> Iterator[TextLine]:
    """The lines of a text that are not empty."""
    at = 0
    for line in text.split("\n"):
        if line:
            yield TextLine(at, line)
        at += len(line) + 1


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
    if not any(bar in text for bar in _BAR_SIGNS):
        return []
    return [Replacement(*m.span(), "", recorded=False) for m in _BARS.finditer(text)]


def find_tabbed_cells(text: str, config: CleaningConfig) -> list[Replacement]:
    """Rows of a table with tabs or bars between their cells; a tab or a bar in a single line is none."""
    out: list[Replacement] = []
    for signs, row, between in (("\t", _TABBED, _TABS), (_BAR_SIGNS, _BARRED, _BAR)):
        if any(sign in text for sign in signs):
            for match in _neighbours(list(row.finditer(text))):
                at = match.start()
                out += [Replacement(at + m.start(), at + m.end(), "\n") for m in between.finditer(match[0])]
    return sorted(out)


def _neighbours(rows: list[re.Match[str]]) -> list[re.Match[str]]:
    """The rows that stand directly above or below another."""
    ends, starts = {m.end() for m in rows}, {m.start() for m in rows}
    return [m for m in rows if m.start() - 1 in ends or m.end() + 1 in starts]


def find_glued_headings(text: str, config: CleaningConfig) -> list[Replacement]:
    """A numbered heading and the paragraph behind it on one line."""
    out = []
    for match in _GLUED.finditer(text):
        start = match.end() - 1 if match[0].endswith(" ") else match.end()
        out.append(Replacement(start, match.end(), "\n"))
    return out
