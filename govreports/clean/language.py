"""A character trigram model of official prose.

Belongs here: the model's file, folding of text for it, scoring. Does not belong here: training
(`govreports.clean.train`), what a score is used for (`govreports.clean.damage`).

The file `language_model.npz` holds counts turned into probabilities only, of reports without damage; `python -m
govreports.clean.train DIRECTORY` makes it anew. Scores are log10 probabilities with stupid backoff (Brants et al. 2007).
"""

from array import array
from bisect import bisect_left
from functools import cache
from pathlib import Path

import numpy as np

from govreports.text.convert import in_gb2312, to_simplified_light
from govreports.text.hanzi import BLANKS, fold_width

MODEL_FILE = Path(__file__).with_name("language_model.npz")
BITS = 13  # of a character's number in a key
STEP = 0.03  # of the stored log10 probabilities, one byte each
BACKOFF = -0.4
# Log10 probability of a character that the model has not met: rare ones of GB 2312 (place names), and all others.
UNKNOWN, UNHEARD_OF = -6.0, -9.0
_SEEN = 12  # characters on either side of a line end, blanks among them

_FOLD = str.maketrans(
    {
        **dict.fromkeys(map(ord, "123456789"), "0"),
        **dict.fromkeys((*range(65, 91), *range(97, 123)), "A"),
        **{0xFF00 + code - 0x20: chr(code) for code in map(ord, "!(),:;?")},
        "〈": "《",
        "〉": "》",
        "・": "·",
        "•": "·",
    }
)
_NO_BLANKS = str.maketrans(dict.fromkeys(BLANKS + "-", ""))


def fold(text: str) -> str:
    """The text as the model sees it: simplified, digits as 0, Latin letters as A, half-width signs, no blanks, no hyphens."""
    return to_simplified_light(fold_width(text)).translate(_FOLD).translate(_NO_BLANKS)


class LanguageModel:
    """Log10 probability of a character after two others, over folded text."""

    def __init__(
        self, characters: str, single: np.ndarray, pairs: np.ndarray, triples: np.ndarray, logs: np.ndarray
    ) -> None:
        self._characters = characters
        self._number = {char: number for number, char in enumerate(characters)}
        values = array("f", (-STEP * logs.astype(np.float32)).tolist())
        self._single = values[: len(single)]
        self._pairs = array("Q", np.cumsum(pairs.astype(np.uint64)).tolist())
        self._pair_values = values[len(single) : len(single) + len(pairs)]
        self._triples = array("Q", np.cumsum(triples.astype(np.uint64)).tolist())
        self._triple_values = values[len(single) + len(pairs) :]

    def next(self, before: str, char: str) -> float:
        """Log10 probability of a folded character after the folded text `before`, of which two characters count."""
        c = self._number.get(char)
        if c is None:
            return UNKNOWN if in_gb2312(char) else UNHEARD_OF
        b = self._number.get(before[-1:], -1)
        if b < 0:
            return self._single[c] + BACKOFF
        pair = b << BITS | c
        if len(before) > 1:
            a = self._number.get(before[-2], -1)
            if a >= 0:
                key = a << 2 * BITS | pair
                i = bisect_left(self._triples, key)
                if i < len(self._triples) and self._triples[i] == key:
                    return self._triple_values[i]
        i = bisect_left(self._pairs, pair)
        if i < len(self._pairs) and self._pairs[i] == pair:
            return self._pair_values[i] + BACKOFF
        return self._single[c] + 2 * BACKOFF

    def score(self, before: str, text: str) -> float:
        """Log10 probability of a folded text after another."""
        total, history = 0.0, before[-2:]
        for char in text:
            total += self.next(history, char)
            history = history[-1:] + char
        return total

    def followers(self, char: str) -> list[str]:
        """The characters that the model has met behind a folded character."""
        number = self._number.get(char)
        if number is None:
            return []
        first, last = (bisect_left(self._pairs, n << BITS) for n in (number, number + 1))
        return [self._characters[pair & ((1 << BITS) - 1)] for pair in self._pairs[first:last]]

    @property
    def characters(self) -> list[str]:
        """All characters that the model knows."""
        return list(self._characters)


@cache
def language_model() -> LanguageModel:
    """The model that is shipped with the package, loaded when it is first needed."""
    with np.load(MODEL_FILE) as file:
        return LanguageModel(str(file["characters"]), file["single"], file["pairs"], file["triples"], file["logs"])


def run_on(first: str, second: str) -> float:
    """Log10 of how much likelier the second line goes on with the first than that a paragraph ends between them."""
    model = language_model()
    before, behind = fold(first[-_SEEN:])[-2:], fold(second[:_SEEN])[:3]
    return model.score(before, behind) - model.score(before, "\n" + behind)
