"""Publishing: a new file beside the old one, checked, then swapped in whole.

Belongs here: what lies where under `warehouse/`, the lock, the swap, the builds that are kept. Does not belong here: what is in
the file (see `build`).

    warehouse/govreports.duckdb     what readers open: mode 0444, replaced by rename, never written in place
    warehouse/builds/*.duckdb       the last three builds
    warehouse/builds/.next-*        a build under way; of no value once its process is gone
    warehouse/exports/parquet/      Parquet of the marts with datapackage.json, replaced whole
    warehouse/exports/.next-*       that of a build under way

A reader that holds the file open keeps the old one; a new connection sees the newest.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from govreports.lake.compaction import partition_hashes
from govreports.lake.store import Lake
from govreports.locks import Busy, exclusive
from govreports.metadata.tables import SCHEMA_VERSION
from govreports.store import publication
from govreports.store.stores import Store
from govreports.warehouse.basis import MOST_REVISIONS, Basis, changed_partitions, read_basis, rules_of
from govreports.warehouse.build import build_warehouse
from govreports.warehouse.connection import Limits, WarehouseError, published_file, writing
from govreports.warehouse.corrections import Correction, load_corrections
from govreports.warehouse.export import UNDER_WAY, MartExport
from govreports.warehouse.inputs import Inputs, from_lake, from_partitions
from govreports.warehouse.report import BuildReport, Progress, silent
from govreports.warehouse.revision import CannotRevise, refuse_many, revise_warehouse

FILE_NAME = "govreports.duckdb"
KEPT_BUILDS = 3


class PublicationBlocked(WarehouseError):
    """Checks failed; the old file stands. `report` holds them."""

    def __init__(self, report: BuildReport) -> None:
        lines = "\n".join(f"  {check}" for check in report.blocking)
        super().__init__(f"not published, the file of the build before stands:\n{lines}")
        self.report = report


def published_path(warehouse: Path) -> Path:
    """The file that readers open."""
    return warehouse / FILE_NAME


def publish(
    inputs: Inputs,
    warehouse: Path,
    *,
    corrections: Path | None = None,
    run_id: str | None = None,
    limits: Limits | None = None,
    wait: bool = True,
    progress: Progress = silent,
) -> BuildReport:
    """Build, check and swap in. `corrections` is the folder of corrections; the report's path is the published file.

    Only one process publishes at a time: a second one waits, or with `wait` off raises `WarehouseError`.
    Raises `PublicationBlocked` where a blocking check failed, and what `build_warehouse` raises; the old file then stands.
    """
    with _sole_publisher(warehouse, wait=wait):
        report = prepare(inputs, warehouse, corrections=corrections, run_id=run_id, limits=limits, progress=progress)
        progress("swap")
        return swap_in(report, warehouse)


def prepare(
    inputs: Inputs,
    warehouse: Path,
    *,
    corrections: Path | None = None,
    run_id: str | None = None,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> BuildReport:
    """Build the next file beside the published one, without swapping it in. Callers hold `sole_publisher` or are alone.

    Its Parquet is being written when this returns: `swap_in` or `discard` waits for it.
    """
    previous = published_path(warehouse)
    with _next_file(warehouse) as path:
        report = build_warehouse(
            inputs,
            path,
            corrections=load_corrections(corrections),
            previous=previous if _readable(previous) else None,
            run_id=run_id,
            limits=limits,
            progress=progress,
        )
        return _exporting(report, warehouse)


def prepare_from_lake(
    lake: Lake,
    warehouse: Path,
    *,
    trusted: bool,
    corrections: Path | None = None,
    run_id: str | None = None,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> BuildReport:
    """The same from the lake: the published file brought up to date where that can be done, else a file built anew.

    `trusted` says that the published file is the one that was built last. Raises what `govreports.warehouse.inputs.from_lake`
    raises as well.
    """
    listed, published = load_corrections(corrections), published_path(warehouse)
    try:
        before = _basis(published, listed, trusted=trusted)
        progress("changed partitions")
        with _next_file(warehouse) as path, _copying(published, path) as copied:
            made = list(lake.ledger.stage_files().values())
            changed = changed_partitions(before.partitions, partition_hashes(made))
            refuse_many(len(changed), len(before.partitions), "partitions changed")
            inputs = from_partitions(lake, made, changed, _other_sources(published, changed))
            copied()
            report = revise_warehouse(
                inputs, before, path, corrections=listed, run_id=run_id, limits=limits, progress=progress
            )
            return _exporting(report, warehouse)
    except CannotRevise as reason:
        progress("compaction")
        report = prepare(
            from_lake(lake), warehouse, corrections=corrections, run_id=run_id, limits=limits, progress=progress
        )
        report.how = f"built anew: {reason}"
        return report


def _exporting(report: BuildReport, warehouse: Path) -> BuildReport:
    """Begin to write the marts of a finished file in other formats, unless it will not be published."""
    if not report.blocking:
        report.export = MartExport(report.path, _exports(warehouse))
    return report


def _basis(published: Path, corrections: list[Correction], *, trusted: bool) -> Basis:
    """What the published file was made from. Raises `CannotRevise` where that does not help."""
    if not trusted and published.is_file():
        raise CannotRevise("the published file is not the one that was built last")
    found = read_basis(published) if published.is_file() else None
    if found is None:
        raise CannotRevise("no file is published that says what it was made from")
    if found.rules != rules_of(corrections):
        raise CannotRevise("the code, the declarations or the corrections of marts and publication changed")
    if found.revisions >= MOST_REVISIONS:
        raise CannotRevise(f"it was brought up to date {found.revisions} times")
    return found


@contextmanager
def _copying(published: Path, path: Path) -> Iterator[Callable[[], None]]:
    """Copy the published file while something else is done; the function waits for the copy, and raises `WarehouseError`."""
    with ThreadPoolExecutor(1) as aside:
        copy = aside.submit(shutil.copyfile, published, path)

        def copied() -> None:
            with writing(path.parent, path.name):
                copy.result()

        yield copied


def _other_sources(published: Path, changed: Collection[str]) -> set[str]:
    """Source files of the documents of other partitions."""
    with published_file(published) as con:
        rows = con.execute("SELECT partition_key, source_file FROM text.document").fetchall()
    return {source for key, source in rows if key not in changed}


@contextmanager
def _next_file(warehouse: Path) -> Iterator[Path]:
    """A path for the next file, which is removed again where it could not be built."""
    refuse_newer(warehouse)
    builds = _builds_folder(warehouse)
    _sweep(builds)
    _sweep(_exports(warehouse).parent)
    path = builds / f"{UNDER_WAY}{os.getpid()}.duckdb"
    try:
        yield path
    except BaseException:
        _discard(path)
        raise


def swap_in(report: BuildReport, warehouse: Path) -> BuildReport:
    """Put a prepared file in place of the published one, and its Parquet beside it, unless a blocking check failed.

    Raises `PublicationBlocked`, and `WarehouseError` where the files cannot be written; the old file then stands.
    """
    if report.export is None:
        discard(report)
        raise PublicationBlocked(report)
    target = published_path(warehouse)
    kept = _builds_folder(warehouse) / f"{_build_name(report)}.duckdb"
    try:
        report.export.wait()
        report.path.chmod(0o444)
        _flush(report.path)
        report.path.replace(kept)
        _link(kept, target)
    except (OSError, WarehouseError) as error:
        discard(report)
        _discard(kept)
        if isinstance(error, WarehouseError):
            raise
        raise WarehouseError(
            f"{target} could not be replaced, the old file stands: {error.strerror or error}"
        ) from error
    _forget_old_builds(_builds_folder(warehouse))
    report.path = target
    report.export.swap()
    report.seconds["export"] = report.export.seconds
    return report


def discard(report: BuildReport) -> None:
    """Remove a prepared file that is not to be published, and what was written of it."""
    if report.export:
        report.export.discard()
    _discard(report.path)


def upload(report: BuildReport, warehouse: Path, store: Store) -> publication.Pointer:
    """Upload a file that was swapped in, with its Parquet, and let the store's pointer name it.

    Raises `StoreError`; what was published there before stands then.
    """
    exported = sorted(path for path in _exports(warehouse).rglob("*") if path.is_file())
    files = {f"parquet/{path.relative_to(_exports(warehouse)).as_posix()}": path for path in exported}
    facts = {
        "content_hash": report.content_hash,
        "schema_version": SCHEMA_VERSION,
        "built_at": report.build["built_at"].isoformat(timespec="seconds"),
    }
    return publication.publish(store, _build_name(report), {FILE_NAME: report.path, **files}, facts)


def _build_name(report: BuildReport) -> str:
    return f"{report.build['built_at']:%Y%m%dT%H%M%S.%fZ}-{report.content_hash[:12]}"


def _exports(warehouse: Path) -> Path:
    return warehouse / "exports" / "parquet"


def refuse_newer(warehouse: Path) -> None:
    """Raise `WarehouseError` where the published file has a newer schema than this package writes."""
    version = _schema_version(published_path(warehouse))
    if version is not None and version > SCHEMA_VERSION:
        raise WarehouseError(
            f"{published_path(warehouse)} has schema version {version}, this package writes {SCHEMA_VERSION}: "
            "use the newer package, or another warehouse folder"
        )


@contextmanager
def _sole_publisher(warehouse: Path, *, wait: bool) -> Iterator[None]:
    try:
        with exclusive(warehouse / ".publish.lock", wait=wait):
            yield
    except Busy as error:
        raise WarehouseError(
            f"another publication is under way ({error}): wait for it, or stop that process"
        ) from error
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise WarehouseError(
            f"{warehouse} cannot be written: give it write permission or choose another folder"
        ) from error


def _builds_folder(warehouse: Path) -> Path:
    folder = warehouse / "builds"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WarehouseError(
            f"{warehouse} cannot be written: give it write permission or choose another folder"
        ) from error
    return folder


def _link(kept: Path, target: Path) -> None:
    """Let `target` name the kept build, atomically; a copy where the file system knows no hard links."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    try:
        _same_file(kept, beside)
        # A write-ahead log that a tool left beside the old file would be replayed into the new one by older readers.
        target.with_name(target.name + ".wal").unlink(missing_ok=True)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    _flush(target.parent)


def _same_file(kept: Path, beside: Path) -> None:
    try:
        os.link(kept, beside)
    except OSError:
        shutil.copyfile(kept, beside)
        beside.chmod(0o444)
        _flush(beside)


def _flush(path: Path) -> None:
    """Flush a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget_old_builds(builds: Path) -> None:
    for old in sorted(builds.glob("[0-9]*.duckdb"))[:-KEPT_BUILDS]:
        old.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what killed builds left."""
    for left in (*folder.glob(f"{UNDER_WAY}*"), *folder.glob(".rows-*")):
        if not _running(left):
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _running(left: Path) -> bool:
    """Whether the process that a leftover is named after still runs."""
    number = left.name.split("-")[1].split(".")[0]
    return number.isdigit() and int(number) != os.getpid() and Path(f"/proc/{number}").exists()


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def _readable(path: Path) -> bool:
    """Whether the published file can be compared with: a missing or broken one is simply replaced."""
    return _schema_version(path) is not None


def _schema_version(path: Path) -> int | None:
    if not path.exists():
        return None
    with suppress(duckdb.Error), duckdb.connect(path, read_only=True) as con:
        found = con.execute("SELECT schema_version FROM meta.build").fetchone()
        return int(found[0]) if found else None
    return None
