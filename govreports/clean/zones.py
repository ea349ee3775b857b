"""Zones of a page: what is the report and what stands around it.

Belongs here: splitting lines into front chrome, metadata, page title, title block, contents, body, notes and tail
chrome. Does not belong here: word lists (`site_words.yaml`), changing text.

The body is looked for from inside: the salutation of the deputies, else the contents list, else the first heading or
paragraph of prose. From there the title block is read upwards, and all above it is of the page. The end is read from
below: after the last prose whatever begins with a site's words. Zones are cut at line ends; a zone may be interrupted
by lines of chrome.
"""

import re
from collections import Counter
from itertools import groupby, pairwise
from typing import NamedTuple

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Zone
from govreports.clean.sitewords import SiteWords, site_words
from govreports.text.convert import is_traditional, to_simplified_light
from govreports.text.gloss import glosses_of
from govreports.text.hanzi import BLANK, BLANKS, FOLD_WIDTH, HAN, SENTENCE_END

PAGE_TITLE = "page_title"
KEPT = ("title_block", "contents", "body", "notes")

_HEAD_LINES = 150  # a body that starts later than this many lines is none
_HEAD_SHARE = 0.5
_SHORT = 150  # a line up to this is folded for matching altogether
_VIEWED = 60  # so many characters of a longer one
_LONG = 300  # a line longer than this is prose, whatever it holds
_PUNCTUATION = tuple(zip("（）：，！；？［］", "():,!;?[]", strict=True))
_WIDE = re.compile("[" + "".join(map(chr, FOLD_WIDTH)) + "]")
_SAME_START = 20
_LEAST_COPIED = 5
_AS_LONG = 2
_LEAST_PAGES = 3
_RUNNING_TITLE = 40  # characters
_GOES_ON = ",，、;；:：。的"
# An address, a sentence and a line of label and value may come again.
_NO_RUNNING_TITLE = re.compile(r"代表|委员|同志|[:：。;；]")
_LINE = re.compile(r"[^\n]+")
_BLANKS = re.compile(f"[{BLANK}]+")
_EDITOR = re.compile(r"编者按|本报讯|本网讯|.{2,12}网讯|.{2,10}讯 ")
_ADDRESS = 30  # characters of a line that only addresses
_EDITORS_LINES = 3
_OPENING = re.compile(r"我(?:受|谨?代表).{0,40}(?:报告|大会)")
_SALUTATION = re.compile(
    r"(?:尊敬的)?(?:主席团?、?)?(?:各位|诸位)(?:人大)?(?:代表|委员|领导|同志|来宾|政协委员)|同志们[,:!，：！]?$|(?:尊敬的)?主席、|代表们|"
    r"现在,?，?我(?:受|代表|谨代表).{0,30}报告|(?:下面|现在)[,，]?(?:由)?我(?:代表|受).{2,30}(?:大会|会议|常委会)"
)
_TITLE = re.compile(
    r"^关于(?!我们|本站|本网).{2,24}$|工作报告|国民经济和社会发展|规划.{0,3}纲要|规划纲要|远景目标|五年(?:规划|计划)|统计公报|的报告$|工作总结|建设情况"
)
_MEETING = re.compile(
    r"(?:代表大会|人代会|人大|全会|大会|常务委员会|常委会).{0,20}(?:会议|次会)|次会议(?:上|通过|批准|$|[)）])|^[(（—-]*\d{4}年\d{1,2}月(?:\d{1,2}日)?在"
)
_YEAR = r"[二12][〇○O0零一二三四五六七八九\d]{3} ?年"
_DAY = r" ?[一二三四五六七八九十\d]{1,3} ?月(?: ?[一二三四五六七八九十廿\d]{1,3} ?日)?"
_DATE = re.compile(rf"[(（—-]*{_YEAR}{_DAY}(?: ?[{HAN}]{{2,4}})?[)）]?$")
_SPEAKER = re.compile(
    r"(?:人民政府|管委会|管理委员会|政府)?(?:代理?|副|常务副|党组书记、)*(?:区|县|市|省|州|盟|旗|镇|乡)长|主席|主任|专员|报告人|行长"
)
_NOT_NAME = re.compile(r"[,，。;；:：!！?？]")
_TOP_HEADING = re.compile(
    r"(?:第[一1](?:[章节部分编]|篇(?![:：].{0,40}(?:报告|讲话|纲要|范文|总结)))|[一1][、.．]|\(一\)|（一）|(?:20\d\d|过去(?:一年|五年)|今后五年|本届政府)[^,，。]{0,12}(?:工作回顾|回顾)$|前\s*言$)"
)
_CONTENTS = re.compile(r"目\s*录[:：]?$|目\s*次$")
_PROSE_SIGN = re.compile(r"[,，。;；!！]")
_ABSTRACT = re.compile(r"(?:内容摘要|内容概述|摘要|核心提示|导读)[:：]?$")
_NOTE = re.compile(r"[\[［(（【〔]?\s*(?:注\s*)?(\d{1,3}|[①-⑳])\s*[\]］)）】〕.．、]\s*[^\d\s]")
_WORD = re.compile(f"[{HAN}A-Za-z]")
_CONTACT = re.compile(r"(?:主办|承办|协办|联系|地址|电话|邮编|传真|邮箱)|附件:?$")
_ANNEX = re.compile(r"附[件录]?[一二三四五\d]?[:：]?(?:.{0,10}(?:解释|注释|说明))?$")
_NOTE_SENSE = re.compile(r"[:：]|指|即|是|——")
_PAGE_NUMBER = re.compile(r"[.·…\s—-]*\d*$")


