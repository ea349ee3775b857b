"""Tables: values in cells, named by the row and dated by the column.

Belongs here: reading the cells of an outline's tables. Does not belong here: finding tables (see `govreports.sections`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govreports.indicators.periods import Frame
from govreports.indicators.reading import Reader, Reading

Row = dict[str, Any]


def read_tables(
    cleaned: Row, outline: Row, reader: Reader, frame: Frame
) -> Iterator[tuple[Reading, str | None, int, int]]:
    """Readings of every table: reading, section, and the cleaned span of the cell."""
    return iter(())
