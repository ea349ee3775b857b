"""Headings of a text: numbered ones, unnumbered ones on a line of their own, and those that open a paragraph.

Belongs here: telling where a heading stands, what it is called and which style it has. Does not belong here: how headings nest
(`tree`), what they are about (`roles`), headings that open a paragraph without a number (`runins`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from govreports.sections.lines import Line
from govreports.sections.numbering import ANNEX, BOX, STRONG, WEAK, Number
from govreports.sections.tables import is_caption
from govreports.sections.words import Words, words

PLAIN = "plain"
TOP = "top"
RUN_IN = "run_in"
COLON = "colon"
MIDDLE = "middle"
ITEM_LINE = "item_line"  # 一是 on a line of its own
_ITEM = "item"

LONGEST_LINE = 64  # of a heading on a line of its own
LONGEST_RUN_IN = 48
_LONGEST_PLAIN = 42
_LONGEST_ITEM = 36
_LONGEST_IN_ROW = 96  # of 一是 in a row that is whole
_LEAST_PLAIN = 4
_LONGEST_REST, _ROW = 16, 3
_LONGEST_WIDE = 32
FRAME = re.compile(r"(?:前|序|引|结)\s*(?:言|语|束语)$")
_CELL, _CELLS = 12, 3  # so many lines around that are no longer are cells of a table
_COMPANY = 2  # so many other items alike keep a doubtful one
_LONGEST_COLON = 20
_LISTS = STRONG[5:]
_PARALLEL = 3  # so many first characters make lines that end in a full stop parallel
_STOP = re.compile(r"[。!?]")
_ENDS_PROSE = re.compile(r"[,、;:。!?…]$|(?<![作有可以])为$")
_CLAUSE = re.compile(r"[。!?;]|(?<!\d):")
_SIGNATURE = re.compile(
    r"^\W*(?:(?:[12]\d{3}|[二一][〇○零一二三四五六七八九]{3})年[一二三四五六七八九十\d]{1,3}月|各位代表|同志们|主席|尊敬的)"
    r"|(?:省|市|区|县|州|旗)长\s?[\u4e00-\u9fff]{1,4}(?:\s?[\u4e00-\u9fff])?$"
    r"|(?:人民政府|委员会|办公室)$|(?:代表大会|常务委员会).{0,16}会议(?:上|批准|通过)?$|^(?:政\s?府\s?)?工\s?作\s?报\s?告$|^—+在|^\W*$"
)
_OF_US = re.compile(r",我们|^(?:一|五|四|三)年来|^这(?:一|五)年")
_LISTED = re.compile(r"\d{1,2}\s*[.、]")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(slots=True)
class Mark:
    """A heading: its number and title in print, where it starts and where what it heads begins.

    `line`: index of its line. `inline`: it opens a paragraph, or stands within one. `wide`: its title alone may stand at the top.
    """

    start: int
    end: int
    style: str
    value: int | None
    number: str | None
    title: str
    line: int
    inline: bool = False
    wide: bool = False


def read_headings(text: str, lines: Sequence[Line], skipped: set[int]) -> list[Mark]:
    """What may be headings with a number or on a line of their own, in order. `skipped`: lines of tables and of notes."""
    lists = words()
    parallel = _parallel_lines(lines, skipped)
    out: list[Mark] = []
    joined: set[int] = set()
    for i, line in enumerate(lines):
        if i in skipped or i in joined:
            continue
        number = line.number
        mark = None
        if number:
            mark = _numbered(text, lines, i, number, lists)
            if mark and mark.line != i:
                joined.add(mark.line)
                mark.line = i
            elif mark and not mark.inline and mark.title[-1] in ",，、" and _continues(lines, i, number):
                joined.add(i + 1)
                mark.title += text[lines[i + 1].start : lines[i + 1].end]
                mark.end = lines[i + 1].end
        elif _is_plain(lines, i, skipped, parallel):
            title = line.view.rstrip("。 :")
            wide = (
                len(title) <= _LONGEST_WIDE
                and lists.top_titles.search(title) is not None
                and i not in parallel
                and not _OF_US.search(title)
            )
            mark = Mark(line.start, line.end, PLAIN, None, None, _printed(text, line.start, title), i, wide=wide)
        if mark:
            out.append(mark)
    return out


def with_company(marks: list[Mark]) -> list[Mark]:
    """Without items that stand alone: rows of 一是 that lack a number, long items or statements unlike their neighbours."""
    lists = words()
    heads = Counter((m.style, m.title[:_PARALLEL]) for m in marks if m.style in WEAK)
    whole = _whole_rows(marks)
    out = []
    for mark in marks:
        if mark.style in (_ITEM, ITEM_LINE):
            keep = id(mark) in whole
        elif mark.style in WEAK and (len(mark.title) > _LONGEST_ITEM or lists.not_heading.search(mark.title)):
            keep = heads[mark.style, mark.title[:_PARALLEL]] > _COMPANY
        else:
            keep = True
        if keep:
            out.append(mark)
    return out


def _whole_rows(marks: list[Mark]) -> set[int]:
    """Ids of the marks in rows of 一是 that begin with 一 and lack no number; a lone 一是 has 二是 within its paragraph."""
    rows: list[list[Mark]] = []
    fresh = True
    for mark in marks:
        if mark.style not in (_ITEM, ITEM_LINE):
            fresh = fresh or mark.style in STRONG
            continue
        if fresh or (mark.value or 0) <= (rows[-1][-1].value or 0):
            rows.append([])
        rows[-1].append(mark)
        fresh = False
    whole = [row for row in rows if len(row) > 1 and [m.value for m in row] == list(range(1, len(row) + 1))]
    return {id(m) for row in whole for m in row}


def without_lists(lines: Sequence[Line], marks: list[Mark], skipped: set[int]) -> list[Mark]:
    """Without numbered items of lists: rows of which most are a sentence and no more, and labels that come again and again."""
    by_line = {m.line: m for m in marks}
    labels = Counter(_label(line) for line in lines if line.number and line.number.style in _LISTS)
    dropped: set[int] = set()
    row: list[int] = []
    for i, line in enumerate(lines):
        style = line.number.style if line.number and i not in skipped else None
        if style in STRONG and (style not in _LISTS or (row and not _follows(lines[row[-1]], line))):
            dropped |= _items(lines, row, by_line)
            row = []
        if style in _LISTS:
            row.append(i)
            if i in by_line and _label(line) and labels[_label(line)] > _COMPANY:
                dropped.add(id(by_line[i]))
    dropped |= _items(lines, row, by_line)
    return [m for m in marks if id(m) not in dropped]


def _label(line: Line) -> str:
    """What stands between the number of a line and its first colon, empty where that is no label."""
    head, colon, _ = line.view[line.number.length if line.number else 0 :].partition(":")
    return head if colon and len(head) <= _CELL else ""


def _follows(before: Line, line: Line) -> bool:
    """Whether a numbered line may belong to the row of another one."""
    a, b = before.number, line.number
    return a is not None and b is not None and a.style == b.style and (a.value or 0) < (b.value or 0)


def _items(lines: Sequence[Line], row: list[int], by_line: dict[int, Mark]) -> set[int]:
    """Ids of the marks of a row that is a list."""
    found = [by_line[i] for i in row if i in by_line]
    headings = sum(m.inline or lines[m.line].view[-1] not in "。;" for m in found)
    return {id(m) for m in found} if 2 * headings < len(row) else set()


def without_announced_annexes(marks: Sequence[Mark]) -> list[Mark]:
    """Without lines that only say which annex follows: they name the one on the next line. `marks`: all, in order."""
    announced = {
        id(mark)
        for mark, after in pairwise(marks)
        if mark.style == after.style == ANNEX and mark.title == after.title and after.line <= mark.line + 1
    }
    return [mark for mark in marks if id(mark) not in announced]


def join_torn(marks: list[Mark]) -> list[Mark]:
    """Join a numbered heading with the rest of it on the next line.

    It is torn where no other heading of its row has an unnumbered one right behind it.
    """
    followed: dict[str, list[Mark]] = {}
    for mark, after in pairwise(marks):
        if after.style == PLAIN and after.line == mark.line + 1 and mark.number and not mark.inline:
            followed.setdefault(mark.style, []).append(mark)
    out: list[Mark] = []
    for mark in marks:
        last = out[-1] if out else None
        if last and mark.style == PLAIN and last in followed.get(last.style, ()) and mark.line == last.line + 1:
            alone = len(followed[last.style]) == 1 and sum(m.style == last.style for m in marks) >= _ROW
            if alone and not mark.wide and len(mark.title) <= _LONGEST_REST:
                last.title += mark.title
                last.end = mark.end
                continue
        out.append(mark)
    return out


def first_clause(view: str) -> tuple[str, str]:
    """A paragraph's first clause up to a full stop, semicolon or colon, and the mark that ends it (empty: none found)."""
    match = _CLAUSE.search(view)
    return (view[: match.start()], match[0]) if match else (view, "")


