"""A bucket is empty for everybody at once, and fills again with time."""

from datetime import timedelta

import pytest

from tests.conftest import Clock
from vault.store.session import Store


def take(store: Store, clock: Clock, tool: str = "echo", per_minute: int = 3) -> float:
    with store.write() as unit:
        return unit.tool_rates.take(tool, per_minute=per_minute, now=clock())


def test_a_bucket_holds_a_minutes_worth(store: Store, clock: Clock) -> None:
    assert [take(store, clock) for _ in range(3)] == [0, 0, 0]
    assert take(store, clock) == 20
    assert take(store, clock, "other") == 0


def test_a_bucket_fills_with_time_and_never_over(store: Store, clock: Clock) -> None:
    for _ in range(4):
        take(store, clock)
    clock.forward(timedelta(seconds=20))
    assert take(store, clock) == 0
    assert take(store, clock) > 0
    clock.forward(timedelta(days=1))
    assert [take(store, clock) for _ in range(3)] == [0, 0, 0]
    assert take(store, clock) > 0


def test_a_clock_that_goes_back_gives_nothing(store: Store, clock: Clock) -> None:
    for _ in range(3):
        take(store, clock)
    clock.forward(timedelta(hours=-1))
    assert take(store, clock) > 0
    clock.forward(timedelta(hours=1))
    assert take(store, clock) > 0


def test_a_token_comes_back_with_the_transaction_that_is_given_up(
    store: Store, clock: Clock
) -> None:
    for _ in range(3):
        with pytest.raises(LookupError), store.write() as unit:
            unit.tool_rates.take("echo", per_minute=1, now=clock())
            raise LookupError
    assert take(store, clock, per_minute=1) == 0
