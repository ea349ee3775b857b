"""Repair of byte damage: double-byte text read out of step.

Belongs here: finding damaged spans, reading them anew, judging how sure the reading is. Does not belong here: the
language model's file (`govreports.clean.language`).

What happens to such pages: a byte of a GBK text is lost or spoiled, mostly the first of a character. It shows as "?",
and what follows is read one byte out of step, 以說 → 梢哉f, until a byte below 0x80 ends a pair and brings the reading
back into step. Pairs that GBK does not define vanish on the way. A page that writes pinyin behind characters adds
damage of its own: it looks for characters in the bytes, out of step too, and tears them apart: 對 → ?qū), 數 →
?jǐn)?shù).

So a damaged span is turned back into bytes, put into step again with unknown bytes where some were lost, and read with the
characters that the language model finds likeliest. The reading is taken only where it beats the text as it stands by the margin
that the settings ask for and leads the second best reading; how far it leads is its confidence. Else the span is marked and
stays. Either way nobody should trust a number inside.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from math import inf
from operator import attrgetter
from typing import NamedTuple

from pypinyin import Style, pinyin

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.clean.language import fold, language_model
from govreports.text.convert import in_gb2312, is_traditional, to_simplified_light
from govreports.text.gloss import SYLLABLE, has_tone_marks
from govreports.text.hanzi import HAN, NUMERAL

REPAIRED_CONFIDENCE = 0.8
DOUBTFUL_CONFIDENCE = 0.5
MARKED_CONFIDENCE = 0.2

_MARK = re.compile(r"[?\ufffd]")
_LOST_BYTES = re.compile("\ufffd+")
_LOST_BLANKS = re.compile(r"\?\?(?:\?\?|\s)")
_STRAY = re.compile(rf"[(（]?({SYLLABLE})[)）]")
_LETTER_GLOSS = re.compile(rf"(?<=[{HAN}])([A-Za-z])[(（]({SYLLABLE})[)）]")
_HAN_CHAR = re.compile(f"[{HAN}]")
_QUESTION = re.compile(r"[吗呢么谁哪何几如怎啥]|是否|多少|能不能|要不要|好不好")
# Signs whose bytes are those of a wide form, folded on the way, or of Windows' own table.
_FOLDED_SIGNS = {
    "€": (b"\x80", b"\xa2\xe3"),
    "£": (b"\xa1\xea",),
    "¢": (b"\xa1\xe9",),
    "¥": (b"\xa3\xa4",),
    "$": (b"\xa1\xe7",),
}
# A middle dot that the charset did not hold: between two words in quotation marks.
_DOTTED_NAME = re.compile(rf"[“「《\"][{HAN}A-Za-z]{{2,8}}(\?)[{HAN}A-Za-z]{{2,8}}[”」》\"]")
_NAME = 10

# What a sentence goes on with behind a lost character.
_GOES_ON = re.compile(rf"[{HAN}\d“「《\"、，,；;%]")

_NARROW = str.maketrans("，：；！？（）", ",:;!?()")

_WINDOW = 200  # tokens behind the first lost byte, at most
_SURE = 15.0  # log10 by which readings in step lead those out of step when the search may end
_LEAST_WINDOW = 15  # tokens that are read in any case
_VANISHING = 8  # best readings for which vanished pairs are tried
_CONTEXT = 12  # characters before it that the model may see
_BEAM = 30  # readings of each kind that are followed
_BEHIND = 4  # characters behind a lost one that are looked at
_LIKELY = -4.5  # log10 probability below which no character is guessed
_MOST_VANISHED = 20  # pairs in one span that a reading may assume
# What a reading that is taken may have at most: vanished pairs, characters of damaged text, characters that do not fit.
_MOST_GUESSED, _LONGEST, _MOST_UNLIKELY = 2, 24, 2
_COMMON = -3.2  # least log10 probability of each step in a reading that is bounded by guesses
_REPETITION = 0.5  # log10 bonus of a guessed character that comes again nearby
# Log10 costs of what is assumed beside the text: rough, the margin decides.
_COST_SHIFT, _COST_VANISHED, _COST_DOT, _COST_LOST, _COST_MARK = -1.0, -2.0, -1.0, -2.0, -3.0


class _Token(NamedTuple):
    """A character of the damaged text.

    `gloss`: the pinyin that stands torn behind it, if any. `start`, `end`, `whole`: where both stand in the text, and as what.
    """

    char: str
    gloss: str | None
    start: int
    end: int
    whole: str


# Characters that some bytes may stand for, each with the first sign that the model sees of it.
_Choices = tuple[tuple[str, str], ...]


class _State(NamedTuple):
    """A reading so far.

    `pending`: the byte that waits for its partner, _ANY if unknown, None if in step. `vanished`: pairs assumed to have
    vanished. `end`: where step was found again. `near`: folded text around.
    """

    score: float
    out: str
    folded: str
    pending: int | None
    vanished: int
    end: int
    near: str


_ANY = -1
_score = attrgetter("score")

# Stands for what is lost for good: a byte, a character, a digit.
LOST = "\ufffd"


def find_damage(text: str, config: CleaningConfig) -> list[Replacement]:
    """Repairs and marks of damaged spans."""
    if "?" not in text and "\ufffd" not in text and not has_tone_marks(text):
        return []
    traditional = is_traditional(text, config.traditional_share)
    suspects = [match.start() for match in _MARK.finditer(text) if _suspicious(text, match.start())]
    if len(suspects) > config.most_damaged_spans:
        return _mark_lines(text, suspects)
    out: list[Replacement] = []
    last = 0
    for at in suspects:
        if at < last:
            continue
        found = _repair(text, at, traditional, config)
        if found:
            out.append(found)
            last = found.end
    return _with_letter_glosses(text, out)


def _suspicious(text: str, at: int) -> bool:
    """Whether a question mark may be a lost byte: not a run of blanks, not at the end of a question."""
    if text[at] == "\ufffd":
        return at == 0 or text[at - 1] != "\ufffd"
    if text.startswith("???", at) or (at and text[at - 1] == "?"):
        return False
    behind = text[at + 1 : at + 3].removeprefix("?")[:1]
    if not behind or behind.isspace():
        return False
    before = text[max(0, at - 20) : at]
    if (
        not before
        or before[-1].isspace()
        or (before[-1].isascii() and not before[-1].isdigit() and before[-1] not in "%),")
    ):
        return False
    clause = re.split(r"[。!！?？;；\n]", to_simplified_light(before))[-1]
    return not _QUESTION.search(clause)


def _with_letter_glosses(text: str, found: list[Replacement]) -> list[Replacement]:
    """Adds glosses torn off behind a letter, 最I(lǐng)N: the page took the letter for the second byte of a character."""
    spans = [(r.start, r.end) for r in found]
    for match in _LETTER_GLOSS.finditer(text):
        start, end = match.end(1), match.end()
        if not any(a < end and start < b for a, b in spans):
            found.append(Replacement(start, end, "", confidence=0.95))
    return sorted(found)


def _repair(text: str, at: int, traditional: bool, config: CleaningConfig) -> Replacement | None:
    """The best reading of what begins at a lost byte, a mark where none is sure, None where nothing is wrong."""
    tokens = _tokens(text, at)
    before = text[max(0, at - _CONTEXT) : at].rpartition("\n")[2]
    readings, end = _read(tokens, before, traditional)
    states = sorted(map(_balanced, readings), key=lambda s: -s.score)
    best = states[0]
    if best.end == at:
        certain = text[at] == "\ufffd" or _GOES_ON.match(text, at + 1)
        return _mark(text, at, tokens[0].end) if certain else None
    blank = _score_of_blank(tokens, before) if text.startswith("??", at) and _LOST_BLANKS.search(text) else -inf
    stands = max(blank, *(s.score for s in states if s.end == at), best.score - 2 * config.damage_margin)
    lead = best.score - next((s.score for s in states[1:] if s.folded != best.folded), stands)
    # A whole character guessed without a byte to go by needs a lead of its own.
    guessed = best.end == tokens[0].end and _HAN_CHAR.match(best.out) is not None
    least = config.guess_lead if guessed else config.damage_lead
    if guessed and lead < config.damage_margin and _is_dotted_name(text, at):
        return Replacement(at, at + 1, "·", confidence=DOUBTFUL_CONFIDENCE)
    if best.score - stands < config.damage_margin or lead < least or not _plausible(best, best.end - at):
        return _mark(text, at, best.end)
    read = best.out[: len(best.out) - (end - best.end)]
    century = _with_century(read, text[best.end : best.end + 4])
    ends_in_guess = best.end - at > 1 and text[best.end - 1] in "?\ufffd"
    if ends_in_guess and century == read and not _common(best, read):
        return _mark(text, at, best.end)
    after = _in_house_style(century, text)
    return Replacement(
        at, best.end, after, confidence=REPAIRED_CONFIDENCE if lead >= config.damage_margin else DOUBTFUL_CONFIDENCE
    )


def _is_dotted_name(text: str, at: int) -> bool:
    around = _DOTTED_NAME.finditer(text, max(0, at - _NAME), at + _NAME)
    return any(match.start(1) == at for match in around)


def _balanced(state: _State) -> _State:
    """The state, dearer where its brackets do not match."""
    matches = state.folded.count("(") == state.folded.count(")")
    return state if matches else state._replace(score=state.score + _COST_LOST)


def _plausible(state: _State, length: int) -> bool:
    """Whether a reading of so many damaged characters holds few guesses: a long one has gone wrong somewhere."""
    before = len(state.folded) - len(fold(state.out))
    read = range(before, min(len(state.folded), before + length))
    unlikely = sum(1 for i in read if _next(state.folded[max(0, i - 2) : i], state.folded[i]) < _LIKELY)
    return length <= _LONGEST and state.vanished <= _MOST_GUESSED and unlikely <= _MOST_UNLIKELY


def _common(state: _State, read: str) -> bool:
    """Whether the model knows every step of a reading: one whose first and last byte are both lost must be common prose."""
    first = len(state.folded) - len(fold(state.out))
    last = min(len(state.folded), first + len(fold(read)) + 2)
    return all(_next(state.folded[max(0, i - 2) : i], state.folded[i]) > _COMMON for i in range(first, last))


def _mark_lines(text: str, suspects: list[int]) -> list[Replacement]:
    """One mark for each line, from its first suspect to its last."""
    out: list[Replacement] = []
    line_end = -1
    for at in suspects:
        if at < line_end:
            out[-1] = _mark(text, out[-1].start, at + 1)
        else:
            out.append(_mark(text, at, at + 1))
            line_end = text.find("\n", at)
            line_end = len(text) if line_end < 0 else line_end
    return out


def _score_of_blank(tokens: list[_Token], before: str) -> float:
    """Score of the text if two question marks stand for a no-break space."""
    return language_model().score(fold(before), fold("".join(token.char for token in tokens[2:])))


def _mark(text: str, start: int, end: int) -> Replacement:
    """A span known to be damaged, its lost bytes shown as such: a question mark would end a sentence where none ends."""
    return Replacement(start, end, text[start:end].replace("?", LOST), confidence=MARKED_CONFIDENCE)


def _in_house_style(after: str, text: str) -> str:
    """Punctuation in the width that the text has: a page that folded it did so after the damage."""
    return after.translate(_NARROW) if text.count(",") > text.count("，") else after


def _with_century(after: str, behind: str) -> str:
    """The first digit of a year follows from the others; any other lost digit stays lost."""
    if re.match(r"[09]\d\d年", behind):
        return after.removesuffix(LOST) + ("2" if behind[0] == "0" else "1")
    return after


def _tokens(text: str, at: int) -> list[_Token]:
    """The characters from a lost byte to the end of the line or window, torn glosses attached to what they follow."""
    out: list[_Token] = []
    while at < len(text) and text[at] != "\n" and len(out) < _WINDOW:
        match = _STRAY.match(text, at + 1)
        torn = match and (text[at + 1] in "(（" or text[at] in "?\ufffd")
        lost = _LOST_BYTES.match(text, at)
        end = match.end() if match and torn else lost.end() if lost else at + 1
        out.append(_Token(text[at], match[1] if match and torn else None, at, end, text[at:end]))
        at = end
    return out


def _read(tokens: list[_Token], before: str, traditional: bool) -> tuple[list[_State], int]:
    """Readings of the tokens that end in step, the text as it stands among them; and how far in the text they go."""
    first = tokens[0]
    near = fold("".join(token.char for token in tokens))
    start = _State(0.0, "", fold(before), None, 0, first.start, near)
    beam = _open(start, tokens, before, traditional)
    for count, token in enumerate(tokens[1:], 1):
        following: list[_State] = []
        tried = 0
        for state in beam:
            if state.pending is None:
                following.append(_emit(state, token.whole, None, state.end))
            else:
                tried += 1
                following.extend(_step(state, token, traditional, may_vanish=tried <= _VANISHING))
        beam = _prune(following)
        if count >= _LEAST_WINDOW and _is_over(beam):
            return [state for state in beam if state.pending is None], token.end
    states = [state for state in _at_line_end(beam, tokens[-1], traditional) if state.pending is None]
    return states or [start], tokens[-1].end


def _is_over(beam: list[_State]) -> bool:
    """Whether no reading out of step can win any more."""
    in_step = max((state.score for state in beam if state.pending is None), default=-inf)
    out_of_step = max((state.score for state in beam if state.pending is not None), default=-inf)
    return in_step - _SURE > out_of_step


def _at_line_end(beam: list[_State], last: _Token, traditional: bool) -> Iterator[_State]:
    """Readings that are out of step to the end of the line have lost its last byte."""
    for state in beam:
        yield state
        if state.pending is not None and state.pending != _ANY:
            for char in _likely(state, _led_by(state.pending)):
                yield _emit(state, char, traditional, last.end, _COST_SHIFT)


def _prune(states: list[_State]) -> list[_State]:
    """The best states, with a share for each kind of reading, so that no kind crowds out the others."""
    states.sort(key=_score, reverse=True)
    kinds = (
        [s for s in states if s.pending is None],
        [s for s in states if s.pending is not None and not s.vanished],
        [s for s in states if s.pending is not None and s.vanished],
    )
    return [state for kind in kinds for state in kind[:_BEAM]]


def _open(start: _State, tokens: list[_Token], before: str, traditional: bool) -> list[_State]:
    """What the first question mark may stand for."""
    first = tokens[0]
    following = tokens[1].char if len(tokens) > 1 else ""
    states = [_emit(start, first.char, None, start.end, _COST_MARK)]
    if first.gloss:
        leads = _torn_leads(before[-1:], first.gloss)
        states += [start._replace(score=_COST_SHIFT, pending=lead, end=first.end) for lead in leads]
        if leads:
            return states
    else:
        if following != "?":
            if before[-1:].isdigit() and following.isdigit():
                states.append(_emit(start, "·", None, first.end, _COST_DOT))
            if not (before[-1:].isdigit() or following.isdigit()):
                behind = "".join(token.char for token in tokens[1 : 1 + _BEHIND])
                states += [_emit(start, char, None, first.end, _COST_LOST) for char in _candidates(before, behind)]
    states.append(start._replace(score=_COST_SHIFT, pending=_ANY, end=first.end))
    return states


def _candidates(before: str, behind: str) -> list[str]:
    """The characters that fit best between two texts; never a numeral, since nothing would tell a wrong one."""
    left, right = fold(before)[-2:], fold(behind)[:2]
    scored = []
    for char in language_model().followers(left[-1:]):
        if _HAN_CHAR.match(char) and char not in NUMERAL:
            score = _next(left, char)
            score += sum(_next((left + char + right[:i])[-2:], right[i]) for i in range(len(right)))
            scored.append((score, char))
    return [char for _, char in sorted(scored, reverse=True)[:_BEAM]]


def _step(state: _State, token: _Token, traditional: bool, may_vanish: bool) -> Iterator[_State]:
    """All readings of a token by a state that is out of step."""
    if token.char in "?\ufffd":
        yield from _step_lost(state, token, traditional)
    for pair in _bytes_of(token.char):
        pending = pair[1] if len(pair) == 2 else None
        for read in _complete(state, pair[0], pending, token, traditional):
            if pending is not None or token.gloss is None or _sounds(read.out[-1], token.gloss):
                yield read
        if may_vanish and state.vanished < _MOST_VANISHED and state.pending != _ANY:
            yield from _step_vanished(state, pair[0], pending, token, traditional)


def _step_vanished(
    state: _State, trail: int, pending: int | None, token: _Token, traditional: bool
) -> Iterator[_State]:
    """A pair that GBK does not define vanished before this token, which begins with the byte `trail`."""
    cost = state._replace(score=state.score + _COST_VANISHED, vanished=state.vanished + 1)
    for char in _likely(state, _before_vanished(state.pending or 0)):
        middle = _emit(cost, char, traditional, token.end)
        for other in _likely(middle, _behind_vanished(char, trail)):
            yield _emit(middle, other, traditional, token.end, pending=pending)


def _step_lost(state: _State, token: _Token, traditional: bool) -> Iterator[_State]:
    """A further question mark: one or two bytes that made no character."""
    if state.pending == _ANY:
        return
    for char in _likely(state, _led_by(state.pending or 0)):
        if char in _RARE_WIDE or (token.gloss and not _sounds(char, token.gloss)):
            continue
        read = _emit(state, char, traditional, token.end)
        yield read
        if token.gloss is None:
            yield read._replace(pending=_ANY, score=read.score + _COST_SHIFT)
            yield _emit(read, LOST, traditional, token.end)


def _complete(state: _State, trail: int, pending: int | None, token: _Token, traditional: bool) -> Iterator[_State]:
    """The waiting byte with its partner; every fitting one where it is unknown. `pending` waits then."""
    if state.pending != _ANY:
        char = _char(state.pending or 0, trail)
        if char is not None:
            yield _emit(state, char, traditional, token.end, pending=pending)
        return
    for char in _likely(state, _ending_in(trail)):
        bonus = _REPETITION if _HAN_CHAR.match(char) and _folded(char) in state.near else 0.0
        yield _emit(state, char, traditional, token.end, bonus, pending)


def _likely(state: _State, choices: _Choices) -> list[str]:
    """Those of the characters that the bytes leave open which are worth following."""
    row = _row(state.folded[-2:])
    return [char for char, first in choices if row[first] > _LIKELY]


def _emit(
    state: _State, char: str, traditional: bool | None, end: int, cost: float = 0.0, pending: int | None = None
) -> _State:
    """The state with a character more, in step again where no byte is left over."""
    folded, before = _folded(char), state.folded
    score = state.score + cost
    if folded in _BRACKETS:
        score += _bracket_cost(before, folded)
    row = _row(before[-2:])
    for one in folded:
        score += row[one]
    if char in _RARE_WIDE:
        score += _COST_LOST
    if traditional is False and _is_traditional_form(char):
        score += _COST_LOST
    return _State(score, state.out + char, before + folded, pending, state.vanished, end, state.near)


# Wide forms of ASCII that official prose does not use, unlike wide punctuation.
_RARE_WIDE = frozenset(chr(code) for code in range(0xFF01, 0xFF5F)) - frozenset("，：；！？（）")


_BRACKETS = frozenset("()")


def _bracket_cost(before: str, char: str) -> float:
    """A bracket that closes nothing, or opens twice, is unlikely."""
    if char == ")":
        return 0.0 if before.rfind("(") > before.rfind(")") else _COST_LOST
    if char == "(":
        return _COST_LOST if before.rfind("(") > before.rfind(")") else 0.0
    return 0.0


class _Row(dict[str, float]):
    """How likely characters are behind two others, looked up when first asked for."""

    def __init__(self, before: str) -> None:
        super().__init__()
        self.before = before

    def __missing__(self, char: str) -> float:
        found = self[char] = language_model().next(self.before, char)
        return found


@cache
def _row(before: str) -> _Row:
    return _Row(before)


def _next(before: str, char: str) -> float:
    return _row(before)[char]


@cache
def _folded(char: str) -> str:
    return "0" if char == LOST else fold(char)


@cache
def _is_traditional_form(char: str) -> bool:
    return to_simplified_light(char) != char


@cache
def _char(lead: int, trail: int) -> str | None:
    """The character of a byte pair, if GBK defines one."""
    try:
        return bytes((lead, trail)).decode("gbk")
    except (UnicodeDecodeError, ValueError):
        return None


def _choices(chars: Iterable[str | None]) -> _Choices:
    """Characters with what the model sees first of them; it sees nothing of blanks."""
    return tuple((char, _folded(char)[0]) for char in chars if char is not None and _folded(char))


@cache
def _led_by(lead: int) -> _Choices:
    """The characters with a first byte."""
    return _choices(_char(lead, trail) for trail in range(0x40, 0xFF))


@cache
def _ending_in(trail: int) -> _Choices:
    """The characters with a second byte."""
    return _choices(_char(lead, trail) for lead in range(0x81, 0xFF))


@cache
def _undefined() -> dict[int, list[int]]:
    """Pairs that GBK leaves undefined: for each first byte the second bytes that could lead a character."""
    out = {lead: [t for t in range(0x81, 0xFF) if _char(lead, t) is None] for lead in range(0x81, 0xFF)}
    return {lead: trails for lead, trails in out.items() if trails}


@cache
def _before_vanished(lead: int) -> _Choices:
    """The characters with a first byte whose second one could be the first of a pair that vanished."""
    return _choices(_char(lead, trail) for trail in _undefined())


@cache
def _behind_vanished(char: str, trail: int) -> _Choices:
    """The characters that end in `trail` and begin with the rest of a pair that vanished behind `char`."""
    return _choices(_char(lead, trail) for lead in _undefined()[char.encode("gbk")[1]])


@cache
def _bytes_of(char: str) -> tuple[bytes, ...]:
    """The bytes that a character may have been: ASCII may be a folded full-width sign."""
    if char in _FOLDED_SIGNS:
        return _FOLDED_SIGNS[char]
    if char.isascii():
        wide = bytes((0xA3, ord(char) + 0x80)) if "!" <= char <= "}" else b""
        narrow = char.encode() if "@" <= char <= "~" else b""
        return tuple(option for option in (wide, narrow) if option)
    try:
        encoded = char.encode("gbk")
    except UnicodeEncodeError:
        return ()
    return (encoded,) if len(encoded) == 2 else ()


@cache
def _sounds(char: str, gloss: str) -> bool:
    """Whether a character is read like a gloss."""
    return any(gloss in readings for readings in pinyin(char, style=Style.TONE, heteronym=True))


def _torn_leads(char: str, gloss: str) -> list[int]:
    """First bytes that make a character of this reading with the second byte of the character before.

    Pages gloss the characters that their conversion made traditional, which GB 2312 does not have.
    """
    try:
        trail = char.encode("gbk")[-1]
    except UnicodeEncodeError:
        return []
    found = ((lead, _char(trail, lead)) for lead in range(0x81, 0xFF))
    return [lead for lead, torn in found if torn is not None and not in_gb2312(torn) and _sounds(torn, gloss)]
