"""The catalogue of indicators and the names they go by, as declared in `indicators/*.yaml`.

Belongs here: the typed loader, the expansion of alternatives in names, and every check that the declarations hold together.
Does not belong here: matching names in a text or attaching numbers to them (see `govreports.indicators`).

A file is named after its domain and maps indicator ids to entries. In a name, `<a|b|>` stands for a, b or nothing. An entry:

    zh, en                         names
    definition_zh, definition_en   one sentence each
    unit                           base unit of its level (a code of `units.yaml`)
    price_basis                    of levels: current, constant, none, unknown
    growth_price_basis             of growth rates; that of levels where not given
    higher_is                      better, worse, neutral
    headline                       whether mart.region_year has columns for it
    percentage                     what a bare percentage beside the name is: level or share; growth where not given
    accepts                        further dimensions of quantities that may belong to it
    aliases                        names: texts, or mappings of `text` with overrides (see `Alias`)
    counter_examples               texts that contain an alias and are something else
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from govreports.declarations import read_yaml
from govreports.metadata.code_lists import load_code_lists
from govreports.metadata.tables import DeclarationError, Headline
from govreports.metadata.units import load_units

FOLDER = Path(__file__).resolve().parent / "indicators"
# Any indicator may be ranked, grow by percent or points, and multiply.
COMMON_DIMENSIONS = frozenset({"percent", "percentage_points", "rank", "multiple"})

_REQUIRED = {"zh", "en", "definition_zh", "definition_en", "unit", "higher_is", "aliases"}
_OPTIONAL = {
    "price_basis",
    "growth_price_basis",
    "headline",
    "percentage",
    "accepts",
    "counter_examples",
}
_ALIAS_KEYS = {"text", "measure", "scope", "note", "accepts", "needs_value", "parts"}
_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_GROUP = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True)
class Alias:
    """One text that names an indicator, or with `indicator_id` None a counter-example that names none.

    Matched leftmost-longest, so that a longer counter-example hides the alias inside it. Overrides: `measure` of the number
    beside it (税收占比 → share), `scope`, `definition_note` (口径), `accepts` (dimensions of quantities that may belong to it),
    `needs_value` (a weak name, such as 税收: counts only with a quantity in its own clause), `parts` (indicators that two values
    after 分别 belong to, in order). A text with `…` (规模以上…工业增加值) stands for every name with a few characters
    there, which are its scope.
    """

    text: str
    indicator_id: str | None
    measure: str | None = None
    scope: str | None = None
    definition_note: str | None = None
    accepts: frozenset[str] = frozenset()
    needs_value: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """A declared indicator; see the module's docstring for the fields."""

    id: str
    name_zh: str
    name_en: str
    domain: str
    definition_zh: str
    definition_en: str
    unit_measure: str
    dimension: str
    price_basis: str
    growth_price_basis: str
    higher_is: str
    headline: bool
    percentage: str | None
    accepts: frozenset[str]
    aliases: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Every indicator by id, in the order of files and entries, and every text to look for."""

    indicators: Mapping[str, Indicator]
    aliases: tuple[Alias, ...]

    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change whenever an entry does, however it is written in YAML."""
        content = json.dumps(
            [[asdict(i) for i in self.indicators.values()], [asdict(a) for a in self.aliases]],
            ensure_ascii=False,
            sort_keys=True,
            default=sorted,
        )
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def headlines(self) -> list[Headline]:
        """The indicators that mart.region_year has columns for."""
        return [Headline(i.id, i.name_zh, i.name_en, i.unit_measure) for i in self.indicators.values() if i.headline]


@cache
def load_catalogue() -> Catalogue:
    """The declared catalogue. Raises `DeclarationError` naming file, entry and way out."""
    return read_catalogue(FOLDER)


def read_catalogue(folder: Path) -> Catalogue:
    """The catalogue declared by the YAML files of a folder. Raises `DeclarationError`."""
    if not folder.is_dir():
        raise DeclarationError(f"{folder} is no folder of indicator files")
    return catalogue_from({path.name: _parsed(path) for path in sorted(folder.glob("*.yaml"))})


def catalogue_from(files: Mapping[str, Mapping[str, Any]]) -> Catalogue:
    """The catalogue out of parsed files by name. Raises `DeclarationError`."""
    entries: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for file, content in files.items():
        for id_, spec in (content or {}).items():
            where = f"{file}: {id_}"
            if not isinstance(id_, str) or not _ID.fullmatch(id_):
                raise DeclarationError(f"{where}: an id is snake_case (a-z, 0-9, _)")
            if id_ in entries:
                raise DeclarationError(f"{where}: declared in {entries[id_][0].split(':')[0]} already; keep one")
            entries[id_] = where, spec
    indicators, names = {}, _Names()
    for id_, (where, spec) in entries.items():
        _check(where, spec)
        own = [alias for item in spec["aliases"] for alias in _aliases(where, id_, item, entries.keys())]
        counters = [text for item in spec.get("counter_examples", ()) for text in expanded(item)]
        names.claim(where, own, counters)
        indicators[id_] = _indicator(where, id_, spec, own, counters)
    return Catalogue(indicators, names.settled())


def expanded(text: str) -> Iterator[str]:
    """Every text that a name with `<a|b|>` groups stands for, in the order written."""
    parts = _GROUP.split(text)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    for choice in product(*choices):
        yield "".join(choice)


