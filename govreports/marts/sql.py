"""Reading the .sql files of the marts.

Belongs here: their order and the repetition of lines for headline indicators. Does not belong here: running them.

Lines between `-- for each headline indicator` and `-- end` are repeated for every headline, with {id} and {unit} filled in.
Statements run with the warehouse as the default catalog, and see the temporary tables that the files with an underscore make.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from govreports.metadata.tables import Headline

FOLDER = Path(__file__).resolve().parent
# Each mart after those that it reads.
MARTS = (
    "region_year_long",
    "region_year",
    "target_vs_actual",
    "vintage",
    "ranking",
    "consistency",
    "policy_attention",
    "coverage",
    "plan_indicators",
)
# The marts that a mart reads, for whoever draws lineage.
READS = {"region_year": ("region_year_long",), "coverage": ("region_year_long", "region_year")}
_REPEATED = re.compile(r"^ *-- for each headline indicator\n(.*?)^ *-- end\n", re.MULTILINE | re.DOTALL)


def prelude() -> str:
    """Statements that make the temporary tables which all marts read, and the types of their columns."""
    return _read("_types") + shared_tables()


def shared_tables() -> str:
    """Statements that make the temporary tables, without the types that these need."""
    return _read("_statement") + reviewed_years()


def reviewed_years() -> str:
    """The statement that makes the temporary table of the first and last year that any report reviews."""
    return _read("_reviewed")


def mart_sql(name: str, headlines: Sequence[Headline]) -> str:
    """The SELECT of a mart."""
    return _REPEATED.sub(lambda found: "".join(_filled(found[1], headline) for headline in headlines), _read(name))


def _filled(lines: str, headline: Headline) -> str:
    return lines.replace("{id}", headline.indicator_id).replace("{unit}", headline.unit_measure)


def _read(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
