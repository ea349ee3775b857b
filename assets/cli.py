"""The command `govreports`: the library's commands, and the two that orchestrate: build · ui.

Belongs here: options, and turning what can go wrong into a sentence and an exit code. Does not belong here: the work (see
`assets.runs`), what is shown (see `assets.console`).

Exit codes: 0 it worked, 1 it failed, 2 wrong usage, 3 (with --strict) it worked and files were refused.
"""

from __future__ import annotations

import gc
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from fnmatch import fnmatchcase
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

import click

from govreports.cli import cli, register

if TYPE_CHECKING:
    from assets.json_log import JsonLog
    from assets.project import Folders
    from govreports.incremental.plan import Plan

REFUSED = 3
Command = TypeVar("Command", bound=Callable[..., Any])

_folders = (
    click.option(
        "--raw",
        default="raw",
        envvar="GOVREPORTS_RAW",
        show_default=True,
        show_envvar=True,
        help="Folder with the scraped reports, or s3://bucket/prefix.",
    ),
    click.option(
        "--warehouse",
        type=click.Path(path_type=Path),
        default=Path("warehouse"),
        envvar="GOVREPORTS_WAREHOUSE",
        show_default=True,
        show_envvar=True,
        help="Folder for the lake, Dagster's runs and the published file.",
    ),
    click.option(
        "--corrections",
        type=click.Path(path_type=Path),
        default=Path("corrections"),
        envvar="GOVREPORTS_CORRECTIONS",
        show_default=True,
        show_envvar=True,
        help="Folder with corrections.",
    ),
)

_log_format = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or one JSON object a line.",
)


def main() -> None:
    """Run the command line."""
    cli(prog_name="govreports")


def _with_folders(command: Command) -> Command:
    for option in reversed(_folders):
        command = option(command)
    return command


@click.command()
@_with_folders
@click.option(
    "--select",
    "patterns",
    multiple=True,
    metavar="PATTERN",
    help="Only region-years like 360102-2021, '*-2024' or '3601*'; may be given several times.",
)
@click.option("--explain", is_flag=True, help="Say why each region-year would run, and run nothing.")
@click.option("--strict", is_flag=True, help=f"Exit with {REFUSED} when files were refused.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Processes. Default: one per processor.")
@_log_format
def build(
    raw: str,
    warehouse: Path,
    corrections: Path,
    patterns: Sequence[str],
    explain: bool,
    strict: bool,
    jobs: int | None,
    log_format: str,
) -> None:
    """Turn what changed under raw/ into the published warehouse, and say what was done."""
    from assets.console import make_console, print_reasons, print_refusals, print_scan, print_way_in
    from assets.json_log import JsonLog
    from assets.project import Folders
    from govreports.workers import kept_pool

    # The rows of a nation are hundreds of thousands of objects without cycles: looking for some after each 700 takes seconds.
    gc.set_threshold(50_000, 20, 100)
    started, console = time.monotonic(), make_console()
    log = JsonLog() if log_format == "json" else None
    with _sentences(warehouse):
        folders = Folders.of(raw, warehouse, corrections, jobs or 0)
        folders.check_raw()
        folders.prepare()
        with folders.build_lock(), kept_pool():
            summary = folders.scan(again=not explain)
            if log:
                log.scan(summary)
            else:
                print_scan(console, folders.raw, summary)
            selected = _selected(patterns, summary.partitions)
            plan = folders.plan()
            if explain:
                print_reasons(console, folders, plan, selected)
                return
            stale = any(selected is None or s.partition_key in selected for s in plan.stale)
            if stale or plan.vanished or not folders.is_published():
                refused = _build(folders, plan, selected, started, log)
            elif log:
                refused = log.account(folders, None)
            else:
                refused = print_refusals(console, folders)
                console.print("nothing changed since the last build, so nothing was done")
                print_way_in(console, folders.published)
    if strict and refused:
        sys.exit(REFUSED)


