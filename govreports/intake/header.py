"""What stands above a document: page title, title block, metadata.

Belongs here: folding a page for reading, finding where the document begins, and the fields that its head states. Does not
belong here: which year or place follows from them (`govreports.intake.periods`, `govreports.intake.place`), cleaning (this
reading is a light one: it only looks, and decides about no character).
"""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from govreports.intake.dates import DAY, day_value, find_days
from govreports.intake.words import words
from govreports.text.convert import is_traditional, to_simplified
from govreports.text.digits import letters_in_numbers, split_years
from govreports.text.escapes import unicode_escapes
from govreports.text.gloss import strip_glosses
from govreports.text.hanzi import BLANK, BLANKS, HAN, SENTENCE_END, fold_width
from govreports.text.html import character, page_title, visible_text
from govreports.text.markdown import markdown_signs
from govreports.text.marks import find_marks
from govreports.text.spacing import invisible_characters, spacing_blanks
from govreports.text.spans import cut, exchange
from govreports.text.wrapping import wrapped_line_ends

_HEAD = 12_000  # characters in which a body begins
_OPENING_REACH = 60
_TAIL = 4_000
_LONG = 90  # a longer line is no line of a title block
_HEADER_END = re.compile(r"^正文[:：]?$", re.MULTILINE)
_LOST_HEAD = 300  # characters of a line that no head has, and in which a head stands that lost its lines
_PIECES = re.compile(
    r"\s{2,}|\u3000+|(?<=报告)(?=[—(（]|\d{4}年)|(?<=纲要)(?=[(（])|(?<=会议上)(?![)）])|(?<=会议上[)）])"
)
_LEAST_WRAPPED = 40
_WRAP = re.compile(rf"(?<![{SENTENCE_END}:：])\n(?![一二三四五六七八九十]{{1,2}}、|[(（][一二三四五六七八九十])")
_ESCAPES = re.compile(r"\\{1,2}(?:r\\{1,2}n|r|n)")
_MARKUP = re.compile(r"<(?:br|p|div|span|td|/p|/div)\b[^<>]{0,300}>", re.IGNORECASE)
_LEAST_MARKUP = 3
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});?")
_BLANK_LINES = re.compile(r"\n\s*\n")
_QUESTION_BLANKS = re.compile(r"\?{2,}")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％．]")
_BLANKS = re.compile(f"[{BLANK}]+")
_NO_ABSTRACT = re.compile(r"(?:\.{3,}|…)\s*$")
_OPENING = re.compile(r"我(?:受[^。\n]{2,40}?委托|谨?代表)[^。\n]{1,50}?(?:报告|大会|审议)|根据会议安排")
_SALUTATION = re.compile(
    r"(?:尊敬的)?(?:主席团?、?)?(?:各位|诸位)(?:人大)?(?:代表|委员|领导|同志|来宾)[^。\n]{0,20}?[:：,，!！\s]|同志们[:：,，!！]|代表们[:：,，!！]"
)
_BODY_LINE = re.compile(
    r"目\s*[录次][:：]?$|[一1][、.．]|\(一\)|（一）|第[一1][章节部分篇编]|前\s*言|"
    rf"{'(?:19|20)[0-9]{2}'}年(?:的|主要)?(?:工作)?(?:回顾|情况)|过去(?:一年|五年)[^,，。]{{0,12}}回顾$"
)
_TITLE_OF_BLOCK = re.compile(
    r"^[-—―–－ ]*(?:关于.{2,40}的(?:报告|说明)|[^。]{0,40}(?:工作报告|纲要|规划|计划|公报|总结))"
)
_ORDINAL = "第?[一二三四五六七八九十]{1,3}"
_BRACKETED = r"(?:\([^)]*\)|（[^）]*）)"
_MEETING_NAME = (
    rf"[{HAN}]{{0,24}}?{_ORDINAL}届(?:人民代表大会|人大)(?:常务?委员?会)?{_ORDINAL}次(?:全体)?{_BRACKETED}?会议"
)
_MEETING = re.compile(rf"(?:在|于|召开的|日|^|[,，。:：\s])(?P<meeting>{_MEETING_NAME})")
_DECISIONS = re.compile("完成|实现|贯彻|落实|执行|实施|了|自(?!治)")
_MEETING_LIKE = re.compile(r"代表大会|人代会|人大.{0,10}会议|次会议|^\D{0,6}在.{2,30}(?:会议|大会)上")
_OFFICE = (
    r"(?:人民政府|政府|管理?委员?会|行政公署|行署)?(?:党组书记、|党组副书记、)?(?:代理?|常务)?副?"
    r"(?:省长|市长|县长|区长|州长|旗长|盟长|镇长|乡长|专员|主任|主席)"
)
_NAME = rf"(?:[{HAN}]{{1,7}}·[{HAN}]{{1,7}}(?:·[{HAN}]{{1,7}})?|[{HAN}](?: ?[{HAN}]){{1,3}})"
_SPEAKER = re.compile(
    rf"{_OFFICE}[ :：?]*(?P<name>{_NAME})(?=$|[ 　]*(?:同志|在|作|的|[(（—\-]|\d|各位|代表|$))|{_OFFICE} *(?P<name2>{_NAME})$"
)
_SPEAKER_BEFORE = re.compile(
    rf"(?:^|日|[ —\-])(?P<name>[{HAN}]{{2,3}})(?:代理?)?(?:省长|市长|县长|区长|州长|旗长|主席|盟长)(?=在|同志|作|$)"
)
_DATED_NAME = re.compile(rf"日 ?(?P<name>{_NAME})[)）]?$")
_FILE_SPEAKER = re.compile(rf"{_OFFICE}(?P<name>[{HAN}]{{2,4}}?)(?:同志)?在")
_NO_NAME = re.compile(r"^在|政府|人民|工作|报告|会议|代表|各位|大会|关于|主任|秘书|部门|单位|记者")
_CAPTION = re.compile(r"摄$|记者|资料图")
_BLOCK_DATE = re.compile(rf"^[(（—\- ]*{DAY.pattern}[^。，]{{0,12}}[)）]?$")
_TAGS = re.compile(r"^(?:\[[^\]]{1,12}\]|【[^】]{1,12}】|资料[:：]|\d{1,2}[.、]) *")
_SITE = re.compile(r"\s*[_|｜\-—–－]+\s*[^_|｜]{2,30}(?:网|政府|门户|频道|栏|公开|百科|文库|平台|网站|论坛)?$")
# Bytes of 省)2 in GBK, read one out of step: what is left of a province's name in brackets before a year.
_TORN_PROVINCE = re.compile(rf"(?<=[(（])([{HAN}]{{2,3}})\?。\?(?=0\d\d ?年)")
_DOCUMENT_NUMBER = re.compile(rf"^[{HAN}]{{1,12}}[〔\[【(（]\d{{4}}[〕\]】)）]\d{{1,4}}号$")
_STAMP = re.compile(rf"^[\[(（]?{DAY.pattern}(?:\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?[\])）]?(?=$|\s)")
_VALUE_END = re.compile(r"\s{2,}|\t|[|｜]")


