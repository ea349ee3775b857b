"""HTML source → visible text, each character with its place in the source.

Belongs here: tags, comments, character references, blanks of the source. Does not belong here: what of a page is the report
(`govreports.clean.zones`).

Tags are scanned, not parsed into a tree: every character keeps its place in the source, and neither depth of nesting nor
missing end tags matter. Block elements end lines; a table cell is a line; blanks and line ends of the source are blanks only.
"""

import re
from collections.abc import Iterator
from html import unescape

from govreports.text.hanzi import HAN
from govreports.text.spans import exchange

_BLOCK = (
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol option p pre "
    "section select summary table tbody td tfoot th thead title tr ul "
)
_HIDDEN = "script|style|noscript|template|textarea|svg|iframe|object|head"
_HTML = re.compile(
    rf"(?P<hidden><!--.*?(?:-->|\Z)|<(?P<name>{_HIDDEN})\b[^>]*>.*?(?:</(?P=name)\s*>|\Z))"
    rf"|(?P<tag></?(?P<element>[a-zA-Z][a-zA-Z0-9:]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|<[!?][^>]*>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});?)"
    r"|(?P<blank>[ \t\f]*[\r\n][ \t\r\n\f]*)",
    re.DOTALL | re.IGNORECASE,
)
_BLOCKS = frozenset(_BLOCK.split())
_CHINESE = re.compile(f"[{HAN}，。；：、！？（）《》“”‘’]")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title\s*>", re.DOTALL | re.IGNORECASE)


def find_markup(source: str) -> Iterator[tuple[int, int, str]]:
    """Replacements that turn a source into its visible text: (start, end, what stands there instead), ascending."""
    for match in _HTML.finditer(source):
        start, end = match.span()
        if match["hidden"]:
            yield start, end, ""
        elif match["tag"]:
            yield start, end, "\n" if (match["element"] or "").lower() in _BLOCKS else ""
        elif match["entity"]:
            after = character(match["entity"])
            if after != match["entity"]:
                yield start, end, after
        else:
            yield start, end, _between(source, start, end)


def visible_text(source: str) -> str:
    """The text that a page shows, a line for each block, without regard to places."""
    return exchange(source, find_markup(source))


def page_title(source: str) -> str | None:
    """What the page's head gives as its title, null if it gives none."""
    match = _TITLE.search(source)
    title = " ".join(unescape(match[1]).split()) if match else ""
    return title or None


def character(reference: str) -> str:
    """What a character reference stands for; a no-break space is a blank."""
    after = unescape(reference)
    return " " if after == "\xa0" else after


def _between(source: str, start: int, end: int) -> str:
    """A line end in an HTML source: nothing between Chinese characters and signs, where it only wraps it, else a blank."""
    if start and end < len(source) and _CHINESE.match(source[start - 1]) and _CHINESE.match(source[end]):
        return ""
    return " "
