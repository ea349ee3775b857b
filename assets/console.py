"""What a build says to people.

Belongs here: progress while it runs, and the account at its end, on a terminal and in a pipe. Does not belong here: the work, and
which exit code follows.
"""

from __future__ import annotations

import shlex
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from assets.project import Folders
from govreports.attempts import why_again
from govreports.incremental.plan import Plan
from govreports.incremental.stages import PartitionResult
from govreports.intake.scan import IntakeSummary

# Reports and refusals named at the end; a nation's would drown the rest.
_SHOWN = 40
_PIPE_WIDTH = 200
# Seconds between lines of one stage in a pipe.
_PACE = 10.0
# What the bar of the publication counts: the steps of a build and its checks, near enough.
_STEPS = 20
QUERY = "select region_name, year, gdp, gdp_growth_yoy from mart.region_year"


def make_console() -> Console:
    """Standard output; in a pipe wide enough that nothing is cut."""
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


# -- while it runs --------------------


@dataclass
class _Stage:
    name: str
    total: int
    started: float
    told: float
    done: int = 0
    skipped: int = 0
    characters: int = 0


class PlainProgress:
    """A line when a stage ends, and one every ten seconds of a long one."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.current: _Stage | None = None
        self.publishing = 0.0

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""
        self.close()
        now = time.monotonic()
        self.current = _Stage(name, total, now, now)

    def partition(self, result: PartitionResult) -> None:
        """A partition is done."""
        stage = self.current
        if stage is None:
            return
        stage.done += 1
        stage.skipped += result.skipped
        stage.characters += result.characters
        if time.monotonic() - stage.told > _PACE:
            stage.told = time.monotonic()
            rate = stage.done / (stage.told - stage.started)
            left = (stage.total - stage.done) / rate
            self.console.print(f"{stage.name}: {stage.done} of {stage.total}, {rate:.1f} a second, {left:.0f} s left")

    def step(self, name: str) -> None:
        """The publication goes on."""
        self.close()
        if not self.publishing:
            self.publishing = time.monotonic()

    def close(self) -> None:
        """Tell of the stage that ended."""
        stage, self.current = self.current, None
        if stage and stage.done:
            fresh = f", {stage.skipped} of them fresh" if stage.skipped else ""
            self.console.print(
                f"{stage.name}: {stage.done} partitions{fresh}, {stage.characters:,} characters, "
                f"{time.monotonic() - stage.started:.1f} s"
            )

    def finish(self) -> None:
        """The build has ended."""
        self.close()
        if self.publishing:
            self.console.print(f"publication: {time.monotonic() - self.publishing:.1f} s")


class BarProgress:
    """A bar for each stage."""

    def __init__(self, bars: Progress) -> None:
        self.bars = bars
        self.tasks: dict[str, TaskID] = {}

    def stage(self, name: str, total: int) -> None:
        """A stage begins, perhaps for a further batch."""
        if name in self.tasks:
            known = self.bars.tasks[self.tasks[name]].total or 0
            self.bars.update(self.tasks[name], total=known + total)
        else:
            self.tasks[name] = self.bars.add_task(name, total=total, note="")
        self._current = self.tasks[name]

    def partition(self, result: PartitionResult) -> None:
        """A partition is done."""
        self.bars.update(self._current, advance=1, note=result.partition_key)

    def step(self, name: str) -> None:
        """The publication goes on."""
        if "publication" not in self.tasks:
            self.stage("publication", _STEPS)
        self.bars.update(self.tasks["publication"], advance=1, note=name)

    def finish(self) -> None:
        """The build has ended."""
        for task in self.tasks.values():
            self.bars.update(task, completed=self.bars.tasks[task].total, note="")


@contextmanager
def progress(console: Console) -> Iterator[PlainProgress | BarProgress]:
    """Bars on a terminal, lines in a pipe."""
    if not console.is_terminal:
        plain = PlainProgress(console)
        yield plain
        plain.finish()
        return
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console) as bars:
        shown = BarProgress(bars)
        yield shown
        shown.finish()


# -- before and after --------------------


def print_scan(console: Console, raw: object, summary: IntakeSummary) -> None:
    """What the scan found."""
    counts = {
        "new": len(summary.new),
        "changed": len(summary.changed),
        "unchanged": summary.unchanged,
        "vanished": len(summary.vanished),
        "refused": len(summary.refused) - len(summary.duplicates),
        "duplicate": len(summary.duplicates),
    }
    shown = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    console.print(f"{raw}: {summary.seen:,} files ({shown}), {len(summary.partitions):,} region-years")


def print_reasons(console: Console, folders: Folders, plan: Plan, selected: Sequence[str] | None) -> None:
    """Why each partition runs, and the publication."""
    shown = [s for s in plan.stale if selected is None or s.partition_key in selected]
    for stale in shown:
        console.print(f"{stale.partition_key}  {' › '.join(stale.stages)}  {stale.reason}", markup=False)
    due = folders.files_due_again()
    for file, attempt in due.items():
        console.print(f"{file}  scan  {why_again(attempt)}", markup=False)
    for key in plan.vanished:
        console.print(f"{key}  removed  its files are gone from raw/")
    reasons = folders.why_unpublished()
    for file, keys in folders.touched_by_corrections().items():
        for key in keys:
            console.print(f"{key}  marts › published_warehouse  corrections/{file} changed", markup=False)
    if shown or plan.vanished:
        reasons = ["the lake changes", *(reason for reason in reasons if reason != "the lake changed")]
    elif due:
        reasons.append("refused files are tried again")
    if reasons:
        console.print(f"publication  marts › published_warehouse › explorer  {'; '.join(reasons)}", markup=False)
    else:
        console.print("nothing is stale")


def print_account(console: Console, folders: Folders, seconds: float) -> int:
    """The reports, what was refused, quality, and how to query. Returns how many were refused."""
    from govreports.warehouse.connection import published_file

    with published_file(folders.published) as con:
        documents = con.execute(_DOCUMENTS).fetchall()
        totals = con.execute(
            "SELECT gold_set, match, f1, precision, recall FROM meta.quality WHERE indicator_id = 'all'"
        )
        quality = totals.fetchall()
        built = con.execute("SELECT content_hash FROM meta.build").fetchone()
    if documents:
        console.print(_report_table(console, documents))
        if len(documents) > _SHOWN:
            console.print(f"and {len(documents) - _SHOWN:,} more in text.document")
    refused = print_refusals(console, folders)
    for gold_set, match, f1, precision, recall in quality:
        console.print(f"quality on {gold_set}, {match}: F1 {f1:.3f} (precision {precision:.3f}, recall {recall:.3f})")
    if not quality:
        console.print("quality: none of the labelled reports is in the warehouse")
    console.print(f"{len(documents):,} reports published in {seconds:.1f} s, content hash {built[0] if built else '?'}")
    print_way_in(console, folders.published)
    return refused


def print_way_in(console: Console, published: Path) -> None:
    """The path of the file, and a query to try."""
    code = f"import duckdb; print(duckdb.connect({str(published)!r}, read_only=True).sql({QUERY!r}))"
    quoted = shlex.quote(code) if set(code) & set('"$`\\') else f'"{code}"'
    console.print(f"warehouse: {published}", markup=False)
    console.print(f"try: {shlex.quote(sys.executable)} -c {quoted}", markup=False)


def print_refusals(console: Console, folders: Folders) -> int:
    """Name what was refused and why. Returns how many; a byte-identical second file counts as none."""
    ledger = folders.lake.ledger
    rows = [(f.source_file, f.reason_code, f.reason) for f in ledger.refused()]
    rows += [(f.source_file, f.reason_code, f.reason) for f in ledger.failures()]
    for name, code, reason in rows[:_SHOWN]:
        console.print(f"refused: {name} ({code}): {reason}", markup=False, style="yellow")
    if len(rows) > _SHOWN:
        codes = Counter(code for _, code, _ in rows[_SHOWN:])
        console.print(
            f"refused: and {len(rows) - _SHOWN:,} more: {dict(codes)}; all of them are in text.quarantine", markup=False
        )
    return sum(1 for _, code, _ in rows if code != "duplicate_file")


_DOCUMENTS = """
    SELECT coalesce(region_name, ''), coalesce(region_code, ''), report_year, doc_type,
           (SELECT count(*) FROM text.section s WHERE s.doc_id = d.doc_id),
           (SELECT count(*) FROM core.observation o WHERE o.doc_id = d.doc_id),
           concat_ws(', ',
               CASE WHEN completeness <> 'full' THEN completeness END,
               CASE WHEN damaged_spans > 0 THEN damaged_spans || ' damaged spans' END,
               CASE WHEN duplicate_of IS NOT NULL THEN 'duplicate' END,
               (SELECT nullif(count(*), 0) || ' self-checks' FROM text.self_check c WHERE c.doc_id = d.doc_id))
    FROM text.document d ORDER BY region_code, report_year, source_file"""


def _report_table(console: Console, documents: Iterable[tuple[object, ...]]) -> Table:
    table = Table(box=SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for name in ("region", "code", "year", "type", "sections", "observations", "flags"):
        right = name in ("year", "sections", "observations")
        table.add_column(name, justify="right" if right else "left", no_wrap=name != "flags")
    for row in list(documents)[:_SHOWN]:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table
