"""What scrapers do to a page.

Belongs here: damage and encodings that a generated report may have and must survive, and files that must be refused. Does not
belong here: choosing among them (see `benchmarks.corpus`).
"""

from __future__ import annotations

import gzip
import html
import random
import re
from collections.abc import Callable

from benchmarks.draft import Draft

Encode = Callable[[str], tuple[str, bytes]]


def _replacing(pattern: str, new: str, share: float) -> Callable[[Draft, random.Random], Draft]:
    compiled = re.compile(pattern)

    def damage(draft: Draft, rng: random.Random) -> Draft:
        return draft.edited([(m.start(), m.end(), new) for m in compiled.finditer(draft.text) if rng.random() < share])

    return damage


def _as_html(draft: Draft, rng: random.Random) -> Draft:
    escaped = [(m.start(), m.end(), html.escape(m[0])) for m in re.finditer(r"[&<>]", draft.text)]
    breaks = [(m.start(), m.end(), "</p>\n<p>") for m in re.finditer(r"\n+", draft.text)]
    page = draft.edited(sorted(escaped + breaks))
    head = '<html><head><meta charset="utf-8"><title>政府工作报告</title></head><body><div class="content"><p>'
    end = len(page.text)
    return page.edited([(0, 0, head), (end, end, "</p></div></body></html>")])


def _suffixed(suffix: str, encoding: str, pack: Callable[[bytes], bytes] = bytes) -> Encode:
    return lambda text: (suffix, pack(text.encode(encoding, "replace")))


def _gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


_TXT = _suffixed(".txt", "utf-8")
_Damage = Callable[[Draft, random.Random], tuple[Draft, Encode]]


def _damage(change: Callable[[Draft, random.Random], Draft], encode: Encode = _TXT) -> _Damage:
    return lambda draft, rng: (change(draft, rng), encode)


def _as_it_is(draft: Draft, rng: random.Random) -> Draft:
    return draft


DAMAGES: dict[str, _Damage] = {
    "none": _damage(_as_it_is),
    "middle_dot": _damage(_replacing(r"(?<=\d)\.(?=\d)", "·", 0.3)),
    "lost_percent": _damage(_replacing(r"(?<=\d)%", "℅", 0.3)),
    "question_marks": _damage(_replacing(r"\n+(?=\S)", "\n????", 0.5)),
    "literal_breaks": _damage(_replacing(r"\n+", r"\r\n", 1.0)),
    "words_apart": _damage(_replacing(r"(?<=[\u4e00-\u9fff]{9}[,;、])(?=[\u4e00-\u9fff])", "\n", 0.03)),
    "html": _damage(_as_html, _suffixed(".html", "utf-8")),
    "gb18030": _damage(_as_it_is, _suffixed(".txt", "gb18030")),
    "utf16": _damage(_as_it_is, _suffixed(".txt", "utf-16")),
    "gz": _damage(_as_it_is, _suffixed(".txt.gz", "utf-8", _gz)),
}

# Files that must be refused.
BAD: dict[str, bytes] = {
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "not_found": (
        "<html><head><title>404 Not Found</title></head><body><h1>404</h1><p>您访问的页面不存在</p></body></html>"
    ).encode(),
    "login": "用户登录\n用户名:\n密码:\n验证码:\n登录\n忘记密码?\n".encode(),
    "blank": ("政府工作报告\n" + "地区生产总值达到×××亿元,增长××%;财政收入××亿元,增长××%。\n" * 20).encode(),
}
