"""The raw stage: files as they came → raw rows with an identity, or refusals with a reason.

Belongs here: the order in which reading, type, completeness, year and region are settled, the sidecar's say in it, and the raw
row. Does not belong here: how each of them is found (the modules beside this one), directories (`govreports.intake.scan`).

Precedence: what a sidecar states, if its guards hold; then the text; then the file's name (docs/identity.md).
"""

import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from govreports.intake.completeness import assess, find_fault
from govreports.intake.doctype import COMMUNIQUE, find_type
from govreports.intake.header import Header, Page, open_page, read_header
from govreports.intake.periods import YearFound, find_spans, find_year
from govreports.intake.place import Place, PlaceClues, PlaceProblem, find_place
from govreports.intake.reading import Decoded, Unreadable, decode
from govreports.intake.sidecar import BadSidecar, Expectation, Sidecar, parse_sidecar
from govreports.intake.source import SOURCE_SUFFIXES, SourceFile
from govreports.text.ids import doc_id, sha256

Row = dict[str, Any]

_SIDECAR = "sidecar"
_ANY_YEAR = 2020  # for telling places apart where the text tells no year


@dataclass(frozen=True)
class Identified:
    """An accepted file: its partition and its raw row."""

    partition_key: str
    row: Row


@dataclass(frozen=True)
class Refusal:
    """A file that is no document: `reason_code` of the code list, `reason` in one sentence with what to do."""

    source_file: str
    sha256: str
    reason_code: str
    reason: str


@dataclass
class Read:
    """Raw rows of the accepted files and refusals of the others; each file is in one of the two."""

    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True)
class _Reading:
    """What a file says of itself, before region and year are settled."""

    page: Page
    header: Header
    doc_type: str
    file_name: str


class _Refused(Exception):
    """Carries a refusal's code and reason up to where the file is known."""

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.reason = reason


def read_files(files: Iterable[SourceFile]) -> Read:
    """Read files into raw rows. No file can stop the others: one that raises is refused."""
    read = Read()
    for file in files:
        try:
            found = identify(file)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.lineno}"
            reason = f"{type(error).__name__}: {error} ({place}); please report this file"
            found = Refusal(file.source_file, sha256(file.data), "identification_failed", reason)
        if isinstance(found, Refusal):
            read.refusals.append(found)
        else:
            read.rows.append(found.row)
    return read


def identify(file: SourceFile) -> Identified | Refusal:
    """Settle which report a file is, or why it is none."""
    try:
        row = _raw_row(file)
    except (_Refused, Unreadable) as refused:
        return Refusal(file.source_file, sha256(file.data), refused.reason_code, refused.reason)
    return Identified(row["partition_key"], row)


def _raw_row(file: SourceFile) -> Row:
    decoded = decode(file)
    sidecar = _sidecar(file)
    reading = _read(decoded, file.source_file)
    fault = find_fault(reading.page, reading.header)
    if fault:
        raise _Refused(fault.reason_code, fault.reason)
    _guard(sidecar.expect, reading, file.source_file)
    year = _year(sidecar, reading)
    place = _place(sidecar.region or "", reading, year.year, file.source_file)
    header = reading.header
    spans = find_spans(reading.page, header, reading.doc_type, year.year)
    return {
        "doc_id": doc_id(file.data),
        "source_file": file.source_file,
        "sha256": sha256(file.data),
        "encoding": decoded.encoding,
        "media_type": decoded.media_type,
        "raw_text": decoded.text,
        "region_code": place.region_code,
        "region_code_current": place.region_code_current,
        "region_name": place.region_name,
        "report_year": year.year,
        "partition_key": f"{place.region_code}-{year.year}",
        "doc_type": reading.doc_type,
        "completeness": assess(reading.page, header, reading.doc_type),
        "title": header.title,
        "delivered_on": header.delivered_on,
        "meeting": header.meeting,
        "speaker": header.speaker,
        "publisher": header.publisher,
        "published_on": header.published_on,
        "document_number": header.document_number,
        "index_number": header.index_number,
        "review_start": spans.review_start,
        "review_end": spans.review_end,
        "plan_start": spans.plan_start,
        "plan_end": spans.plan_end,
        "raw_chars": len(decoded.text),
        "identity_basis": _basis(place.basis, year.basis),
        "identity_confidence": round(min(place.confidence, year.confidence), 3),
    }


