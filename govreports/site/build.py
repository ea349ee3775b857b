"""Building the site beside the published file.

Belongs here: which pieces are stale, and writing them. Does not belong here: their rows (see `overview`, `region`, `report`,
`quality`).

    warehouse/site/index.html  quality.html       overview and quality
    warehouse/site/region/<code>.html             a region
    warehouse/site/report/<doc_id>.html           a report; #obs=<observation_id> is one value in it
    warehouse/site/data/**.js                     the pieces that the pages load
    warehouse/site/app/  vendor/                  scripts, style, charting library
    warehouse/site/.built                         what each piece was made from, so that only stale ones are made anew

A piece whose fingerprint stands in `.built` is neither made nor written; one that comes out as it was is not written. Every file
is replaced by rename, and `.built` goes last: a build that was killed is simply gone on with.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import duckdb

from govreports.locks import exclusive
from govreports.site import overview, quality, region, report
from govreports.site.pages import assets, page
from govreports.site.pieces import Folder, Row, as_script
from govreports.text.ids import fingerprint, sha256
from govreports.versions import code_version
from govreports.warehouse.connection import WarehouseError, published_file

FOLDER = "site"
BUILT = ".built"
T = TypeVar("T")
K = TypeVar("K", bound=tuple[str, ...])
# Pieces whose rows are held in memory at a time.
_BATCH = 400


@dataclass
class SiteReport:
    """What a build of the site did. `waiting` are reports whose texts in the lake are newer than the published file."""

    path: Path
    pieces: int = 0
    stale: int = 0
    written: int = 0
    removed: int = 0
    waiting: int = 0
    seconds: float = 0.0


def build_site(published: Path, library: report.Library, folder: Path) -> SiteReport:
    """Bring the site at `folder` up to date with a published file.

    Raises `WarehouseError` where the file cannot be read or the folder cannot be written.
    """
    started = perf_counter()
    try:
        with exclusive(folder.with_name(f".{folder.name}.lock"), wait=True):
            # Before the file is opened: should it be replaced meanwhile, the site counts as built from the old one.
            stamp = _stamp(published) if published.is_file() else ""
            with published_file(published) as con:
                done = _Builder(con, library, folder).run(stamp)
    except OSError as error:
        raise WarehouseError(f"the site {folder} cannot be written: {error.strerror or error}") from error
    done.seconds = perf_counter() - started
    return done


def is_current(folder: Path, published: Path) -> bool:
    """Whether the site was built from this published file by this code."""
    first = folder / BUILT
    if not first.is_file() or not published.is_file():
        return False
    with first.open(encoding="utf-8") as handle:
        return handle.readline().rstrip("\n") == _stamp(published)


def _stamp(published: Path) -> str:
    """Stands for the published file, the code that makes the pieces, and the files that the pages load."""
    stat = published.stat()
    loaded = (f"{path} {sha256(source.read_bytes())}" for path, source in assets().items())
    return f"{fingerprint(code_version('site'), *loaded)} {stat.st_size} {stat.st_mtime_ns}"


class _Builder:
    def __init__(self, con: duckdb.DuckDBPyConnection, library: report.Library, folder: Path) -> None:
        self.con, self.library = con, library
        self.folder = Folder(folder)
        self.before = _built(folder / BUILT)
        self.made: dict[str, str] = {}
        self.report = SiteReport(folder)

    def run(self, stamp: str) -> SiteReport:
        overview.prepare(self.con)
        region.prepare(self.con)
        for path, source in assets().items():
            self.folder.put(path, source.read_bytes())
        self.folder.put("index.html", page("overview"))
        self.folder.put("quality.html", page("quality", charts=False))
        self._overview()
        self._regions()
        self._reports()
        self.folder.put("data/quality.js", as_script("quality", quality.piece(self.con)))
        self.folder.keep(BUILT)
        self.folder.remove_others()
        self._remember(stamp)
        self.report.pieces = len(self.made)
        self.report.written, self.report.removed = self.folder.written, self.folder.removed
        return self.report

    def _overview(self) -> None:
        valued, gapped = overview.value_versions(self.con), overview.gap_versions(self.con)
        self.folder.put("data/index.js", as_script("index", overview.index(self.con, valued, gapped)))
        for province, rows in overview.regions(self.con):
            self.folder.put(f"data/regions/{province}.js", as_script(f"regions/{province}", rows))
        self._cut("values", valued, overview.values)
        self._cut("gaps", gapped, overview.gaps)

    def _cut(
        self,
        kind: str,
        versions: Mapping[K, str],
        pieces: Callable[[duckdb.DuckDBPyConnection, Sequence[K]], Iterator[tuple[K, Row]]],
    ) -> None:
        """The pieces of a kind that are named by a key of several words."""
        stale = []
        for key, version in versions.items():
            name = "/".join((kind, *key))
            if not self._is_fresh(name, version, [f"data/{name}.js"]):
                stale.append(key)
        for batch in _batches(sorted(stale)):
            for key, rows in pieces(self.con, batch):
                name = "/".join((kind, *key))
                self.folder.put(f"data/{name}.js", as_script(name, rows))

    def _regions(self) -> None:
        stale = []
        for code, version in region.versions(self.con).items():
            if not self._is_fresh(f"region/{code}", version, [f"region/{code}.html", f"data/region/{code}.js"]):
                stale.append(code)
        for batch in _batches(stale):
            for code, rows in region.pieces(self.con, batch):
                self.folder.put(f"region/{code}.html", page("region", code, depth=1))
                self.folder.put(f"data/region/{code}.js", as_script(f"region/{code}", rows))
        self._cut("ranks", region.rank_versions(self.con), region.rank_pieces)

    def _reports(self) -> None:
        stale = []
        for doc, version in report.versions(self.con, self.library).items():
            if not self._is_fresh(f"report/{doc}", version, _report_files(doc)):
                stale.append(doc)
        for batch in _batches(self._by_partition(stale)):
            for doc, rows, raw in report.pieces(self.con, self.library, batch):
                html, piece, text = _report_files(doc)
                if rows is None:
                    self.report.waiting += 1
                    del self.made[f"report/{doc}"]
                    for path in (html, piece, text):
                        self.folder.keep(path)
                    continue
                self.folder.put(html, page("report", doc, depth=1, charts=False))
                self.folder.put(piece, as_script(f"report/{doc}", rows))
                self.folder.put(text, as_script(f"raw/{doc}", raw))

    def _by_partition(self, documents: Sequence[str]) -> list[str]:
        """In the order of partitions, so that those of one are read together."""
        order = dict(self.con.execute("SELECT doc_id, partition_key FROM text.document").fetchall())
        return sorted(documents, key=lambda doc: (order[doc], doc))

    def _is_fresh(self, name: str, version: str, files: Sequence[str]) -> bool:
        """Note what a piece is made from; whether that is what its files, which then stay, were made from."""
        made_from = fingerprint(code_version("site"), version)
        self.made[name] = made_from
        fresh = self.before.get(name) == made_from and all(self.folder.has(path) for path in files)
        if fresh:
            for path in files:
                self.folder.keep(path)
        else:
            self.report.stale += 1
        return fresh

    def _remember(self, stamp: str) -> None:
        path = self.folder.root / BUILT
        beside = path.with_name(f"{BUILT}.{os.getpid()}.tmp")
        beside.write_text(f"{stamp}\n{json.dumps(self.made, sort_keys=True)}\n", encoding="utf-8")
        beside.replace(path)


def _report_files(doc: str) -> tuple[str, str, str]:
    return f"report/{doc}.html", f"data/report/{doc}.js", f"data/raw/{doc}.js"


def _batches(names: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(names), _BATCH):
        yield names[at : at + _BATCH]


def _built(path: Path) -> dict[str, str]:
    """What each piece was made from; nothing where there is no build or its record is broken."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8").partition("\n")[2]))
    except (OSError, ValueError):
        return {}