@dataclass(frozen=True)
class Page:
    """A text folded for reading: simplified, half-width, without glosses, escapes and markup.

    `title`: what an HTML page's head gives. `head`: the lines above the document. `block`: those of them that are its title
    block. `body`: all from where the document begins, the page's end included. `opened`: whether a speaker opens it.
    """

    title: str | None
    head: tuple[str, ...]
    block: tuple[str, ...]
    body: str
    opened: bool

    @property
    def around(self) -> str:
        """The page's lines above the title block and at its end."""
        above = self.head[: len(self.head) - len(self.block)] if self.block else self.head
        return "\n".join([*above, self.body[-_TAIL:] if len(self.body) > 2 * _TAIL else ""])


@dataclass(frozen=True)
class Header:
    """The fields that the head of a page states, null where it does not."""

    title: str | None = None
    delivered_on: date | None = None
    meeting: str | None = None
    speaker: str | None = None
    publisher: str | None = None
    published_on: date | None = None
    document_number: str | None = None
    index_number: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


def fold_page(text: str, media_type: str = "text/plain") -> str:
    """The text as intake reads it: visible, simplified, half-width digits and letters, one `\\n` between lines."""
    text = exchange(text, unicode_escapes(text))
    has_markup = media_type == "text/html" or ("<" in text and len(_MARKUP.findall(text)) >= _LEAST_MARKUP)
    out = visible_text(text) if has_markup else text
    if "\\r" in out or "\\n" in out:
        out = _ESCAPES.sub("\n", out)
    if "&" in out:
        out = _ENTITY.sub(lambda match: character(match[0]), out)
    if "??" in out:
        out = _QUESTION_BLANKS.sub(" ", out)
    if "\r" in out:
        out = out.replace("\r\n", "\n").replace("\r", "\n")
    for find in (invisible_characters, markdown_signs, find_marks, spacing_blanks, wrapped_line_ends):
        out = cut(out, find(out))
    if "\n\n" in out or "\n " in out or "\n\t" in out:
        out = _BLANK_LINES.sub("\n", out)
    out = strip_glosses(out)
    if is_traditional(out):
        out = to_simplified(out)
    if _WIDE.search(out):
        out = fold_width(out)
    for mend in (letters_in_numbers, split_years):
        out = exchange(out, mend(out))
    return out


