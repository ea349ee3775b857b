"""The command about stores: pull.

Belongs here: options and printing. Does not belong here: taking the file (see `publication`). `govreports.cli` finds `COMMANDS`
by itself.
"""

from __future__ import annotations

from pathlib import Path

import click

from govreports.store.opening import open_store
from govreports.store.publication import pull as newest


@click.command()
@click.argument("store", metavar="ADDRESS")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=Path("govreports.duckdb"))
def pull(store: str, file: Path) -> None:
    """Bring the newest file published at ADDRESS (s3://bucket/prefix, or a folder) to FILE.

    FILE is replaced whole once all bytes have arrived and are what was published; who holds the old one open keeps it.
    """
    pointer = newest(open_store(store), file)
    if pointer is None:
        click.echo(f"{file} is the newest already")
    else:
        click.echo(f"{file}: build {pointer.build}, {pointer.size:,} bytes, content hash {pointer.content_hash}")


COMMANDS = (pull,)
