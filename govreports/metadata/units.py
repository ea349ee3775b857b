"""Written units and what they measure, as declared in `units.yaml`.

Belongs here: the typed loader and the look-up of one written unit. Does not belong here: numerals and bounds (see
`govreports.indicators`), or which indicator takes which unit (see `govreports.metadata.catalogue`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from govreports.declarations import read_yaml
from govreports.metadata.tables import DeclarationError

FILE = Path(__file__).resolve().parent / "units.yaml"


@dataclass(frozen=True)
class UnitMeasure:
    """A base unit: `code` as in the column unit_measure, the dimension it measures, and its labels."""

    code: str
    dimension: str
    zh: str
    en: str


@dataclass(frozen=True)
class Unit:
    """A unit as written, `written_mult` being the power of ten of its 万, 亿 ...; `factor`, multiplier included, brings a number
    in it to `unit_measure`."""

    written: str
    unit_measure: str
    factor: float
    dimension: str
    written_mult: int = 0


@dataclass(frozen=True)
class Units:
    """All declared units. `multipliers` maps 万 to 4; `written` holds the bare written units, longest first."""

    measures: Mapping[str, UnitMeasure]
    multipliers: Mapping[str, int]
    written: tuple[str, ...]
    _plain: Mapping[str, Unit]

    def lookup(self, written: str) -> Unit | None:
        """The unit of a written unit, with or without multiplier (亿美元, 万平方米, 千瓦, 万); None where it is not declared.

        A listed unit goes first, so 千米 and 千瓦 are no thousands of 米 and 瓦.
        """
        written = written.strip()
        found = self._plain.get(written) if written else None
        if found:
            return found
        for length in range(min(2, len(written)), 0, -1):
            power = self.multipliers.get(written[:length])
            bare = self._plain.get(written[length:]) if power is not None else None
            if power is not None and bare:
                factor = bare.factor * 10**power
                return Unit(written, bare.unit_measure, factor, bare.dimension, power)
        return None

    def in_full(self) -> dict[str, Unit]:
        """Every unit as it can be written, with and without multiplier."""
        texts = [prefix + bare for prefix in ("", *self.multipliers) for bare in (*self.written, "")]
        return {text: unit for text in texts if text and (unit := self.lookup(text))}

    @cached_property
    def dimensions(self) -> frozenset[str]:
        """Every dimension that a unit measures."""
        return frozenset(measure.dimension for measure in self.measures.values())


@cache
def load_units() -> Units:
    """The declared units. Raises `DeclarationError` for a unit written twice or a factor that is no positive number."""
    return units_from(read_yaml(FILE))


def units_from(spec: Mapping[str, Any]) -> Units:
    """`Units` out of parsed YAML. Raises `DeclarationError`."""
    measures: dict[str, UnitMeasure] = {}
    plain: dict[str, Unit] = {}
    for code, entry in spec["units"].items():
        missing = {"dimension", "zh", "en", "written"} - entry.keys()
        if missing:
            raise DeclarationError(f"{FILE.name}: {code}: missing {sorted(missing)}; add them")
        measures[code] = UnitMeasure(code, entry["dimension"], entry["zh"], entry["en"])
        for written, factor in entry["written"].items():
            if written in plain:
                raise DeclarationError(
                    f"{FILE.name}: {written!r} stands under {plain[written].unit_measure} and {code}; remove one"
                )
            if isinstance(factor, bool) or not isinstance(factor, int | float) or factor <= 0:
                raise DeclarationError(f"{FILE.name}: {code}: the factor of {written!r} must be a positive number")
            plain[written] = Unit(written, code, float(factor), entry["dimension"])
    return Units(
        measures=measures,
        multipliers=dict(spec["multipliers"]),
        written=tuple(sorted((w for w in plain if w), key=lambda w: (-len(w), w))),
        _plain=plain,
    )
