"""The blocks of the benchmark: each measures one thing and says it in rows of the table.

Belongs here: what is measured, and the target that it is held against. Does not belong here: how commands are watched (see
`benchmarks.measure`), how reports are generated (see `benchmarks.corpus`), the table (see `benchmarks.__main__`).
"""

from __future__ import annotations

import csv
import importlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.daemon import drop_to_published
from benchmarks.kills import content_hash, kill_again_and_again
from benchmarks.measure import ROOT, watch
from benchmarks.projects import STAGES, Project
from govreports.quality.labels import shipped_sets

# Finds the quantities of a sentence.
Reads = Callable[[str], Sized]

MIB = 1024**2
NATION = 64_000


@dataclass(frozen=True)
class Row:
    """A line of the table. `target` is empty where none was set."""

    block: str
    what: str
    measured: str
    target: str = ""


@dataclass(frozen=True)
class Options:
    """What was asked for. `folder` holds the generated projects; `corpus` is a folder of real reports, if any."""

    folder: Path
    sizes: tuple[int, ...]
    quick: bool = False
    large: bool = False
    corpus: Path | None = None

    def project(self, size: int) -> Project:
        """The project of a size; a nation's reports are small ones."""
        small = size >= NATION
        return Project(self.folder / f"{'small' if small else 'full'}-{size}", size, small=small)


# -- pure functions --------------------


def stages(options: Options) -> Iterator[Row]:
    """Characters per second of each stage, one process, over the five reports, generated ones and a folder of real ones."""
    count = 20 if options.quick else 100
    clean = Project(options.folder / "undamaged", count, damaged=0.0, bad=0.0)
    damaged = Project(options.folder / "damaged", count, damaged=1.0, bad=0.0)
    for project in (clean, damaged):
        project.generate()
    folders = {
        "raw/": ROOT / "raw",
        f"{count} generated, undamaged": clean.raw,
        f"{count} generated, damaged": damaged.raw,
    }
    if options.corpus:
        folders["the given folder"] = options.corpus
    for name, folder in folders.items():
        made = _loop(folder)
        for stage, seconds in made["seconds"].items():
            yield Row("stages", f"{stage}, {name}", _rate(made["characters"], seconds))
        both = made["seconds"]["intake"] + made["seconds"]["clean"]
        target = "≥ 2,000,000" if "undamaged" in name else ""
        yield Row("stages", f"intake and clean, {name}", _rate(made["characters"], both), target)
        total = _rate(made["characters"], sum(made["seconds"].values()))
        yield Row("stages", f"chain, {name}", total, "≥ 250,000")
        yield Row("stages", f"first report in a process, {name}", f"{made['first']:.2f} s")
        yield Row("stages", f"peak memory of one process, {name}", _mib(made["peak"]))


def libraries(options: Options) -> Iterator[Row]:
    """Quantities and all that is read of them, beside recognizers-text and jionlp, which find money, measures and percentages."""
    from govreports.pipeline import read_sentence

    sentences = _sentences(100 if options.quick else 400)
    ours: Reads = lambda sentence: read_sentence(sentence, 2024).quantities  # noqa: E731
    yield Row("libraries", f"govreports, {len(sentences)} sentences", _speed(ours, sentences))
    for name, load in (("recognizers-text", _recognizers), ("jionlp", _jionlp)):
        try:
            function = load()
        except Exception as error:
            yield Row("libraries", name, f"skipped: {type(error).__name__}: {error}"[:80])
        else:
            kinds = "money only" if name == "jionlp" else "money, measures, percentages"
            yield Row("libraries", f"{name}, the same sentences, {kinds}", _speed(function, sentences))


# -- builds --------------------


def orchestration(options: Options) -> Iterator[Row]:
    """The plain loop against the build of the same reports, both in one process."""
    size = 30 if options.quick else 200
    project = Project(options.folder / "orchestration", size, damaged=0.0, bad=0.0)
    project.generate()
    plain = sum(_loop(project.raw)["seconds"].values())
    built = project.build("--jobs", "1")
    each = (built.stages - plain) / (len(STAGES) * size) * 1000
    yield Row("orchestration", f"plain loop, {size} reports", f"{plain:.1f} s")
    yield Row("orchestration", f"build of the same, one process, {size} reports", f"{built.seconds:.1f} s")
    yield Row("orchestration", "lake and events, per partition and asset", f"{each:.1f} ms", "≤ 30 ms")
    fixed = built.seconds - built.stages - built.publication
    yield Row("orchestration", "fixed: start, scan, runs", f"{fixed:.1f} s", "≤ 15 s with publication")
    yield Row("orchestration", "fixed: publication", f"{built.publication:.1f} s")


