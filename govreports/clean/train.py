"""Training of the character model: `python -m govreports.clean.train DIRECTORY`.

Belongs here: counting and writing `language_model.npz`. Does not belong here: using it (`govreports.clean.language`).

DIRECTORY holds clean reports as .txt or .html, gzip or not, in any charset. What cleaning would call damaged,
traditional or shorter than `_LEAST` characters is left out; so are the lines around the report. Counts below the
limits are dropped, so that the file holds frequent phrases only and stays below two megabytes.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from govreports.clean.config import CleaningConfig
from govreports.clean.language import BITS, MODEL_FILE, STEP, fold
from govreports.clean.plan import clean
from govreports.intake.reading import Unreadable, decode
from govreports.intake.source import SOURCE_SUFFIXES, SourceFile
from govreports.text.convert import is_traditional

_LEAST = 3000
_LEAST_PAIR = 2
_LEAST_TRIPLE = 3


def read_clean_texts(directory: Path) -> Iterator[str]:
    """Cleaned texts of the undamaged reports below a directory, in the order of their paths."""
    config = CleaningConfig(without=frozenset({"byte_damage"}))
    for path in sorted(p for p in directory.rglob("*") if p.name.lower().endswith(SOURCE_SUFFIXES)):
        try:
            read = decode(SourceFile(path.name, path.read_bytes()))
        except Unreadable:
            continue
        text = clean(read.text, read.media_type, config).text
        if len(text) >= _LEAST and not is_traditional(text) and "?" not in text and "\ufffd" not in text:
            yield text


def train(texts: Iterable[str], file: Path) -> None:
    """Count characters, pairs and triples of texts and write the model."""
    folded = fold("\n".join(texts))
    single = Counter(folded)
    characters = "".join(sorted(char for char, count in single.items() if count > 1))
    if len(characters) >= 1 << BITS:
        raise ValueError(f"{len(characters)} different characters do not fit {BITS} bits")
    number = {char: i for i, char in enumerate(characters)}
    pairs = {k: n for k, n in Counter(pairwise(folded)).items() if n >= _LEAST_PAIR and _known(k, number)}
    triples = {
        k: n
        for k, n in Counter(zip(folded, folded[1:], folded[2:], strict=False)).items()
        if n >= _LEAST_TRIPLE and _known(k, number)
    }
    all_pairs = Counter(pairwise(folded))
    single_logs = [_log(single[char], len(folded)) for char in characters]
    pair_keys = sorted((number[a] << BITS | number[b], _log(n, single[a])) for (a, b), n in pairs.items())
    triple_keys = sorted(
        (number[a] << 2 * BITS | number[b] << BITS | number[c], _log(n, all_pairs[a, b]))
        for (a, b, c), n in triples.items()
    )
    np.savez_compressed(
        file,
        characters=np.array(characters),
        single=np.zeros(len(single_logs), dtype=np.uint8),
        pairs=_steps([key for key, _ in pair_keys]),
        triples=_steps([key for key, _ in triple_keys]),
        logs=np.array(single_logs + [log for _, log in pair_keys] + [log for _, log in triple_keys], dtype=np.uint8),
    )


def _known(chars: tuple[str, ...], number: dict[str, int]) -> bool:
    return all(char in number for char in chars)


def _log(count: int, total: int) -> int:
    """Minus log10 of a share, in steps, one byte."""
    return min(255, round(-np.log10(count / total) / STEP))


def _steps(keys: list[int]) -> np.ndarray:
    """Ascending keys as differences, which compress well."""
    return np.diff(np.array(keys, dtype=np.uint64), prepend=np.uint64(0)).astype(np.uint64)


def main() -> None:
    """Command line: one directory of clean reports."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        raise SystemExit("usage: python -m govreports.clean.train DIRECTORY (of clean reports)")
    train(read_clean_texts(Path(sys.argv[1])), MODEL_FILE)
    print(f"{MODEL_FILE.name}: {MODEL_FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
