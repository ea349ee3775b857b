"""Characters without width, and texts with a blank behind every character, as letter-spaced print and some converters leave them.

Belongs here: telling a text that is spaced throughout from one with a few blanks, and what parts nothing in it. Does not belong
here: single blanks in other texts (see `govreports.clean.blanks`).
"""

import re

from govreports.text.hanzi import BLANK, HAN, INVISIBLE, INVISIBLES

# A text in which so many of the steps from one Han character to the next lead over a blank is spaced throughout.
_SPACED_SHARE = 0.7
_STEP = re.compile(rf"(?<=[{HAN}])([{BLANK}]?)(?=[{HAN}])")
_SPACED_LINE = re.compile(rf"^[{BLANK}]*(?:\S[ \xa0\u3000]){{5,}}\S[{BLANK}]*$", re.MULTILINE)
_SINGLE = re.compile(
    rf"(?<![{BLANK}\n])(?<=[^\n])[{BLANK}](?![{BLANK}\n])(?=[^\n])(?:(?<![A-Za-z].)|(?![A-Za-z]))", re.DOTALL
)


_INVISIBLE = re.compile(f"[{INVISIBLE}]+")


def invisible_characters(text: str) -> list[tuple[int, int]]:
    """Spans of characters without width, in order."""
    if not any(char in text for char in INVISIBLES):
        return []
    return [match.span() for match in _INVISIBLE.finditer(text)]


def spacing_blanks(text: str) -> list[tuple[int, int]]:
    """Spans of the single blanks of a text that is spaced throughout, or of its lines that are; between Latin words they stay."""
    if _is_spaced(text):
        return [match.span() for match in _SINGLE.finditer(text)]
    lines = (match for match in _SPACED_LINE.finditer(text) if _is_spaced(match[0]))
    return [blank.span() for line in lines for blank in _SINGLE.finditer(text, line.start(), line.end())]


def _is_spaced(text: str) -> bool:
    if sum(map(text.count, (" ", "\xa0", "\u3000"))) * 4 < len(text):
        return False
    steps = [bool(match[1]) for match in _STEP.finditer(text)]
    return sum(steps) > _SPACED_SHARE * len(steps)
