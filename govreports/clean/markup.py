"""Markup, entities and escapes → text with lines.

Belongs here: HTML tags and comments, character references, escapes written out (\\\\r\\\\n as four characters). Does
not belong here: what is chrome of a page (`govreports.clean.zones`).

HTML sources are scanned by `govreports.text.html`.
"""

import re

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.text.escapes import unicode_escapes
from govreports.text.html import character, find_markup
from govreports.text.markdown import markdown_signs

# In plain text only tags that pages really leave behind count: "<" also means "less than".
_STRAY_TAG = re.compile(
    r"</?(?:p|br|div|span|font|strong|b|i|u|em|a|img|table|tbody|tr|td|th|li|ul|ol|h[1-6]|o:p|st1:\w+|center|section)"
    r"(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?\s*/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"&(?:nbsp|ensp|emsp|thinsp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|lt|gt|amp|quot|apos|permil|times|#\d{2,6}|#x[0-9a-fA-F]{2,5});?"
)
_ICONS = re.compile("[\ue000-\uf8ff\ufe0f\U0001f000-\U0001faff\u2700-\u2775\u2794-\u27bf]+")
_ESCAPE = re.compile(r"\\{1,2}(?:(?=[\"'])|r\\{1,2}n|(?P<blank>t|u3000|xa0)|n|r)|\r\n|\r|[\u2028\u2029\x0b\x0c]")


def find_unicode_escapes(text: str, config: CleaningConfig) -> list[Replacement]:
    """Characters written as escapes (\\u653f), of a text that has hardly any others."""
    return [Replacement(*found, recorded=False) for found in unicode_escapes(text)]


def find_html(text: str, config: CleaningConfig) -> list[Replacement]:
    """Tags, comments, scripts, references and source line ends of an HTML page."""
    return [Replacement(*found, recorded=False) for found in find_markup(text)]


def find_stray_markup(text: str, config: CleaningConfig) -> list[Replacement]:
    """Tags left over in plain text."""
    if "<" not in text:
        return []
    return [
        Replacement(*m.span(), "\n" if re.match(r"</?(?:p|br|div|tr|td|th|li|h\d)\b", m[0], re.I) else "")
        for m in _STRAY_TAG.finditer(text)
    ]


def find_markdown(text: str, config: CleaningConfig) -> list[Replacement]:
    """Signs of Markdown left over in plain text."""
    return [Replacement(start, end, "") for start, end in markdown_signs(text)]


def find_entities(text: str, config: CleaningConfig) -> list[Replacement]:
    """Character references left over in plain text."""
    if "&" not in text:
        return []
    found = [(m, character(m[0])) for m in _ENTITY.finditer(text)]
    return [Replacement(*m.span(), after, recorded=not after.isspace()) for m, after in found if after != m[0]]


def find_escapes(text: str, config: CleaningConfig) -> list[Replacement]:
    """Line ends written as escapes, and all kinds of line ends, become one line feed."""
    if not any(sign in text for sign in "\\\r\u2028\u2029\x0b\x0c"):
        return []
    out = []
    for match in _ESCAPE.finditer(text):
        written_out = match[0].startswith("\\")
        if not match[0].strip("\\"):
            out.append(Replacement(*match.span(), ""))
            continue
        out.append(Replacement(*match.span(), " " if match["blank"] else "\n", recorded=written_out))
    return out


def find_icons(text: str, config: CleaningConfig) -> list[Replacement]:
    """Characters of the private use area and pictures: a page's icons, nothing that a report prints."""
    return [Replacement(*m.span(), "") for m in _ICONS.finditer(text)]
