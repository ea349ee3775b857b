"""Lines and blanks: one paragraph, heading or table cell a line.

Belongs here: joining what a page tore apart, splitting what it glued together, trimming blanks. Does not belong here: markup.
"""

import re

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.text.hanzi import BLANK, CLOSING

_BLANK_RUN = re.compile(f"[{BLANK}]+")
_TRIM = re.compile(rf"[{BLANK}]*\n[{BLANK}\n]*|\A[{BLANK}\n]+|[{BLANK}\n]+\Z")
_INNER = re.compile(rf"(?<=\S)[{BLANK}]{{2,}}(?=\S)|(?<=\S)[{BLANK.replace(' ', '')}](?=\S)")
_WIDE_GAP = re.compile(
    rf"(?<=[。！!？?；;：:{CLOSING}])[ \xa0\u3000]{{2,}}(?=\S)|[ \xa0\u3000]{{2,}}(?=(?:各位代表|同志们|[一二三四五六七八九十]{{1,3}}、|[（(][一二三四五六七八九十]{{1,3}}[）)]))|(?<=各位代表[：:])[ \xa0\u3000]+"
)
_QUESTION_BLANKS = re.compile(r"\?{2,}")
_HEADING_START = re.compile(
    r"(?:第[一二三四五六七八九十百\d]+[章节篇编部条]|[一二三四五六七八九十]{1,3}[、.．,，]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．]|[①-⑳]|——|—|[\[［【〔]\d|专栏|表\s*\d|图\s*\d|注\s*\d?[:：]|附)"
)
_PARAGRAPH_END = re.compile(r"[。！!？?；;：:…”’」』》）)\]】]$")


def find_question_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Runs of question marks that stand for no-break spaces lost in a charset."""
    if "??" not in text:
        return []
    return [Replacement(*m.span(), " ") for m in _QUESTION_BLANKS.finditer(text)]


def find_lost_lines(text: str, config: CleaningConfig) -> list[Replacement]:
    """Line ends for a text on one line: at wide gaps behind sentences and before headings."""
    if text.count("\n") * config.characters_per_line_end > len(text):
        return []
    return [Replacement(*m.span(), "\n") for m in _WIDE_GAP.finditer(text)]


def find_edge_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Blanks at the ends of lines, and blank lines. Recorded nowhere: no word changes its neighbours."""
    out = []
    for match in _TRIM.finditer(text):
        after = "" if match.start() == 0 or match.end() == len(text) else "\n"
        if match[0] != after:
            out.append(Replacement(*match.span(), after, recorded=False))
    return out


def find_inner_blanks(text: str, config: CleaningConfig) -> list[Replacement]:
    """Runs of blanks within a line become one space."""
    return [Replacement(*m.span(), " ", recorded=False) for m in _INNER.finditer(text)]
