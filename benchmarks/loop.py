"""The plain loop: every file of a folder through the pure functions, in this process, timed by stage.

Belongs here: the loop and its clock, which counts the processor's time, so that a busy machine does not slow it. Does not belong
here: Dagster and the lake, which is what builds are compared with it for.

    python -m benchmarks.loop FOLDER [--limit N]

prints one line of JSON: files, accepted, characters of the raw texts, seconds by stage, seconds until the first report was read,
peak memory in bytes.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from govreports.clean.stage import clean_documents
from govreports.indicators.stage import read_document
from govreports.intake.source import SourceFile
from govreports.intake.stage import read_files
from govreports.pipeline import read_report, source_files
from govreports.sections.stage import outline_document

STAGES = ("intake", "clean", "sections", "indicators")


def loop(files: Iterable[SourceFile]) -> dict[str, Any]:
    """Read every file; the time of the first is kept apart, since it loads models and declarations."""
    seconds, accepted, characters, count, first = dict.fromkeys(STAGES, 0.0), 0, 0, 0, 0.0
    for file in files:
        if not count:
            began = time.process_time()
            read_report(file)
            first = time.process_time() - began
        count += 1
        times = [time.process_time()]
        read = read_files([file])
        times.append(time.process_time())
        if read.rows:
            accepted += 1
            characters += len(read.rows[0]["raw_text"])
            cleaned = clean_documents(read.rows)[0]
            times.append(time.process_time())
            outline = outline_document(cleaned)
            times.append(time.process_time())
            read_document(cleaned, outline)
            times.append(time.process_time())
        for stage, began, ended in zip(STAGES, times, times[1:], strict=False):
            seconds[stage] += ended - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "files": count,
        "accepted": accepted,
        "characters": characters,
        "seconds": seconds,
        "first": first,
        "peak": peak,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=None)
    options = parser.parse_args(arguments)
    print(json.dumps(loop(islice(source_files(options.folder), options.limit))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
