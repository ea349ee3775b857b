"""Offset maps between a text and what was made of it.

Belongs here: the arithmetic of places. Does not belong here: why a text was changed (see `govreports.clean`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Edit(NamedTuple):
    """A place where source and result differ in length: source[a:b] became result[c:d]."""

    source_start: int
    source_end: int
    result_start: int
    result_end: int


@dataclass(frozen=True)
class OffsetMap:
    """Maps offsets of a result text to offsets of its source and back.

    Between two edits the texts run in step, one code point to one code point. Edits ascend and do not overlap.
    Offsets count code points; ends are exclusive.
    """

    edits: tuple[Edit, ...] = ()

    @classmethod
    def from_replacements(cls, replacements: Iterable[tuple[int, int, int]]) -> OffsetMap:
        """Map of a text in which source[start:end] was replaced by `length` code points.

        `replacements`: (start, end, length), ascending, not overlapping. A replacement of equal length keeps code points
        in step and needs no edit.
        """
        edits, shift, last = [], 0, 0
        for start, end, length in replacements:
            if start < last or end < start:
                raise ValueError(f"replacements must ascend without overlap: {start}..{end} after {last}")
            last = end
            if end - start == length:
                continue
            edits.append(_edit((start, end, start + shift, start + shift + length)))
            shift += length - (end - start)
        return cls(tuple(edits))

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the source that produced result[start:end]."""
        if start == end:
            at = self._source_of_start(start)
            return at, at
        return self._source_of_start(start), self._source_of_end(end)

    to_raw = to_source

    def to_result(self, start: int, end: int) -> tuple[int, int]:
        """The span of the result that source[start:end] became; empty where all of it was dropped."""
        first, last = self._result_of_start(start), self._result_of_end(end)
        return first, max(first, last)

    to_clean = to_result

    def then(self, later: OffsetMap) -> OffsetMap:
        """The map of this change followed by `later`, from the first source to the last result."""
        if not later.edits:
            return self
        if not self.edits:
            return later
        return OffsetMap(_compose(self.edits, later.edits))

    def encode(self) -> list[int]:
        """Flat list of integers, four for each edit."""
        return [number for edit in self.edits for number in edit]

    @classmethod
    def decode(cls, numbers: Sequence[int]) -> OffsetMap:
        """The map that `encode` wrote."""
        if len(numbers) % 4:
            raise ValueError(f"an encoded offset map has four numbers an edit, this one has {len(numbers)}")
        return cls(tuple(Edit(*numbers[i : i + 4]) for i in range(0, len(numbers), 4)))

    def _source_of_start(self, at: int) -> int:
        # An edit that ends at or before `at` lies behind it; text that was deleted just before `at` is not part of the span.
        i = bisect_right(self.edits, at, key=lambda e: e.result_start) - 1
        if i < 0:
            return at
        edit = self.edits[i]
        if at < edit.result_end:
            return edit.source_start
        return edit.source_end + (at - edit.result_end)

    def _source_of_end(self, at: int) -> int:
        i = bisect_left(self.edits, at, key=lambda e: e.result_start) - 1
        if i < 0:
            return at
        edit = self.edits[i]
        if at <= edit.result_end:
            return edit.source_end
        return edit.source_end + (at - edit.result_end)

    def _result_of_start(self, at: int) -> int:
        i = bisect_right(self.edits, at, key=lambda e: e.source_start) - 1
        if i < 0:
            return at
        edit = self.edits[i]
        if at < edit.source_end:
            return edit.result_start
        return edit.result_end + (at - edit.source_end)

    def _result_of_end(self, at: int) -> int:
        i = bisect_left(self.edits, at, key=lambda e: e.source_start) - 1
        if i < 0:
            return at
        edit = self.edits[i]
        if at <= edit.source_end:
            return edit.result_end
        return edit.result_end + (at - edit.source_end)


def _compose(first: tuple[Edit, ...], later: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Merge two edit lists over their common middle text into one from source to result.

    Edits of the two that overlap in the middle text are joined into one, since inside an edit no finer order is known; so are a
    deletion and an insertion at one place. Edits that only touch stay apart, the empty one first.
    """
    out: list[Edit] = []
    i = j = 0
    shift_source = shift_result = 0  # source minus middle, result minus middle, in the stretch before the next edits
    while i < len(first) or j < len(later):
        # An edit that ends before the next one of the other list begins keeps its lengths.
        if j == len(later) or (i < len(first) and first[i][3] < later[j][0]):
            start, end, low, high = first[i]
            out.append(_edit((start, end, low + shift_result, high + shift_result)))
            shift_source += (end - start) - (high - low)
            i += 1
            continue
        if i == len(first) or later[j][1] < first[i][2]:
            low, high, start, end = later[j]
            out.append(_edit((low + shift_source, high + shift_source, start, end)))
            shift_result += (end - start) - (high - low)
            j += 1
            continue
        low, high = min(first[i][2:], later[j][:2])
        begin_source, begin_result = low + shift_source, low + shift_result
        while True:
            if i < len(first) and _joins(low, high, first[i].result_start, first[i].result_end):
                high = max(high, first[i].result_end)
                shift_source += (first[i].source_end - first[i].source_start) - (
                    first[i].result_end - first[i].result_start
                )
                i += 1
            elif j < len(later) and _joins(low, high, later[j].source_start, later[j].source_end):
                high = max(high, later[j].source_end)
                shift_result += (later[j].result_end - later[j].result_start) - (
                    later[j].source_end - later[j].source_start
                )
                j += 1
            else:
                break
        out.append(Edit(begin_source, high + shift_source, begin_result, high + shift_result))
    return tuple(out)


def _edit(places: tuple[int, int, int, int]) -> Edit:
    """An edit; three times as fast as the constructor, and composing makes thousands."""
    return tuple.__new__(Edit, places)


def _joins(low: int, high: int, start: int, end: int) -> bool:
    """Whether an edit of [start:end] belongs to the group that covers [low:high] so far."""
    return start < high or (start == low and end == high)
