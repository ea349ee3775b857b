"""Character classes of Chinese text.

Belongs here: which code points are Han characters, blanks, brackets, and the width folding of single characters. Does not
belong here: rules about words or lines.

The class constants `HAN`, `BLANK` and `INVISIBLE` are bodies of regular-expression character classes: write `f"[{HAN}]"`.
"""

import re

# CJK unified ideographs with extension A, compatibility ideographs, the supplementary planes, and the two numerals 〇 and 々.
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"

# What separates words without being seen: ASCII blanks, no-break and typographic spaces, the ideographic space,
# zero-width characters.
BLANK = " \t\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u180e\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\u3164\ufeff\uffa0\xad"

# What has no width at all, and so parts nothing wherever it stands, even within a number.
INVISIBLE = "\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\xad"

_ALL = "".join(map(chr, (*range(0x100), *range(0x1680, 0x2070), *range(0x3000, 0x3165), 0xFEFF, 0xFFA0)))
# The same characters one by one, for `str.strip` and for sets.
BLANKS = "".join(re.findall(f"[{BLANK}]", _ALL))
INVISIBLES = "".join(re.findall(f"[{INVISIBLE}]", _ALL))

# Signs that end a sentence in print, both widths.
SENTENCE_END = "。！？!?；;"

OPENING = "(（[［【〔〈《「『“‘{｛"
CLOSING = ")）]］】〕〉》」』”’}｝"

# Numerals in characters, with those of cheques.
NUMERAL = "〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟"

_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")

# Full-width digits, letters, percent sign and point, and their half-width forms. Other punctuation keeps its width.
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
FOLD_WIDTH: dict[int, int] = {**_FULL_WIDTH, 0xFF05: ord("%"), 0xFE6A: ord("%"), 0xFF0E: ord(".")}


def count_han(text: str) -> int:
    """Number of Han characters in a text."""
    return sum(map(len, _HAN_RUN.findall(text)))


def is_han(char: str) -> bool:
    """Whether a single character is a Han character."""
    return _HAN.fullmatch(char) is not None


def fold_width(text: str) -> str:
    """The text with full-width digits, letters, percent signs and points made half-width. Keeps the length."""
    return text.translate(FOLD_WIDTH)
