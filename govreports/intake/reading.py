"""Bytes of a file → decoded text.

Belongs here: unpacking, size limits, telling text from what is none. Does not belong here: the choice of a codec
(`govreports.intake.encoding`), what the text is about (`govreports.intake.stage`), cleaning (`govreports.clean`).
"""

import re
import zlib
from dataclasses import dataclass

from govreports.intake.encoding import detect
from govreports.intake.source import MAX_BYTES, SourceFile

GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 20
# Formats that come under a text's name; reading them as text would yield noise.
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (GZIP_MAGIC, "gzip data without the name .gz"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x7fELF", "a program"),
)
_HTML_NAME = re.compile(r"\.html?(?:\.gz)?$", re.IGNORECASE)
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x7f]")


class Unreadable(Exception):
    """A file that holds no text: `reason_code` for machines, `reason` for people, with what to do about it."""

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.reason = reason


@dataclass(frozen=True)
class Decoded:
    """Text of a file: code points as they came, without byte order mark.

    `encoding`: Python codec; the unpacked bytes decoded with it (errors="replace"), one leading U+FEFF removed, give
    `text` exactly. `media_type`: text/plain or text/html; for HTML `text` is the source.
    """

    text: str
    encoding: str
    media_type: str


def decode(file: SourceFile) -> Decoded:
    """The text of a file. Raises `Unreadable` for what is empty, too large, packed badly or no text."""
    data = unpack(file.data) if file.source_file.lower().endswith(".gz") else file.data
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large", _too_large())
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty", "the file holds no text: fetch the page again")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise Unreadable("binary", f"the file is {what}, not text: rename it or convert it to .txt or .html first")
    encoding = detect(data)
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    _refuse_noise(text)
    is_html = _HTML_NAME.search(file.source_file) or _HTML_START.match(text)
    return Decoded(text, encoding, "text/html" if is_html else "text/plain")


def unpack(data: bytes) -> bytes:
    """The bytes of a gzip file decompressed; stops at the size limit, so that a zip bomb costs no memory."""
    if data and not data.startswith(GZIP_MAGIC):
        raise Unreadable("bad_gzip", "the file is named .gz but is not packed: rename it or fetch it again")
    parts, size = [], 0
    rest = data
    try:
        while rest.startswith(GZIP_MAGIC):
            member = zlib.decompressobj(wbits=31)
            while rest and not member.eof:
                part = member.decompress(rest, _CHUNK)
                size += len(part)
                if size > MAX_BYTES:
                    raise Unreadable("too_large", _too_large())
                parts.append(part)
                rest = member.unconsumed_tail
            if not member.eof:
                raise Unreadable("bad_gzip", "the .gz file ends too early: fetch it again")
            rest = member.unused_data
    except zlib.error as error:
        raise Unreadable("bad_gzip", f"the .gz file is broken ({error}): fetch it again") from error
    return b"".join(parts)


def _too_large() -> str:
    return f"the file has more than {MAX_BYTES // 2**20} MB of text: no report is that large; split it or leave it out"


def _refuse_noise(text: str) -> None:
    size = len(text)
    if len(_CONTROL.findall(text)) > 0.01 * size:
        raise Unreadable(
            "binary", "the file holds control characters as binary data does: save the page as text or HTML"
        )
    if text.count("\ufffd") > 0.05 * size:
        raise Unreadable("undecodable", "more than 5% of the bytes fit no known charset: fetch the page again")
