"""How much of a document a text is, and whether it is one at all.

Belongs here: full, truncated, excerpt, secondary; templates, summaries of third parties, pages without a document. Does not
belong here: files that cannot be decoded (`govreports.intake.reading`), kinds of documents (`govreports.intake.doctype`).
"""

import re
from dataclasses import dataclass

from govreports.intake.doctype import COMMUNIQUE, OTHER, PLAN
from govreports.intake.header import Header, Page
from govreports.intake.periods import reaches_plan
from govreports.intake.words import words
from govreports.text.hanzi import count_han

FULL, TRUNCATED, EXCERPT, SECONDARY = "full", "truncated", "excerpt", "secondary"

_LEAST_HAN = 20
_MOST_CHARACTERS = 2_000_000  # a national plan with its annexes has some 200,000
_LEAST_PROSE = 90
_LEAST_FIGURES = 5  # navigation has none
_ERROR_PROSE = 600
_OPENING_OF_PAGE = 1000  # what is shorter is the beginning of a page and no choice of anybody
_LEAST_COMMUNIQUE = 2500
_LEAST_PLAN = 15_000
_LEAST_OTHER = 1500
_COMPILED_REACH = 1200
_CLOSINGS = ("closing", "weak_closing")
_CLAUSE = 20  # characters to a comma in running speech; a page's navigation has none
_LONGEST_CLOSING = 500  # characters of a closing paragraph
_REACH_AFTER_CLOSING = 3000  # characters within which more speech or the notes begin
_MOST_AFTER_CLOSING = 250  # characters of speech after it
_SLOT_UNIT = r"(?:%|％|万?亿元|万元|[亿万]?美元|万人|万吨|个百分点|倍|元)"
_SLOT = re.compile(
    rf"(?:达到?|完成|实现|突破|增长|增加|下降|同比|比上年|年均|收入|总额|总值|投资|支出|超过?|目?标是)\s*(?:[xX×＊*_＿○□]+(?:[.．][xX×*]+)?)?\s*{_SLOT_UNIT}"
    rf"|(?<![\dA-Za-z])(?:[xX]{{2,}}|[×＊*_＿□]{{2,}}|[xX×]+[.．][xX×]+)\s*{_SLOT_UNIT}"
)
_UNIT = re.compile(_SLOT_UNIT)
# In a table the unit may stand in a cell before the number.
_FILLED = re.compile(rf"\d\s*{_SLOT_UNIT}|{_SLOT_UNIT}[\s|]+[\[【≤≥<>]?\d")
_MASKED_NAME = re.compile(r"(?:\*\*+|[xX×]{2,}|某)[省市县区]")
_LATIN = re.compile("[\x80-\xff]")
_LETTER = re.compile(r"[A-Za-z\u0400-\u04ff\u0e00-\u0e7f\u3040-\u30ff\uac00-\ud7af]")


@dataclass(frozen=True)
class Fault:
    """Why a text is no document: `reason_code` of the code list, `reason` in one sentence with what to do."""

    reason_code: str
    reason: str


def find_fault(page: Page, header: Header) -> Fault | None:
    """What makes a text no report, null where it is one."""
    text = "\n".join([*page.head, page.body])
    if len(text) > _MOST_CHARACTERS:
        return Fault(
            "too_large", f"the text has {len(text):,} characters, more than any report: split the file or leave it out"
        )
    han = count_han(text)
    if len(_LATIN.findall(text)) > max(3 * han, _LEAST_HAN) and _is_misread(text):
        return Fault(
            "undecodable", "Chinese that was saved under the charset of another language: fetch the page again"
        )
    if len(_LETTER.findall(text)) > max(3 * han, _LEAST_HAN):
        return Fault("not_chinese", "the text is not in Chinese: remove the file from raw/")
    prose = prose_length(page)
    lacks_text = prose < _LEAST_PROSE and not _is_record(header)
    if (lacks_text or prose < _ERROR_PROSE) and not page.opened and words()["no_document"].search(text):
        return Fault("error_page", "an error or login page came instead of the document: fetch the page again")
    if lacks_text and len(_FILLED.findall(text)) >= _LEAST_FIGURES:
        return Fault(
            "no_text", "the page lists figures but holds no running text that dates them: fetch the report itself"
        )
    if lacks_text or han < _LEAST_HAN:
        return Fault("no_text", "the page holds navigation but no text: fetch the document itself, or its attachment")
    if not page.opened and words()["compiled"].search(text[:_COMPILED_REACH] + text[-300:]):
        return Fault(
            "compiled_summary",
            "somebody else's summary stands here instead of the document's own words, as it says: find the document itself",
        )
    if _is_blank(text):
        return Fault("blank_template", "the numbers are left blank, as in a template: find the document itself")
    if words()["template"].search(" ".join((header.title or "", *page.block))) and _MASKED_NAME.search(text):
        return Fault(
            "blank_template", "a model text for writers of reports, of no real place: remove the file from raw/"
        )
    if not _is_record(header) and not _is_of_genre(text):
        return Fault("not_a_report", "the text has nothing of an official report: remove the file from raw/")
    return None