def open_page(text: str, media_type: str = "text/plain") -> Page:
    """Fold a decoded text and find where the document begins."""
    folded = fold_page(text, media_type)
    title = page_title(text) if media_type == "text/html" else None
    start, opened = _body_start(folded)
    head = _head_lines(folded, start)
    if title:
        title = to_simplified(strip_glosses(title))
    return Page(title, head, _title_block(head), _unwrap(folded[start:]), opened)


def _head_lines(text: str, start: int) -> tuple[str, ...]:
    """The lines above the document. Of a text whose lines are lost, the pieces that blanks and the title part."""
    above = text[:start] or text[:_LOST_HEAD]
    if not start and len(text.split("\n", 1)[0]) < _LOST_HEAD:
        return ()
    pieces = []
    for line in above.split("\n"):
        found = [line] if len(line) <= _LONG else _PIECES.split(line[-_LOST_HEAD:] if start else line)
        pieces += [view for piece in found if (view := _BLANKS.sub(" ", piece).strip())]
    return tuple(pieces)


def _unwrap(body: str) -> str:
    """The body with its lines joined where most of them break within a sentence, as texts wrapped to a width do."""
    lines = [line.rstrip(BLANKS) for line in body.split("\n")]
    within = sum(len(line) for line in lines if line and line[-1] not in SENTENCE_END + ":：")
    stops = body.count("，") + body.count(",") + body.count("。")
    if len(lines) < _LEAST_WRAPPED or within < 0.6 * len(body) or stops < 0.3 * len(lines):
        return body
    return _WRAP.sub("", body)


def read_header(page: Page, source_file: str = "") -> Header:
    """The fields of a page's head; meeting, speaker and day of delivery also from the file's name where the head is silent."""
    stem = PurePosixPath(source_file).name.split(".")[0]
    metadata = _metadata(page)
    title = _title(page, metadata)
    compact = "".join(page.block).replace(" ", "")
    texts = [compact, (metadata.get("title") or "").replace(" ", ""), (page.title or "").replace(" ", "")]
    opening = "" if page.opened else page.body[:500]
    meeting = next((found for text in (*texts, opening, stem) if (found := _find_meeting(text))), None)
    days = (_find_delivery(text, text is compact) for text in (compact, *texts[1:], stem))
    return Header(
        title=title,
        delivered_on=next(filter(None, days), None),
        meeting=meeting,
        speaker=_speaker(page, metadata, stem),
        publisher=metadata.get("publisher"),
        published_on=_published_on(page, metadata),
        document_number=metadata.get("document_number") or _number_in(page.head),
        index_number=metadata.get("index_number"),
        metadata=metadata,
    )


# -- where the document begins --------------------


def _body_start(text: str) -> tuple[int, bool]:
    """Offset of the document's first line, and whether a speaker opens it."""
    head = text[:_HEAD]
    for match in _OPENING.finditer(head):
        if _is_abstract(text, match.start()):
            continue
        before = max(0, match.start() - _OPENING_REACH)
        found = _SALUTATION.finditer(text, before, match.start() + 1)
        address = next((near for near in found if not _is_abstract(text, near.start())), None)
        return (address.start() if address else _line_start(text, match.start())), True
    for match in _SALUTATION.finditer(head):
        line_end = text.find("\n", match.end() - 1)
        alone = (line_end if line_end >= 0 else len(text)) - match.start() < 40
        if alone and not _is_abstract(text, match.start()) and match.start() == _text_start(text, match.start()):
            return match.start(), True
    return _first_prose(head), False