def cold(options: Options) -> Iterator[Row]:
    """The first build of generated reports, a fifth of them damaged and one in a hundred unreadable."""
    for size in _sizes(options):
        project = options.project(size)
        built = project.cold()
        name = f"{size:,} reports"
        target = {500: "≤ 120 s"}.get(size, "")
        yield Row("cold", f"{name}, raw to published", f"{built.seconds:.1f} s", target)
        yield Row(
            "cold", f"{name}, of it stages and publication", f"{built.stages:.1f} s and {built.publication:.1f} s"
        )
        yield Row("cold", f"{name}, processor time", f"{built.processor:.0f} s")
        limit = "≤ 4 GiB" if size >= NATION else "≤ 2 GiB"
        yield Row("cold", f"{name}, peak memory of all processes", _mib(built.peak), limit)
        yield from _what_became(project, name)
        yield Row("cold", f"{name}, lake", _mib(project.bytes_of("lake")))
        yield Row("cold", f"{name}, Dagster's folder", _mib(project.bytes_of("dagster")))
        yield Row("cold", f"{name}, published file", _mib(project.published.stat().st_size))


def one_more(options: Options) -> Iterator[Row]:
    """One new report with none and with many there."""
    for size in (0, *_sizes(options)):
        project = options.project(size)
        if size:
            project.cold()
            # A project that was kept may have been published by other code.
            project.build()
        else:
            project = Project(options.folder / f"one-{time.time_ns()}", 0)
        project.add(1)
        built = project.build()
        published = {5000: "≤ 15 s", NATION: "≤ 120 s"}.get(size, "")
        yield Row("one more", f"with {size:,} there, in the lake", f"{built.in_lake:.1f} s", "≤ 10 s")
        yield Row("one more", f"with {size:,} there, published", f"{built.seconds:.1f} s", published)
        yield Row("one more", f"with {size:,} there, processor time", f"{built.processor:.1f} s")
        yield Row("one more", f"with {size:,} there, peak memory", _mib(built.peak))


def no_change(options: Options) -> Iterator[Row]:
    """A build with nothing to do."""
    for size in _sizes(options):
        project = options.project(size)
        project.cold()
        project.build()
        built = project.build()
        done = "" if "nothing was done" in built.output else " (but it did something)"
        yield Row("no change", f"{size:,} reports", f"{built.seconds:.2f} s{done}", "≤ 10 s" if size >= NATION else "")
        yield Row("no change", f"{size:,} reports, processor time", f"{built.processor:.2f} s")


def daemon(options: Options) -> Iterator[Row]:
    """One report dropped while the daemon runs."""
    size = _sizes(options)[0]
    project = options.project(size)
    project.cold()
    yield Row("daemon", f"with {size:,} there, from drop to published", f"{drop_to_published(project):.1f} s", "≤ 60 s")


def kills(options: Options) -> Iterator[Row]:
    """Random kills over a load that comes in portions, while somebody reads: what is there at the end."""
    size = _sizes(options)[0] if options.quick else min(_sizes(options), key=lambda size: abs(size - 500))
    source = options.project(size)
    source.cold()
    # A project that was kept may have been published by other code.
    source.build()
    project, count = Project(options.folder / f"killed-{time.time_ns()}", size), 5 if options.quick else 50
    made = kill_again_and_again(source, project, count)
    by_kind = ", ".join(f"{number} {kind}" for kind, number in sorted(made.kills.items()))
    name = f"{size:,} reports, {count} kills"
    yield Row("kills", f"{name}, that hit something", f"{by_kind}; {made.too_late} came too late")
    same = "the same" if made.content_hash == content_hash(source) else "another"
    yield Row("kills", f"{name}, content hash after one more build", same, "the same")
    yield Row("kills", f"{name}, files that nobody stands for", f"{len(made.orphans)}", "0")
    yield Row("kills", f"{name}, a further build", "does nothing" if made.settled else "does something", "does nothing")
    yield Row("kills", f"{name}, reads that failed", f"{len(made.failed_reads)} of {made.reads:,}", "0")


def publication(options: Options) -> Iterator[Row]:
    """Marts and publication of millions of observations: those of a smaller project, multiplied."""
    project = options.project(min(_sizes(options), key=lambda size: abs(size - 500)))
    project.cold()
    wanted = 400_000 if options.quick else 4_000_000
    command = [sys.executable, "-m", "benchmarks.warehouse", "--observations", str(wanted)]
    watched = watch([*command, "--warehouse", str(project.warehouse)])
    found = re.match(r"([\d,]+) observations: ([\d.]+) s, ([\d.]+) GiB at most, ([\d.]+) GB", watched.output)
    if not found:
        raise ValueError(watched.output[:200])
    rows, seconds, memory, size = found.groups()
    yield Row("publication", f"{rows} observations", f"{seconds} s", "" if options.quick else "≤ 60 s")
    yield Row("publication", f"{rows} observations, peak memory", f"{memory} GiB", "≤ 4 GiB")
    yield Row("publication", f"{rows} observations, published file", f"{size} GB")


