"""Stand-ins for the stages: the orchestration is tested for what it runs, not for what stages find."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from assets.project import Folders
from govreports.intake.source import SourceFile
from govreports.lake.compaction import compact
from govreports.lake.frames import stage_schema, table_schema
from govreports.lake.store import Lake, stage_name
from govreports.text.ids import doc_id, sha256

KEYS = ("360102-2021", "360103-2021", "360121-2022")
NEW_KEY = "420102-2024"


def stage_path(lake: Lake, stage: str, key: str) -> Path:
    """Where the file of a stage and partition lies in a lake that is a folder."""
    return lake.root / stage_name(stage, key)


def compacted(lake: Lake) -> dict[str, list[Path]]:
    """The yearly files of all that counts in a lake."""
    return compact(lake, lake.ledger.stage_files().values())


@dataclass(frozen=True)
class Refusal:
    source_file: str
    sha256: str
    reason_code: str
    reason: str


@dataclass(frozen=True)
class Identified:
    partition_key: str


@dataclass
class Read:
    rows: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def identify(file: SourceFile) -> Identified | Refusal:
    """The file's name is its partition; a file that says so is refused."""
    if b"spoiled" in file.data:
        return Refusal(
            file.source_file, sha256(file.data), "not_a_report", f"{file.source_file} is no report: remove it"
        )
    return Identified(file.source_file[:11])


def read_files(files: list[SourceFile]) -> Read:
    read = Read()
    for file in files:
        found = identify(file)
        if isinstance(found, Refusal):
            read.refusals.append(found)
        else:
            read.rows.append(_raw_row(file, found.partition_key))
    return read


def _raw_row(file: SourceFile, key: str) -> dict[str, Any]:
    code, year = key.split("-")
    text = file.data.decode()
    empty = ("meeting", "speaker", "publisher", "published_on", "document_number", "index_number", "delivered_on")
    spans = ("review_start", "review_end", "plan_start", "plan_end")
    return {
        **dict.fromkeys(empty),
        **dict.fromkeys(spans, date(int(year), 1, 1)),
        "doc_id": doc_id(file.data),
        "source_file": file.source_file,
        "sha256": sha256(file.data),
        "encoding": "utf-8",
        "media_type": "text/plain",
        "raw_text": text,
        "region_code": code,
        "region_code_current": code,
        "region_name": "某区",
        "report_year": int(year),
        "partition_key": key,
        "doc_type": "work_report",
        "completeness": "full",
        "title": "政府工作报告",
        "raw_chars": len(text),
        "identity_basis": "name",
        "identity_confidence": 1.0,
    }


def clean_documents(raws: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made = {"clean_chars": 1, "damaged_spans": 0, "repaired_spans": 0, "duplicate_of": None, "offsets": [], "span": []}
    rows = [{**raw, **made, "clean_text": raw["raw_text"]} for raw in raws]
    return [{name: row[name] for name in stage_schema("cleaned")} for row in rows]


def outline_document(cleaned: dict[str, Any]) -> dict[str, Any]:
    if "unreadable" in cleaned["clean_text"]:
        raise ValueError("no outline to be found")
    return {"doc_id": cleaned["doc_id"], "section": [], "table_cell": [], "glossary": [], "self_check": []}


def read_document(cleaned: dict[str, Any], outline: dict[str, Any]) -> dict[str, Any]:
    return {"doc_id": cleaned["doc_id"], "observation": [], "quantity": []}


def modules() -> dict[str, ModuleType]:
    """The modules of the stages, by name, with these functions in place of theirs."""
    functions: dict[str, tuple[Any, ...]] = {
        "intake": (Refusal, Identified, identify, read_files),
        "clean": (clean_documents,),
        "sections": (outline_document,),
        "indicators": (read_document,),
    }
    made = {}
    for package, members in functions.items():
        module = ModuleType(f"govreports.{package}.stage")
        for member in members:
            setattr(module, member.__name__, member)
        made[module.__name__] = module
    return made


def put(folders: Folders, key: str, text: str = "") -> None:
    """Put a report into raw/."""
    folders.raw.write(f"{key}.txt", f"政府工作报告 {key} {text}".encode())


def let_be_old(folders: Folders, name: str) -> None:
    """Let a file in raw/ be older than a minute, so that its time stamp can be trusted."""
    path = Path(folders.raw.address) / name
    then = path.stat().st_mtime - 60
    os.utime(path, (then, then))


def region_rows() -> list[dict[str, Any]]:
    """The regions of the reports."""
    codes = sorted({key[:6] for key in (*KEYS, NEW_KEY)})
    return [
        dict.fromkeys(table_schema("core.region"))
        | {
            "region_code": code,
            "name": "某区",
            "full_name": "某区",
            "level": "county",
            "province_code": code[:2] + "0000",
        }
        for code in codes
    ]
