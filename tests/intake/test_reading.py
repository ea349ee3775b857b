"""Files of every packing and charset give one text; what is no text is refused with a reason."""

import gzip
import zlib
from pathlib import Path

import pytest

from govreports.intake import reading
from govreports.intake.reading import Unreadable, decode
from govreports.intake.source import SourceFile

RAW = Path(__file__).resolve().parents[2] / "raw"
SEEDS = sorted(RAW.glob("*.txt"))
PROSE = "各位代表:现在,我代表区人民政府,向大会报告工作,请予审议。\r\n2023年,全区生产总值增长5.2%。\n"


def as_contract_says(data: bytes, encoding: str) -> str:
    return data.decode(encoding, errors="replace").removeprefix("\ufeff")


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.name[:3])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_seeds_read_the_same_in_every_unicode_and_gb_encoding(path: Path, codec: str) -> None:
    text = path.read_bytes().decode("utf-8")
    data = text.encode(codec)
    read = decode(SourceFile("a/x.txt", data))
    assert read.text == text == as_contract_says(data, read.encoding)
    assert read.media_type == "text/plain"


def test_line_ends_and_gzip_members_stay_as_they_came() -> None:
    packed = gzip.compress(PROSE.encode()) + gzip.compress(PROSE.encode())
    assert decode(SourceFile("x.txt.gz", packed)).text == PROSE * 2


def test_html_is_known_by_name_and_by_its_start() -> None:
    page = f"<!DOCTYPE html><html><body>{PROSE}</body></html>".encode()
    assert decode(SourceFile("x.html.gz", gzip.compress(page))).media_type == "text/html"
    assert decode(SourceFile("x.txt", page)).media_type == "text/html"
    assert decode(SourceFile("x.htm", PROSE.encode())).media_type == "text/html"


@pytest.mark.parametrize(
    ("name", "data", "reason_code"),
    [
        ("x.txt", b"", "empty"),
        ("x.txt", b"\xef\xbb\xbf \r\n", "empty"),
        ("x.txt.gz", b"", "empty"),
        ("x.txt.gz", gzip.compress(b"", mtime=0), "empty"),
        ("x.txt.gz", gzip.compress(PROSE.encode() * 9, mtime=0)[:-20], "bad_gzip"),
        ("x.txt.gz", b"\x1f\x8b" + b"nonsense" * 9, "bad_gzip"),
        ("x.txt.gz", PROSE.encode(), "bad_gzip"),
        ("x.txt", gzip.compress(PROSE.encode(), mtime=0), "binary"),
        ("x.txt", b"%PDF-1.7\n...", "binary"),
        ("x.txt", bytes(range(256)) * 40, "binary"),
    ],
)
def test_what_is_no_text_is_refused(name: str, data: bytes, reason_code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        decode(SourceFile(name, data))
    assert refusal.value.reason_code == reason_code
    assert refusal.value.reason


def test_a_zip_bomb_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 100_000)
    bomb = gzip.compress(zlib.compress(b"") + b"0" * 5_000_000)
    with pytest.raises(Unreadable, match="more than") as refusal:
        decode(SourceFile("x.txt.gz", bomb))
    assert refusal.value.reason_code == "too_large"
