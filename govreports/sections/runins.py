"""Headings that open a paragraph without a number, or stand within one: 产业转型步伐加快。…

Belongs here: telling such headings from the first sentences of running text, also where the full stop between was lost. Does not
belong here: numbered headings and headings on a line of their own (`headings`).

No single sentence is sure. What decides is company: paragraphs in a row that open alike, or a heading above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from govreports.sections.headings import COLON, LONGEST_LINE, LONGEST_RUN_IN, MIDDLE, RUN_IN, Mark, first_clause
from govreports.sections.lines import Line
from govreports.sections.numbering import STRONG, WEAK, read_number
from govreports.sections.passages import passage_role
from govreports.sections.words import Words, words

_LONGEST = 36
_LONGEST_COLON = 22
_LONGEST_ALONE = 16
_LEAST_BODY = 14
_PARAGRAPH = 20  # a line that is no longer opens nothing
_NEAR = 6  # titles are of like length when they differ by no more
_SIBLING = 1  # headings of one paragraph are siblings of the one that opens it when they differ in length by no more
_ANNOUNCING = 2
_SAME_START, _SAME_END = 4, 3
_SAME_WORDS, _LEAST_SPEAKING = 3, 3
_COMPANY = 2  # so many others alike keep a doubtful one
_PREFIX = 2  # so many same characters at the start make titles parallel
_SHARED, _SHARED_PART = 2, 0.25  # or so many at the same places, and such a part of them
_MANY, _WEAK_PART = 3, 0.2  # or a smaller part, of so many titles
_LEAST_LOST = 6
_LOSSY, _CLOSING = 2, "。:!：！"  # so many headings without their stop make a text one that lost them
_LEAST_GLUED = 3
_LEAST_SENTENCE = 6  # so many characters what follows a lost stop has before its first comma
_UP_TO_STOP = re.compile(r"[^。;!?]*")
_UP_TO_COMMA = re.compile(r"[^,、。;:!?]*")
_OPENED, _CLOSED = "“《(「『", "”》)」』"
_GROWTH = "发展"
_PREPOSITIONS = "与对在从把将向为以由按和及"
_SENTENCE = re.compile(r"(?<=[。!;])[^。!?;]+")
_MIDDLE_TITLE = re.compile(r"[^,、:\d\s]{3,13}")
_SHORT_MIDDLE, _LONGEST_LONE = 5, 10
_LEAST_WITHIN = 80
_LOST_FROM, _LOST_TO, _AHEAD = 4, 24, 12
_NEIGHBOURS = 4
_ADDRESS = re.compile(r"各位代表|同志们")
_ROW = 8  # lines
_NO_START = "的地得和与及了、,。"


@dataclass(slots=True)
class _Opening:
    """The first sentence of a paragraph. `formed`: it begins or ends as headings do; `prose`: it opens as running text does;
    `doubtful`: it is long or states something, so that only several paragraphs that open alike make it a heading.
    """

    line: int
    title: str
    closing: str
    formed: bool
    verb: bool
    prose: bool
    doubtful: bool


def read_run_ins(text: str, lines: Sequence[Line], marks: list[Mark], skipped: set[int]) -> list[Mark]:
    """Headings that open paragraphs, for lines that hold no heading yet, and those within paragraphs."""
    lists = words()
    taken = {m.line: m for m in marks}
    dashed = _without_dash(text, lines, taken, skipped, lists)
    taken |= {m.line: m for m in dashed}
    runs = [(run, _of_run(text, lines, run, taken.get(run[0] - 1), lists)) for run in _runs(lines, taken, skipped)]
    labels = Counter(mark.title for _, found in runs for mark in found if mark.style == COLON)
    runs = [(run, [m for m in found if labels[m.title] <= _COMPANY]) for run, found in runs]
    out = [mark for _, found in runs for mark in found] + dashed
    titles = [m.title for m in out if m.style == RUN_IN]
    for run, found in runs:
        out += _without_stop(text, lines, run, found, _is_line(taken.get(run[0] - 1)), titles, lists)
    opened = {m.line: m for m in out} | {m.line: m for m in marks}
    lost = [m for m in opened.values() if m.inline and m.end < lines[m.line].end and text[m.end - 1] not in _CLOSING]
    lossy = len(lost) >= _LOSSY
    behind = _behind_numbered(text, lines, opened, lists)
    taken_starts = {m.start for m in behind}
    out += behind + [m for m in _within(text, lines, opened, lossy, lists) if m.start not in taken_starts]
    return out


def _without_dash(
    text: str, lines: Sequence[Line], taken: dict[int, Mark], skipped: set[int], lists: Words
) -> list[Mark]:
    """Headings of a row of dashes that lost theirs: they begin as the one above and the one below do."""
    out = []
    for i in range(1, len(lines) - 1):
        above, below = taken.get(i - 1), taken.get(i + 1)
        if i in taken or i in skipped or above is None or below is None or not above.style == below.style == "dash":
            continue
        opening = _opening(lines, i, lists)
        if opening and len({title[:_SAME_START] for title in (above.title, opening.title, below.title)}) == 1:
            mark = _mark(text, lines[i], opening)
            mark.style = "dash"
            out.append(mark)
    return out


def _runs(lines: Sequence[Line], taken: dict[int, Mark], skipped: set[int]) -> list[list[int]]:
    """Paragraphs between two headings."""
    runs: list[list[int]] = [[]]
    for i, line in enumerate(lines):
        if i in taken or i in skipped:
            if runs[-1]:
                runs.append([])
        elif len(line.view) > _PARAGRAPH:
            runs[-1].append(i)
    return [run for run in runs if run]


def _of_run(text: str, lines: Sequence[Line], run: list[int], above: Mark | None, lists: Words) -> list[Mark]:
    openings = {i: o for i in run if (o := _opening(lines, i, lists))}
    heads = Counter(form for o in openings.values() for form in _forms(o.title))
    speaking = _speaking(run, openings)
    kept = []
    for at, i in enumerate(run):
        opening = openings.get(i)
        if opening is None:
            continue
        around = [openings[j] for j in run[max(0, at - 2) : at + 3] if j != i and j in openings]
        near = [o for o in around if o.closing == opening.closing]
        if opening.prose and not opening.doubtful and i in speaking:
            fits = True
        elif opening.doubtful:
            fits = any(heads[form] > _COMPANY for form in _forms(opening.title))
        else:
            fits = _is_run_in(opening, near, at == 0 and _is_line(above), len(run) == 1, above)
        if fits:
            kept.append(opening)
    return [_mark(text, lines[o.line], o) for o in kept + _between(lines, run, openings, {o.line for o in kept})]


def _speaking(run: list[int], openings: dict[int, _Opening]) -> set[int]:
    """Paragraphs in a row that begin with the same words, however prose-like: 我们要加快…。 我们要建设…。"""
    out: set[int] = set()
    row: list[int] = []
    for i in [*run, -1]:
        opening = openings.get(i)
        start = opening.title[:_SAME_WORDS] if opening and opening.closing == "。" else ""
        if row and start != openings[row[-1]].title[:_SAME_WORDS]:
            out |= set(row) if len(row) >= _LEAST_SPEAKING else set()
            row = []
        if start:
            row.append(i)
    return out


def _between(lines: Sequence[Line], run: list[int], openings: dict[int, _Opening], kept: set[int]) -> list[_Opening]:
    """Openings of a heading's form between two paragraphs that have headings; none that turns to another matter."""
    out = []
    for before, i, after in zip(run, run[1:], run[2:], strict=False):
        opening = openings.get(i)
        if opening is None or i in kept or opening.prose or opening.doubtful or not opening.formed:
            continue
        beside = all(j in kept and openings[j].closing == opening.closing == "。" for j in (before, after))
        if beside and not passage_role(lines[i].view):
            out.append(opening)
    return out


