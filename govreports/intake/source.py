"""A file as it came.

Belongs here: what the stages receive of the world outside. Does not belong here: reading directories (see `govreports.intake.scan`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceFile:
    """One file under raw/: its path relative to raw/ with forward slashes, its bytes, and those of its sidecar if there is one."""

    source_file: str
    data: bytes
    sidecar: bytes | None = None
