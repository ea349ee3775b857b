"""The indicators stage: a cleaned row and its outline → rows of core.observation and core.quantity.

Belongs here: walking the sentences of a document, carrying time within paragraphs, making rows with evidence, flags that need the
whole document. Does not belong here: reading a sentence (`reading`), tables (`tables`), what the columns mean
(`govreports/metadata/tables/core.yaml`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from govreports.indicators import periods
from govreports.indicators.attach import Spoken
from govreports.indicators.dated import DATING, section_times
from govreports.indicators.numerals import with_curly_quotes, with_digit_years
from govreports.indicators.periods import Frame, Time
from govreports.indicators.quantity import Quantity
from govreports.indicators.reading import LONGEST, Reader, Reading
from govreports.indicators.scope import Home
from govreports.indicators.sentences import sentences
from govreports.indicators.settle import AHEAD, BEHIND, SO_ALL, Setting
from govreports.indicators.subjects import default_names
from govreports.indicators.tables import read_tables
from govreports.text import ids
from govreports.text.offsets import OffsetMap

Row = dict[str, Any]

# Values that no region has beside its own product: a lost decimal point in the source.
_IMPLAUSIBLE_TIMES_GDP = {"fixed_investment": 6.0, "retail_sales": 4.0, "budget_revenue": 1.5, "fiscal_revenue": 2.0}


# Confidence of a repair from which on the number that it touched counts as printed.
_BEYOND_DOUBT = 0.9

# A sentence that states the aims of the year to come, wherever it stands.
_AIMS = re.compile(r"主要(?:预期|奋斗|发展|经济)?[\u4e00-\u9fff]{0,8}目标(?:是|为|[:：])")


# Completion of a plan may pass 100%, a share of a whole that is far above it was misprinted.
_LARGEST_SHARE = 200.0


@dataclass(frozen=True, slots=True)
class Found:
    """A reading at its place: the sentence it stands in, in cleaned offsets."""

    reading: Reading
    section_id: str | None
    sentence_start: int
    sentence_end: int


@dataclass(slots=True)
class _Carried:
    """What a paragraph carries from sentence to sentence: time, status, base of comparison."""

    time: Time | None = None
    aims: bool = False
    estimated: bool = False
    base: str | None = None


def read_document(cleaned: Row, outline: Row) -> Row:
    """`{doc_id, observation, quantity}` of a document: every value of a known indicator, and every quantity."""
    found = find(cleaned, outline)
    evidence = Evidence(cleaned)
    observations: dict[str, Row] = {}
    quantities: dict[str, Row] = {}
    for item in found:
        observation = evidence.observation(item) if item.reading.indicator else None
        known_row = observations.get(observation["observation_id"]) if observation else None
        if known_row and observation and known_row["scope"] != observation["scope"]:
            # 工业投资、技改投资增长20%: one number of one indicator for two groups; the second quotes the bare number.
            observation = evidence.observation(item, bare=True)
        if observation:
            observations.setdefault(observation["observation_id"], observation)
        quantity = evidence.quantity(item, observation)
        known = quantities.get(quantity["quantity_id"])
        if known is None or (known["observation_id"] is None and quantity["observation_id"]):
            quantities[quantity["quantity_id"]] = quantity
    rows = list(observations.values())
    flag_implausible(rows)
    return {"doc_id": cleaned["doc_id"], "observation": rows, "quantity": list(quantities.values())}


def find(cleaned: Row, outline: Row) -> list[Found]:
    """Every reading of a document in the order of the text, those of tables last."""
    text = _folded(cleaned["clean_text"])
    sections = [{**s, "title": _folded(s["title"]) if s["title"] else None} for s in outline["section"]]
    frame, home = Frame.of(cleaned), Home.of(cleaned)
    reader = Reader(default_names(), home)
    dated = section_times(sections, frame)
    carried = _Carried()
    in_tables = _table_spans(sections)
    # News and communiqués have no parts with roles; what they state is under review.
    roles = any(s["role"] in BEHIND for s in sections) and cleaned.get("doc_type") != "statistical_communique"
    fallback = "other" if roles else "review"
    out: list[Found] = []
    expected = False
    for sentence in sentences(text, sections):
        section = sentence.section
        if any(a <= sentence.start < b for a, b in in_tables):
            continue
        if sentence.first:
            carried = _Carried()
            reader.spoken, reader.passed = Spoken(), None
        words = text[sentence.start : sentence.end]
        aims = _AIMS.search(words)
        carried.aims = carried.aims or aims is not None
        role = section["role"] or "other"
        role = fallback if role == "other" else role
        carried.estimated = carried.estimated or _ALL_ESTIMATED.search(words) is not None
        # It holds for the review, not for the aims after it.
        expected = role not in AHEAD and (expected or carried.estimated)
        setting = Setting(
            "targets" if carried.aims and role not in AHEAD and role != "notes" else role,
            frame,
            dated.get(section["section_id"]),
            carried.time,
            carried.estimated,
            carried.base if role in BEHIND else None,
            expected,
        )
        if sentence.skipped:
            reader.pass_over(text[slice(*sentence.skipped)])
            carried.time = carried.time or _of_five_years(text[slice(*sentence.skipped)], frame)
        readings, times = reader.read(words, setting)
        if sentence.first or carried.time is None:
            carried.time = _leading(words, times) or _of_aims(aims, times) or _of_five_years(words, frame)
        carried.base = _base_for_all(words, times) or _base_of_span(times, frame) or carried.base
        out += [Found(r, section["section_id"], sentence.start, sentence.end) for r in readings]
    out += [
        Found(reading, section_id, start, end)
        for reading, section_id, start, end in read_tables(cleaned, outline, reader, frame)
    ]
    return out


def _folded(text: str) -> str:
    """A text as it is read, as long as before."""
    return with_curly_quotes(with_digit_years(text))


# 预计（下同）, 285亿元（预计数，下同）: so is all that follows.
_ALL_ESTIMATED = re.compile(r"预计[（(]下同[)）]|[（(][^（()）]*预计[^（()）]*下同[^（()）]*[)）]")


def _base_for_all(words: str, times: list[Time]) -> str | None:
    """The year that a sentence and those after it compare with (比2012年（下同）增长47.7%)."""
    return next((t.period for t in times if t.kind == "base" and SO_ALL.match(words, t.end)), None)


def _base_of_span(times: list[Time], frame: Frame) -> str | None:
    """The year before a review of several years, where a sentence compares with it."""
    before = str(frame.review_start.year - 1) if frame.several_years and frame.review_start else None
    return before if any(t.kind in ("base", "standing") and t.period == before for t in times) else None


def _table_spans(sections: list[Row]) -> list[tuple[int, int]]:
    return [(s["clean_start"], s["clean_end"]) for s in sections if s["kind"] == "table"]


# What may stand before the expression of time that a sentence opens with.
_OPENING = re.compile(r".{0,2}|(?:[^，,]{2,14}[，,])?(?:回顾|回首|总结|刚刚|即将|在)?(?:刚刚|即将)?过去的")


def _leading(words: str, times: list[Time]) -> Time | None:
    """An expression that opens a sentence holds for the rest of its paragraph."""
    times = [t for t in times if t.kind != "whole"]
    if times and _OPENING.fullmatch(words, 0, times[0].start) and times[0].kind in DATING:
        first = times[0]
        opens = (
            words[first.end : first.end + 1] in (",", "，", "期", "是") or "目标" in words[first.end : first.end + 12]
        )
        if opens or first.kind == "five":
            return first
    return None


# A sentence that says of what years a passage tells (这是城市综合实力显著提升的五年).
_FIVE_YEARS = re.compile(r"(?:这|过去的?五年)[，,]?是[^。；;]{2,40}的五年$")


def _of_five_years(words: str, frame: Frame) -> Time | None:
    """The five years up to the end of the review, where a sentence opens a look back on them."""
    year = frame.last_full_year
    if not year or not _FIVE_YEARS.search(words):
        return None
    return Time(0, 0, "five", frame.review_span if frame.several_years and frame.review_span else f"{year - 4}/{year}")


def _of_aims(aims: re.Match[str] | None, times: list[Time]) -> Time | None:
    """The year that a sentence names before its aims (综合考虑，今年…主要预期目标是) holds for the rest of them."""
    named = [t for t in times if aims and t.end <= aims.start() and t.kind in DATING]
    return named[-1] if named else None


class Evidence:
    """Makes rows out of readings: quotes exactly as the raw text has them."""

    def __init__(self, cleaned: Row) -> None:
        self.cleaned = cleaned
        self.text: str = cleaned["clean_text"]
        self.raw: str = cleaned.get("raw_text") or self.text
        self.offsets = OffsetMap.decode(cleaned["offsets"])
        fixes = [s for s in cleaned["span"] if s["kind"] == "fix"]
        # Bytes were lost in these: no number in such a sentence is trusted, read anew or not.
        self.damaged = [(s["clean_start"], s["clean_end"]) for s in fixes if s["fixer"] == "byte_damage"]
        # Repairs of single numbers that are not beyond doubt.
        self.mended = [(s["clean_start"], s["clean_end"]) for s in fixes if (s["confidence"] or 0) < _BEYOND_DOUBT]

    def observation(self, item: Found, bare: bool = False) -> Row:
        """A row of core.observation; `bare`: its quote is the number with its unit alone."""
        reading, doc = item.reading, self.cleaned["doc_id"]
        quantity = reading.quantity
        start, end, raw_start, raw_end = self._quote(item, bare)
        first, last, freq = periods.bounds(reading.time_period)
        status, confidence = reading.obs_status, reading.confidence
        if any(a < item.sentence_end and item.sentence_start < b for a, b in self.damaged) or any(
            a < end and start < b for a, b in self.mended
        ):
            status, confidence = "U", min(confidence, 0.5)
        if "�" in self.text[start:end]:
            status, confidence = "U", 0.2
        subject: tuple[int | None, int | None] = (None, None)
        if reading.subject_start is not None and reading.subject_end is not None:
            subject = self.offsets.to_raw(
                item.sentence_start + reading.subject_start, item.sentence_start + reading.subject_end
            )
        value = _as_read(reading)
        indicator = reading.indicator
        assert indicator is not None and reading.measure is not None
        unit_measure, obs_value = _base_value(value, reading.measure)
        return {
            "observation_id": ids.observation_id(
                doc, raw_start, raw_end, indicator.id, reading.measure, reading.time_period
            ),
            "doc_id": doc,
            "section_id": item.section_id,
            "region_code": self.cleaned["region_code"],
            "report_year": self.cleaned["report_year"],
            "indicator_id": indicator.id,
            "measure": reading.measure,
            "value": reading.value,
            "value_low": reading.low,
            "value_high": reading.high,
            "unit": quantity.unit or None,
            "written_mult": quantity.written_mult,
            "decimals": quantity.decimals,
            "obs_value": obs_value,
            "unit_measure": unit_measure,
            "bound": quantity.bound,
            "status": reading.status,
            "obs_status": status,
            "price_basis": reading.price_basis,
            "time_period": reading.time_period,
            "period_start": first,
            "period_end": last,
            "freq": freq,
            "base_period": reading.base_period,
            "scope": reading.scope,
            "reference_area": reading.reference_area,
            "definition_note": reading.definition_note,
            "quote": self.raw[raw_start:raw_end],
            "raw_start": raw_start,
            "raw_end": raw_end,
            "subject_start": subject[0],
            "subject_end": subject[1],
            "sentence": self.text[item.sentence_start : item.sentence_end],
            "clean_start": start,
            "clean_end": end,
            "rule_id": reading.rule,
            "confidence": max(0.05, confidence),
        }

    def quantity(self, item: Found, observation: Row | None) -> Row:
        """A row of core.quantity."""
        reading, doc = item.reading, self.cleaned["doc_id"]
        quantity = reading.quantity
        _, _, raw_start, raw_end = self._quote(item)
        return {
            "quantity_id": ids.quantity_id(doc, raw_start, raw_end),
            "doc_id": doc,
            "section_id": item.section_id,
            "head": reading.head or None,
            "value": reading.value,
            "value_low": reading.low,
            "value_high": reading.high,
            "unit": quantity.unit or None,
            "obs_value": _as_read(reading).obs_value,
            "unit_measure": quantity.unit_measure,
            "bound": quantity.bound,
            "status": reading.status,
            "time_period": reading.time_period,
            "quote": self.raw[raw_start:raw_end],
            "raw_start": raw_start,
            "raw_end": raw_end,
            "observation_id": observation["observation_id"] if observation else None,
        }

    def _quote(self, item: Found, bare: bool = False) -> tuple[int, int, int, int]:
        """Cleaned and raw offsets of the quote: as wide as the reading says, narrowed where glosses make it too long."""
        reading, base = item.reading, item.sentence_start
        quantity = reading.quantity
        widths = (
            (reading.quote_start, reading.quote_end),
            (quantity.quote_start, quantity.quote_end),
            (quantity.start, quantity.end),
        )
        for start, end in widths[2:] if bare else widths:
            raw_start, raw_end = self.offsets.to_raw(base + start, base + end)
            if raw_end - raw_start <= LONGEST:
                break
        return base + start, base + end, raw_start, min(raw_end, raw_start + LONGEST)


def _as_read(reading: Reading) -> Quantity:
    """The quantity with the sign that its words give it."""
    quantity = reading.quantity
    if (reading.value, reading.low, reading.high) == (quantity.value, quantity.low, quantity.high):
        return quantity
    return replace(quantity, value=reading.value, low=reading.low, high=reading.high)


def _base_value(value: Quantity, measure: str) -> tuple[str, float | None]:
    """Base unit and value in it. Fractions of a whole and growth in times (增长1.1倍) are percentages like their kind."""
    times_grown = value.dimension == "multiple" and measure.startswith("growth")
    fraction = value.unit_measure is None and measure == "share"
    if times_grown or (fraction and value.kind == "share"):
        return "PT", None if value.obs_value is None else round(value.obs_value * 100, 6)
    return value.unit_measure or ("PT" if fraction else "UNITS"), value.obs_value


def flag_implausible(rows: list[Row]) -> None:
    """Mark values that cannot be (investment seventy times the product of the region) as unreliable; they stay as written."""
    products = [
        r["obs_value"]
        for r in rows
        if r["indicator_id"] == "gdp" and r["measure"] == "level" and r["scope"] == "region"
    ]
    for row in rows:
        doubtful = False
        limit = _IMPLAUSIBLE_TIMES_GDP.get(row["indicator_id"])
        level = row["measure"] == "level" and row["scope"] == "region" and row["unit_measure"] == "CNY"
        if limit and products and level and "/" not in (row["time_period"] or ""):
            doubtful = (row["obs_value"] or 0) > limit * max(products)
        if row["measure"] == "share" and (row["obs_value"] or 0) > _LARGEST_SHARE and row["unit_measure"] == "PT":
            doubtful = True
        if doubtful:
            row["obs_status"], row["confidence"] = "U", min(row["confidence"], 0.3)
