"""Characters that a program wrote as escapes: the `\\u653f` of JSON and JavaScript.

Belongs here: telling which characters they are. Does not belong here: line ends written out (see `govreports.clean.markup`).
"""

import re

_ESCAPED = re.compile(
    r"\\{1,2}u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\{1,2}u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\{1,2}u(?P<plain>[0-9a-fA-F]{4})|\\{1,2}/"
)
# A few escapes in a text that is otherwise written in characters are quoted, or damage of another kind.
_LEAST = 50


def unicode_escapes(text: str) -> list[tuple[int, int, str]]:
    """Replacements for the escapes of a text that is written in them: (start, end, character), ascending."""
    if text.count("\\u") < _LEAST:
        return []
    return [(*match.span(), _character(match)) for match in _ESCAPED.finditer(text)]


def _character(match: re.Match[str]) -> str:
    if match["high"]:
        return (bytes.fromhex(match["high"]) + bytes.fromhex(match["low"])).decode("utf-16-be")
    # Half of a pair alone is no character.
    plain = int(match["plain"], 16) if match["plain"] else ord("/")
    return "\ufffd" if 0xD800 <= plain < 0xE000 else chr(plain)
