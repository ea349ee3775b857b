"""A text and spans in it that follow every change.

Belongs here: replacing and rearranging parts of a text while the places of its labelled values are kept. Does not belong here:
what is replaced by what (see `benchmarks.corpus`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edit = tuple[int, int, str]


@dataclass(frozen=True)
class Draft:
    """A text and spans in it; a span that a change tears apart becomes None."""

    text: str
    marks: tuple[tuple[int, int] | None, ...] = ()

    def edited(self, edits: Iterable[Edit]) -> Draft:
        """Apply replacements in ascending order that do not overlap; marks grow and shrink with what lies in them."""
        parts, starts, ends, shifts, at, grown = [], [0], [0], [0], 0, 0
        for start, end, new in edits:
            parts += [self.text[at:start], new]
            starts.append(start)
            ends.append(end)
            grown += len(new) - (end - start)
            shifts.append(grown)
            at = end
        parts.append(self.text[at:])

        def moved(place: int, *, is_end: bool) -> int:
            """Inside a replaced span an end becomes the end of what replaces it, a start its start."""
            index = bisect_right(starts, place if not is_end else place - 1) - 1
            if index and place < ends[index]:
                return ends[index] + shifts[index] if is_end else starts[index] + shifts[index - 1]
            return place + shifts[index]

        return Draft(
            "".join(parts), tuple(m and (moved(m[0], is_end=False), moved(m[1], is_end=True)) for m in self.marks)
        )

    def arranged(self, order: Sequence[int]) -> Draft:
        """The lines in another order, some left out. A mark survives where all its lines still follow each other."""
        lines = self.text.split("\n")
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        place, new_starts, at = {}, [], 0
        for position, number in enumerate(order):
            place[number] = position
            new_starts.append(at)
            at += len(lines[number]) + 1

        def moved(mark: tuple[int, int] | None) -> tuple[int, int] | None:
            if mark is None:
                return None
            first, last = (bisect_right(starts, p) - 1 for p in (mark[0], mark[1] - 1))
            positions = [place.get(number, -2) for number in range(first, last + 1)]
            if positions[0] < 0 or any(b != a + 1 for a, b in pairwise(positions)):
                return None
            start = new_starts[positions[0]] + mark[0] - starts[first]
            return start, start + mark[1] - mark[0]

        return Draft("\n".join(lines[number] for number in order), tuple(moved(m) for m in self.marks))
