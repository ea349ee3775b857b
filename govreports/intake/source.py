"""A file as it came.

Belongs here: what the stages receive of the world outside. Does not belong here: reading directories (see
`govreports.intake.scan`).
"""

from dataclasses import dataclass

SOURCE_SUFFIXES = (".txt", ".html", ".htm", ".txt.gz", ".html.gz", ".htm.gz")
SIDECAR_SUFFIX = ".meta.yml"

# A report has some 50,000 bytes and a national plan less than a million; what is larger is no report, and would only cost memory.
MAX_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class SourceFile:
    """One file under raw/: its path relative to raw/ with forward slashes, its bytes, those of its sidecar if any."""

    source_file: str
    data: bytes
    sidecar: bytes | None = None
