"""Traditional → simplified characters.

Belongs here: when a text counts as traditional, and its conversion. Does not belong here: the fix rows that say so.

The conversion is OpenCC's t2s (its word lists), meant for text of which more than `TRADITIONAL_SHARE` of the Han characters
would change: a simplified text may hold a few traditional characters on purpose (names, 乾). OpenCC leaves 著 alone, which
in mechanically converted text mostly stands for 着: `_ZHE` decides by the word it stands in.
"""

import re
from functools import cache

import opencc

from govreports.text.hanzi import count_han

TRADITIONAL_SHARE = 0.02
_SAMPLE = 2000  # characters at the start and in the middle; a traditional text has one there

# Words in which 著 stays: before it and behind it.
_ZHE = re.compile(
    r"(?<![显卓昭土名原论编专巨遗译拙所合撰执])著(?!名|作|称|述|者|录|书|文|有《|《|于世|实|说|魔)|(?<=[随沿接跟向朝])著(?!名|作|称)"
)

# Forms of Hong Kong and Taiwan that t2s leaves alone and that GB 2312 does not hold.
_REGIONAL_FORMS = dict(zip("衞敍粧糭衹枱痺簷", "卫叙妆粽只台痹檐", strict=True))
_REGIONAL = re.compile("[" + "".join(_REGIONAL_FORMS) + "]")


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _single_characters() -> dict[int, str]:
    """Traditional characters whose simplified form is one other character.

    Those of GB 2312, the character set of simplified print (乾, 著, 瞭 …), are left out: they occur in simplified text.
    """
    codes = [code for low, high in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF)) for code in range(low, high + 1)]
    source = [chr(code) for code in codes]
    result = _convert("\n".join(source)).split("\n")
    return {
        ord(before): after
        for before, after in zip(source, result, strict=True)
        if before != after and len(after) == 1 and not in_gb2312(before)
    }


def in_gb2312(char: str) -> bool:
    """Whether a character belongs to GB 2312, the character set of simplified print."""
    try:
        return len(char.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile("[" + "".join(map(chr, sorted(_single_characters()))) + "]")


def find_traditional(text: str) -> list[str]:
    """All characters of a text that only traditional print uses, in order."""
    return _traditional().findall(text)


def is_traditional(text: str, share: float = TRADITIONAL_SHARE) -> bool:
    """Whether more than `share` of the Han characters are traditional."""
    middle = len(text) // 2
    if not _traditional().search(text[:_SAMPLE] + text[middle : middle + _SAMPLE]):
        return False
    return len(find_traditional(text)) > share * count_han(text)


def to_simplified_light(text: str) -> str:
    """The text with each traditional character replaced by its simplified one. Keeps the length; knows no words."""
    return text.translate(_single_characters())


def to_simplified(text: str) -> str:
    """The text in simplified characters, words considered. Length-preserving: falls back to single characters otherwise."""
    converted = _convert(text)
    if len(converted) == len(text):
        return converted
    lines = text.split("\n")
    return "\n".join(_convert_line(line) for line in lines)


def _convert(text: str) -> str:
    return _REGIONAL.sub(lambda m: _REGIONAL_FORMS[m[0]], _ZHE.sub("着", _converter().convert(text)))


def _convert_line(line: str) -> str:
    converted = _convert(line)
    return converted if len(converted) == len(line) else to_simplified_light(line)
