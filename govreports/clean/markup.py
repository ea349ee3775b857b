"""Markup, entities and escapes → text with lines.

Belongs here: HTML tags and comments, character references, escapes written out (\\\\r\\\\n as four characters). Does not belong here:
what is chrome of a page (`govreports.clean.zones`).

Tags are scanned, not parsed into a tree: every character keeps its place in the source, and neither depth of nesting nor missing end
tags matter. Block elements end lines; a table cell is a line; blanks and line ends of the source are blanks only.
"""

import re
from html import unescape

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.text.hanzi import HAN

_BLOCK = (
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol option p pre section select summary table tbody td tfoot th thead title "
    "tr ul"
)
_HIDDEN = "script|style|noscript|template|textarea|svg|iframe|object|head"
_TAG = r"<[/!?]?[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"
_HTML = re.compile(
    rf"(?P<hidden><!--.*?(?:-->|\Z)|<(?P<name>{_HIDDEN})\b[^>]*>.*?(?:</(?P=name)\s*>|\Z))"
    rf"|(?P<tag></?(?P<element>[a-zA-Z][a-zA-Z0-9:]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|<[!?][^>]*>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});?)"
    r"|(?P<blank>[ \t\f]*[\r\n][ \t\r\n\f]*)",
    re.DOTALL | re.IGNORECASE,
)
_BLOCKS = frozenset(_BLOCK.split())

# In plain text only tags that pages really leave behind count: "<" also means "less than".
_STRAY_TAG = re.compile(
    r"</?(?:p|br|div|span|font|strong|b|i|u|em|a|img|table|tbody|tr|td|th|li|ul|ol|h[1-6]|o:p|st1:\w+|center|section)"
    r"(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?\s*/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"&(?:nbsp|ensp|emsp|thinsp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|lt|gt|amp|quot|apos|permil|times|#\d{2,6}|#x[0-9a-fA-F]{2,5});?"
)
_ESCAPE = re.compile(r"\\r\\n|\\n|\\r|\\t|\\u3000|\\xa0|\r\n|\r|[\u2028\u2029\x0b\x0c]")
_HAN = re.compile(f"[{HAN}]")


def find_html(text: str, config: CleaningConfig) -> list[Replacement]:
    """Tags, comments, scripts, references and source line ends of an HTML page."""
    out = []
    for match in _HTML.finditer(text):
        start, end = match.span()
        if match["hidden"]:
            out.append(Replacement(start, end, "", recorded=False))
        elif match["tag"]:
            element = (match["element"] or "").lower()
            out.append(Replacement(start, end, "\n" if element in _BLOCKS else "", recorded=False))
        elif match["entity"]:
            after = unescape(match["entity"])
            if after != match["entity"]:
                out.append(Replacement(start, end, _character(after), recorded=False))
        else:
            out.append(Replacement(start, end, _between(text, start, end), recorded=False))
    return out


def find_stray_markup(text: str, config: CleaningConfig) -> list[Replacement]:
    """Tags left over in plain text."""
    if "<" not in text:
        return []
    return [
        Replacement(*m.span(), "\n" if re.match(r"</?(?:p|br|div|tr|td|th|li|h\d)\b", m[0], re.I) else "")
        for m in _STRAY_TAG.finditer(text)
    ]


def find_entities(text: str, config: CleaningConfig) -> list[Replacement]:
    """Character references left over in plain text."""
    if "&" not in text:
        return []
    found = [(m, _character(unescape(m[0]))) for m in _ENTITY.finditer(text)]
    return [Replacement(*m.span(), after, recorded=not after.isspace()) for m, after in found if after != m[0]]


def find_escapes(text: str, config: CleaningConfig) -> list[Replacement]:
    """Line ends written as escapes, and all kinds of line ends, become one line feed."""
    if not any(sign in text for sign in "\\\r\u2028\u2029\x0b\x0c"):
        return []
    out = []
    for match in _ESCAPE.finditer(text):
        written_out = match[0].startswith("\\")
        blank = match[0] in ("\\t", "\\u3000", "\\xa0")
        out.append(Replacement(*match.span(), " " if blank else "\n", recorded=written_out))
    return out


def _character(text: str) -> str:
    """What a character reference stands for; a no-break space is a blank."""
    return " " if text == "\xa0" else text


def _between(text: str, start: int, end: int) -> str:
    """A line end in an HTML source: nothing between Han characters, where it only wraps the source, else a blank."""
    if start and end < len(text) and _HAN.match(text[start - 1]) and _HAN.match(text[end]):
        return ""
    return " "
