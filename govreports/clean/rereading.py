"""Reading a damaged span anew: bytes put into step again, and the characters that fit best.

Belongs here: the search among readings of a span that begins at a lost byte, and what each of them costs. Does not belong here:
the bytes of characters (`gbk`), where spans begin and whether a reading is good enough (`damage`).
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from heapq import nlargest
from math import inf
from operator import attrgetter, itemgetter
from typing import NamedTuple

from govreports.clean.gbk import (
    LOST,
    Choices,
    before_vanished,
    behind_vanished,
    bytes_of,
    character,
    ending_in,
    folded_char,
    led_by,
    sounds,
    torn_leads,
)
from govreports.clean.language import fold, language_model
from govreports.text.convert import to_simplified_light
from govreports.text.gloss import SYLLABLE
from govreports.text.hanzi import HAN, NUMERAL

_LOST_BYTES = re.compile("\ufffd+")
_STRAY = re.compile(rf"[(（]?({SYLLABLE})[)）]")
HAN_CHAR = re.compile(f"[{HAN}]")
_ANY = -1  # a waiting byte that is not known
_WINDOW = 200  # tokens behind the first lost byte, at most
_SURE = 15.0  # log10 by which readings in step lead those out of step when the search may end
_LEAST_WINDOW = 15  # tokens that are read in any case
_VANISHING = 8  # best readings for which vanished pairs are tried
_BEAM = 30  # readings of each kind that are followed
_BEHIND = 4  # characters behind a lost one that are looked at
LIKELY = -4.5  # log10 probability below which no character is guessed
_MOST_VANISHED = 20  # pairs in one span that a reading may assume
_REPETITION = 0.5  # log10 bonus of a guessed character that comes again nearby
# Log10 costs of what is assumed beside the text: rough, the margin decides.
_COST_SHIFT, _COST_VANISHED, _COST_DOT, _COST_LOST, _COST_MARK = -1.0, -2.0, -1.0, -2.0, -3.0
# Wide forms of ASCII that official prose does not use, unlike wide punctuation.
_RARE_WIDE = frozenset(chr(code) for code in range(0xFF01, 0xFF5F)) - frozenset("，：；！？（）")
_BRACKETS = frozenset("()")


class Token(NamedTuple):
    """A character of the damaged text.

    `gloss`: the pinyin that stands torn behind it, if any. `start`, `end`, `whole`: where both stand in the text, and as what.
    """

    char: str
    gloss: str | None
    start: int
    end: int
    whole: str


class State(NamedTuple):
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


_score = attrgetter("score")


def tokens_from(text: str, at: int) -> list[Token]:
    """The characters from a lost byte to the end of the line or window, torn glosses attached to what they follow."""
    out: list[Token] = []
    while at < len(text) and text[at] != "\n" and len(out) < _WINDOW:
        match = _STRAY.match(text, at + 1)
        torn = match and (text[at + 1] in "(（" or text[at] in "?\ufffd")
        lost = _LOST_BYTES.match(text, at)
        end = match.end() if match and torn else lost.end() if lost else at + 1
        out.append(Token(text[at], match[1] if match and torn else None, at, end, text[at:end]))
        at = end
    return out


def read_anew(tokens: list[Token], before: str, traditional: bool) -> tuple[list[State], int]:
    """Readings of the tokens that end in step, the text as it stands among them; and how far in the text they go."""
    first = tokens[0]
    near = fold("".join(token.char for token in tokens))
    start = State(0.0, "", fold(before), None, 0, first.start, near)
    beam = _open(start, tokens, before, traditional)
    for count, token in enumerate(tokens[1:], 1):
        following: list[State] = []
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


def _is_over(beam: list[State]) -> bool:
    """Whether no reading out of step can win any more."""
    in_step = max((state.score for state in beam if state.pending is None), default=-inf)
    out_of_step = max((state.score for state in beam if state.pending is not None), default=-inf)
    return in_step - _SURE > out_of_step


def _at_line_end(beam: list[State], last: Token, traditional: bool) -> Iterator[State]:
    """Readings that are out of step to the end of the line have lost its last byte."""
    for state in beam:
        yield state
        if state.pending is not None and state.pending != _ANY:
            for char in _likely(state, led_by, state.pending):
                yield _emit(state, char, traditional, last.end, _COST_SHIFT)


def _prune(states: list[State]) -> list[State]:
    """The best states, with a share for each kind of reading, so that no kind crowds out the others."""
    states.sort(key=_score, reverse=True)
    kinds = (
        [s for s in states if s.pending is None],
        [s for s in states if s.pending is not None and not s.vanished],
        [s for s in states if s.pending is not None and s.vanished],
    )
    return [state for kind in kinds for state in kind[:_BEAM]]


def _open(start: State, tokens: list[Token], before: str, traditional: bool) -> list[State]:
    """What the first question mark may stand for."""
    first = tokens[0]
    following = tokens[1].char if len(tokens) > 1 else ""
    states = [_emit(start, first.char, None, start.end, _COST_MARK)]
    if first.gloss:
        leads = torn_leads(before[-1:], first.gloss)
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
        if HAN_CHAR.match(char) and char not in NUMERAL:
            score = likelihood(left, char)
            score += sum(likelihood((left + char + right[:i])[-2:], right[i]) for i in range(len(right)))
            scored.append((score, char))
    return [char for _, char in sorted(scored, reverse=True)[:_BEAM]]


def _step(state: State, token: Token, traditional: bool, may_vanish: bool) -> Iterator[State]:
    """All readings of a token by a state that is out of step."""
    if token.char in "?\ufffd":
        yield from _step_lost(state, token, traditional)
    for pair in bytes_of(token.char):
        pending = pair[1] if len(pair) == 2 else None
        for read in _complete(state, pair[0], pending, token, traditional):
            if pending is not None or token.gloss is None or sounds(read.out[-1], token.gloss):
                yield read
        if may_vanish and state.vanished < _MOST_VANISHED and state.pending != _ANY:
            yield from _step_vanished(state, pair[0], pending, token, traditional)


def _step_vanished(state: State, trail: int, pending: int | None, token: Token, traditional: bool) -> Iterator[State]:
    """A pair that GBK does not define vanished before this token, which begins with the byte `trail`."""
    cost = state._replace(score=state.score + _COST_VANISHED, vanished=state.vanished + 1)
    middles = [
        _emit(cost, char, traditional, token.end) for char in _likely(state, before_vanished, state.pending or 0)
    ]
    found = [
        (_scored(middle, other, traditional), middle, other)
        for middle in middles
        for other in _likely(middle, behind_vanished, middle.out[-1], trail)
    ]
    # All are of one kind, of which no more are followed.
    for _, middle, other in nlargest(_BEAM, found, key=itemgetter(0)):
        yield _emit(middle, other, traditional, token.end, pending=pending)


def _step_lost(state: State, token: Token, traditional: bool) -> Iterator[State]:
    """A further question mark: one or two bytes that made no character."""
    if state.pending == _ANY:
        return
    for char in _likely(state, led_by, state.pending or 0):
        if char in _RARE_WIDE or (token.gloss and not sounds(char, token.gloss)):
            continue
        read = _emit(state, char, traditional, token.end)
        yield read
        if token.gloss is None:
            yield read._replace(pending=_ANY, score=read.score + _COST_SHIFT)
            yield _emit(read, LOST, traditional, token.end)


def _complete(state: State, trail: int, pending: int | None, token: Token, traditional: bool) -> Iterator[State]:
    """The waiting byte with its partner; every fitting one where it is unknown. `pending` waits then."""
    if state.pending != _ANY:
        char = character(state.pending or 0, trail)
        if char is not None:
            yield _emit(state, char, traditional, token.end, pending=pending)
        return
    for char in _likely(state, ending_in, trail):
        bonus = _REPETITION if HAN_CHAR.match(char) and folded_char(char) in state.near else 0.0
        yield _emit(state, char, traditional, token.end, bonus, pending)


def _likely(state: State, choices: Callable[..., Choices], *known: int | str) -> tuple[str, ...]:
    """Those of the characters that the known bytes leave open which are worth following."""
    return _likely_behind(state.folded[-2:], choices, *known)


@lru_cache(maxsize=1 << 16)
def _likely_behind(before: str, choices: Callable[..., Choices], *known: int | str) -> tuple[str, ...]:
    row = _row(before)
    return tuple(char for char, first in choices(*known) if row[first] > LIKELY)


def _emit(
    state: State, char: str, traditional: bool | None, end: int, cost: float = 0.0, pending: int | None = None
) -> State:
    """The state with a character more, in step again where no byte is left over."""
    score = _scored(state, char, traditional) + cost
    return State(score, state.out + char, state.folded + folded_char(char), pending, state.vanished, end, state.near)


def _scored(state: State, char: str, traditional: bool | None) -> float:
    """The score of a state with a character more."""
    folded, score = folded_char(char), state.score
    row = _row(state.folded[-2:])
    if len(folded) == 1 and folded not in _BRACKETS:
        return score + row[folded] + _extra_cost(char, traditional)
    if folded in _BRACKETS:
        score += _bracket_cost(state.folded, folded)
    for one in folded:
        score += row[one]
    return score + _extra_cost(char, traditional)


@cache
def _extra_cost(char: str, traditional: bool | None) -> float:
    """What a character costs beside its likelihood: one that official prose does not use, or not in this script."""
    other_script = traditional is False and to_simplified_light(char) != char
    return _COST_LOST * ((char in _RARE_WIDE) + other_script)


def _bracket_cost(before: str, char: str) -> float:
    """A bracket that closes nothing, or opens twice, is unlikely."""
    if char == ")":
        return 0.0 if before.rfind("(") > before.rfind(")") else _COST_LOST
    if char == "(":
        return _COST_LOST if before.rfind("(") > before.rfind(")") else 0.0
    return 0.0


def balanced(state: State) -> State:
    """The state, dearer where its brackets do not match."""
    matches = state.folded.count("(") == state.folded.count(")")
    return state if matches else state._replace(score=state.score + _COST_LOST)


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


def likelihood(before: str, char: str) -> float:
    """Log10 probability of a folded character behind two others."""
    return _row(before)[char]
