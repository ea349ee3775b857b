"""Charset of a text file.

Belongs here: which codec turns bytes into text. Does not belong here: files, sizes, refusals (see `govreports.intake.reading`).

A ladder of strict tests, since statistical detectors err on short and cut files: byte order mark; the NUL pattern of
UTF-16; strict UTF-8; strict GB 18030, Big5-HKSCS and UTF-16 compared by their share of frequent characters; the same
leniently. Each candidate may be cut within its last character.
"""

import codecs
import re

# The commonest characters of official prose, simplified and traditional: text in a wrong codec has next to none.
_FREQUENT = re.compile(
    "[的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
    "民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政"
    "四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者"
    "报告区县市府务项目设施服推村镇增长万亿元城农展强进总基安保提"
    "這個為國們來時動過說種後學經進著機當從業應開還義間樣與關線數質氣變條結問無系軍報區縣務項設推鎮長億農總場強會發產對"
    ",.:;、，。：；“”（）()《》0-9\\s]"
)
_SAMPLE = 200_000  # bytes that are looked at where whole-file decoding is not needed for the decision
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")


def detect(data: bytes) -> str:
    """Name of the Python codec for the bytes of a text file, never one that consumes a byte order mark itself."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    return _by_nul_pattern(data) or _strict_utf8(data) or _best(data, strict=True) or _lenient(data)


def frequent_share(text: str) -> float:
    """Share of the characters that are frequent in official prose, between 0 and 1."""
    return len(_FREQUENT.findall(text)) / len(text) if text else 0.0


def _by_nul_pattern(data: bytes) -> str | None:
    """UTF-16 without a mark: line ends and digits leave NUL bytes at one parity only."""
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    many, few = max(even, odd), min(even, odd)
    if many < max(1, len(sample) // 2000) or few * 20 > many:
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    return name if frequent_share(sample[: len(sample) // 2 * 2].decode(name, errors="replace")) > 0.2 else None


def _strict_utf8(data: bytes) -> str | None:
    return "utf-8" if _decodes(data, "utf-8") else None


def _decodes(data: bytes, name: str) -> bool:
    """Whether the bytes are valid, a cut last character aside."""
    try:
        codecs.getincrementaldecoder(name)(errors="strict").decode(data, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _best(data: bytes, strict: bool) -> str | None:
    sample = data[:_SAMPLE]
    scored = []
    for name in _LEGACY if strict else (*_LEGACY, "utf-8"):
        if strict and not _decodes(data, name):
            continue
        text = sample.decode(name, errors="replace")
        scored.append((frequent_share(text) - 5 * text.count("\ufffd") / max(1, len(text)), name))
    if not scored:
        return None
    share, name = max(scored)
    return name if not strict or share > 0.2 else None


def _lenient(data: bytes) -> str:
    return _best(data, strict=False) or "utf-8"