class Line(NamedTuple):
    """A line with something on it.

    `view`: its text folded for matching (half-width, simplified, no glosses, single blanks); of a long line only the
    beginning is. `chrome`: whether it is a page's line by its words. `prose`: whether only running text looks like
    it.
    """

    start: int
    end: int
    view: str
    chrome: bool
    prose: bool


def find_zones(text: str, config: CleaningConfig) -> list[Zone]:
    """The zones of a text in order; lines that are blank belong to none."""
    words = site_words()
    lines = _read_lines(text, words, config)
    if not lines:
        return []
    end = _find_tail(lines, words, config)
    start, kinds = _find_head(lines[:end], words, config)
    kinds += ["body"] * (end - start) + ["tail_chrome"] * (len(lines) - end)
    _mark_contents(lines, kinds, start)
    _mark_inner_chrome(lines, kinds, words)
    _mark_copies(lines, kinds, words, config)
    _mark_notes(lines, kinds, words)
    return [
        Zone(kind, group[0][1].start, group[-1][1].end)
        for kind, group in ((k, list(g)) for k, g in groupby(zip(kinds, lines, strict=True), key=lambda pair: pair[0]))
    ]


def _read_lines(text: str, words: SiteWords, config: CleaningConfig) -> list[Line]:
    out = []
    glosses = glosses_of(text)
    traditional = is_traditional(text, config.traditional_share)
    for match in _LINE.finditer(text):
        line = match[0].strip(BLANKS)
        if line:
            start = match.start() + match[0].index(line[0])
            viewed = len(line) if len(line) <= _SHORT else _VIEWED
            head, rest = line[:viewed], line[viewed:]
            seen = _half_width(head)
            seen = to_simplified_light(seen) if traditional else seen
            seen = _BLANKS.sub(" ", glosses.sub("", seen) if glosses else seen).replace("??", "").strip() + rest
            chrome = _is_chrome(seen, words)
            out.append(Line(start, start + len(line), seen, chrome, not chrome and _is_prose(seen, words, config)))
    return out


def _half_width(head: str) -> str:
    """Half-width digits, letters and punctuation; on short lines faster than a translation table."""
    for wide, narrow in _PUNCTUATION:
        head = head.replace(wide, narrow)
    return head.translate(FOLD_WIDTH) if _WIDE.search(head) else head


