"""`python -m benchmarks.scale`: the same reports on one process, on the pool, on a Dask cluster, and with PostgreSQL.

Belongs here: the table of docs/scale.md. Does not belong here: starting a cluster or a server: theirs are addresses.

    python -m benchmarks.scale FOLDER [--count 500] [--small] [--dask tcp://…] [--postgres postgresql+psycopg2://…]

Each way builds from nothing in a warehouse of its own, one after the other, and says what it took and its content hash: that must
be the same for all. The database must be empty. The last rows are the cost of shipping: tasks of one report that do nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.__main__ import table
from benchmarks.blocks import Row
from benchmarks.kills import content_hash
from benchmarks.projects import Project
from govreports.cluster import cluster
from govreports.workers import Mapper, pool

_DASK, _POSTGRES = "GOVREPORTS_DASK", "GOVREPORTS_POSTGRES"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 1 where two ways gave different content."""
    parsed = _parser().parse_args(arguments)
    raw = Project(parsed.folder, parsed.count, small=parsed.small)
    raw.generate()
    rows, hashes = [], set()
    for way, options, environment in _ways(parsed.dask, parsed.postgres):
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
    rows += _shipping(parsed.folder, raw, parsed.dask)
    print(table(rows))
    return int(len(hashes) > 1)


def _ways(dask: str | None, postgres: str | None) -> Iterator[tuple[str, tuple[str, ...], dict[str, str]]]:
    yield "one process, SQLite", ("--jobs", "1"), {}
    yield "pool of two, SQLite", ("--jobs", "2"), {}
    if dask:
        yield "Dask, SQLite", (), {_DASK: dask}
    if postgres:
        yield "pool of two, PostgreSQL", ("--jobs", "2"), {_POSTGRES: postgres}


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
    return parser


if __name__ == "__main__":
    sys.exit(main())
