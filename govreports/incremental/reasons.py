"""What a stage output was made from, part by part, and which part has changed since.

Belongs here: the parts, as short text that the ledger keeps with each output, and the sentence that follows from two of them.
Does not belong here: whether an output is stale (see `plan`), which is decided by the fingerprint over the same parts.
"""

from __future__ import annotations

from collections.abc import Iterable

from govreports.lake.ledger import SeenFile, StageFile
from govreports.text.ids import fingerprint
from govreports.versions import code_parts

_DIGITS = 8
# The declarations of this stage have a name of their own.
_DECLARATIONS = {"indicators": "the compiled catalogue"}


def parts_of_raw(files: Iterable[SeenFile]) -> str:
    """The parts that the raw stage of a partition is made from."""
    listed = list(files)
    return _joined(
        "raw",
        files=fingerprint(*(f.source_file for f in listed)),
        bytes=fingerprint(*(f.sha256 for f in listed)),
        sidecars=fingerprint(*(f.sidecar_sha256 for f in listed)),
    )


def parts_of_stage(stage: str, inputs: Iterable[StageFile]) -> str:
    """The parts that a later stage of a partition is made from."""
    return _joined(stage, **{made.stage: made.content_hash for made in inputs})


def changed(stage: str, before: str, after: str, files: Iterable[SeenFile]) -> str:
    """Which parts differ, as a phrase. `files` are the files of the partition now."""
    was, now = _split(before), _split(after)
    if not was:
        return "the code or an input changed"
    names = ", ".join(file.source_file for file in files)
    phrases = {
        "files": f"files came, went or were renamed (now {names})",
        "bytes": f"the raw bytes changed ({names})",
        "sidecars": f"a sidecar changed ({names})",
        "code": f"the code of {stage} changed",
        "declarations": f"{_DECLARATIONS.get(stage, f'the declarations of {stage}')} changed",
    }
    found = [phrases.get(name, f"its input {name} changed") for name in now if was.get(name) != now[name]]
    if "files" in now and was.get("files") != now["files"]:
        # A file that came brings its bytes with it.
        found = [phrase for phrase in found if phrase not in (phrases["bytes"], phrases["sidecars"])]
    return "; ".join(found) or "its last run was incomplete"


def _joined(stage: str, **inputs: str) -> str:
    code, declarations = code_parts(stage)
    parts = {"code": code, "declarations": declarations, **inputs}
    return " ".join(f"{name}={value[:_DIGITS]}" for name, value in parts.items())


def _split(parts: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in parts.split())
