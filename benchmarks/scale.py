"""`python -m benchmarks.scale`: the same reports on one process, on the pool, on a Dask cluster, with PostgreSQL, in a bucket.

Belongs here: the table of docs/scale.md. Does not belong here: starting a cluster or a server: theirs are addresses.

    python -m benchmarks.scale FOLDER [--count 500] [--small] [--dask tcp://…] [--postgres postgresql+psycopg2://…]
                               [--object-store s3://bucket/prefix]

Each way builds from nothing in a warehouse of its own, one after the other, and says what it took and its content hash: that must
be the same for all. Database and prefix must be empty. The last rows are the cost of shipping, tasks of one report that do
nothing, and of the object store: a report put and taken, ten thousand small objects listed, a build that has nothing to do.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.__main__ import table
from benchmarks.blocks import Row
from benchmarks.kills import content_hash
from benchmarks.projects import Project
from govreports.cluster import cluster
from govreports.store.opening import open_store
from govreports.store.stores import Store
from govreports.workers import Mapper, pool

_DASK, _POSTGRES = "GOVREPORTS_DASK", "GOVREPORTS_POSTGRES"
_LAKE, _PUBLISH = "GOVREPORTS_LAKE", "GOVREPORTS_PUBLISH"
_MANY = 10_000


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 1 where two ways gave different content."""
    parsed = _parser().parse_args(arguments)
    raw = Project(parsed.folder, parsed.count, small=parsed.small)
    raw.generate()
    rows, hashes = [], set()
    if parsed.object_store:
        _fill(open_store(f"{parsed.object_store}/raw"), raw.raw)
    for way, options, environment in _ways(parsed.dask, parsed.postgres, parsed.object_store):
        project = Project(parsed.folder / way.replace(" ", "-").replace(",", ""), parsed.count)
        project.folder.mkdir(exist_ok=True)
        if not project.raw.exists():
            project.raw.symlink_to(raw.raw.absolute())
        with _set(environment):
            built = project.build(*options)
        found = content_hash(project)
        hashes.add(found)
        parts = f"{built.seconds:.1f} s; stages {built.stages:.1f} s, publication {built.publication:.1f} s"
        rows.append(Row("scale", f"{way}, {parsed.count} reports", parts, found[:12]))
        print(rows[-1], file=sys.stderr, flush=True)
        if _PUBLISH in environment:
            with _set(environment):
                again = project.build(*options)
            rows.append(Row("scale", f"{way}, nothing to do", f"{again.seconds:.1f} s"))
    rows += _shipping(parsed.folder, raw, parsed.dask)
    if parsed.object_store:
        rows += _requests(open_store(f"{parsed.object_store}/cost"), raw)
    print(table(rows))
    return int(len(hashes) > 1)


def _ways(
    dask: str | None, postgres: str | None, store: str | None
) -> Iterator[tuple[str, tuple[str, ...], dict[str, str]]]:
    yield "one process, SQLite", ("--jobs", "1"), {}
    yield "pool of two, SQLite", ("--jobs", "2"), {}
    if dask:
        yield "Dask, SQLite", (), {_DASK: dask}
    if postgres:
        yield "pool of two, PostgreSQL", ("--jobs", "2"), {_POSTGRES: postgres}
    if store:
        places = {_LAKE: f"{store}/lake", _PUBLISH: f"{store}/published"}
        yield "pool of two, SQLite, object store", ("--jobs", "2", "--raw", f"{store}/raw"), places


def _fill(store: Store, raw: Path) -> None:
    for path in sorted(path for path in raw.rglob("*") if path.is_file()):
        store.write(path.relative_to(raw).as_posix(), path.read_bytes())


def _requests(store: Store, project: Project) -> Iterator[Row]:
    """What a request costs, on both sides together."""
    reports = [path.read_bytes() for path in sorted(project.raw.rglob("*.txt"))][:200]
    started = time.perf_counter()
    for number, report in enumerate(reports):
        store.write(f"{number}", report)
    put, started = time.perf_counter() - started, time.perf_counter()
    for number in range(len(reports)):
        store.read(f"{number}")
    got = time.perf_counter() - started
    each = f"{put / len(reports) * 1000:.1f} ms, {got / len(reports) * 1000:.1f} ms"
    yield Row("scale", "a report put into the object store, and taken", each)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda number: store.write(f"many/{number}", b"x"), range(_MANY)))
    started = time.perf_counter()
    listed = sum(1 for _ in store.entries("many"))
    yield Row("scale", f"{listed:,} objects listed", f"{time.perf_counter() - started:.2f} s")


def _shipping(folder: Path, project: Project, dask: str | None) -> Iterator[Row]:
    """What it costs to hand a worker the bytes of a report and to take a small result back, on both sides together."""
    reports = [path.read_bytes() for path in sorted(project.raw.rglob("*.txt"))]
    with pool(2) as mapper:
        yield Row("scale", "shipping a report to the pool", _each(mapper, reports))
    if dask:
        with cluster(dask, folder) as mapper:
            yield Row("scale", "shipping a report to Dask", _each(mapper, reports))


def _each(mapper: Mapper, reports: list[bytes]) -> str:
    list(mapper(len, reports[:20]))
    started = time.perf_counter()
    sizes = list(mapper(len, reports))
    return f"{(time.perf_counter() - started) / len(sizes) * 1000:.2f} ms for {sum(sizes) / len(sizes) / 1024:.0f} KiB"


@contextmanager
def _set(environment: dict[str, str]) -> Iterator[None]:
    os.environ.update(environment)
    try:
        yield
    finally:
        for name in environment:
            del os.environ[name]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scale", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--dask", help="address of a scheduler")
    parser.add_argument("--postgres", help="address of an empty database")
    parser.add_argument("--object-store", help="an empty prefix, such as s3://bucket/prefix")
    return parser


if __name__ == "__main__":
    sys.exit(main())
