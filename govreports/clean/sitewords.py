"""Typed loader of `site_words.yaml`.

Belongs here: compiling the declared word lists. Does not belong here: what follows from a match (`govreports.clean.zones`).
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("site_words.yaml")
_EDGES = " \t\xa0\u3000•·・*|>»›:：\\[\\]【】()（）〔〕—_=\\-"


@dataclass(frozen=True)
class SiteWords:
    """Compiled word lists. All expect lines with half-width digits and letters and simplified characters, blanks trimmed."""

    chrome_line: re.Pattern[str]
    chrome_start: re.Pattern[str]
    chrome_inside: re.Pattern[str]
    inner_line: re.Pattern[str]
    caption: re.Pattern[str]
    tail_start: re.Pattern[str]
    metadata: re.Pattern[str]
    metadata_pair: re.Pattern[str]
    notes_heading: re.Pattern[str]


@cache
def site_words() -> SiteWords:
    """The word lists, compiled once."""
    lists = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    join = {name: "|".join(f"(?:{entry})" for entry in entries) for name, entries in lists.items()}
    label = join["metadata_label"]
    return SiteWords(
        chrome_line=_compile(rf"[{_EDGES}]*(?:{join['chrome_line']})[{_EDGES}\d]*|[{_EDGES}\d/.,]*"),
        chrome_start=_compile(rf"[•·・*【\[( ]*(?:{join['chrome_start']})"),
        chrome_inside=_compile(join["chrome_inside"]),
        inner_line=_compile(rf"[{_EDGES}]*(?:{join['inner_line']})[{_EDGES}.!。]*"),
        caption=_compile(join["caption"]),
        tail_start=_compile(rf"[•·・*【\[( ]*(?:{join['tail_start']})"),
        metadata=_compile(rf"[•·・*【\[ ]*(?:(?:{label})\s*[:：]|{join['metadata_start']})"),
        metadata_pair=_compile(rf"(?:{label})\s*[:：]"),
        notes_heading=_compile(rf"[*※★#(（【\[]*(?:{join['notes_heading']})[*※★#)）】\]]*\s*[:：]?"),
    )


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