def _is_line(above: Mark | None) -> bool:
    """Whether a run of paragraphs stands below a heading on a line of its own."""
    return above is not None and not above.inline


def _forms(title: str) -> tuple[str, str]:
    """What titles that are made alike share: a long start, or a short one and the end (这是…的一年)."""
    return title[:_SAME_START], title[:_PREFIX] + "…" + title[-_SAME_END:]


def _is_run_in(opening: _Opening, near: list[_Opening], first: bool, lonely: bool, above: Mark | None) -> bool:
    alike = [o for o in near if abs(len(o.title) - len(opening.title)) <= _NEAR]
    parallel = [o for o in alike if o.title[:_SAME_START] == opening.title[:_SAME_START]]
    if opening.prose:
        return bool(parallel)
    if opening.closing == ":":
        return bool(near) or (above is not None and opening.title in above.title)
    if parallel or any(len(o.title) == len(opening.title) and _shared(o.title, opening.title) for o in alike):
        return True
    if opening.formed:
        alone = len(opening.title) <= _LONGEST_ALONE and "," not in opening.title
        return bool(alike) or (alone and not (first and lonely and opening.verb))
    if first:
        return sum(1 for o in alike if len(o.title) == len(opening.title)) > 1
    return any(o.formed for o in alike) or len(alike) > 1