def _first_prose(head: str) -> int:
    at = 0
    for line in head.split("\n"):
        view = line.strip(BLANKS)
        if view and (_BODY_LINE.match(view) or _is_prose(view)) and not _is_label(view):
            return at
        at += len(line) + 1
    return 0 if len(head) < _HEAD else at - 1 - len(line)


def _is_prose(view: str) -> bool:
    return (
        len(view) > 60
        and ("。" in view or "；" in view or view.count("，") + view.count(",") > 2)
        and not _NO_ABSTRACT.search(view)
    )


def _is_label(view: str) -> bool:
    return words().label.match(view) is not None and len(view) < 200


def _is_abstract(text: str, at: int) -> bool:
    """Whether a place is within a page's abstract, which repeats the opening and breaks off."""
    end = text.find("\n", at)
    start = _line_start(text, at)
    line = text[start : end if end >= 0 else len(text)]
    return _NO_ABSTRACT.search(line) is not None or "内容摘要" in text[max(0, start - 12) : start]


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _text_start(text: str, at: int) -> int:
    """Offset of the first character of a line that is no blank."""
    start = _line_start(text, at)
    while start < at and text[start] in BLANKS:
        start += 1
    return start


def _title_block(head: tuple[str, ...]) -> tuple[str, ...]:
    """The lines just above the document that name title, meeting, speaker and day."""
    start = len(head)
    while start and _may_stand_in_block(head[start - 1]):
        start -= 1
    while start < len(head) and not _is_title_like(head[start]):
        start += 1
    return tuple(line for line in head[start:] if not _CAPTION.search(line) and not line.startswith(("来源", "稿源")))


def _may_stand_in_block(line: str) -> bool:
    if line.startswith(("来源", "稿源")) and len(line) < 40:
        return True
    if len(line) > _LONG or _is_label(line):
        return False
    if _is_title_like(line):
        return True
    return (len(line) <= 40 and not words()["page_line"].search(line)) or _CAPTION.search(line) is not None


def _is_title_like(line: str) -> bool:
    compact = line.replace(" ", "")
    if len(compact) > _LONG or words()["page_line"].search(line):
        return bool(_MEETING_LIKE.search(compact)) and len(compact) <= _LONG
    return bool(
        words()["title"].search(compact)
        or _MEETING_LIKE.search(compact)
        or _BLOCK_DATE.match(line)
        or _SPEAKER.search(line)
        or _DOCUMENT_NUMBER.match(compact)
    )


# -- fields --------------------


def _metadata(page: Page) -> dict[str, str]:
    """Fields from lines of label and value, above the text and at the page's end; earlier labels of a field win."""
    values: dict[str, str] = {}
    lines = list(page.head) + page.body[-_TAIL:].split("\n")[-60:]
    for i, line in enumerate(lines):
        if len(line) > 300:
            continue
        for label, value in _pairs(line):
            if not value and line.rstrip().endswith((":", "：")) and i + 1 < len(lines):
                following = _BLANKS.sub(" ", lines[i + 1]).strip()
                value = following if len(following) < 60 and not _is_label(following) else ""
            if value:
                values.setdefault(label, value)
    fields = {name: [values[label] for label in labels if label in values] for name, labels in words().labels.items()}
    return {name: found[0] for name, found in fields.items() if found and name != "other"}


def _pairs(line: str) -> list[tuple[str, str]]:
    found = list(words().label.finditer(line))
    if not found:
        return []
    ends = [match.start() for match in found[1:]] + [len(line)]
    return [
        (match[1], _VALUE_END.split(line[match.end() : end].strip(BLANKS + "[]【】"))[0].strip(BLANKS))
        for match, end in zip(found, ends, strict=True)
    ]


def _title(page: Page, metadata: dict[str, str]) -> str | None:
    """The page's title, else the title block's."""
    above = page.head[: len(page.head) - len(page.block)] if page.block else page.head
    named = [_clean_title(line) for line in above if _names_document(line)]
    in_block = _block_title(page.block)
    stated = [_clean_title(metadata["title"])] if "title" in metadata else []
    of_page = [_clean_title(_SITE.sub("", page.title))] if page.title and words()["title"].search(page.title) else []
    candidates = [*named, *([in_block] if in_block else []), *stated, *of_page]
    telling = [title for title in candidates if re.search(r"\d{4}年|[省市县区州旗盟]", title)]
    return next(iter(telling or candidates), None)