def _build(folders: Folders, plan: Plan, selected: Sequence[str] | None, started: float, log: JsonLog | None) -> int:
    from assets.console import make_console, print_account, progress
    from assets.progress import listening
    from govreports.warehouse.publish import refuse_newer

    refuse_newer(folders.warehouse)
    from assets import runs  # loads dagster

    console = make_console()
    with (
        nullcontext(log) if log else progress(console) as shown,
        listening(shown),
        runs.open_instance(folders) as instance,
    ):
        runs.build(instance, folders, selected, plan)
    if log:
        return log.account(folders, time.monotonic() - started)
    return print_account(console, folders, time.monotonic() - started)


def _selected(patterns: Sequence[str], partitions: Sequence[str]) -> list[str] | None:
    """The region-years that any pattern fits; None without patterns."""
    if not patterns:
        return None
    for pattern in patterns:
        if not any(fnmatchcase(key, pattern) for key in partitions):
            known = ", ".join(partitions[:5]) + (" …" if len(partitions) > 5 else "")
            raise click.UsageError(f"no region-year is like {pattern}; there are: {known or 'none'}")
    return [key for key in partitions if any(fnmatchcase(key, pattern) for pattern in patterns)]


@click.command()
@_with_folders
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@_log_format
def ui(raw: str, warehouse: Path, corrections: Path, port: int, host: str, log_format: str) -> None:
    """Serve Dagster's pages and run its daemon: files dropped into raw/ are processed by themselves. Ctrl-C ends it."""
    from assets.project import PACKAGE, Folders

    with _sentences(warehouse):
        folders = Folders.of(raw, warehouse, corrections)
        folders.check_raw(may_be_empty=True)
        folders.prepare()
        _check_history(folders)
        _free(host, port)
        workspace = PACKAGE.parent / "workspace.yaml"
        arguments = ["dev", "-w", str(workspace), "-h", host, "-p", str(port)]
        arguments += ["--log-format", "json"] if log_format == "json" else []
        with folders.ui_lock():
            click.echo(f"Dagster on http://{host}:{port} with the runs in {folders.dagster_home}; Ctrl-C ends it")
            sys.exit(_serve(arguments, folders.environment()))


def _check_history(folders: Folders) -> None:
    """Open Dagster's history once where it is in PostgreSQL, so that what is wrong with it is told in a sentence."""
    from assets import postgres

    postgres.check(folders.dagster_yaml)
    if postgres.address():
        from assets import runs  # loads dagster

        with runs.open_instance(folders):
            pass


def _free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} cannot be used ({error.strerror}): name another with --port, or end what listens there"
            ) from error


def _serve(arguments: list[str], environment: dict[str, str]) -> int:
    """Run Dagster's web server and daemon until they end or this process is told to."""
    server = subprocess.Popen([sys.executable, "-m", "dagster", *arguments], env=environment, start_new_session=True)

    def stop(number: int, frame: FrameType | None) -> None:
        server.send_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    return server.wait()


@contextmanager
def _sentences(warehouse: Path) -> Iterator[None]:
    """Turn what is known to go wrong into one sentence."""
    from assets.postgres import DatabaseError
    from assets.project import ProjectError, way_out
    from govreports.cluster import ClusterError
    from govreports.lake.ledger import NewerLedger
    from govreports.store.stores import StoreError
    from govreports.warehouse.connection import WarehouseError

    try:
        yield
    except (ProjectError, ClusterError, DatabaseError, NewerLedger, StoreError, WarehouseError) as error:
        raise click.ClickException(str(error)) from error
    except Exception as error:
        if sentence := way_out(error, warehouse):
            raise click.ClickException(sentence) from error
        if not isinstance(error, sqlite3.DatabaseError):
            raise
        raise click.ClickException(
            f"a database in the warehouse folder is damaged ({error}): move lake/ledger.sqlite away and build again, "
            "everything is made anew"
        ) from error


register([build, ui])
