"""What is tried again: only what workers died on, and not for ever."""

import pytest

from govreports.attempts import ATTEMPTS, WORKER_DIED, next_attempt, refusal, why_again
from govreports.lake.ledger import StageFailure


@pytest.mark.parametrize(
    ("code", "attempts", "following"),
    [(WORKER_DIED, 1, 2), (WORKER_DIED, 2, 3), (WORKER_DIED, 3, 0), ("outline_failed", 1, 0)],
)
def test_only_deaths_are_tried_again_and_three_times_at_most(code: str, attempts: int, following: int) -> None:
    refused = StageFailure("raw", "360102-2021", "a.txt", "aa", code, "why", "2026-01-01T00:00:00+00:00", attempts)
    assert next_attempt(refused) == following


def test_a_refusal_says_what_comes_next_and_the_last_one_names_the_way_out() -> None:
    assert why_again(2) == "its worker died (attempt 2 of 3)"
    assert refusal(1, "it was in raw").endswith("The next build tries again")
    last = refusal(ATTEMPTS, "it was in raw")
    assert "it was in raw (attempt 3 of 3) and is not tried again" in last
    assert "more memory" in last and "rename the file" in last
