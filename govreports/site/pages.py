"""The pages: shells without content that name the scripts to load.

Belongs here: their HTML. Does not belong here: what they show (see `app/`). Nothing that a report says stands in a page: it comes
with the pieces and is put in as text.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

APP = Path(__file__).resolve().parent / "app"
VENDOR = Path(__file__).resolve().parent / "vendor"
# Loaded in this order, before the script of the page itself.
_SHARED = ("core.js", "labels.js", "format.js")
_CHARTS = ("vendor/d3.min.js", "vendor/plot.umd.min.js", "app/charts.js")
# Nothing is loaded from elsewhere, and no script runs that stands in a page or a text. Plot styles its charts in place.
_POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; img-src 'self' data: blob: file:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)


def page(kind: str, key: str = "", *, depth: int = 0, charts: bool = True) -> bytes:
    """The shell of a page of one kind, `depth` folders below the site's root; `key` is the region or report that it shows."""
    root = "../" * depth
    scripts = [f"app/{name}" for name in _SHARED] + (list(_CHARTS) if charts else []) + [f"app/{kind}.js"]
    tags = "\n".join(f'<script defer src="{root}{script}"></script>' for script in scripts)
    return f"""<!doctype html>
<html lang="zh-Hans" data-page="{escape(kind)}" data-key="{escape(key)}" data-root="{root}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>govreports</title>
<link rel="icon" href="{root}app/icon.svg">
<link rel="stylesheet" href="{root}app/style.css">
{tags}
</head>
<body>
<noscript>本页需要 JavaScript。 This page needs JavaScript.</noscript>
</body>
</html>
""".encode()


def assets() -> dict[str, Path]:
    """The files that pages load, by their path in the site."""
    files = {f"app/{path.name}": path for path in sorted(APP.iterdir()) if path.is_file()}
    return files | {f"vendor/{path.name}": path for path in sorted(VENDOR.iterdir()) if path.is_file()}