def _names_document(line: str) -> bool:
    compact = line.replace(" ", "")
    if len(compact) > _LONG or _is_label(line) or "。" in compact.replace("?。?", "") or _NO_ABSTRACT.search(line):
        return False
    if re.search(r"[>»]|查阅|更多|首页|(?<![工合协焦])作[^，。]{0,14}报告$", compact) or compact in (
        "工作报告",
        "政府工作报告",
    ):
        return False
    return words()["title"].search(compact) is not None


def _clean_title(line: str) -> str:
    line = _TORN_PROVINCE.sub(r"\1省)2", line)
    line = _TAGS.sub("", line.strip())
    if re.fullmatch(rf"(?:[{HAN}] )+[{HAN}]", line):
        return line.replace(" ", "")
    return line


def _block_title(block: tuple[str, ...]) -> str | None:
    """The title in the block: its first lines up to the one that ends it."""
    parts: list[str] = []
    for line in block:
        compact = line.replace(" ", "")
        if _MEETING_LIKE.search(compact) and not words()["title"].search(compact):
            break
        parts.append(_clean_title(line) if re.search(r"\d", line) else compact)
        if re.search(r"(?:报告|纲要|规划|计划|公报|总结)(?:[(（].{1,12}[)）])?$", compact):
            return "".join(parts)
        if len(parts) > 4:
            break
    match = _TITLE_OF_BLOCK.match(block[0]) if block and "。" not in block[0] else None
    return match[0].strip(" -—―") if match else None


def _find_meeting(text: str) -> str | None:
    """The meeting that a text says it is for, not one whose decisions it speaks of."""
    for match in _MEETING.finditer(text):
        name = re.sub(r"^.*(?:关于|作|召开的|报告|在)(?=.{2})", "", match["meeting"])
        if not _DECISIONS.search(name) and not text.startswith(("确定", "以来", "提出"), match.end()):
            return name
    return None


def _find_delivery(text: str, in_block: bool) -> date | None:
    """The day that a title block states; in other texts only a day that a meeting follows."""
    for match in DAY.finditer(text):
        near = text[match.end() : match.end() + 50]
        if in_block or re.match(r"[^。]{0,20}在.{2,40}(?:会|大会)", near) or re.match(r"[)）]|$", near):
            found = day_value(match)
            if found:
                return found
    return None


def _speaker(page: Page, metadata: dict[str, str], stem: str) -> str | None:
    lines = [line for line in page.block if not _CAPTION.search(line)]
    joined = "".join(lines).replace(" ", "")
    for line in [*lines, joined]:
        for pattern in (_SPEAKER, _SPEAKER_BEFORE, _DATED_NAME):
            for match in pattern.finditer(line):
                name = next(value for value in match.groupdict().values() if value).replace(" ", "")
                name = name.removesuffix("同志")
                if not _NO_NAME.search(name):
                    return name
    stated = metadata.get("speaker", "").split(" ")[-1]
    if stated and not _NO_NAME.search(stated) and re.fullmatch(rf"[{HAN}·]{{2,12}}", stated):
        return stated
    in_name = _FILE_SPEAKER.search(stem)
    return in_name["name"] if in_name else None


def _published_on(page: Page, metadata: dict[str, str]) -> date | None:
    """The page's day: a labelled one, else a line with nothing but a day; what a hand-written head says comes last."""
    by_hand = any(_HEADER_END.match(line) for line in page.head)
    above = page.head[: len(page.head) - len(page.block)] if page.block else page.head
    stamps = [day for line in above if (match := _STAMP.match(line)) and (day := day_value(match))]
    labelled = find_days(metadata.get("published_on", ""))
    ordered = [*stamps, *labelled] if by_hand else [*labelled, *stamps]
    return ordered[0] if ordered else None


def _number_in(head: tuple[str, ...]) -> str | None:
    return next((compact for line in head if _DOCUMENT_NUMBER.match(compact := line.replace(" ", ""))), None)
