"""Dagster's run history, events and schedules in PostgreSQL, where `GOVREPORTS_POSTGRES` names a database.

Belongs here: its settings, what is asked of a database before Dagster opens it, whose it is. Does not belong here: opening the
instance (see `assets.runs`). Nothing here loads dagster or SQLAlchemy before there is a database to look at.
"""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from govreports.lake.ledger import Ledger

if TYPE_CHECKING:
    import dagster as dg

POSTGRES_VARIABLE = "GOVREPORTS_POSTGRES"
SETTINGS = Path(__file__).resolve().parent / "postgres.yaml"

# SQLAlchemy takes another driver where the address names none.
_SCHEME = "postgresql+psycopg2://"
_BATCH_VARIABLE, _BATCH = "DAGSTER_EVENT_BATCH_SIZE", "50"
# How long a server may take to answer, in seconds.
_ANSWER = 10
_OWNER = "govreports/warehouse"
_HOW = "see docs/scale.md"


class DatabaseError(RuntimeError):
    """The database for Dagster's history cannot be used; the message says why and what to do."""


def address() -> str:
    """The address of the database that the environment names; empty where there is none."""
    return os.environ.get(POSTGRES_VARIABLE, "")


def settings(base: Path) -> str:
    """The text of a new dagster.yaml: the settings in `base`, with PostgreSQL where it is configured."""
    text = base.read_text(encoding="utf-8")
    return text + SETTINGS.read_text(encoding="utf-8") if address() else text


def check(dagster_yaml: Path) -> None:
    """Look at the database before Dagster does. Raises `DatabaseError`, also where environment and dagster.yaml disagree."""
    url, configured = address(), POSTGRES_VARIABLE in dagster_yaml.read_text(encoding="utf-8")
    if configured and not url:
        raise DatabaseError(
            f"{dagster_yaml} keeps the run history in PostgreSQL and {POSTGRES_VARIABLE} is not set: set it to the "
            f"database's address, or delete that file to begin a history in SQLite ({_HOW})"
        )
    if not url:
        return
    if not configured:
        raise DatabaseError(
            f"{POSTGRES_VARIABLE} is set and {dagster_yaml} keeps the run history elsewhere: delete that file to begin "
            f"a history in PostgreSQL, or unset the variable ({_HOW})"
        )
    if not url.startswith(_SCHEME):
        raise DatabaseError(f"{POSTGRES_VARIABLE} must be like {_SCHEME}user:password@host:5432/database ({_HOW})")
    os.environ.setdefault(_BATCH_VARIABLE, _BATCH)
    _check_schema(url)


def _check_schema(url: str) -> None:
    try:
        import sqlalchemy
        from alembic.runtime.migration import MigrationContext
        from alembic.script import ScriptDirectory
        from dagster_postgres import utils
    except ImportError as error:
        raise DatabaseError(
            f"{POSTGRES_VARIABLE} is set and its driver is not installed: pip install 'govreports[scale]' ({_HOW})"
        ) from error
    logging.getLogger("alembic").setLevel(logging.WARNING)
    known = ScriptDirectory.from_config(utils.pg_alembic_config(_module_beside_alembic(utils.__file__)))
    try:
        engine = sqlalchemy.create_engine(
            url, poolclass=sqlalchemy.pool.NullPool, connect_args={"connect_timeout": _ANSWER}
        )
        with engine.connect() as connection:
            there = MigrationContext.configure(connection).get_current_revision()
    except (sqlalchemy.exc.SQLAlchemyError, ValueError) as error:
        raise DatabaseError(
            f"the PostgreSQL database that {POSTGRES_VARIABLE} names cannot be used ({_reason(error)}): "
            f"check address, user and password, and that the server runs ({_HOW})"
        ) from error
    if there is None or there == known.get_current_head():
        return
    if there in {script.revision for script in known.walk_revisions()}:
        raise DatabaseError(
            f"the PostgreSQL database has an older schema ({there}): stop all who use it, make a backup, "
            f"and run `dagster instance migrate` ({_HOW})"
        )
    raise DatabaseError(
        f"the PostgreSQL database has the schema of a newer Dagster ({there}): use that Dagster ({_HOW})"
    )


@contextmanager
def told() -> Iterator[None]:
    """Turn the loss of the database into a `DatabaseError`."""
    try:
        yield
    except Exception as error:
        if not address() or not _is_loss(error):
            raise
        raise DatabaseError(
            f"the PostgreSQL database is gone ({_reason(error)}); what was done in the lake stands, "
            "and the next build goes on from there"
        ) from error


def _is_loss(error: BaseException | None) -> bool:
    """Whether an error, or what it came from, is one of the database."""
    while error is not None:
        if type(error).__module__.partition(".")[0] in ("sqlalchemy", "psycopg2", "dagster_postgres"):
            return True
        error = error.__cause__ or error.__context__
    return False


def _module_beside_alembic(module: str) -> str:
    """A file from which dagster-postgres finds its migrations, which it looks for one folder above."""
    return str(Path(module).parent / "event_log" / "event_log.py")


def _reason(error: Exception) -> str:
    """The first line of what the driver says: later ones are hints and addresses of documentation."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def claim(instance: dg.DagsterInstance, ledger: Ledger) -> None:
    """Keep the database for one warehouse: partitions and runs of two would mix. Raises `DatabaseError`."""
    mine = ledger.note(_OWNER)
    if mine is None:
        mine = uuid.uuid4().hex
        ledger.set_note(_OWNER, mine)
    owner = instance.run_storage.get_cursor_values({_OWNER}).get(_OWNER)
    if owner is None:
        instance.run_storage.set_cursor_values({_OWNER: mine})
    elif owner != mine:
        raise DatabaseError(
            "the PostgreSQL database holds the history of another warehouse: give each warehouse a database of its own "
            f"({_HOW})"
        )
