"""Lines: one paragraph, heading or table cell a line.

Belongs here: splitting what a page glued together, table cells, what a source hung onto a paragraph. Does not belong here:
joining what a page tore apart (`govreports.clean.torn`), blanks (`govreports.clean.blanks`), markup.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.text.hanzi import BLANK, BLANKS, HAN
from govreports.text.marks import find_marks

_GAP = re.compile(rf"(?<=[^{BLANK}\n])[{BLANK}]+(?=[^{BLANK}\n])")
_BAR_SIGNS = "|│┃｜"
_BARS = re.compile(rf"(?m)^[{BLANK}]*[{_BAR_SIGNS}](?:[{BLANK}{_BAR_SIGNS}]|:?-{{2,}}:?)*(?:\n|\Z)")
_BARRED = re.compile(
    rf"(?m)^[{_BAR_SIGNS}]?[^\n{_BAR_SIGNS}]{{1,40}}(?:[{_BAR_SIGNS}][^\n{_BAR_SIGNS}]{{0,40}}){{1,12}}$"
)
_BAR = re.compile(f"[{_BAR_SIGNS}]")
# Of a numbered row cells may be long, and go on in the next line behind a tab.
_TABBED = re.compile(
    r"(?m)^(?:[^\S\n\t]*\d{1,3}[^\S\n\t]*(?:\n?\t+[^\n\t]{1,200}){2,6}|[^\n\t]{1,40}(?:\t+[^\n\t]{1,40}){1,12})\t*$"
)
_TABS = re.compile(r"(?<=[^\t])\t+(?=[^\t])")
_CELL = 40
# Rows that may have empty cells, by the sign between their cells.
_GAPPED = {
    "\t": re.compile(rf"(?m)^[^\n\t]{{0,{_CELL}}}(?:\t[^\n\t]{{0,{_CELL}}}){{2,13}}$"),
    _BAR_SIGNS: re.compile(
        rf"(?m)^[^\n{_BAR_SIGNS}]{{0,{_CELL}}}(?:[{_BAR_SIGNS}][^\n{_BAR_SIGNS}]{{0,{_CELL}}}){{2,13}}$"
    ),
}
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


_WATERMARK_WORDS = ("来源:", "来源：", "搜索", "详见官网", "详见网站", "下载自", "下转", "上接", "紧接")
_WATERMARK = re.compile(
    r"(?m)(?:(?<=[。！!？?”；;])|\s+)(?:(?:数据|资料|文章)?来源[:：](?=\S*(?:百度|搜索|数据|文库))\S[^。\n]{1,14}(?:网|库)"
    r"|(?:百度)?搜索[^。，\n]{2,12}(?:网|库)|(?:更多)?详见(?:官网|网站)[:：]?\s*(?:www\.|https?:)[\w./:-]+|下载自[^。\n]{2,14}(?:网|库)"
    r"|[(（](?:下转|上接|紧接)第? ?[A-Z]?[一二三四五六七八九十\d]{1,3} ?版[)）])\s*$"
)


_ASCII_STOP = re.compile(rf"(?<=[{HAN}%)）”\"])\.(?=[{HAN}“\"(（ ]|$)", re.MULTILINE)
_LEAST_ASCII_STOPS = 10


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


def find_ascii_stops(text: str, config: CleaningConfig) -> list[Replacement]:
    """Points in place of Chinese stops, in a text that has few of those."""
    if text.count("。") * 4 > text.count("."):
        return []
    found = [m.start() for m in _ASCII_STOP.finditer(text)]
    return [Replacement(at, at + 1, "。") for at in found] if len(found) >= _LEAST_ASCII_STOPS else []


def find_line_marks(text: str, config: CleaningConfig) -> list[Replacement]:
    """The letters that a site hangs onto its paragraphs."""
    return [Replacement(start, end, "") for start, end in find_marks(text)]


def find_cell_bars(text: str, config: CleaningConfig) -> list[Replacement]:
    """Lines of nothing but a bar, which mark the borders of table cells."""
    if not any(bar in text for bar in _BAR_SIGNS):
        return []
    return [Replacement(*m.span(), "", recorded=False) for m in _BARS.finditer(text)]


def find_tabbed_cells(text: str, config: CleaningConfig) -> list[Replacement]:
    """Rows of a table with tabs or bars between their cells; a tab or a bar in a single line is none.

    Each cell gets a line of its own, but for tables with empty cells: there bars keep the columns.
    """
    out: list[Replacement] = []
    for signs, row, between in (("\t", _TABBED, _TABS), (_BAR_SIGNS, _BARRED, _BAR)):
        if any(sign in text for sign in signs):
            gapped = [m for block in _blocks(_GAPPED[signs].finditer(text)) if _has_gaps(block, signs) for m in block]
            kept = {m.start() for m in gapped}
            if signs == "\t":
                out += [Replacement(at, at + 1, "|") for m in gapped for at in range(*m.span()) if text[at] == "\t"]
            for match in (m for block in _blocks(row.finditer(text)) for m in block if m.start() not in kept):
                at = match.start()
                out += [Replacement(at + m.start(), at + m.end(), "\n") for m in between.finditer(match[0])]
    return sorted(out)


def _blocks(rows: Iterable[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Rows directly below each other; a row alone is none."""
    blocks: list[list[re.Match[str]]] = []
    for row in rows:
        if blocks and row.start() == blocks[-1][-1].end() + 1:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return [block for block in blocks if len(block) > 1]


def _has_gaps(block: list[re.Match[str]], signs: str) -> bool:
    """Whether cells of a table are empty.

    Tabs also align: only where each row has as many of them they part columns, and behind a label (文号：) none is missing.
    """
    rows = [re.split(f"[{signs}]", m[0]) for m in block]
    if signs == "\t" and (
        len({len(row) for row in rows}) > 1 or any(row[0].rstrip(BLANKS).endswith((":", "：")) for row in rows)
    ):
        return False
    opened, closed = (all(not row[edge].strip(BLANKS) for row in rows) for edge in (0, -1))
    return any(not cell.strip(BLANKS) for row in rows for cell in row[opened : len(row) - closed])


def find_glued_headings(text: str, config: CleaningConfig) -> list[Replacement]:
    """A numbered heading and the paragraph behind it on one line."""
    out = []
    for match in _GLUED.finditer(text):
        start = match.end() - 1 if match[0].endswith(" ") else match.end()
        out.append(Replacement(start, match.end(), "\n"))
    return out