def _opening(lines: Sequence[Line], i: int, lists: Words) -> _Opening | None:
    view = lines[i].view
    addressed = i and len(lines[i - 1].view) < _PARAGRAPH and _ADDRESS.match(lines[i - 1].view)
    if lines[i].number or addressed or _ADDRESS.match(view):
        return None
    title, closing = first_clause(view[: LONGEST_LINE + 1])
    if closing not in ("。", ":") or len(view) - len(title) < _LEAST_BODY or len(title) < 2:
        return None
    if closing == ":" and (len(title) > _LONGEST_COLON or lists.not_heading.search(title)):
        return None
    if lists.facts.search(title) or _ADDRESS.match(view, len(title) + 1):
        return None
    doubtful = len(title) > _LONGEST or lists.not_heading.search(title) is not None
    prose = lists.prose_openings.match(view) is not None or lists.turns.match(view) is not None
    verb = lists.verbs.match(title) is not None
    formed = verb or _ends(title, lists) or lists.closed_endings.search(title) is not None
    return _Opening(i, title, closing, formed, verb, prose, doubtful)


def _mark(text: str, line: Line, opening: _Opening) -> Mark:
    end = line.start + len(opening.title)
    style = COLON if opening.closing == ":" else RUN_IN
    return Mark(line.start, end + 1, style, None, None, text[line.start : end], opening.line, inline=True)


def _ends(title: str, lists: Words) -> bool:
    """Whether a title ends as headings do."""
    return lists.endings.search(title) is not None or lists.objects.search(title) is not None


def _shared(a: str, b: str) -> int:
    """How parallel two titles are: 2 when they begin alike, 1 when they share enough characters at the same places, else 0."""
    if a[:_PREFIX] == b[:_PREFIX]:
        return 2
    same = sum(1 for x, y in zip(a, b, strict=False) if x == y)
    return int(same >= _SHARED and same >= _SHARED_PART * min(len(a), len(b)))


def _parallel(title: str, others: Sequence[str]) -> int:
    """How parallel a title is to others of its length, as `_shared` counts; to many of them it needs to be less so."""
    best = max((_shared(title, other) for other in others), default=0)
    if best == 0 and len(others) >= _MANY:
        same = [sum(1 for x, y in zip(title, other, strict=False) if x == y) for other in others]
        weak = [n for n in same if n >= max(_SHARED, _WEAK_PART * len(title))]
        best = int(len(weak) >= _MANY)
    return best


def _without_stop(
    text: str, lines: Sequence[Line], run: list[int], found: list[Mark], headed: bool, titles: list[str], lists: Words
) -> list[Mark]:
    """Run-in headings of a run that lost the full stop behind them.

    The first paragraph under a heading is mostly a lead-in: it has to be as long as the others and say what has come about.
    """
    out = []
    places = {m.line for m in found}
    for at, i in enumerate(run):
        view = lines[i].view
        if i in places or lists.prose_openings.match(view) or lists.turns.match(view) or lines[i].number:
            continue
        if passage_role(view):
            continue
        if at == 0 and headed:
            own = [m.title for m in found if m.style == RUN_IN]
            cut = 0
            if not lists.verbs.match(view):
                cut = _lost_stop(view, own, lists, alike=True) or _lost_stop(view, titles, lists, sure=True)
        else:
            beside = any(j in places for j in run[max(0, at - 1) : at + 2])
            cut = _lost_stop(view, titles, lists, sure=not beside) if beside or not lists.verbs.match(view) else 0
        if cut:
            start = lines[i].start
            out.append(Mark(start, start + cut, RUN_IN, None, None, text[start : start + cut], i, inline=True))
    return out