def _is_misread(text: str) -> bool:
    """Whether bytes of Chinese were read one by one as Latin letters."""
    data = text.encode("latin-1", errors="ignore")
    return max(count_han(data.decode(codec, errors="ignore")) for codec in ("gb18030", "utf-8")) > len(data) / 8


def _is_blank(text: str) -> bool:
    """Whether more units of a text stand behind nothing than behind numbers."""
    filled = len(_FILLED.findall(text))
    if len(_UNIT.findall(text)) <= 2 * filled:
        return False
    slots = len(_SLOT.findall(text))
    return slots >= 3 and slots > filled


def _is_of_genre(text: str) -> bool:
    """Whether a text holds at least two different words of the genre."""
    first = words()["genre"].search(text)
    return first is not None and any(match[0] != first[0] for match in words()["genre"].finditer(text, first.end()))


def prose_length(page: Page) -> int:
    """Characters of running text in the body: lines of some length with punctuation."""
    return sum(
        len(line) for line in page.body.split("\n") if len(line) > 30 and ("，" in line or "。" in line or "," in line)
    )


def _is_record(header: Header) -> bool:
    """Whether the page holds a catalogue entry that names a document, so that only its text is missing."""
    title = header.metadata.get("title", "")
    return header.index_number is not None and words()["title"].search(title) is not None


def assess(page: Page, header: Header, doc_type: str) -> str:
    """How complete a document is: a code of the list completeness."""
    if is_account(page, header):
        return SECONDARY
    prose = prose_length(page)
    if prose < _LEAST_PROSE:
        return TRUNCATED
    if words()["excerpt"].search(header.title or ""):
        return EXCERPT
    if doc_type in (COMMUNIQUE, OTHER, PLAN):
        least = {COMMUNIQUE: _LEAST_COMMUNIQUE, OTHER: _LEAST_OTHER, PLAN: _LEAST_PLAN}[doc_type]
        return FULL if prose >= least or _closes(page.body) else TRUNCATED
    if _closes(page.body):
        return FULL
    return TRUNCATED if prose < _OPENING_OF_PAGE or reaches_plan(page.body) else EXCERPT


def is_account(page: Page, header: Header) -> bool:
    """Whether somebody tells of the report or the session in the third person instead of the speaker."""
    if page.opened:
        return False
    beginning = "\n".join([header.title or "", *page.head[-6:], page.body[:1200]])
    return words()["account"].search(beginning) is not None


def _closes(body: str) -> bool:
    """Whether a text ends as speeches do. Notes, an annex and the page's end may follow, but no more of the speech."""
    start = len(body) * 3 // 10
    found = sorted(match.end() for name in _CLOSINGS for match in words()[name].finditer(body, start))
    ends = {body.find("\n", end): end for end in found}  # the last of each paragraph
    return any(_speech_after(body, end) <= _MOST_AFTER_CLOSING for end in ends.values())


def _speech_after(body: str, at: int) -> int:
    """Characters of running speech after a place, up to the notes; the rest of its own paragraph counts where it is long."""
    rest = body[at : at + _REACH_AFTER_CLOSING]
    notes = words()["notes_heading"].search(rest)
    own, *lines = rest[: notes.start() if notes else None].split("\n")
    after = own[_LONGEST_CLOSING:]
    return min(len(after), _CLAUSE * (after.count("，") + after.count(","))) + sum(
        len(line) for line in lines if _is_speech(line.strip())
    )


def _is_speech(line: str) -> bool:
    return len(line) > 30 and ("，" in line or "," in line) and words()["note"].search(line) is None