def explorer(options: Options) -> Iterator[Row]:
    """The site of a project: the first build, one with nothing new, one report new, and what a page loads."""
    project = options.project(min(_sizes(options), key=lambda size: abs(size - 200)))
    project.cold()
    watched = watch([sys.executable, "-m", "benchmarks.site", "--copies", "1", "--warehouse", str(project.warehouse)])
    figures = dict(re.findall(r"([a-z ]+): ([^;]+)(?:; |$)", watched.output.strip()))
    if not figures:
        raise ValueError(watched.output[:200])
    for name, figure in figures.items():
        target = {"first build": "≤ 20 s for 200", "first page": "< 300 kB"}.get(name, "")
        yield Row("explorer", f"{figures['reports']} reports, {name}", figure, target)


BLOCKS: dict[str, Callable[[Options], Iterator[Row]]] = {
    "stages": stages,
    "libraries": libraries,
    "orchestration": orchestration,
    "cold": cold,
    "one_more": one_more,
    "no_change": no_change,
    "daemon": daemon,
    "kills": kills,
    "publication": publication,
    "explorer": explorer,
}


# -- inside --------------------


def _sizes(options: Options) -> tuple[int, ...]:
    return (*options.sizes, NATION) if options.large else options.sizes


def _loop(folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(watch([sys.executable, "-m", "benchmarks.loop", str(folder)]).lines[-1][1])
    return made


def _rate(characters: int, seconds: float) -> str:
    return f"{characters / seconds:,.0f} characters/s" if seconds else "nothing read"


def _mib(size: int) -> str:
    return f"{size / MIB:,.0f} MiB"


def _what_became(project: Project, name: str) -> Iterator[Row]:
    """Every good report in, under its own region and year; every bad one named; changed numbers read as they are."""
    with (project.folder / "manifest.csv").open(encoding="utf-8", newline="") as handle:
        wanted = {row["source_file"]: row for row in csv.DictReader(handle)}
    with duckdb.connect(project.published, read_only=True) as con:
        accepted = dict(con.execute("SELECT source_file, partition_key FROM text.document").fetchall())
        refused = {file for (file,) in con.execute("SELECT source_file FROM text.quarantine").fetchall()}
        right, stated = con.execute(
            _READ_RIGHT, [str(project.folder / "truth.csv"), sorted(shipped_sets()[0].exhaustive)]
        ).fetchall()[0]
    good = [file for file, row in wanted.items() if row["expected"] == "accepted"]
    bad = [file for file, row in wanted.items() if row["expected"] == "refused"]
    placed = sum(accepted.get(file) == wanted[file]["partition_key"] for file in good)
    named = sum(file in refused for file in bad)
    yield Row("cold", f"{name}, good ones in, of the right region and year", f"{placed:,} of {len(good):,}", "all")
    yield Row("cold", f"{name}, bad ones named", f"{named:,} of {len(bad):,}", "all")
    share = right / stated if stated else 0.0
    yield Row("cold", f"{name}, changed values of core indicators read", f"{right:,} of {stated:,} ({share:.1%})")


_READ_RIGHT = """
    WITH truth AS (
        SELECT document, indicator_id, measure, raw_start, raw_end, value, value_low
        FROM read_csv(?, header = true, all_varchar = false, types = {'value': 'DOUBLE', 'value_low': 'DOUBLE'})
        WHERE changed = 'yes' AND optional IS DISTINCT FROM 'yes' AND list_contains(?::VARCHAR[], indicator_id))
    SELECT count(*) FILTER (EXISTS (
               FROM core.observation o
               WHERE o.doc_id = t.document AND o.indicator_id = t.indicator_id AND o.measure = t.measure
                 AND o.raw_start < t.raw_end AND t.raw_start < o.raw_end
                 AND abs(coalesce(o.value, o.value_low) - coalesce(t.value, t.value_low)) < 1e-9)),
           count(*)
    FROM truth t"""


def _sentences(count: int) -> list[str]:
    """Sentences with numbers of the simplified reports in raw/."""
    found = []
    for path in sorted((ROOT / "raw").glob("*.txt")):
        if not path.name.startswith("002"):
            found += re.findall(r"[^。\n]*\d[^。\n]*。", path.read_text(encoding="utf-8"))
    return [sentence.strip() for sentence in found[:: max(1, len(found) // count)]][:count]


def _speed(function: Reads, sentences: list[str]) -> str:
    """Characters per second of the processor's time, and how many quantities were found."""
    function(sentences[0])
    started = time.process_time()
    found = sum(len(function(sentence)) for sentence in sentences)
    seconds = time.process_time() - started
    return f"{_rate(sum(map(len, sentences)), seconds)}, {found:,} found"


def _recognizers() -> Reads:
    units = importlib.import_module("recognizers_number_with_unit")
    numbers = importlib.import_module("recognizers_number")
    culture = importlib.import_module("recognizers_text").Culture.Chinese
    kinds = (units.recognize_currency, units.recognize_dimension, numbers.recognize_percentage)
    return lambda sentence: [found for recognize in kinds for found in recognize(sentence, culture)]


def _jionlp() -> Reads:
    function: Reads = importlib.import_module("jionlp").ner.extract_money
    return function