def _lost_stop(
    view: str,
    titles: Iterable[str],
    lists: Words,
    sure: bool = False,
    alike: bool = False,
    longest: int = _LOST_TO,
) -> int:
    """Length of a heading that runs into its paragraph without a full stop, 0 where there is none.

    `titles`: headings of the same row. `sure`: only one parallel to those will do; `alike`: only one as long as one of those.
    Behind an unnumbered heading only words count that open a sentence afresh, none that may follow a noun (发展, 提升, 实施).
    """
    head = first_clause(view)[0][: longest + _AHEAD]
    sizes: dict[int, list[str]] = {}
    for title in titles:
        sizes.setdefault(len(title), []).append(title)
    usual = _median(sizes) or _LOST_FROM
    best, best_score = 0, (1, 0)
    for cut in range(_LOST_FROM, min(longest, len(head) - 2) + 1):
        title = head[:cut]
        if title[-1] in ",、的" or head[cut] in _NO_START or (alike and cut not in sizes) or _goes_on(view, cut, lists):
            continue
        ends = _ends(title, lists) or lists.top_endings.search(title) is not None
        opens = (lists.openings if longest > _LOST_TO else lists.fresh_openings).match(head, cut) is not None
        parallel = _parallel(title, sizes.get(cut, ()))
        if not parallel and (sure or not (ends and opens) or ("," in title and longest == _LOST_TO)):
            continue
        if not opens and (lists.verbs.match(title) or not lists.endings.search(title)):
            continue
        score = (ends + 2 * opens + parallel, -cut if longest == _LOST_TO else -abs(cut - usual))
        if score > best_score and score[0] > 1 and (ends or opens) and not lists.not_heading.search(title):
            best, best_score = cut, score
    return best


def _goes_on(view: str, cut: int, lists: Words) -> bool:
    """Whether the sentence goes on at `cut`: within quotation marks, behind a verb that lacks its object, before a short rest."""
    title = view[:cut]
    if any(title.count(a) > title.count(b) for a, b in zip(_OPENED, _CLOSED, strict=True)):
        return True
    last = re.split("[,、]", title)[-1]
    if lists.bare_verbs.fullmatch(last) or len(last) < 2:
        return True
    if view.startswith(_GROWTH, cut) and not lists.objects.search(title):  # 快速健康 | 发展
        return True
    sentence = _UP_TO_STOP.match(view, cut)
    if sentence is not None and len(sentence[0]) < _LEAST_BODY:
        return True
    if lists.fresh_openings.match(view, cut):
        return False
    rest = _UP_TO_COMMA.match(view, cut)
    return rest is not None and len(rest[0]) < _LEAST_SENTENCE


