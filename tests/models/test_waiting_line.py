"""The line is fair and bounded, and nobody who leaves it blocks those behind."""

import threading
import time
from collections.abc import Callable

import pytest

from models.errors import ModelBusyError
from models.waiting_line import WaitingLine


def test_callers_enter_one_at_a_time_in_order_of_arrival() -> None:
    line = WaitingLine(queue_limit=5, wait_seconds=10)
    line.enter()
    served: list[int] = []
    inside: list[int] = []

    def visit(number: int) -> None:
        line.enter()
        inside.append(number)
        assert inside == [number]
        served.append(number)
        inside.remove(number)
        line.leave()

    threads = []
    for number in range(5):
        threads.append(start(lambda n=number: visit(n)))
        wait_until(lambda n=number: len(line) == n + 2)
    line.leave()
    for thread in threads:
        thread.join(10)
    assert served == [0, 1, 2, 3, 4]
    assert len(line) == 0


def test_a_full_line_turns_the_next_caller_away_at_once() -> None:
    line = WaitingLine(queue_limit=1, wait_seconds=10)
    line.enter()
    thread = start(lambda: (line.enter(), line.leave()))
    wait_until(lambda: len(line) == 2)
    began = time.monotonic()
    with pytest.raises(ModelBusyError, match="already wait"):
        line.enter()
    assert time.monotonic() - began < 5
    line.leave()
    thread.join(10)
    line.enter()


def test_who_waited_too_long_leaves_the_line() -> None:
    line = WaitingLine(queue_limit=1, wait_seconds=0.01)
    line.enter()
    for _ in range(3):
        with pytest.raises(ModelBusyError, match=r"0\.01 seconds"):
            line.enter()
    assert len(line) == 1
    line.leave()
    line.enter()


def test_no_queue_means_one_caller() -> None:
    line = WaitingLine(queue_limit=0, wait_seconds=10)
    line.enter()
    with pytest.raises(ModelBusyError):
        line.enter()


def start(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def wait_until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.001)
