"""Marks that a site hangs onto its paragraphs: the same few letters behind each, by which it tells copies of its pages.

Belongs here: finding them. Does not belong here: advertisements in words (see `govreports.clean.lines`).
"""

import re
from collections import Counter

from govreports.text.hanzi import HAN

_AT_END = re.compile(rf"(?<=[{HAN}，。；：！？、”）》,;:!?)])(?=[A-Za-z\d]*[A-Za-z])[A-Za-z\d]{{2,6}}$")
_LEAST_MARKS = 8
_MARKED_SHARE = 0.1  # of the lines


def find_marks(text: str) -> list[tuple[int, int]]:
    """Spans of the marks of a page, in order; a line end may stand within one."""
    # Most lines end with a stop: only of others the end is looked at.
    ends = (line[-8:].rstrip(" \u3000") for line in text.split("\n"))
    found = Counter(match[0] for end in ends if end[-1:].isascii() and (match := _AT_END.search(end))).most_common(1)
    if not found or found[0][1] < max(_LEAST_MARKS, _MARKED_SHARE * text.count("\n")):
        return []
    letters = r"\n?".join(found[0][0])
    return [match.span() for match in re.finditer(rf"(?<![A-Za-z\d]){letters}(?![A-Za-z\d])", text)]
