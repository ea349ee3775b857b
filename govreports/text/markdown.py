"""Signs of Markdown: what a converter writes for headings, quotations and bold words.

Belongs here: finding the signs that no reader of a page sees. Does not belong here: lists and tables, whose signs part things.
"""

import re

# At the beginnings of lines only: elsewhere two asterisks may stand for a name that is left out.
_SIGNS = re.compile(
    r"^[ \u3000\t]*(?P<lead>(?:#{1,6}[ \t]+|>[ \t]*)*)"
    r"(?:(?P<open>\*\*|__)(?=[^\s*_])[^*_\n]{2,120}(?P<close>\*\*|__))?",
    re.MULTILINE,
)
_LEAST_SIGNS = 3


def markdown_signs(text: str) -> list[tuple[int, int]]:
    """Spans of the signs of a text that has some, in order."""
    if "**" not in text and "__" not in text and "#" not in text and ">" not in text:
        return []
    found = [match for match in _SIGNS.finditer(text) if match["lead"] or match["open"]]
    if len(found) < _LEAST_SIGNS:
        return []
    spans = (match.span(name) for match in found for name in ("lead", "open", "close"))
    return [(start, end) for start, end in spans if start < end]
