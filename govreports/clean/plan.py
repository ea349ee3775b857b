"""The plan of cleaning: which fixers run in which order, and what came of them.

Belongs here: the order, the bookkeeping of offsets. Does not belong here: any single rule.

The order is binding: byte damage is repaired before characters are converted and folded, since the repair needs the original
bytes; chrome goes before glosses, so that zones are told on lines as they came.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from govreports.clean import blanks, lines, markup, numbers, torn
from govreports.clean.config import DEFAULT_CONFIG, CleaningConfig
from govreports.clean.damage import MARKED_CONFIDENCE, find_damage
from govreports.clean.edits import Fixer, Replacement, Zone, apply, offset_map
from govreports.clean.zones import KEPT, PAGE_TITLE, find_zones
from govreports.text.convert import is_traditional, to_simplified
from govreports.text.gloss import find_glosses
from govreports.text.offsets import OffsetMap


def _find_gloss(text: str, config: CleaningConfig) -> list[Replacement]:
    return [Replacement(start, end, "") for start, end in find_glosses(text)]


def _find_traditional(text: str, config: CleaningConfig) -> list[Replacement]:
    """One replacement a line, so that a converted document has as many rows as paragraphs."""
    if not is_traditional(text, config.traditional_share):
        return []
    out, at = [], 0
    for before, after in zip(text.split("\n"), to_simplified(text).split("\n"), strict=True):
        if before != after:
            out.append(Replacement(at, at + len(before), after))
        at += len(before) + 1
    return out


ESCAPED = Fixer("unicode_escapes", "characters written as escapes", markup.find_unicode_escapes)
HTML = Fixer("html", "tags, references and source line ends of an HTML page", markup.find_html)

BEFORE_ZONES = (
    Fixer("invisible", "characters without width", blanks.find_invisible),
    Fixer("stray_markup", "tags left over in plain text", markup.find_stray_markup),
    Fixer("entities", "character references left over in plain text", markup.find_entities),
    Fixer("escapes", "line ends and blanks written as escapes; one kind of line end", markup.find_escapes),
    Fixer("icons", "characters of a page's own icon font", markup.find_icons),
    Fixer("markdown", "signs of Markdown left over in plain text", markup.find_markdown, confidence=0.95),
    Fixer("ascii_stops", "points in place of Chinese stops", lines.find_ascii_stops, confidence=0.9),
    Fixer("line_marks", "letters that a site hangs onto its paragraphs", lines.find_line_marks, confidence=0.95),
    Fixer("spacing", "the blanks of a text that has one behind every character", blanks.find_spacing, confidence=0.95),
    Fixer("wrapped_lines", "line ends of a text set to a width", torn.find_wrapped_lines, confidence=0.95),
    Fixer("lost_lines", "line ends for a text on one line", lines.find_lost_lines, confidence=0.8),
)
WITH_PAGE_TITLE = (
    Fixer("pinyin_gloss", "pinyin in brackets behind a character", _find_gloss, confidence=0.99),
    Fixer(
        "byte_damage",
        "GBK read one byte out of step: read anew where the language model is sure, else marked with low confidence",
        find_damage,
        confidence=MARKED_CONFIDENCE,
        doubtful=True,
    ),
)
AFTER_ZONES = (
    Fixer("traditional", "traditional characters to simplified, one row a line", _find_traditional, confidence=0.99),
    Fixer(
        "question_blanks",
        "question marks that stand for lost no-break spaces",
        blanks.find_question_blanks,
        confidence=0.95,
    ),
    Fixer("cell_bars", "lines of nothing but a bar between table cells", lines.find_cell_bars),
    Fixer(
        "tabbed_cells",
        "rows of a table with tabs or bars between cells: one cell a line",
        lines.find_tabbed_cells,
        confidence=0.9,
    ),
    Fixer("edge_blanks", "blanks at line ends, blank lines", blanks.find_edge_blanks),
    Fixer("inner_blanks", "runs of blanks within a line", blanks.find_inner_blanks),
    Fixer(
        "page_numbers",
        "page numbers on lines of their own, also within a sentence",
        torn.find_page_numbers,
        confidence=0.8,
        doubtful=True,
        joins_lines=True,
    ),
    Fixer("watermark", "a source's advertisement at the end of a paragraph", lines.find_watermarks, confidence=0.9),
    Fixer("torn_lines", "line ends within a sentence", torn.find_torn_lines, confidence=0.9, joins_lines=True),
    Fixer(
        "glued_headings", "a numbered heading and its paragraph on one line", lines.find_glued_headings, confidence=0.8
    ),
    Fixer("split_years", "years with a blank inside", blanks.find_split_years, confidence=0.8, doubtful=True),
    Fixer(
        "split_numbers",
        "numbers with a blank inside, between a word and a unit",
        blanks.find_split_numbers,
        confidence=0.7,
        doubtful=True,
    ),
    Fixer("prose_blanks", "single blanks within prose and before units", blanks.find_prose_blanks),
    Fixer("width", "full-width digits, letters, percent signs and points", numbers.find_wide_characters),
    Fixer(
        "traditional_units",
        "traditional characters of units in a text that is simplified",
        numbers.find_traditional_units,
        confidence=0.99,
    ),
    Fixer("percent_damage", "℅, _M_ or two of them for a percent sign", numbers.find_percent_damage, confidence=0.9),
    Fixer(
        "letters_in_numbers",
        "letters O and l for digits",
        numbers.find_letters_in_numbers,
        confidence=0.8,
        doubtful=True,
    ),
    Fixer("stop_points", "stops and commas for decimal points", numbers.find_stop_points, confidence=0.9),
    Fixer("wide_thousands", "Chinese commas between thousands", numbers.find_wide_thousands, confidence=0.9),
    Fixer("doubled_stops", "a stop behind a comma, a stop before a bound", numbers.find_doubled_stops, confidence=0.9),
    Fixer("middle_dot", "a middle dot for a decimal point", numbers.find_middle_dots, confidence=0.8),
)
FIXERS = (ESCAPED, HTML, *BEFORE_ZONES, *WITH_PAGE_TITLE, *AFTER_ZONES)


@dataclass(frozen=True)
class Fix:
    """A recorded change: raw[raw_start:raw_end] (`before`) became clean[clean_start:clean_end] (`after`)."""

    fixer: str
    raw_start: int
    raw_end: int
    clean_start: int
    clean_end: int
    before: str
    after: str
    confidence: float
    doubtful: bool


@dataclass(frozen=True)
class PlacedZone:
    """A zone with its raw and clean offsets; a dropped zone is empty in the cleaned text."""

    kind: str
    raw_start: int
    raw_end: int
    clean_start: int
    clean_end: int


@dataclass(frozen=True)
class Step:
    """What one fixer did: replacements in the text that it received, and the map from the raw text to that text."""

    fixer: Fixer
    replacements: tuple[Replacement, ...]
    source: OffsetMap


@dataclass(frozen=True)
class Cleaning:
    """A cleaned text with the way back: `offsets` maps it to the raw text, `steps` replay to it."""

    text: str
    offsets: OffsetMap
    zones: tuple[PlacedZone, ...]
    fixes: tuple[Fix, ...]
    steps: tuple[Step, ...]


_DROP = Fixer("zones", "chrome, metadata and the page's title are not in the cleaned text", lambda text, config: [])


def clean(raw_text: str, media_type: str = "text/plain", config: CleaningConfig = DEFAULT_CONFIG) -> Cleaning:
    """Clean a decoded text. Pure: the same text and settings give the same cleaning."""
    run = _Run(raw_text, config)
    run.apply(ESCAPED)
    if media_type == "text/html":
        run.apply(HTML)
    for fixer in BEFORE_ZONES:
        run.apply(fixer)
    run.find_zones()
    run.replace(_DROP, _dropped(run.text, run.zones, (*KEPT, PAGE_TITLE)))
    for fixer in WITH_PAGE_TITLE:
        run.apply(fixer)
    # The page's title goes last, so that damage in it is marked: it names the document.
    kept = [run.follow(zone, run.zones_at) for zone in run.zones if zone.kind in KEPT]
    run.replace(_DROP, _dropped(run.text, kept, KEPT))
    for fixer in AFTER_ZONES:
        run.apply(fixer)
    return run.finish()


def _dropped(text: str, zones: Sequence[Zone], kinds: Sequence[str]) -> list[Replacement]:
    """Everything outside zones of these kinds goes, but for a line end between two of them."""
    out, last = [], 0
    for zone in (z for z in zones if z.kind in kinds):
        if zone.start > last and text[last : zone.start] != "\n":
            out.append(Replacement(last, zone.start, "\n" if last else "", recorded=False))
        last = zone.end
    if last < len(text):
        out.append(Replacement(last, len(text), "", recorded=False))
    return out


class _Run:
    """The state of one cleaning."""

    def __init__(self, raw_text: str, config: CleaningConfig) -> None:
        self.raw_text = raw_text
        self.config = config
        self.text = raw_text
        self.offsets = OffsetMap()
        self.steps: list[Step] = []
        self.zones: list[Zone] = []
        self.zones_at = 0
        self.zones_map = OffsetMap()

    def find_zones(self) -> None:
        """Find the zones of the text as it is now, and remember where in the plan that was."""
        self.zones = find_zones(self.text, self.config)
        self.zones_at = len(self.steps)
        self.zones_map = self.offsets

    def apply(self, fixer: Fixer) -> None:
        if fixer.name in self.config.without:
            return
        found = fixer.find(self.text, self.config)
        if found and fixer.joins_lines:
            ends = [self.follow(zone, self.zones_at).end for zone in self.zones if zone.kind in KEPT]
            found = [r for r in found if not any(r.start <= end < r.end for end in ends)]
        self.replace(fixer, found)

    def replace(self, fixer: Fixer, replacements: Sequence[Replacement]) -> None:
        if not replacements:
            return
        self.steps.append(Step(fixer, tuple(replacements), self.offsets))
        self.text = apply(self.text, replacements)
        self.offsets = self.offsets.then(offset_map(replacements))

    def follow(self, zone: Zone, since: int) -> Zone:
        """Where a zone that was found before step number `since` is now."""
        start, end = zone.start, zone.end
        for step in self.steps[since:]:
            start, end = offset_map(step.replacements).to_result(start, end)
        return Zone(zone.kind, start, end)

    def finish(self) -> Cleaning:
        """The cleaning: fixes and zones placed in the raw and the cleaned text."""
        rest = OffsetMap()
        placed: list[PlacedZone] = []
        fixes: list[Fix] = []
        for index in range(len(self.steps) - 1, -1, -1):
            step = self.steps[index]
            own = offset_map(step.replacements)
            fixes += [self._fix(step, own, rest, r) for r in step.replacements if r.recorded]
            rest = own.then(rest)
            if index == self.zones_at:
                placed = [self._place(zone, rest) for zone in self.zones]
        if self.zones_at == len(self.steps):
            placed = [self._place(zone, OffsetMap()) for zone in self.zones]
        fixes.sort(key=lambda fix: (fix.raw_start, fix.raw_end, fix.fixer))
        return Cleaning(self.text, self.offsets, tuple(placed), tuple(fixes), tuple(self.steps))

    def _fix(self, step: Step, own: OffsetMap, rest: OffsetMap, replacement: Replacement) -> Fix:
        raw_start, raw_end = step.source.to_source(replacement.start, replacement.end)
        start, end = own.to_result(replacement.start, replacement.end)
        clean_start, clean_end = rest.to_result(start, end)
        confidence = step.fixer.confidence if replacement.confidence is None else replacement.confidence
        return Fix(
            step.fixer.name,
            raw_start,
            raw_end,
            clean_start,
            clean_end,
            self.raw_text[raw_start:raw_end],
            replacement.after,
            confidence,
            step.fixer.doubtful,
        )

    def _place(self, zone: Zone, rest: OffsetMap) -> PlacedZone:
        raw_start, raw_end = self.zones_map.to_source(zone.start, zone.end)
        clean_start, clean_end = rest.to_result(zone.start, zone.end)
        # Blanks that turned out to be such only later may have stood at an end of the zone, beside a line end.
        while clean_start < clean_end and self.text[clean_start] == "\n":
            clean_start += 1
        while clean_start < clean_end and self.text[clean_end - 1] == "\n":
            clean_end -= 1
        if zone.kind not in KEPT:
            clean_end = clean_start
        return PlacedZone(zone.kind, raw_start, raw_end, clean_start, clean_end)
