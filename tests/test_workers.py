"""Maps over tasks: the same results in the same order, wherever they run."""

import os
import signal

import pytest

from govreports.workers import WorkerDied, are_kept, kept_pool, let_go, pool, serial


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


def fatal(number: int) -> int:
    """A task that some processes do not survive."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_task_that_kills_its_process_costs_the_others_nothing() -> None:
    with pool(2) as mapper:
        assert list(mapper(fatal, range(6), lambda number: -number)) == [0, 1, 2, -3, 4, 5]


def test_without_a_stand_in_a_killed_process_is_told() -> None:
    with pool(2) as mapper, pytest.raises(WorkerDied, match="enough memory"):
        list(mapper(fatal, [3]))


def process_of(_: int) -> int:
    """Which process works."""
    return os.getpid()


def test_kept_pools_live_on_between_maps_and_end_with_the_block() -> None:
    with kept_pool():
        found = []
        for _ in range(2):
            with kept_pool(), pool(2) as mapper:
                found.append(set(mapper(process_of, range(20))))
        assert found[0] & found[1]
    for number in found[0] | found[1]:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_a_pool_of_one_keeps_the_tasks_apart() -> None:
    with pool(1) as mapper:
        (number,) = set(mapper(process_of, range(3)))
    assert number != os.getpid()


def test_whether_workers_are_kept_is_known() -> None:
    assert not are_kept()
    with kept_pool():
        assert not are_kept()
        with pool(1):
            pass
        assert are_kept()
        let_go()
        assert not are_kept()


def test_kept_pools_can_be_let_go_and_start_anew() -> None:
    with kept_pool():
        found = []
        for _ in range(2):
            with pool(2) as mapper:
                found.append(set(mapper(process_of, range(20))))
            let_go()
            for number in found[-1]:
                with pytest.raises(ProcessLookupError):
                    os.kill(number, 0)
    assert not found[0] & found[1]
    let_go()
