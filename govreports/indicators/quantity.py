"""Quantities: a number with its unit and bound, and what the members of a list of them share.

Belongs here: what is known of a quantity by itself, and units and bounds that a list states once for all of its members. Does not
belong here: finding quantities in a text (`grammar`), what they measure (`attach`, `measures`), which period they are about
(`periods`, `settle`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at text[start:end]; text[quote_start:quote_end] has its bound words too.

    `value`, or `low` and `high` of a range, in `unit` as written; `obs_value` in the base unit. `kind`: number, rank, share (a
    fraction or 成), fold (翻番), ratio (one member of 0.2:7.9:91.9, all of them in `members`), growth (两位数).
    """

    start: int
    end: int
    quote_start: int
    quote_end: int
    value: float | None
    low: float | None
    high: float | None
    unit: str
    unit_measure: str | None
    dimension: str | None
    factor: float
    written_mult: int
    decimals: int
    bound: str = "point"
    kind: str = "number"
    members: tuple[tuple[int, int, float, int], ...] = ()

    @property
    def is_bare_sum(self) -> bool:
        """Whether it has no unit but 亿 or 万亿, as sums of money are said (突破10亿大关, 超10亿)."""
        return self.dimension == "count" and self.written_mult >= 8 and len(self.unit) <= 2 and self.unit[-1:] == "亿"

    def as_money(self) -> Quantity:
        """The same as a sum in yuan."""
        return replace(self, unit_measure="CNY", dimension="money")

    @property
    def obs_value(self) -> float | None:
        """The value, or the midpoint of the range, in the base unit."""
        value = self.value
        if value is None and self.low is not None and self.high is not None:
            value = (self.low + self.high) / 2
        # Twelve digits: 156.8 times 10^8 is 15680000000, not what binary floats make of it.
        return None if value is None else float(f"{value * self.factor:.12g}")


# 高于全国2.1个、全省1.5个百分点: an area stands between the members.
_NEXT_AREA = re.compile(r"[、和](?:全[省市区县国州盟])(?:平均)?(?:水平)?")
_RESPECTIVELY = re.compile(r"分别|双双|依次")
_JOINED = re.compile(r"\s*(?:、|和|与|及|以及)\s*(?:约|近)?\s*")


def joined(text: str, first: Quantity, second: Quantity) -> bool:
    """Whether only a connector of a list parts two quantities; between percentages a page may have lost it."""
    lost = first.unit == "%" and not text[first.quote_end : second.quote_start].strip()
    return lost or bool(_JOINED.fullmatch(text, first.quote_end, second.quote_start))


def _shared_bound(text: str, first: Quantity) -> bool:
    """Whether 分别 stands before the bound of the first member of a list, or the bound is that of several steps (连上)."""
    if first.bound == "point":
        return False
    steps = text[first.quote_start] == "连"
    return steps or bool(_RESPECTIVELY.search(text, max(0, first.quote_start - 8), first.quote_start))


def with_shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give members of a list what is stated once: a unit or bound behind the last (3、5个百分点), a bound before the first."""
    return _with_first_bounds(text, _with_last_units(text, found))


def _with_last_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give members of a list what only its last one states: the unit (3、5个百分点), the bound (68%、100%以上)."""
    out = list(found)
    for i in range(len(out) - 2, -1, -1):
        here, after = out[i], out[i + 1]
        if here.kind != "number" or after.kind != "number":
            continue
        if not joined(text, here, after) and not _NEXT_AREA.fullmatch(text, here.quote_end, after.quote_start):
            continue
        if not here.unit and after.unit and here.value is not None:
            out[i] = here = replace(
                here,
                unit=after.unit,
                unit_measure=after.unit_measure,
                dimension=after.dimension,
                factor=after.factor,
                written_mult=after.written_mult,
            )
        if here.unit == "个" and after.unit == "个百分点":
            out[i] = here = replace(
                here, unit=after.unit, unit_measure=after.unit_measure, dimension=after.dimension, factor=after.factor
            )
        trailing = after.bound in ("at_least", "at_most", "approx") and after.quote_end > after.end
        inherited = after.bound != "point" and after.quote_start == after.start and i + 1 < len(out) - 1
        if here.bound == "point" and here.unit_measure == after.unit_measure and (trailing or inherited):
            out[i] = replace(here, bound=after.bound)
    return out


def _with_first_bounds(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give members of a list the bound before the first, where it holds for all (分别突破200亿元、15亿元)."""
    out = list(found)
    led: set[int] = set()
    for i in range(len(out) - 1):
        here, after = out[i], out[i + 1]
        leads = i in led or (here.quote_start < here.start and _shared_bound(text, here))
        if leads and after.bound == "point" and here.dimension == after.dimension and joined(text, here, after):
            out[i + 1] = replace(after, bound=here.bound)
            led.add(i + 1)
    return out
