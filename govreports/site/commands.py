"""The command about the explorer: site.

Belongs here: options and printing. Does not belong here: building and serving (see `build` and `serve`). `govreports.cli` finds
`COMMANDS` by itself.
"""

from __future__ import annotations

from pathlib import Path

import click

from govreports.lake.store import lake_of
from govreports.site.build import FOLDER, SiteReport, build_site, is_current
from govreports.site.report import LakeLibrary
from govreports.site.serve import SiteServer
from govreports.warehouse.publish import published_path

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option(
    "--warehouse",
    type=_FOLDER,
    default=Path("warehouse"),
    show_default=True,
    help="Folder that holds the published file.",
)
@click.option(
    "--corrections", type=_FOLDER, default=Path("corrections"), show_default=True, help="Folder for corrections."
)
@click.option("--serve", is_flag=True, help="Serve it on 127.0.0.1 until Ctrl-C, with a way to write corrections.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to serve on; 0 takes a free one.",
)
def site(warehouse: Path, corrections: Path, serve: bool, port: int) -> None:
    """Build the explorer, a static site under warehouse/site, and say where it is."""
    published, folder = published_path(warehouse), warehouse / FOLDER
    if not is_current(folder, published):
        click.echo(summary(build_site(published, LakeLibrary(lake_of(warehouse)), folder)))
    if serve:
        _serve(SiteServer(folder, published, corrections, port))
    else:
        click.echo(f"open {(folder / 'index.html').absolute().as_uri()}, or run with --serve")


def summary(report: SiteReport) -> str:
    """What a build of the site did, in one line."""
    waiting = f", {report.waiting} reports wait for the next publication" if report.waiting else ""
    return (
        f"{report.path}: {report.pieces:,} pieces, {report.stale:,} of them stale, {report.written:,} files written, "
        f"{report.removed:,} removed, {report.seconds:.1f} s{waiting}"
    )


def _serve(server: SiteServer) -> None:
    with server:
        click.echo(f"the explorer on {server.address}; Ctrl-C ends it")
        click.echo(f"to write corrections: {server.address}/#token={server.token}")
        click.echo(f"or enter the token where a value is marked as wrong: {server.token}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("ended")


COMMANDS = (site,)
