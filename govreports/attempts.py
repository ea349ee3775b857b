"""How often a report is tried that its worker process died on, and what is said of it.

Belongs here: the bound, which attempt comes next, the sentences. Does not belong here: surviving the death (see `workers`), and
running anything again (see `incremental` and `intake.scan`).

Most workers die for want of memory, which comes back though no file changes: so the next build tries again. A report that does
kill its worker must not cost every build for ever: after the last attempt it stays refused, as every other refusal does, until
its bytes or the code change.
"""

from __future__ import annotations

from typing import Protocol

WORKER_DIED = "worker_died"
# In so many builds; within each the pool has tried it several times.
ATTEMPTS = 3


class Refused(Protocol):
    """A refusal that the ledger knows."""

    @property
    def reason_code(self) -> str:
        """Why, as a code."""
        ...

    @property
    def attempts(self) -> int:
        """In how many builds it was tried."""
        ...


def next_attempt(refused: Refused) -> int:
    """Which attempt comes next at what was refused, without anything having changed; 0 where none does."""
    due = refused.reason_code == WORKER_DIED and refused.attempts < ATTEMPTS
    return refused.attempts + 1 if due else 0


def why_again(attempt: int) -> str:
    """Why an attempt is made, as a phrase."""
    return f"its worker died (attempt {attempt} of {ATTEMPTS})"


def refusal(attempt: int, doing: str) -> str:
    """Why a report is refused that its worker died on, and what comes next. `doing` says at what, as in `it was in raw`."""
    died = f"the process died while {doing} (attempt {attempt} of {ATTEMPTS})"
    if attempt < ATTEMPTS:
        return f"{died}: is there enough memory? The next build tries again"
    return (
        f"{died} and is not tried again: give it more memory or fewer --jobs, then rename the file, which makes it a new one; "
        "if that does not help, please report it"
    )
