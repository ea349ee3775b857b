"""Pinyin glosses: the reading of a character in brackets behind it, as in 規(guī)模.

Belongs here: what a gloss looks like. Does not belong here: what cleaning does about it (see `govreports.clean.fixers`).

A syllable counts only with a tone mark, so that an abbreviation or an English word in brackets is never taken for one. A
gloss stands behind a Han character; the same form behind anything else is a trace of lost bytes (see
`govreports.clean.damage`).
"""

import re

from govreports.text.hanzi import HAN

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿêếề"
_PLAIN = "a-züɑɡ"
_MARK = "\u0300\u0301\u0304\u030c"
# Pattern of one syllable with a tone mark.
SYLLABLE = f"[{_PLAIN}]{{0,3}}(?:[{_TONED}]|[aeiouünm][{_MARK}])[{_PLAIN}]{{0,3}}"

_TONE_MARK = re.compile(f"[{_TONED}{_MARK}]")

# Group 0 is the bracket with its content, without the character it explains.
GLOSS = re.compile(rf"[(（](?<=[{HAN}][(（])\s?{SYLLABLE}(?:\s?{SYLLABLE}){{0,3}}\s?[)）]")


def has_tone_marks(text: str) -> bool:
    """Whether a text holds a vowel with a tone mark anywhere: without one it has no glosses."""
    return _TONE_MARK.search(text) is not None


def find_glosses(text: str) -> list[tuple[int, int]]:
    """Spans of all glosses in a text, in order, brackets included."""
    return [match.span() for match in GLOSS.finditer(text)] if has_tone_marks(text) else []


def strip_glosses(text: str) -> str:
    """The text without its glosses."""
    return GLOSS.sub("", text) if has_tone_marks(text) else text
