"""Tasks for a cluster: its processes load this module, and no test."""

import os
import signal
import time


def square(number: int) -> int:
    """A task for a worker."""
    if number < 0:
        raise ValueError(f"negative: {number}")
    return number * number


def slow_square(number: int) -> int:
    """A task that finishes out of order."""
    time.sleep(0.05 * (number % 3))
    return number * number


def fatal(number: int) -> int:
    """A task that some workers do not survive."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