def _numbered(text: str, lines: Sequence[Line], i: int, number: Number, lists: Words) -> Mark | None:
    line = lines[i]
    rest = line.view[number.length :]
    start = line.start + number.length
    if number.style == ANNEX and _LISTED.match(rest):
        return None  # a list of annexes
    if not _HAN.search(rest):
        return _number_alone(text, lines, i, number) if len(rest) < 3 else None
    if number.style in WEAK and len(rest) <= LONGEST_LINE and not _STOP.search(rest[:-1]):
        if rest[-1] in ",;、:" or lists.facts.search(rest):
            return None
        mark = _mark(text, line, number, start, rest.rstrip("。 "), line.end, i, inline=True)
        if number.style == _ITEM and rest[-1] != "。":
            mark.style, mark.inline = ITEM_LINE, False
        return mark
    if (
        len(rest) <= LONGEST_LINE
        and not _STOP.search(rest[:-1])
        and (rest[-1] not in ",、;" or _continues(lines, i, number))
    ):
        if number.style in (BOX, ANNEX) or not _is_statement(rest, number, lists):
            return _mark(text, line, number, start, rest.rstrip("。 :;"), line.end, i)
        if first_clause(rest)[1] != ":":
            return None
    if number.style in (BOX, ANNEX, "part", "chapter"):
        return None
    title, closing = first_clause(rest)
    weak = number.style in WEAK
    if number.value is None and number.style in ("chapter", "section"):
        return None  # 节 约用地: a blank within a word
    longest = LONGEST_LINE if weak or number.style in STRONG[3:5] else LONGEST_RUN_IN
    longest = _LONGEST_IN_ROW if number.style == _ITEM else longest
    if closing and 2 <= len(title) <= longest:
        if lists.facts.search(title) if weak else _is_statement(title, number, lists):
            title = ""
        elif closing == ";" or (closing == ":" and number.style not in STRONG[:5] and len(title) > _LONGEST_COLON):
            return None
        else:
            return _mark(text, line, number, start, title, start + len(title) + 1, i, inline=True)
    return _mark(text, line, number, start, "", start, i, inline=True) if number.style != _ITEM else None


