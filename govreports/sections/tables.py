"""Tables that a page flattened to one cell a line.

Belongs here: finding them, and making rows and columns of their cells again. Does not belong here: reading values out of
cells (see `govreports.indicators`).

Two kinds occur. A table of figures: the row's name, then as many values as the header has further columns; a name alone before
the name of a row is a category over rows. A numbered list: 序号 opens the header, 1, 2, 3 on lines of their own open the rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from govreports.sections.lines import Line
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
_VALUE = re.compile(
    r"(?!(?:19|20)\d\d年)[\[【〔(]?\s*(?:增长|下降|达到|约|超|累计|[≤≥<>＜＞＝=±])?\s*[-−]?\d[\d.,]*\s*(?:[-~～至—]+\s*\d[\d.]*)?\s*"
    r"(?:[%％‰]|个?百分点|[\u4e00-\u9fff]{0,4})?(?:左右|以上|以内|以下)?\s*[\]】〕)]?$|(?:—+|-+|/|无|……)$"
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
        if i in skipped or len(lines[i].view) > _LONGEST_CELL:
            i += 1
            continue
        table = _numbered_list(text, lines, i)
        last = i
        if table is None:
            while last < len(lines) and last not in skipped and _may_be_cell(lines[last]):
                if last > i and _OPENS_LIST.match(lines[last].view):
                    break
                last += 1
            table = _figures(text, lines, i, last) if last - i >= _LEAST_LINES else None
        if table:
            out.append(table)
            i = table.last
        else:
            i = max(last, i + 1)
    return out


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
    views = [line.view.strip() for line in lines[i:last]]
    repeated = {v for v, n in Counter(views).items() if n >= _REPEATED and len(v) <= _LONGEST_REPEATED}
    values = [v in repeated or (len(v) <= _LONGEST_VALUE and _VALUE.match(v) is not None) for v in views]
    if sum(values) < max(_LEAST_ROWS, _LEAST_VALUES * len(values)):
        return None
    width = _width(values)
    return _fill(text, lines, i, values, width) if width else None


def _may_be_cell(line: Line) -> bool:
    view = line.view
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
