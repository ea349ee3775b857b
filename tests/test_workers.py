"""Maps over tasks: the same results in the same order, wherever they run."""

import pytest

from govreports.workers import pool, serial


def square(number: int) -> int:
    """A task for a worker process."""
    if number < 0:
        raise ValueError(f"negative: {number}")
    return number * number


def test_a_pool_keeps_the_order_of_a_serial_map() -> None:
    numbers = list(range(50))
    with pool(2) as mapper:
        assert list(mapper(square, numbers)) == list(serial(square, numbers)) == [n * n for n in numbers]


def test_a_pool_takes_tasks_as_it_goes() -> None:
    taken = []

    def tasks():
        for number in range(100):
            taken.append(number)
            yield number

    with pool(2) as mapper:
        first = next(iter(mapper(square, tasks())))
    assert first == 0
    assert len(taken) < 20, "a bounded number of tasks is under way"


def test_an_exception_of_a_task_reaches_the_caller() -> None:
    with pool(2) as mapper, pytest.raises(ValueError, match="negative: -1"):
        list(mapper(square, [1, -1, 2]))