def _continues(lines: Sequence[Line], i: int, number: Number) -> bool:
    """Whether a heading that ends in a comma may go on with the next line."""
    if number.style not in ("part", "chapter", "section", "cn") or i + 1 >= len(lines):
        return False
    following = lines[i + 1]
    return len(following.view) <= _LONGEST_PLAIN and not _ENDS_PROSE.search(following.view) and not following.number


def _is_statement(title: str, number: Number, lists: Words) -> bool:
    """Whether what follows a number states a fact or speaks to the deputies; behind 第一章, 一、, (一) only amounts tell."""
    if number.style in STRONG[:5]:
        return lists.facts.search(title) is not None
    return lists.not_heading.search(title) is not None


def _number_alone(text: str, lines: Sequence[Line], i: int, number: Number) -> Mark | None:
    """A number on a line of its own with its title on the next."""
    if number.style not in ("part", "chapter", "section", "cn", BOX, ANNEX) or i + 1 >= len(lines):
        return None
    following = lines[i + 1]
    title = following.view.strip()
    if number.style == ANNEX and _LISTED.match(title):
        return None
    if len(title) > LONGEST_LINE or _ENDS_PROSE.search(title) or following.number or not _HAN.search(title):
        if number.style != ANNEX:
            return None
        return Mark(lines[i].start, lines[i].end, ANNEX, number.value, number.printed, number.printed, i)
    return Mark(
        lines[i].start,
        following.end,
        number.style,
        number.value,
        number.printed,
        _printed(text, following.start, title),
        i + 1,
    )


def _mark(
    text: str, line: Line, number: Number, start: int, title: str, end: int, i: int, inline: bool = False
) -> Mark:
    return Mark(
        line.start,
        min(end, line.end),
        number.style,
        number.value,
        number.printed,
        _printed(text, start, title),
        i,
        inline=inline,
    )


def _printed(text: str, start: int, folded: str) -> str:
    """The title as the text has it: folding kept its length."""
    return text[start : start + len(folded)].strip()


def _parallel_lines(lines: Sequence[Line], skipped: set[int]) -> set[int]:
    """Lines that end in a full stop and start alike, each over a paragraph: 一年来,我们坚持…。

    First paragraphs under numbered headings may be as short and alike; they do not count.
    """
    rows: dict[str, list[int]] = {}
    for i, line in enumerate(lines[:-1]):
        if (
            i not in skipped
            and 10 <= len(line.view) <= LONGEST_LINE
            and line.view[-1] == "。"
            and not _STOP.search(line.view[:-1])
            and not line.number
            and len(lines[i + 1].view) > len(line.view)
        ):
            rows.setdefault(line.view[:_PARALLEL], []).append(i)
    out: set[int] = set()
    for row in rows.values():
        sizes = [len(lines[i].view) for i in row]
        led = sum(1 for i in row if i and lines[i - 1].number and len(lines[i - 1].view) <= LONGEST_LINE)
        if len(row) > 1 and max(sizes) - min(sizes) <= 6 and led <= len(row) // 2:
            out.update(row)
    return out


def _is_plain(lines: Sequence[Line], i: int, skipped: set[int], parallel: set[int]) -> bool:
    """Whether an unnumbered line is a heading: short, no sentence, between paragraphs."""
    if i in parallel:
        return True
    view = lines[i].view
    if not 2 <= len(view) <= _LONGEST_PLAIN or _ENDS_PROSE.search(view) or _STOP.search(view):
        return False
    if (
        _SIGNATURE.search(view)
        or is_caption(view)
        or len(_HAN.findall(view)) < 2
        or view[0] in ",、;)”。"
        or i + 1 >= len(lines)
    ):
        return False
    before, after = lines[i - 1].view if i else "", lines[i + 1].view
    if (i and before[-1] in ",、;") or after[0] in ",、;。的":
        return False
    if words().not_heading.search(view) or (len(_HAN.findall(view)) < _LEAST_PLAIN and not FRAME.match(view)):
        return False
    around = [lines[j] for j in (i - 2, i - 1, i + 1, i + 2) if 0 <= j < len(lines)]
    return sum(1 for line in around if len(line.view) < _CELL and not line.number) < _CELLS
