"""Bytes of GBK text: which characters they may stand for.

Belongs here: characters by one or both of their bytes, bytes by character, pairs that GBK leaves undefined, and readings of
characters in pinyin. Does not belong here: which of the characters fits (`rereading`), reading a whole file from bytes
(`govreports.intake`).
"""

from collections.abc import Iterable
from functools import cache

from pypinyin import Style, pinyin

from govreports.clean.language import fold
from govreports.text.convert import in_gb2312

# Stands for what is lost for good: a byte, a character, a digit.
LOST = "\ufffd"

# Signs whose bytes are those of a wide form, folded on the way, or of Windows' own table.
_FOLDED_SIGNS = {
    "€": (b"\x80", b"\xa2\xe3"),
    "£": (b"\xa1\xea",),
    "¢": (b"\xa1\xe9",),
    "¥": (b"\xa3\xa4",),
    "$": (b"\xa1\xe7",),
}
# Characters that some bytes may stand for, each with the first sign that the model sees of it.
Choices = tuple[tuple[str, str], ...]


@cache
def folded_char(char: str) -> str:
    """A character as the language model sees it; what is lost for good, as a digit."""
    return "0" if char == LOST else fold(char)


@cache
def character(lead: int, trail: int) -> str | None:
    """The character of a byte pair, if GBK defines one."""
    try:
        return bytes((lead, trail)).decode("gbk")
    except (UnicodeDecodeError, ValueError):
        return None


def _choices(chars: Iterable[str | None]) -> Choices:
    """Characters with what the model sees first of them; it sees nothing of blanks."""
    return tuple((char, folded_char(char)[0]) for char in chars if char is not None and folded_char(char))


@cache
def led_by(lead: int) -> Choices:
    """The characters with a first byte."""
    return _choices(character(lead, trail) for trail in range(0x40, 0xFF))


@cache
def ending_in(trail: int) -> Choices:
    """The characters with a second byte."""
    return _choices(character(lead, trail) for lead in range(0x81, 0xFF))


@cache
def _undefined() -> dict[int, list[int]]:
    """Pairs that GBK leaves undefined: for each first byte the second bytes that could lead a character."""
    out = {lead: [t for t in range(0x81, 0xFF) if character(lead, t) is None] for lead in range(0x81, 0xFF)}
    return {lead: trails for lead, trails in out.items() if trails}


@cache
def before_vanished(lead: int) -> Choices:
    """The characters with a first byte whose second one could be the first of a pair that vanished."""
    return _choices(character(lead, trail) for trail in _undefined())


@cache
def behind_vanished(char: str, trail: int) -> Choices:
    """The characters that end in `trail` and begin with the rest of a pair that vanished behind `char`."""
    return _choices(character(lead, trail) for lead in _undefined()[char.encode("gbk")[1]])


@cache
def bytes_of(char: str) -> tuple[bytes, ...]:
    """The bytes that a character may have been: ASCII may be a folded full-width sign."""
    if char in _FOLDED_SIGNS:
        return _FOLDED_SIGNS[char]
    if char.isascii():
        wide = bytes((0xA3, ord(char) + 0x80)) if "!" <= char <= "}" else b""
        narrow = char.encode() if "@" <= char <= "~" else b""
        return tuple(option for option in (wide, narrow) if option)
    try:
        encoded = char.encode("gbk")
    except UnicodeEncodeError:
        return ()
    return (encoded,) if len(encoded) == 2 else ()


@cache
def sounds(char: str, gloss: str) -> bool:
    """Whether a character is read like a gloss."""
    return any(gloss in readings for readings in pinyin(char, style=Style.TONE, heteronym=True))


def torn_leads(char: str, gloss: str) -> list[int]:
    """First bytes that make a character of this reading with the second byte of the character before.

    Pages gloss the characters that their conversion made traditional, which GB 2312 does not have.
    """
    try:
        trail = char.encode("gbk")[-1]
    except UnicodeEncodeError:
        return []
    found = ((lead, character(trail, lead)) for lead in range(0x81, 0xFF))
    return [lead for lead, torn in found if torn is not None and not in_gb2312(torn) and sounds(torn, gloss)]
