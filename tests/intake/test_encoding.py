"""The charset ladder: marks, NUL patterns, strict decoding, frequent characters; cut and spoiled bytes."""

from pathlib import Path

import pytest

from govreports.intake.encoding import detect, frequent_share

SEEDS = sorted((Path(__file__).resolve().parents[2] / "raw").glob("*.txt"))
CODECS = ["utf-8", "gb18030", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.name[:3])
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("size", [601, 602, 603])
def test_a_file_cut_within_a_character_keeps_its_charset(path: Path, codec: str, size: int) -> None:
    assert detect(path.read_text(encoding="utf-8").encode(codec)[:size]) == codec


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.name[:3])
@pytest.mark.parametrize("codec", CODECS)
def test_one_bad_byte_does_not_change_the_charset(path: Path, codec: str) -> None:
    data = path.read_text(encoding="utf-8").encode(codec)
    assert detect(data[:500] + b"\xff" + data[501:]) == codec


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.name[:3])
@pytest.mark.parametrize(("codec", "expected"), [("gbk", "gb18030"), ("big5hkscs", "big5hkscs")])
def test_charsets_that_cannot_hold_everything(path: Path, codec: str, expected: str) -> None:
    assert detect(path.read_text(encoding="utf-8").encode(codec, errors="replace")) == expected


def test_utf16_without_digits_or_line_ends() -> None:
    assert detect("各位代表现在我代表区人民政府向大会报告工作请予审议".encode("utf-16-be")) == "utf-16-be"


def test_frequent_share_is_a_share() -> None:
    assert frequent_share("") == 0.0
    assert frequent_share("鼯鼹") == 0.0
    assert frequent_share("工作报告") == 1.0