class _Names:
    """Collects names and refuses what cannot be told apart."""

    def __init__(self) -> None:
        self._aliases: dict[str, tuple[str, Alias]] = {}
        self._counters: dict[str, str] = {}

    def claim(self, where: str, aliases: Iterable[Alias], counters: Iterable[str]) -> None:
        for alias in aliases:
            other, known = self._aliases.get(alias.text, (where, alias))
            if known != alias:
                raise DeclarationError(
                    f"{where}: the name {alias.text!r} is claimed by {other} too; "
                    "keep it in one place, or make one of them longer"
                )
            self._aliases[alias.text] = where, alias
        own = {alias.text for alias in aliases}
        for text in counters:
            if text in own:
                raise DeclarationError(f"{where}: {text!r} is alias and counter-example at once; remove one")
            self._counters[text] = where

    def settled(self) -> tuple[Alias, ...]:
        # A counter-example that names another indicator needs no entry of its own: that alias hides the shorter one as well.
        found = [alias for _, alias in self._aliases.values()]
        found += [Alias(text, None) for text in self._counters if text not in self._aliases]
        return tuple(sorted(found, key=lambda alias: alias.text))


def _parsed(path: Path) -> Mapping[str, Any]:
    try:
        return read_yaml(path)
    except yaml.YAMLError as error:
        raise DeclarationError(f"{path.name}: no valid YAML: {error}") from error


def _check(where: str, spec: Mapping[str, Any]) -> None:
    if not isinstance(spec, Mapping):
        raise DeclarationError(f"{where}: an entry maps {sorted(_REQUIRED)} to values")
    missing, unknown = _REQUIRED - spec.keys(), spec.keys() - _REQUIRED - _OPTIONAL
    if missing or unknown:
        raise DeclarationError(f"{where}: missing keys {sorted(missing)}, unknown keys {sorted(unknown)}")
    codes = load_code_lists()
    for key, list_ in (("price_basis", "price_basis"), ("growth_price_basis", "price_basis"), ("higher_is",) * 2):
        allowed = {code.code for code in codes[list_]}
        if key in spec and spec[key] not in allowed:
            raise DeclarationError(f"{where}: {key} is {spec[key]!r}; it must be one of {sorted(allowed)}")
    if spec["unit"] not in load_units().measures:
        raise DeclarationError(f"{where}: unknown unit {spec['unit']!r}; declare it in units.yaml first")
    if spec.get("percentage") not in (None, "level", "share"):
        raise DeclarationError(f"{where}: percentage is {spec['percentage']!r}; it must be level or share")


def _indicator(
    where: str, id_: str, spec: Mapping[str, Any], aliases: Iterable[Alias], counters: Iterable[str]
) -> Indicator:
    dimension = load_units().measures[spec["unit"]].dimension
    price_basis = spec.get("price_basis", "current" if dimension == "money" else "none")
    return Indicator(
        id=id_,
        name_zh=spec["zh"],
        name_en=spec["en"],
        domain=where.split(".yaml")[0],
        definition_zh=spec["definition_zh"],
        definition_en=spec["definition_en"],
        unit_measure=spec["unit"],
        dimension=dimension,
        price_basis=price_basis,
        growth_price_basis=spec.get("growth_price_basis", price_basis),
        higher_is=spec["higher_is"],
        headline=bool(spec.get("headline", False)),
        percentage=spec.get("percentage"),
        accepts=COMMON_DIMENSIONS | {dimension} | _dimensions(where, spec.get("accepts", ())),
        aliases=tuple(dict.fromkeys(alias.text for alias in aliases)),
        counter_examples=tuple(dict.fromkeys(counters)),
    )


def _aliases(where: str, id_: str, item: Any, ids: Iterable[str]) -> Iterator[Alias]:
    spec = {"text": item} if isinstance(item, str) else item
    if not isinstance(spec, Mapping) or "text" not in spec or spec.keys() - _ALIAS_KEYS:
        raise DeclarationError(f"{where}: an alias is a text or a mapping of {sorted(_ALIAS_KEYS)}, not {item!r}")
    measures = {code.code for code in load_code_lists()["measure"]}
    if spec.get("measure") not in (None, *measures):
        raise DeclarationError(f"{where}: unknown measure {spec['measure']!r} of an alias")
    strange = set(spec.get("parts", ())) - set(ids)
    if strange:
        raise DeclarationError(f"{where}: parts names unknown indicators {sorted(strange)}")
    for text in expanded(spec["text"]):
        if len(text) < 2:
            raise DeclarationError(f"{where}: the name {text!r} is too short; a name has two characters or more")
        yield Alias(
            text=text,
            indicator_id=id_,
            measure=spec.get("measure"),
            scope=spec.get("scope"),
            definition_note=spec.get("note"),
            accepts=_dimensions(where, spec.get("accepts", ())),
            needs_value=bool(spec.get("needs_value", False)),
            parts=tuple(spec.get("parts", ())),
        )


def _dimensions(where: str, names: Iterable[str]) -> frozenset[str]:
    strange = set(names) - load_units().dimensions
    if strange:
        raise DeclarationError(f"{where}: unknown dimensions {sorted(strange)}; see units.yaml")
    return frozenset(names)
