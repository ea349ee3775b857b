"""The account of a publication as Markdown, for the page of the run, a mail or a chat.

Belongs here: what is told, and how it is laid out. Does not belong here: making the numbers (see `govreports.warehouse.build`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from assets.project import Folders
from govreports.quality.score import TOTAL
from govreports.warehouse.report import BuildReport

FILE_NAME = "last_run.md"
_SHOWN = 20


def summary(report: BuildReport, folders: Folders) -> str:
    """What was published, what was refused and why, what changed, which checks failed, and where the time went."""
    ledger = folders.lake.ledger
    refused = [(row.source_file, row.reason_code, row.reason) for row in ledger.refused()]
    refused += [(row.source_file, row.reason_code, row.reason) for row in ledger.failures()]
    rows, build = report.rows, report.build
    lines = [
        f"# Publication of {build['built_at']:%Y-%m-%d %H:%M} UTC",
        "",
        f"* {rows.get('text.document', 0):,} reports, {rows.get('core.observation', 0):,} observations, "
        f"{rows.get('core.quantity', 0):,} quantities, {report.corrected:,} corrected",
        f"* {len(refused):,} files refused{_codes(refused)}",
        f"* {report.how}",
        f"* content hash `{report.content_hash}`, run `{build['run_id'] or ''}`, package {build['package_version']}",
        *(
            f"* quality on {row['gold_set']}, {row['match']}: F1 {row['f1']:.3f}"
            for row in report.quality
            if row["indicator_id"] == TOTAL
        ),
    ]
    failed = [check for check in report.checks if not check.passed]
    lines += _table(
        "Checks that failed", ("check", "rows"), [(f"{c.table}: {c.description}", c.failing) for c in failed]
    )
    lines += _table("Refused", ("file", "code", "reason"), refused)
    changes = [(c.table, c.change, c.column_name or "", c.row_count) for c in report.changes]
    lines += _table("Changed since the publication before", ("table", "change", "column", "rows"), sorted(set(changes)))
    slowest = sorted(report.seconds.items(), key=lambda item: -item[1])
    lines += _table("Seconds by step", ("step", "seconds"), [(name, f"{seconds:.2f}") for name, seconds in slowest])
    return "\n".join(lines) + "\n"


def write_summary(text: str, folders: Folders) -> Path:
    """Keep the account of the last publication beside the published file."""
    path = folders.warehouse / FILE_NAME
    path.write_text(text, encoding="utf-8")
    return path


def _codes(refused: Sequence[tuple[str, str, str]]) -> str:
    counts = Counter(code for _, code, _ in refused).most_common()
    return ": " + ", ".join(f"{count} {code}" for code, count in counts) if counts else ""


def _table(title: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    if not rows:
        return []
    lines = ["", f"## {title}", "", f"| {' | '.join(names)} |", "|" + " --- |" * len(names)]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows[:_SHOWN]]
    return [*lines, *(["", f"and {len(rows) - _SHOWN:,} more"] if len(rows) > _SHOWN else [])]


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")
