"""The explorer over thousands of reports: real ones, multiplied.

Belongs here: a site of a multiplied warehouse, and what building it, building it again, and one changed report cost. Does not
belong here: multiplying a warehouse (see `benchmarks.warehouse`).

    python -m benchmarks.site [--warehouse warehouse] [--copies 1,10,40]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

from benchmarks.warehouse import multiplied
from govreports.lake.store import Lake
from govreports.site.build import SiteReport, build_site
from govreports.site.report import LakeLibrary, Texts
from govreports.warehouse.connection import Limits
from govreports.warehouse.inputs import from_lake
from govreports.warehouse.publish import publish

# What a reader's browser loads before anything is drawn, the charting library aside.
_FIRST_PAGE = (
    "index.html",
    "app/style.css",
    "app/core.js",
    "app/labels.js",
    "app/format.js",
    "app/charts.js",
    "app/overview.js",
)
# As in app/overview.js.
_MANY_REPORTS = 400


@dataclass
class CopiedLibrary:
    """The texts of a lake under the ids that `multiplied` gives to copies."""

    lake: LakeLibrary
    copies: int
    changed: set[str] = field(default_factory=set)

    def versions(self) -> Mapping[str, str]:
        """Fingerprints of the partitions and their copies."""
        return {
            key: f"{version} {key in self.changed}"
            for base, version in self.lake.versions().items()
            for key in (base, *(f"{base}_{k}" for k in range(1, self.copies)))
        }

    def texts(self, partition_key: str) -> Mapping[str, Texts]:
        """The texts of a partition or copy."""
        base, _, k = partition_key.partition("_")
        found = self.lake.texts(base)
        return {_copied(doc, k): texts for doc, texts in found.items()} if k else found


def _copied(doc: str, k: str) -> str:
    return doc[0] + hashlib.md5(f"{doc}{k}".encode()).hexdigest()[:16]


def measure(warehouse: Path, copies: int, folder: Path) -> dict[str, str]:
    """Figures of a site of so many copies."""
    lake = Lake(warehouse / "lake")
    published = publish(multiplied(from_lake(lake), copies, folder), folder / "warehouse", limits=Limits("3GB", 2))
    library = CopiedLibrary(LakeLibrary(lake), copies)
    site = folder / "warehouse" / "site"

    def build() -> SiteReport:
        return build_site(published.path, library, site)

    before = process_time()
    first = build()
    processor = process_time() - before
    again = build()
    assert again.written == 0, again
    library.changed.add(next(iter(library.lake.versions())))
    one = build()
    assert one.stale >= 1, one
    files = [path for path in site.rglob("*") if path.is_file()]
    return {
        "reports": f"{published.rows['text.document']:,}",
        "first build": f"{first.seconds:.1f} s, {processor:.1f} s of one processor",
        "nothing new": f"{again.seconds:.1f} s",
        "one report new": f"{one.seconds:.1f} s, {one.written} files",
        "files": f"{len(files):,}",
        "size": f"{sum(path.stat().st_size for path in files) / 1e6:,.0f} MB",
        "first page": f"{sum(path.stat().st_size for path in _first_page(site)) / 1e3:.0f} kB",
        "pieces of a province": _largest(site / "data" / "regions"),
        "values of a province": _largest(site / "data" / "values" / "gdp" / "growth_yoy"),
        "region": _largest(site / "data" / "region"),
    }


def _first_page(site: Path) -> list[Path]:
    """All that the overview loads before it shows anything: one province where there are many reports, else all."""
    data = site / "data"
    index = json.loads((data / "index.js").read_text(encoding="utf-8").partition(",")[2].removesuffix(");\n"))
    provinces = sorted(index["provinces"], key=lambda province: -province["reports"])
    chosen = provinces[:1] if index["totals"]["documents"] > _MANY_REPORTS else provinces
    pieces = [
        data / folder / f"{p['code']}.js" for folder in ("regions", "values/gdp/growth_yoy", "gaps/gdp") for p in chosen
    ]
    return [*(site / name for name in _FIRST_PAGE), data / "index.js", *(path for path in pieces if path.exists())]


def _largest(folder: Path) -> str:
    return f"at most {max(path.stat().st_size for path in folder.iterdir()) / 1e3:.0f} kB"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse"))
    parser.add_argument("--copies", type=lambda text: [int(n) for n in text.split(",")], default=[1, 10, 40])
    options = parser.parse_args(arguments)
    for copies in options.copies:
        with tempfile.TemporaryDirectory() as temp:
            figures = measure(options.warehouse, copies, Path(temp))
        print("; ".join(f"{name}: {figure}" for name, figure in figures.items()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