def _median(sizes: Iterable[int]) -> int:
    ordered = sorted(sizes)
    return ordered[len(ordered) // 2] if ordered else 0


def mend_numbered(text: str, lines: Sequence[Line], marks: list[Mark]) -> list[Mark]:
    """Titles of numbered paragraphs whose first sentence is no heading, or much longer than those of its row: no stop.

    Where the headings of a row mostly stand on lines of their own, one that was mended did so too.
    """
    lists = words()
    rows: dict[str, list[Mark]] = {}
    for mark in marks:
        rows.setdefault(mark.style, []).append(mark)
    for row in rows.values():
        own_lines = 2 * sum(1 for m in row if not m.inline) > len(row)
        for at, mark in enumerate(row):
            if not mark.inline:
                continue
            near = [m.title for m in row[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1] if m.title and m is not mark]
            usual = _median(len(title) for title in near) or _LONGEST
            if mark.title and (len(mark.title) < _LONGEST_ALONE or len(mark.title) < 2 * usual):
                continue
            start = mark.start + len(mark.number or "")
            while text[start] == " ":
                start += 1
            view = lines[mark.line].view[start - lines[mark.line].start :]
            longest = LONGEST_RUN_IN if mark.style in ("cn", "cn_bracket", "ordinal") else _LOST_TO
            cut = _lost_stop(view, near, lists, sure=0 < len(mark.title) <= _LONGEST, longest=longest)
            if cut:
                mark.title, mark.end, mark.inline = text[start : start + cut], start + cut, not own_lines
    return [m for m in marks if m.title]


def _behind_numbered(text: str, lines: Sequence[Line], opened: dict[int, Mark], lists: Words) -> list[Mark]:
    """First of a row of run-in headings, printed behind the numbered heading over them in one paragraph."""
    out = []
    for i, mark in sorted(opened.items()):
        following = opened.get(i + 1)
        if following is None or following.style != RUN_IN or mark.style not in STRONG or not mark.inline:
            continue
        title, closing = first_clause(lines[i].view[mark.end - lines[i].start :])
        near = abs(len(title) - len(following.title)) <= _NEAR
        alike = len(title) == len(following.title) or _shared(title, following.title) or _ends(title, lists)
        body = lines[i].end - mark.end - len(title)
        if closing != "。" or not 2 < len(title) <= _LONGEST_ALONE or not near or not alike or body <= _LEAST_BODY:
            continue
        if not lists.not_heading.search(title) and not lists.prose_openings.match(title):
            end = mark.end + len(title)
            out.append(Mark(mark.end, end + 1, RUN_IN, None, None, text[mark.end : end], i, inline=True))
    return out


def _within(text: str, lines: Sequence[Line], opened: dict[int, Mark], lossy: bool, lists: Words) -> list[Mark]:
    """Short headings within a paragraph that has a heading of its own. `lossy`: the text lost stops behind headings."""
    out = []
    within: list[tuple[Mark, list[tuple[int, int]]]] = []
    for i, mark in sorted(opened.items()):
        line = lines[i]
        if not mark.inline or len(line.view) < _LEAST_WITHIN:
            continue
        begin = mark.end - line.start
        sentences = [(m.start(), m[0]) for m in _SENTENCE.finditer(line.view, max(begin - 1, 0))]
        size = 0
        if mark.style in STRONG and text[mark.end - 1] == "。":
            row = [opened[k] for k in range(i - _ROW, i + _ROW + 1) if k != i and k in opened]
            size = _glued(mark, [m for m in row if m.style == mark.style], sentences)
        found = _middles(line.view, sentences, mark.title[-size:] if size else "", lossy, lists)
        if size and found:
            out.append(Mark(mark.end - 1 - size, mark.end, MIDDLE, None, None, mark.title[-size:], i, inline=True))
            mark.title, mark.end = mark.title[:-size], mark.end - 1 - size
        if found:
            within.append((mark, [(line.start + at, size) for at, size in found]))
    # What stands directly behind the heading of a paragraph is announced by it. A text that does so does not name siblings there.
    announcing = sum(mark.style == RUN_IN and found[0][0] == mark.end for mark, found in within)
    for mark, found in within:
        near = sum(abs(size - len(mark.title)) <= _SIBLING for _, size in found)
        siblings = (
            mark.style == RUN_IN and announcing < _ANNOUNCING and "—" not in mark.title and 2 * near >= len(found)
        )
        style = RUN_IN if siblings and found[0][0] != mark.end else MIDDLE
        for start, size in found:
            closed = text[start + size : start + size + 1] == "。"
            title = text[start : start + size]
            out.append(Mark(start, start + size + closed, style, None, None, title, mark.line, inline=True))
    return out


def _middles(
    view: str, sentences: list[tuple[int, str]], before: str, lossy: bool, lists: Words
) -> list[tuple[int, int]]:
    """Place and length of each heading among the sentences of a paragraph, none where 一是, 二是 part it.

    `before`: one that is known already.
    """
    if sum(_is_item(s) for _, s in sentences) > 1:
        return []
    short = [
        (at, s)
        for at, s in sentences
        if _MIDDLE_TITLE.fullmatch(s)
        and view[at + len(s) : at + len(s) + 1] == "。"
        and not lists.not_heading.search(s)
        and not lists.prose_openings.match(s)
        and not _is_item(s)
    ]
    ends = [at for at, _ in short[1:]] + [len(view)] * bool(short)
    bodied = [(at, s) for (at, s), end in zip(short, ends, strict=True) if end - at - len(s) > _LEAST_BODY]
    known = [before] * bool(before)
    kept = [(at, s) for at, s in bodied if _is_middle(s, [o for p, o in bodied if p != at] + known, lists)]
    told = [(at, s) for at, s in bodied if _came_about(s, lists)]
    if kept or len(told) > 1:
        wide = len(kept) > 1
        likely = [s for _, s in kept]
        kept = [
            (at, s)
            for at, s in bodied
            if (at, s) in kept or (at, s) in told or (wide and _ends(s, lists)) or _is_alike(s, likely)
        ]
    if len(kept) + len(known) == 1 and not all(_is_lone(s, lists) or at == sentences[0][0] for at, s in kept):
        return []
    titles = [s for _, s in kept]
    out = [(at, len(s)) for at, s in kept]
    if titles and lossy:
        taken = {at for at, _ in kept}
        for at, s in sentences:
            close = any(0 < at - (p + len(t)) < _LEAST_BODY for p, t in kept)
            cut = _lost_middle(s, titles, lists) if at not in taken and not close else 0
            if cut:
                out.append((at, cut))
    return sorted(out)


def _is_item(sentence: str) -> bool:
    """Whether a sentence is one of a row of 一是, 二要 within its paragraph."""
    number = read_number(sentence)
    return number is not None and number.style in WEAK


def _is_middle(title: str, others: list[str], lists: Words) -> bool:
    same = any(len(o) == len(title) for o in others)
    formed = lists.verbs.match(title) or lists.closed_endings.search(title) or lists.objects.search(title)
    if same and (formed or len(title) <= _SHORT_MIDDLE):
        return True
    return _is_lone(title, lists)


def _is_lone(title: str, lists: Words) -> bool:
    """Whether a title needs no other one beside it."""
    return _came_about(title, lists) and len(title) <= _LONGEST_LONE


def _is_alike(title: str, others: list[str]) -> bool:
    """Whether a title is made as one of others that is about as long."""
    return any(abs(len(other) - len(title)) <= _SIBLING and _shared(other, title) for other in others)


def _came_about(title: str, lists: Words) -> bool:
    """Whether a title says what has come about: 治理效能有效提升, not 加快转型升级."""
    verb = lists.verbs.match(title) is not None and lists.nouns.match(title) is None
    return not verb and lists.closed_endings.search(title) is not None


def _lost_middle(sentence: str, titles: list[str], lists: Words) -> int:
    """Length of a heading within a paragraph that lost its stop: as long as another one and of its form."""
    if sentence[0] in _PREPOSITIONS or lists.prose_openings.match(sentence):
        return 0
    for size in {len(t) for t in titles if len(t) >= _LEAST_LOST}:
        head = sentence[: size + 6]
        if len(sentence) <= size + 6 or head[size] in _NO_START or re.search(r"[,、:\d]", head[:size]):
            continue
        if not lists.openings.match(head, size) or lists.not_heading.search(head[:size]):
            continue
        verbs = sum(1 for t in titles if lists.verbs.match(t))
        if 2 * verbs > len(titles):
            formed = any(t[-1] == head[size - 1] for t in titles if len(t) == size)
        else:
            formed = not lists.verbs.match(head) and lists.endings.search(head[:size]) is not None
        if formed:
            return size
    return 0


def _glued(mark: Mark, row: list[Mark], sentences: list[tuple[int, str]]) -> int:
    """Length of a heading that a numbered title ends with because the stop between was lost, 0 where there is none.

    The first part is parallel to a neighbour's title, the second as long as a sentence of the paragraph and alike.
    """
    for other in row:
        size = len(mark.title) - len(other.title)
        if size < _LEAST_GLUED or not _shared(mark.title[:-size], other.title):
            continue
        rest = mark.title[-size:]
        if any(len(s) == size and (s[0] == rest[0] or _shared(s, rest)) for _, s in sentences):
            return size
    return 0