def _read(decoded: Decoded, source_file: str) -> _Reading:
    page = open_page(decoded.text, decoded.media_type)
    header = read_header(page, source_file)
    file_name = _stem(PurePosixPath(source_file).name)
    doc_type = find_type(page, header.title, file_name)
    if doc_type == COMMUNIQUE:
        # Nobody delivers a communiqué: the day below its title is that of its publication.
        header = replace(header, delivered_on=None, published_on=header.published_on or header.delivered_on)
    return _Reading(page, header, doc_type, file_name)


def _stem(source_file: str) -> str:
    for suffix in sorted(SOURCE_SUFFIXES, key=len, reverse=True):
        if source_file.lower().endswith(suffix):
            return source_file[: -len(suffix)]
    return source_file


def _basis(place: str, year: str) -> str:
    return place if place == year else f"region: {place}, year: {year}"


# -- region and year --------------------


def _year(sidecar: Sidecar, reading: _Reading) -> YearFound:
    if sidecar.year:
        return YearFound(sidecar.year, _SIDECAR, 1.0)
    found = find_year(reading.page, reading.header, reading.doc_type, reading.file_name)
    if found is None:
        raise _Refused(
            "unknown_year",
            "neither the text nor the file name tells the year: add a sidecar NAME.meta.yml with year: YYYY",
        )
    return found


def _place(stated: str, reading: _Reading, year: int, source_file: str) -> Place:
    page, header = reading.page, reading.header
    clues = PlaceClues(
        title=header.title or "",
        block="\n".join(page.block),
        body=page.body,
        page=f"{page.title or ''}\n{page.around}",
        file_name=_stem(source_file),
        meeting=header.meeting or "",
        publisher=header.publisher or "",
        stated=stated,
    )
    found = find_place(clues, year, header.delivered_on)
    if isinstance(found, PlaceProblem):
        raise _Refused(found.reason_code, found.reason)
    return found


# -- sidecar --------------------


def _sidecar(file: SourceFile) -> Sidecar:
    if file.sidecar is None:
        return Sidecar()
    try:
        return parse_sidecar(file.sidecar)
    except BadSidecar as error:
        raise _Refused("bad_sidecar", f"the sidecar cannot be used: {error}") from error


def _guard(expect: Expectation, reading: _Reading, source_file: str) -> None:
    """Refuse a file whose text does not say what its sidecar expects of it."""
    if expect.title and expect.title not in (reading.header.title or ""):
        raise _mismatch("title", expect.title, reading.header.title)
    if expect.doc_type and expect.doc_type != reading.doc_type:
        raise _mismatch("doc_type", expect.doc_type, reading.doc_type)
    if expect.text and expect.text not in "\n".join([*reading.page.head, reading.page.body]):
        raise _mismatch("text", expect.text, None)
    if not expect.year and not expect.region:
        return
    found = find_year(reading.page, reading.header, reading.doc_type, reading.file_name)
    if expect.year and (found is None or found.year != expect.year):
        raise _mismatch("year", expect.year, found.year if found else None)
    if expect.region:
        _guard_region(expect.region, reading, found.year if found else _ANY_YEAR, source_file)


def _guard_region(expected: str, reading: _Reading, year: int, source_file: str) -> None:
    wanted = _place(expected, reading, year, source_file)
    found = _place("", reading, year, source_file)
    if found.region_code_current != wanted.region_code_current:
        raise _mismatch("region", expected, f"{found.region_name} {found.region_code}")


def _mismatch(key: str, expected: object, found: object) -> _Refused:
    says = f"the text says {found}" if found else "the text does not say so"
    return _Refused(
        "sidecar_mismatch", f"the sidecar expects {key}: {expected}, but {says}: mend the sidecar or the file"
    )
