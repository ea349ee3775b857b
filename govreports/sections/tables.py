"""Tables: rows with cells between bars, or flattened to one cell a line or to one line.

Belongs here: finding them, and making rows and columns of their cells again. Does not belong here: reading values out of
cells (see `govreports.indicators`).

Two kinds of flattened ones occur. A table of figures: the row's name, then as many values as the header has further columns; a
name alone before the name of a row is a category over rows. A numbered list: 序号 opens the header, 1, 2, 3 on lines of their own
open the rows. Of a table on one physical line the words between blanks are the cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from govreports.sections.lines import Line, fold
from govreports.sections.numbering import ANNEX, BOX

_LONGEST_CELL = 40
_LONGEST_VALUE = 14
_LEAST_LINES = 6
_LEAST_VALUES = 0.25
_LEAST_ROWS = 2
_ROWS_THAT_TELL = 6
_MOST_COLUMNS = 8
_SURE_COLUMNS = 2  # number and name, whatever else a row of a list holds
_REPEATED, _LONGEST_REPEATED = 3, 6
_BAR = re.compile(r"[|│┃｜\t]")
_RULED = re.compile(r"[-—=:+|│┃｜\s]+$")
_LEAST_BARS = 2
_LONGEST_BARRED = 400
_WORD = re.compile(r"[^\s|│┃｜]+")
_LEAST_WORDS, _LEAST_TAKEN = 12, 0.7
_STANDING = r"(?:预期|约束|指导)性?|主要|核心"
_CAPTION_LINES = 2
_ENDS = re.compile(r"[。,;:]$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CAPTION = re.compile(
    r"(?:续?表|图)\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:[-.—]\d{1,2})?(?!\d?[%年月日、])|\(?(?:计量)?单位\s*:"
)
_TITLE = re.compile(r"(?:指标|速度|数据|一览表?|构成|统计|增长情况|完成情况|表)(?:\(.{1,10}\))?$")
_UNIT_LINE = re.compile(r"\(?(?:计量)?单位\s*:\s*([^\s、,;/)]{1,8})\)?")
_OF_RATE = re.compile(r"[%‰]|增长|增速|增幅|±|比重|序号|指\s*标|项目|名称|类别|单位|属性|[（(]")
_CATEGORY = re.compile(r"类|领域|序\s*号|维度|方面")  # over a first column whose empty cells a page may have lost
_UNIT_HEADER = re.compile(r"(?:计量)?单\s*位$")
_UNIT_CELL = re.compile(
    r"(?:[%‰]|[万亿]?(?:美?元|人次?|吨|亩|户|件|个|张|家|辆|平方米|立方米|千瓦时?)|公顷|平方公里|公里|吨标准煤|岁|年|天|微克/立方米|[^\s\d]{1,4}/[^\s\d]{1,6})$"
)
_VALUE = re.compile(
    r"(?!(?:19|20)\d\d年)[\[【〔(]?\s*(?:增长|下降|达到|控制在|保持在|不低于|不高于|约|超|累计|[≤≥<>＜＞＝=±])?\s*[-−]?\d[\d.,]*\s*(?:[-~～至—]+\s*\d[\d.]*)?\s*"
    r"(?:[%％‰]|个?百分点|[\u4e00-\u9fff]{0,4})?(?:左右|以上|以内|以下)?\s*[\]】〕)]?$|(?:—+|-+|/|无|……)$"
    rf"|(?:{_STANDING})$|(?:实现|保持)?(?:正|平稳|稳定)增长$"
)
_NOT_CELL = re.compile(r"[。;!?]|[,、:]$|^(?:—+|-+)\s*[\u4e00-\u9fff]")
_ORDINAL = re.compile(r"\d{1,3}$")
_OPENS_LIST = re.compile(r"序\s*号?")


@dataclass(slots=True)
class Cell:
    """text[start:end] in its row and column, under the header of its column."""

    row: int
    column: int
    header: str | None
    start: int
    end: int


@dataclass(slots=True)
class Table:
    """Lines first up to last (exclusive) and their cells."""

    first: int
    last: int
    cells: list[Cell] = field(default_factory=list)


def find_tables(text: str, lines: Sequence[Line], skipped: set[int]) -> list[Table]:
    """All tables in order."""
    out: list[Table] = []
    i = 0
    while i < len(lines):
        if i in skipped:
            i += 1
            continue
        if len(lines[i].view) > _LONGEST_CELL and not _BAR.search(lines[i].view):
            if table := _on_one_line(text, lines[i], i):
                out.append(table)
            i += 1
            continue
        table = _barred(text, lines, i) or _numbered_list(text, lines, i)
        last = i
        if table is None:
            while last < len(lines) and last not in skipped and _may_be_cell(lines[last]):
                if last > i and _OPENS_LIST.match(lines[last].view):
                    break
                last += 1
            table = _figures(text, lines, i, last) if last - i >= _LEAST_LINES else None
        if table:
            _with_caption(text, lines, table, skipped, out[-1].last if out else 0)
            out.append(table)
            i = table.last
        else:
            i = max(last, i + 1)
    return out


def is_caption(view: str) -> bool:
    """Whether a line is the caption of a table or a figure, or names its unit: 图1 …, 单位:亿元."""
    return len(view) <= _LONGEST_CELL and _CAPTION.match(view) is not None and not _ENDS.search(view)


def _with_caption(text: str, lines: Sequence[Line], table: Table, skipped: set[int], free: int) -> None:
    """Let a table begin with its caption; a unit that stands there for all is the unit of the columns that name none."""
    unit = None
    for _ in range(_CAPTION_LINES):
        at = table.first - 1
        if at < free or at in skipped or lines[at].number or lines[at].zone not in ("body", "notes"):
            break
        view = lines[at].view.strip()
        if not is_caption(view) and not (unit and len(view) <= _LONGEST_CELL and _TITLE.search(view)):
            break
        found = _UNIT_LINE.match(view)
        unit = unit or (text[lines[at].start + found.start(1) : lines[at].start + found.end(1)] if found else None)
        table.first = at
        if not found:
            break
    if unit and unit not in "%％":
        for cell in table.cells:
            if cell.header and not _OF_RATE.search(cell.header):
                cell.header = f"{cell.header}({unit})"


def _barred(text: str, lines: Sequence[Line], i: int) -> Table | None:
    """Rows whose cells stand between bars, one row a line; an empty cell keeps its column."""
    barred: list[Line] = []
    last = i
    while last < len(lines) and len(_BAR.findall(lines[last].view)) >= _LEAST_BARS:
        if len(lines[last].view) > _LONGEST_BARRED:
            break
        if not _RULED.match(lines[last].view):
            barred.append(lines[last])
        last += 1
    if len(barred) < _LEAST_ROWS:
        return _on_one_line(text, lines[i], i) if barred else None
    opened, closed = (
        2 * sum(_BAR.match(line.view[edge]) is not None for line in barred) > len(barred) for edge in (0, -1)
    )
    rows = [_between_bars(line, opened, closed) for line in barred]
    header: list[str | None] = []
    if not any(_is_value(text[a:b]) for a, b in rows[0]):
        header = [text[a:b] or None for a, b in rows.pop(0)]
    table = Table(i, last)
    for row, cells in enumerate(rows):
        lost = len(header) - len(cells)
        first = lost if lost > 0 and _CATEGORY.search(header[0] or "") and not _is_value(text[slice(*cells[0])]) else 0
        for column, (a, b) in enumerate(cells, first):
            if a < b:
                table.cells.append(Cell(row, column, header[column] if column < len(header) else None, a, b))
    return table


def _between_bars(line: Line, opened: bool, closed: bool) -> list[tuple[int, int]]:
    """Start and end of each cell of a line with bars.

    Bars at its ends open and close it where they do so with most rows; else the cell before or behind them is empty.
    """
    view, at, out = line.view, 0, []
    for bar in [*(m.start() for m in _BAR.finditer(view)), len(view)]:
        cell = view[at:bar]
        start = line.start + at + len(cell) - len(cell.lstrip())
        out.append((start, max(start, line.start + at + len(cell.rstrip()))))
        at = bar + 1
    if opened and _BAR.match(view):
        out = out[1:]
    return out[:-1] if closed and _BAR.fullmatch(view[-1]) else out


def _on_one_line(text: str, line: Line, i: int) -> Table | None:
    """A table whose cells all stand in one line, between blanks or bars."""
    words = [m.span() for m in _WORD.finditer(line.view)]
    if len(words) < _LEAST_WORDS or line.zone not in ("body", "notes") or "。" in line.view:
        return None
    cells = [Line(line.start + a, line.start + b, line.zone, line.view[a:b], None) for a, b in words]
    if sum(_is_value(cell.view) for cell in cells) < _LEAST_VALUES * len(cells):
        return None
    found = find_tables(text, cells, set())
    if len(found) != 1 or found[0].last - found[0].first < _LEAST_TAKEN * len(cells):
        return None
    return Table(i, i + 1, found[0].cells)


def _is_value(cell: str) -> bool:
    return len(cell) <= _LONGEST_VALUE and _VALUE.match(fold(cell)) is not None


def _numbered_list(text: str, lines: Sequence[Line], i: int) -> Table | None:
    if not _OPENS_LIST.match(lines[i].view) or len(lines[i].view) > _LONGEST_CELL:
        return None
    first_row = next((j for j in range(i + 1, min(i + 16, len(lines))) if lines[j].view.strip() == "1"), None)
    if first_row is None:
        return None
    header = _list_header([text[lines[j].start : lines[j].end] for j in range(i, first_row)])
    starts, number = [first_row], 2
    j = first_row + 1
    while j < len(lines) and not _ends_list(lines[j]):
        if _ORDINAL.match(lines[j].view) and lines[j].view == str(number):
            starts.append(j)
            number += 1
        j += 1
    if len(starts) < _LEAST_ROWS:
        return None
    last = min(j, starts[-1] + max(b - a for a, b in pairwise(starts)))
    table = Table(i, last)
    for row, (begin, end) in enumerate(zip(starts, [*starts[1:], last], strict=True)):
        for column, at in enumerate(range(begin, end)):
            name = (
                header[column]
                if end - begin == len(header)
                else header[column]
                if column < 2 and header[column:]
                else None
            )
            table.cells.append(Cell(row, column, name, lines[at].start, lines[at].end))
    return table


def _list_header(cells: list[str]) -> list[str]:
    """Names of the columns; 序 and 号 on two lines are one."""
    if cells[0].strip() == "序" and len(cells) > 1 and cells[1].strip() == "号":
        cells = ["序号", *cells[2:]]
    return cells[0].split() + cells[1:] if " " in cells[0] else cells


def _ends_list(line: Line) -> bool:
    number = line.number
    return line.zone in ("title_block", "contents") or (
        number is not None and number.style in (ANNEX, BOX, "part", "chapter", "cn") and len(line.view) <= _LONGEST_CELL
    )


def _figures(text: str, lines: Sequence[Line], i: int, last: int) -> Table | None:
    units = any(_UNIT_HEADER.match(line.view.strip()) for line in lines[i:last])
    cells, places = _parted(lines[i:last]) if units else (list(lines[i:last]), list(range(last - i)))
    views = [line.view.strip() for line in cells]
    repeated = {v for v, n in Counter(views).items() if n >= _REPEATED and len(v) <= _LONGEST_REPEATED}
    values = [v in repeated or _is_value(v) or (units and _UNIT_CELL.match(v) is not None) for v in views]
    if sum(values) < max(_LEAST_ROWS, _LEAST_VALUES * len(values)):
        return None
    width = _width(values)
    table = _fill(text, cells, 0, values, width) if width else None
    if table:
        table.first, table.last = i + places[table.first], i + places[table.last - 1] + 1
    return table


def _parted(lines: Sequence[Line]) -> tuple[list[Line], list[int]]:
    """Lines with a unit parted from the name that it hangs on (研发投入强度%), and the line that each comes from."""
    cells: list[Line] = []
    places: list[int] = []
    for at, line in enumerate(lines):
        view = line.view
        cut = len(view) - 1 if view[-1:] in "%‰" and _HAN.search(view[-2:-1]) else 0
        for a, b in ((0, cut), (cut, len(view))) if cut else ((0, len(view)),):
            cells.append(Line(line.start + a, line.start + b, line.zone, view[a:b], line.number))
            places.append(at)
    return cells, places


def _may_be_cell(line: Line) -> bool:
    view = line.view
    if len(_BAR.findall(view)) >= _LEAST_BARS:
        return False
    if len(view) > _LONGEST_CELL or _NOT_CELL.search(view) or line.zone not in ("body", "notes"):
        return False
    number = line.number
    return number is None or number.length >= len(view)


def _width(values: list[bool]) -> int:
    """How many values a row mostly has: the usual length of runs of values between names."""
    runs: Counter[int] = Counter()
    length = 0
    for is_value in [*values, False]:
        if is_value:
            length += 1
        elif length and sum(runs.values()) < _ROWS_THAT_TELL:
            runs[length] += 1
            length = 0
    if not runs:
        return 0
    width, count = runs.most_common(1)[0]
    return width if count >= _LEAST_ROWS and width <= _MOST_COLUMNS else 0


def _fill(text: str, lines: Sequence[Line], base: int, values: list[bool], width: int) -> Table | None:
    first = values.index(True) - 1
    if first < 0:
        return None
    categories = sum(
        not values[k] and not values[k + 1] and values[k + 2]
        for k in range(first + 1, len(values) - 2)
        if values[k - 1]
    )
    led = 1 if categories >= _LEAST_ROWS and first > width + 1 else 0
    size = width + 1 + led if first - led >= width + 1 + led else width + 1
    top = first - led - size if first - led >= size else first - led
    header = [text[lines[base + k].start : lines[base + k].end] for k in range(top, first - led)]
    table = Table(base + top, base + len(values))
    shift = 1 if len(header) > width + 1 else 0
    row, k = 0, first - led
    while k < len(values):
        if values[k] or not any(values[k + 1 : k + 3]):
            break
        named = k + 2 < len(values) and not values[k + 1] and values[k + 2]
        groups = _row(lines, base, values, k + named, width)
        if len(groups) <= width:
            break
        if named and shift:
            table.cells.append(_cell(lines[base + k], row, 0, header))
        for column, (begin, end) in enumerate(groups):
            cell = _cell(lines[begin], row, column + shift, header)
            cell.end = lines[end].end
            table.cells.append(cell)
        k = groups[-1][1] - base + 1
        row += 1
    table.last = base + k
    return table if row >= _LEAST_ROWS else None


def _row(lines: Sequence[Line], base: int, values: list[bool], k: int, width: int) -> list[tuple[int, int]]:
    """First and last line of each cell of a row; of cells too many, equal neighbours are one."""
    end = k + 1
    while end < len(values) and (values[end] or (end - k <= width and not _names_row(values, end))):
        end += 1
    groups = [(base + j, base + j) for j in range(k, end)]
    while len(groups) > width + 1:
        twin = next(
            (g for g in range(1, len(groups) - 1) if lines[groups[g][0]].view == lines[groups[g + 1][0]].view), None
        )
        if twin is None:
            return groups[: width + 1] if groups[width + 1 :] else groups
        groups[twin : twin + 2] = [(groups[twin][0], groups[twin + 1][1])]
    return groups


def _names_row(values: list[bool], k: int) -> bool:
    return k + 1 < len(values) and values[k + 1]


def _cell(line: Line, row: int, column: int, header: list[str]) -> Cell:
    return Cell(row, column, header[column] if column < len(header) else None, line.start, line.end)
