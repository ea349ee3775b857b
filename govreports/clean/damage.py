"""Repair of byte damage: double-byte text read out of step.

Belongs here: finding damaged spans, judging how sure a reading of them is, marking what cannot be read. Does not belong here: the
readings themselves (`rereading`), the language model's file (`govreports.clean.language`).

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
from math import inf

from govreports.clean.config import CleaningConfig
from govreports.clean.edits import Replacement
from govreports.clean.gbk import LOST
from govreports.clean.language import fold, language_model
from govreports.clean.rereading import HAN_CHAR, LIKELY, State, Token, balanced, likelihood, read_anew, tokens_from
from govreports.text.convert import is_traditional, to_simplified_light
from govreports.text.gloss import SYLLABLE, has_tone_marks
from govreports.text.hanzi import HAN

REPAIRED_CONFIDENCE = 0.8
DOUBTFUL_CONFIDENCE = 0.5
MARKED_CONFIDENCE = 0.2

_MARK = re.compile(r"[?\ufffd]")
_LOST_BLANKS = re.compile(r"\?\?(?:\?\?|\s)")
_LETTER_GLOSS = re.compile(rf"(?<=[{HAN}])([A-Za-z])[(（]({SYLLABLE})[)）]")
_QUESTION = re.compile(r"[吗呢么谁哪何几如怎啥]|是否|多少|能不能|要不要|好不好")
# A middle dot that the charset did not hold: between two words in quotation marks.
_DOTTED_NAME = re.compile(rf"[“「《\"][{HAN}A-Za-z]{{2,8}}(\?)[{HAN}A-Za-z]{{2,8}}[”」》\"]")
_NAME = 10
# What a sentence goes on with behind a lost character.
_GOES_ON = re.compile(rf"[{HAN}\d“「《\"、，,；;%]")
_NARROW = str.maketrans("，：；！？（）", ",:;!?()")
_CONTEXT = 12  # characters before a lost byte that the model may see
# What a reading that is taken may have at most: vanished pairs, characters of damaged text, characters that do not fit.
_MOST_GUESSED, _LONGEST, _MOST_UNLIKELY = 2, 24, 2
_COMMON = -3.2  # least log10 probability of each step in a reading that is bounded by guesses


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
    tokens = tokens_from(text, at)
    before = text[max(0, at - _CONTEXT) : at].rpartition("\n")[2]
    readings, end = read_anew(tokens, before, traditional)
    states = sorted(map(balanced, readings), key=lambda s: -s.score)
    best = states[0]
    if best.end == at:
        certain = text[at] == "\ufffd" or _GOES_ON.match(text, at + 1)
        return _mark(text, at, tokens[0].end) if certain else None
    blank = _score_of_blank(tokens, before) if text.startswith("??", at) and _LOST_BLANKS.search(text) else -inf
    stands = max(blank, *(s.score for s in states if s.end == at), best.score - 2 * config.damage_margin)
    lead = best.score - next((s.score for s in states[1:] if s.folded != best.folded), stands)
    # A whole character guessed without a byte to go by needs a lead of its own.
    guessed = best.end == tokens[0].end and HAN_CHAR.match(best.out) is not None
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


def _plausible(state: State, length: int) -> bool:
    """Whether a reading of so many damaged characters holds few guesses: a long one has gone wrong somewhere."""
    before = len(state.folded) - len(fold(state.out))
    read = range(before, min(len(state.folded), before + length))
    unlikely = sum(1 for i in read if likelihood(state.folded[max(0, i - 2) : i], state.folded[i]) < LIKELY)
    return length <= _LONGEST and state.vanished <= _MOST_GUESSED and unlikely <= _MOST_UNLIKELY


def _common(state: State, read: str) -> bool:
    """Whether the model knows every step of a reading: one whose first and last byte are both lost must be common prose."""
    first = len(state.folded) - len(fold(state.out))
    last = min(len(state.folded), first + len(fold(read)) + 2)
    return all(likelihood(state.folded[max(0, i - 2) : i], state.folded[i]) > _COMMON for i in range(first, last))


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


def _score_of_blank(tokens: list[Token], before: str) -> float:
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
