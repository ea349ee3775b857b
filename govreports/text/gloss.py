"""Pinyin glosses: the reading of a character in brackets behind it, as in 規(guī)模.

Belongs here: what a gloss looks like. Does not belong here: what cleaning does about it (see `govreports.clean.fixers`).

A syllable counts only with a tone mark, so that an abbreviation or an English word in brackets is never taken for one; but
some mirrors strew syllables without marks over the whole page (全省(sheng)生產總值(zhi)(zhi)), where their number tells. A gloss
stands behind a Han character; the same form behind anything else is a trace of lost bytes (see `govreports.clean.damage`).
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

_INITIAL = "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])"
_FINAL = (
    "(?:iang|iong|uang|i?ang|ing|i?ong|eng|i?an|uan|i?ao|uai|in|en|un|ia|ie|iu|ua|uo|ui|ue|ve|ai|ei|ou|er|[aoeiuv])"
)
_UNMARKED = re.compile(rf"(?:[(（](?<=[{HAN}][(（])({_INITIAL}?{_FINAL})[)）])(?:[(（]\1[)）])*")
# A page that is strewn with unmarked syllables has at least so many, and so many different ones.
_LEAST_UNMARKED, _LEAST_SYLLABLES = 12, 6


def glosses_of(text: str) -> re.Pattern[str] | None:
    """The pattern of a page's glosses, null where it has none. `text`: the whole page."""
    if has_tone_marks(text):
        return GLOSS
    found = [match[1] for match in _UNMARKED.finditer(text)]
    strewn = len(found) >= _LEAST_UNMARKED and len(set(found)) >= _LEAST_SYLLABLES
    return _UNMARKED if strewn else None


def has_tone_marks(text: str) -> bool:
    """Whether a text holds a vowel with a tone mark anywhere."""
    return _TONE_MARK.search(text) is not None


def find_glosses(text: str) -> list[tuple[int, int]]:
    """Spans of all glosses in a text, in order, brackets included."""
    glosses = glosses_of(text)
    return [match.span() for match in glosses.finditer(text)] if glosses else []


def strip_glosses(text: str) -> str:
    """The text without its glosses."""
    glosses = glosses_of(text)
    return glosses.sub("", text) if glosses else text
