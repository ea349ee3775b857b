"""Files of the site: data that also loads where there is no server, written only where they change.

Belongs here: how rows become a script, atomic writes, and what is removed. Does not belong here: what is in the rows.

A page that was opened from the disk may not fetch files, but it may load scripts. So each piece of data is a script that hands
its name and its data to `govreports.piece`; text in it is escaped so that it is inert wherever the script ends up.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

Row = dict[str, Any]

# Ends a script or starts a comment in HTML; ends a line in old JavaScript; half a character, which UTF-8 cannot hold.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


_DEEP = frozenset({float, list, tuple, dict})
# Share of different texts up to which a list of them is shorter.
_REPEATED = 0.6


def as_script(name: str, data: object) -> bytes:
    """The script of a piece; the same data always gives the same bytes."""
    return f"govreports.piece({_json(name)},{_json(data)});\n".encode()


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> dict[str, Any]:
    """Rows without what repeats in them: `{columns, words, rows}`.

    `words` lists the different texts of columns that repeat them; a cell of such a column is a place in that list.
    """
    listed = [[row[name] for name in columns] for row in rows]
    words = {}
    for at, name in enumerate(columns):
        filled = [cells[at] for cells in listed if cells[at] is not None]
        if not filled or not all(isinstance(text, str) for text in filled):
            continue
        texts = dict.fromkeys(filled)
        if len(texts) <= len(listed) * _REPEATED:
            places = {text: place for place, text in enumerate(texts)}
            words[name] = list(texts)
            for cells in listed:
                cells[at] = None if cells[at] is None else places[cells[at]]
    return {"columns": list(columns), "words": words, "rows": listed}


def _json(value: object) -> str:
    text = json.dumps(_rounded(value), ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _rounded(value: object) -> object:
    """Numbers in twelve digits: the noise of a multiplication is neither shown nor a change. What is no number becomes null."""
    kind = type(value)
    if kind is float:
        return _shortened(value)  # type: ignore[arg-type]
    # Most of what a list holds needs no look inside, and there are millions of it.
    if kind is list or kind is tuple:
        return [_rounded(inner) if type(inner) in _DEEP else inner for inner in value]  # type: ignore[attr-defined]
    if kind is dict:
        return {key: _rounded(inner) for key, inner in value.items()}  # type: ignore[attr-defined]
    return value


def _shortened(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    short = float(f"{value:.12g}")
    return int(short) if short.is_integer() and abs(short) < 2**53 else short


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"a piece holds a {type(value).__name__}")


class Folder:
    """The folder of a site. Knows what lies in it, and removes what nobody kept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self._present = dict(_sizes(root))
        self._kept: set[str] = set()
        self.written = self.removed = 0

    def has(self, path: str) -> bool:
        """Whether a file is there, and not an empty one that a power cut left."""
        return self._present.get(path, 0) > 0

    def keep(self, path: str) -> None:
        """Let a file stay as it is."""
        self._kept.add(path)

    def put(self, path: str, data: bytes) -> None:
        """Let a file hold these bytes; one that holds them already is not touched."""
        self.keep(path)
        target = self.root / path
        if self._present.get(path) == len(data) and target.read_bytes() == data:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            beside.write_bytes(data)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        self._present[path] = len(data)
        self.written += 1

    def remove_others(self) -> None:
        """Remove what was neither put nor kept, and what killed builds left."""
        for path in self._present.keys() - self._kept:
            gone = self.root / path
            gone.unlink(missing_ok=True)
            self.removed += 1
            # Folders that hold something stay.
            with suppress(OSError):
                gone.parent.rmdir()


def _sizes(root: Path, below: str = "") -> Iterator[tuple[str, int]]:
    """Every file under a folder with its size, by its path from there."""
    with os.scandir(root / below) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _sizes(root, f"{below}{entry.name}/")
            else:
                yield below + entry.name, entry.stat(follow_symlinks=False).st_size
