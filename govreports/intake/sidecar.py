"""The sidecar of a file, `NAME.meta.yml`: what a person states about it.

Belongs here: its format and its guards (docs/identity.md). Does not belong here: what identity makes of it
(`govreports.intake.stage`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

from govreports.intake.dates import FIRST_YEAR, LAST_YEAR

KEYS = ("source_url", "crawled_at", "region", "year", "expect")
EXPECT_KEYS = ("region", "year", "title", "doc_type", "text")
_MOST_BYTES = 64 * 1024


class BadSidecar(Exception):
    """A sidecar that cannot be used: the message names the key and the way out."""


@dataclass(frozen=True)
class Expectation:
    """What the text itself must say for the statement to hold; null where nothing is asked.

    `title` and `text` are phrases that the title or the text holds.
    """

    region: str | None = None
    year: int | None = None
    title: str | None = None
    doc_type: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Sidecar:
    """A person's statement about a file. `region`: a name or a six-digit code; `crawled_at` as written."""

    source_url: str | None = None
    crawled_at: str | None = None
    region: str | None = None
    year: int | None = None
    expect: Expectation = field(default_factory=Expectation)


class _Loader(yaml.SafeLoader):
    """Refuses a key that occurs twice: one of the two statements would be lost."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise BadSidecar(f"the key {key.value!r} occurs twice: keep one")
        seen.add(key.value)
    return dict(loader.construct_pairs(node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def parse_sidecar(data: bytes) -> Sidecar:
    """The statement in a sidecar's bytes. Raises `BadSidecar`."""
    stated = _load(data)
    _check_keys(stated, KEYS, "")
    expect = stated.get("expect")
    if expect is not None and not isinstance(expect, dict):
        raise BadSidecar(f"'expect' must be a mapping of {', '.join(EXPECT_KEYS)}")
    _check_keys(expect or {}, EXPECT_KEYS, "expect.")
    return Sidecar(
        source_url=_text(stated, "source_url"),
        crawled_at=_moment(stated.get("crawled_at")),
        region=_region(stated, "region"),
        year=_year(stated, "year"),
        expect=_expectation(expect or {}),
    )


def _load(data: bytes) -> dict[str, Any]:
    if len(data) > _MOST_BYTES:
        raise BadSidecar(f"it has more than {_MOST_BYTES:,} bytes: a sidecar is a few lines")
    try:
        stated = yaml.load(data.decode("utf-8-sig"), Loader=_Loader)
    except UnicodeDecodeError as error:
        raise BadSidecar("it is no UTF-8: save it as UTF-8") from error
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        raise BadSidecar(f"it is no YAML ({_first_line(error)}): write lines of 'key: value'") from error
    if stated is None:
        raise BadSidecar(f"it is empty: state one of {', '.join(KEYS)}, or remove it")
    if not isinstance(stated, dict):
        raise BadSidecar("it must hold lines of 'key: value'")
    return stated


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def _check_keys(stated: dict[Any, Any], known: tuple[str, ...], prefix: str) -> None:
    for key in _unknown(stated, known):
        raise BadSidecar(f"the key '{prefix}{key}' is not known: use {', '.join(known)}")


def _unknown(stated: dict[Any, Any], known: tuple[str, ...]) -> Iterator[Any]:
    return (key for key in stated if key not in known)


def _expectation(stated: dict[str, Any]) -> Expectation:
    return Expectation(
        region=_region(stated, "region", "expect."),
        year=_year(stated, "year", "expect."),
        title=_text(stated, "title", "expect."),
        doc_type=_text(stated, "doc_type", "expect."),
        text=_text(stated, "text", "expect."),
    )


def _text(stated: dict[str, Any], key: str, prefix: str = "") -> str | None:
    value = stated.get(key)
    if value is None and key not in stated:
        return None
    if not isinstance(value, str) or not value.strip():
        raise BadSidecar(f"'{prefix}{key}' must be a text that is not empty: put it in quotes, or leave the line out")
    return value.strip()


def _region(stated: dict[str, Any], key: str, prefix: str = "") -> str | None:
    value = stated.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch(r"\d{6}", str(value)):
        return str(value)
    if key in stated and not isinstance(value, str):
        raise BadSidecar(
            f"'{prefix}{key}' must be a place's name or its six-digit code, such as 江西省南昌市西湖区 or 360103"
        )
    return _text(stated, key, prefix)


def _year(stated: dict[str, Any], key: str, prefix: str = "") -> int | None:
    if key not in stated:
        return None
    value = stated[key]
    if not isinstance(value, int) or isinstance(value, bool) or not FIRST_YEAR <= value <= LAST_YEAR:
        raise BadSidecar(f"'{prefix}{key}' must be a year from {FIRST_YEAR} to {LAST_YEAR}, such as 2023")
    return value


def _moment(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value):
        return value
    raise BadSidecar("'crawled_at' must be a day or a time, such as 2024-06-15 or 2024-06-15T16:26:15+08:00")
