"""`python -m benchmarks`: every figure that the project claims, in one table.

Belongs here: options, and the table. Does not belong here: what is measured (see `benchmarks.blocks`).

    python -m benchmarks [--quick] [--only NAME ...] [--sizes 5,500,5000] [--large] [--corpus FOLDER] [--keep FOLDER]

Blocks are run one after the other and each can be run alone; one that fails says so in its row. Generated projects are built once
and shared by the blocks; with --keep they stay for the next call, and first builds that were measured there are not repeated.
Figures depend on the machine: compare those of one run.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import cpu_count, getloadavg
from pathlib import Path

from benchmarks.blocks import BLOCKS, NATION, Options, Row


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 1 where a block failed."""
    parsed = _parser().parse_args(arguments)
    sizes = parsed.sizes or ((5, 50) if parsed.quick else (5, 500, 5000))
    with _folder(parsed.keep) as folder:
        options = Options(folder, sizes, parsed.quick, parsed.large, parsed.corpus)
        rows, failed = [], False
        for name in parsed.only or BLOCKS:
            for row in _told(name, options):
                failed |= row.measured.startswith("failed")
                rows.append(row)
    print(table(rows))
    return int(failed)


def _told(name: str, options: Options) -> Iterator[Row]:
    """The rows of a block, told on the error stream as they come."""
    started = time.perf_counter()
    try:
        for row in BLOCKS[name](options):
            print(f"{row.block}: {row.what}: {row.measured}", file=sys.stderr, flush=True)
            yield row
    except Exception as error:
        shown = " ".join(f"{type(error).__name__}: {error}".split())
        print(f"{name}: {shown}", file=sys.stderr, flush=True)
        yield Row(name.replace("_", " "), "the whole block", f"failed: {shown[:160]}")
    print(f"{name}: took {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table below a line on the machine."""
    head = f"{cpu_count()} cores, load {getloadavg()[0]:.1f}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}"
    lines = [head, "", "| block | what | measured | target |", "| --- | --- | ---: | ---: |"]
    lines += [f"| {row.block} | {row.what} | {row.measured} | {row.target} |" for row in rows]
    return "\n".join(lines)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="govreports-bench-") as made:
        yield Path(made)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, a few minutes")
    parser.add_argument("--only", nargs="+", choices=list(BLOCKS), metavar="NAME", help=", ".join(BLOCKS))
    parser.add_argument("--sizes", type=_numbers, help="numbers of reports, such as 5,500,5000")
    parser.add_argument("--large", action="store_true", help=f"{NATION:,} small reports as well: an hour or two")
    parser.add_argument("--corpus", type=Path, help="a folder of real reports for the speed of the stages")
    parser.add_argument("--keep", type=Path, help="folder for the generated projects; without it they are removed")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
