"""The format of sidecars: what is stated, and what is refused with a way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreports.intake.sidecar import BadSidecar, Expectation, Sidecar, parse_sidecar


def test_everything_that_a_sidecar_may_state() -> None:
    text = """\
source_url: https://example.org/report.html
crawled_at: 2024-06-15T16:26:15+08:00
region: 江西省南昌市西湖区
year: 2023
expect:
  region: 360103
  year: 2023
  title: 西湖区
  doc_type: work_report
  text: 我代表西湖区人民政府
"""
    found = parse_sidecar(text.encode())
    assert found.source_url == "https://example.org/report.html"
    assert found.crawled_at is not None and found.crawled_at.startswith("2024-06-15T")
    assert (found.region, found.year) == ("江西省南昌市西湖区", 2023)
    assert found.expect == Expectation("360103", 2023, "西湖区", "work_report", "我代表西湖区人民政府")


def test_a_byte_order_mark_and_a_plain_day_are_fine() -> None:
    found = parse_sidecar("\ufeffcrawled_at: 2024-06-15\n".encode())
    assert found == Sidecar(crawled_at="2024-06-15")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "empty"),
        ("- a\n", "key: value"),
        ("jahr: 2023\n", "jahr"),
        ("expect:\n  jahr: 2023\n", "expect.jahr"),
        ("expect: 2023\n", "expect"),
        ("year: '2023'\n", "year"),
        ("year: true\n", "year"),
        ("year: 1066\n", "year"),
        ("region: ''\n", "region"),
        ("region: 36\n", "region"),
        ("year: 2022\nyear: 2023\n", "twice"),
        ("crawled_at: yesterday\n", "crawled_at"),
        ("source_url:\n", "source_url"),
        ("a: [\n", "YAML"),
        ("year: !!python/object/apply:os.getcwd []\n", "YAML"),
        ("region: " + "易" * 40_000, "bytes"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, named: str) -> None:
    with pytest.raises(BadSidecar, match=named):
        parse_sidecar(text.encode())


def test_other_charsets_are_told() -> None:
    with pytest.raises(BadSidecar, match="UTF-8"):
        parse_sidecar("region: 易县\n".encode("gb18030"))


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    try:
        found = parse_sidecar(data)
    except BadSidecar as error:
        assert str(error)
    else:
        assert isinstance(found, Sidecar)