def _find_tail(lines: list[Line], words: SiteWords, config: CleaningConfig) -> int:
    """Index of the first line of the page's end."""
    prose = [i for i, line in enumerate(lines) if line.prose]
    last = prose[-1] if prose else len(lines) - 1
    middle = prose[(len(prose) - 1) // 2] if prose else 0
    for i in range(middle, len(lines)):
        if len(lines[i].view) < 100 and words.tail_start.match(lines[i].view):
            rest = sum(1 for p in prose if p > i)
            if rest <= max(1, 0.05 * len(prose)) and _mostly_chrome(lines[i:]):
                above = max((p for p in prose if p < i), default=i)
                return _with_contacts(lines, _first_of_page(lines, above + 1, i, words), above)
    for i in range(last + 1, len(lines)):
        if lines[i].chrome and _WORD.search(lines[i].view):
            return _with_contacts(lines, i, last)
    return len(lines)


def _first_of_page(lines: list[Line], first: int, tail: int, words: SiteWords) -> int:
    """The first line of the page's among those between the last prose and where its end surely begins."""
    found = (i for i in range(first, tail) if lines[i].chrome or words.metadata.match(lines[i].view))
    return next((i for i in found if _WORD.search(lines[i].view)), tail)


def _with_contacts(lines: list[Line], tail: int, last: int) -> int:
    """The start of a page's end with what belongs to it just above: who runs the site, the word above attached files."""
    while tail > last + 1 and _CONTACT.match(lines[tail - 1].view):
        tail -= 1
    return tail


def _mostly_chrome(lines: list[Line]) -> bool:
    """Whether the lines hold less text than a section of a report would."""
    return sum(len(line.view) for line in lines if len(line.view) > 120) < 2000


def _find_head(lines: list[Line], words: SiteWords, config: CleaningConfig) -> tuple[int, list[str]]:
    """Index of the first body line, and the kinds of the lines above it."""
    start = _body_start(lines, words, config)
    title = start
    while title > 0 and _belongs_to_title(lines, title - 1, words):
        title -= 1
    while title < start and not _is_title_like(lines[title].view):
        title += 1
    kinds = []
    for i in range(title):
        view = lines[i].view
        if words.metadata.match(view):
            kinds.append("metadata")
        elif (
            not (i and _ABSTRACT.match(lines[i - 1].view))
            and len(view) < 90
            and _TITLE.search(view)
            and not lines[i].chrome
        ):
            kinds.append("page_title")
        else:
            kinds.append("front_chrome")
    _split_page_title(lines, kinds, start, words)
    for i in range(len(kinds), start):
        view = lines[i].view
        if words.metadata.match(view):
            kinds.append("metadata")
        else:
            kinds.append("front_chrome" if lines[i].chrome else "title_block")
    return start, kinds


def _body_start(lines: list[Line], words: SiteWords, config: CleaningConfig) -> int:
    limit = min(len(lines), max(_HEAD_LINES, int(len(lines) * _HEAD_SHARE)))
    salutation = _salutation(lines[:limit])
    if salutation is not None:
        return salutation
    for i in range(limit):
        view = lines[i].view
        if i and _ABSTRACT.match(lines[i - 1].view):
            continue
        if _TOP_HEADING.match(view) and not lines[i].chrome and len(view) < 200:
            return i
        if lines[i].prose and not words.metadata.match(view) and not _is_title_prose(view):
            return i
    return 0


def _salutation(lines: list[Line]) -> int | None:
    """Index of the line that addresses the deputies, or of the contents list above it.

    An editor's note may stand above, a few lines of prose; below them only an address on a line of its own, or with the
    opening formula, counts, since a report addresses the deputies again and again.
    """
    prose = 0
    for i, line in enumerate(lines):
        if i and _ABSTRACT.match(lines[i - 1].view):
            continue
        if _CONTENTS.match(line.view):
            return i
        if _SALUTATION.match(line.view) and (not prose or len(line.view) <= _ADDRESS or _OPENING.search(line.view)):
            return i
        if _TOP_HEADING.match(line.view) and not line.chrome:
            return None
        prose += line.prose and len(line.view) > 2 * _ADDRESS
        if prose > _EDITORS_LINES:
            return None
    return None


def _is_title_prose(view: str) -> bool:
    """A long line that still is a title: meeting and speaker in one line."""
    return len(view) < 90 and bool(_MEETING.search(view)) and bool(re.search(r"报告[。]?$|讲话$|会议上?$", view))


def _belongs_to_title(lines: list[Line], i: int, words: SiteWords) -> bool:
    line = lines[i]
    view = line.view
    if i and _ABSTRACT.match(lines[i - 1].view):
        return False
    if _is_title_like(view):
        return True
    if words.metadata.match(view) or line.chrome:
        # A source or a photographer named between title and salutation.
        return (
            i > 0
            and len(view) < 60
            and i + 1 < len(lines)
            and _is_title_like(lines[i - 1].view)
            and bool(re.match(r"来源|稿源", view) or re.search(r"记者.*摄$|报告。.*摄$", view))
        )
    return len(view) <= 40 and not _NOT_NAME.search(view)


def _is_title_like(view: str) -> bool:
    if len(view) > 90 or "。" in view[:-1] or _EDITOR.match(view):
        return False
    compact = view.replace(" ", "")
    return bool(
        _TITLE.search(compact)
        or _MEETING.search(compact)
        or _DATE.match(compact)
        or (len(compact) < 40 and _SPEAKER.search(compact) and not _NOT_NAME.search(compact))
    )


def _split_page_title(lines: list[Line], kinds: list[str], start: int, words: SiteWords) -> None:
    """The page's title may stand directly on the title block: of two titles the first, dated one is the page's."""
    block = [i for i in range(len(kinds), start) if not words.metadata.match(lines[i].view)][:2]
    views = [lines[i].view.replace(" ", "") for i in block]
    both = len(views) == 2 and all(_TITLE.search(view) and not _MEETING.search(view) for view in views)
    if both and block[0] == len(kinds) and re.search(r"\d{3}年", views[0]):
        kinds.append("page_title")


def _mark_contents(lines: list[Line], kinds: list[str], start: int) -> None:
    """A contents list ends where its first entry comes again."""
    if start >= len(lines) or not _CONTENTS.match(lines[start].view):
        return
    first = next((i for i in range(start + 1, len(lines)) if kinds[i] == "body"), None)
    if first is None:
        return
    entry = _entry(lines[first].view)
    again = next((i for i in range(first + 1, len(lines)) if _entry(lines[i].view) == entry), None)
    if again is not None:
        kinds[start:again] = ["contents"] * (again - start)


def _entry(view: str) -> str:
    return _PAGE_NUMBER.sub("", view.replace(" ", "")).rstrip(".·…")


def _mark_inner_chrome(lines: list[Line], kinds: list[str], words: SiteWords) -> None:
    """Captions and credits within the report, and what its pages have at their head or foot."""
    at_pages = _at_pages(lines, kinds)
    for i, kind in enumerate(kinds):
        view = lines[i].view
        if kind != "body" or len(view) >= 60:
            continue
        if _holds_chrome(view, words) or view in at_pages or words.inner_line.fullmatch(view):
            kinds[i] = "front_chrome" if i < len(kinds) // 2 else "tail_chrome"


def _at_pages(lines: list[Line], kinds: list[str]) -> set[str]:
    """Short lines that come again and again amid prose, as the running title of a printed page does."""
    counts: Counter[str] = Counter()
    between: Counter[str] = Counter()
    for before, line, after, kind in zip(lines, lines[1:], lines[2:], kinds[1:], strict=False):
        amid = kind == "body" and before.prose and after.prose
        if amid and 3 < len(line.view) < _RUNNING_TITLE and not _NO_RUNNING_TITLE.search(line.view):
            counts[line.view] += 1
            between[line.view] += before.view[-1] in SENTENCE_END and after.view[0] not in _GOES_ON
    # A link to an article stands on a line of its own as well, but always within a sentence.
    return {view for view, count in counts.items() if count >= _LEAST_PAGES and 2 * between[view] >= count}


def _mark_copies(lines: list[Line], kinds: list[str], words: SiteWords, config: CleaningConfig) -> None:
    """A page may print the whole report again; lines are the same by how they begin, since one copy may be torn."""
    seen: dict[str, int] = {}
    again: list[int] = []
    long = [i for i, kind in enumerate(kinds) if kind == "body" and len(lines[i].view) >= config.prose_length]
    for i in long:
        key, size = lines[i].view[:_SAME_START], len(lines[i].view)
        # A line that says much more than the first one with its beginning, as a title does, is no copy.
        if size <= _AS_LONG * seen.get(key, 0):
            again.append(i)
        seen[key] = max(size, seen.get(key, 0))
    if not again:
        return
    copied = {lines[i].view[:_SAME_START] for i in again}
    first, last = again[0], again[-1]
    # A copy that was cut off soon after its opening.
    opens = _OPENING.search(lines[first].view) is not None
    if len(copied) < _LEAST_COPIED and not (opens and again == [i for i in long if i >= first]):
        return
    if len(again) < config.copy_share * sum(1 for i in long if first <= i <= last):
        return
    # The copy begins with its own page's head, behind what the first copy ends with.
    end_of_first = max(i for i in long if i < first and lines[i].view[:_SAME_START] in copied)
    first = next((i for i in range(end_of_first + 1, first) if not lines[i].prose), first)
    while last + 1 < len(kinds) and kinds[last + 1] == "body" and not lines[last + 1].prose:
        last += 1
    kinds[first : last + 1] = ["repeated_copy"] * (last + 1 - first)


def _mark_notes(lines: list[Line], kinds: list[str], words: SiteWords) -> None:
    body = [i for i, kind in enumerate(kinds) if kind == "body"]
    if not body:
        return
    first = _notes_heading(lines, body, words)
    if first is None:
        first = _unheaded_notes(lines, body)
    if first is not None:
        while first - 1 in body and _ANNEX.match(lines[first - 1].view):
            first -= 1
        for i in body:
            if i >= first:
                kinds[i] = "notes"


def _notes_heading(lines: list[Line], body: list[int], words: SiteWords) -> int | None:
    """Index of a heading of notes in the second half of the text, followed by short numbered entries."""
    for place, i in enumerate(body):
        if place < len(body) * 0.3:
            continue
        view = lines[i].view.replace(" ", "")
        if len(view) < 30 and words.notes_heading.fullmatch(view):
            following = [lines[j].view for j in body[place + 1 : place + 4]]
            if any(_NOTE.match(entry) or _NOTE_SENSE.search(entry[:40]) for entry in following):
                return i
    return None


def _unheaded_notes(lines: list[Line], body: list[int]) -> int | None:
    """Index of the first of numbered notes that end the text without a heading: 1, 2, 3 … up to the last lines."""
    numbered = [(place, i, _note_number(lines[i].view)) for place, i in enumerate(body)]
    starts = [(place, i) for place, i, number in numbered if number == 1 and place > len(body) * 0.3]
    if not starts:
        return None
    place, i = starts[-1]
    entries = [(p, n) for p, _, n in numbered if p >= place and n is not None]
    rising = sum(1 for (_, a), (_, b) in pairwise(entries) if b == a + 1)
    lines_in = len(body) - place
    with_sense = sum(1 for p, _ in entries if _NOTE_SENSE.search(lines[body[p]].view[:40]))
    if (
        len(entries) >= 3
        and rising >= 0.8 * (len(entries) - 1)
        and len(entries) >= 0.6 * lines_in
        and with_sense >= 0.7 * len(entries)
    ):
        return i
    return None


def _note_number(view: str) -> int | None:
    match = _NOTE.match(view)
    if not match:
        return None
    mark = match[1]
    return int(mark) if mark.isdecimal() else ord(mark) - ord("①") + 1


def _is_prose(view: str, words: SiteWords, config: CleaningConfig) -> bool:
    if len(view) > _LONG:
        return True
    return (
        len(view) >= config.prose_length
        and (len(view) > 80 or _PROSE_SIGN.search(view) is not None)
        and "://" not in view
        and not (":" in view and words.metadata.match(view))
        and not (view.count(":") >= 2 and len(words.metadata_pair.findall(view)) >= 2)
    )


def _holds_chrome(view: str, words: SiteWords) -> bool:
    if words.chrome_inside.search(view):
        return True
    return ("摄" in view or "图" in view) and words.caption.search(view) is not None


def _is_chrome(view: str, words: SiteWords) -> bool:
    if len(view) > _LONG:
        return False
    if words.chrome_start.match(view):
        return True
    if len(view) <= 120 and _holds_chrome(view, words):
        return True
    return len(view) <= 60 and words.chrome_line.fullmatch(view) is not None
