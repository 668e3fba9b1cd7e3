"""Amounts add up exactly, caps say what they stop, and what is unusual is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.domain.budgets import (
    FEWEST_RUNS,
    NOTHING,
    UNITS,
    Amounts,
    Balance,
    Caps,
    robust_score,
    unusual_unit,
)
from vault.domain.errors import InvalidRequestError

amounts = st.builds(Amounts, **{unit: st.integers(0, 10**9) for unit in UNITS})


@given(amounts, amounts)
def test_what_is_added_can_be_taken_away(first: Amounts, second: Amounts) -> None:
    assert first + second - second == first
    assert first + NOTHING == first


@given(amounts)
def test_amounts_come_back_from_their_form(found: Amounts) -> None:
    assert Amounts.parse(found.form()) == found


def test_a_charter_speaks_of_seconds_joules_and_money() -> None:
    caps = Caps.of_words({"seconds": 1.5, "joules": 2, "money": 0.25, "tokens": 10})
    assert caps.hard == {
        "milliseconds": 1500,
        "millijoules": 2000,
        "micros": 250_000,
        "tokens": 10,
    }
    assert caps.form() == {"hard": dict(caps.hard), "soft_share": 0.8}


@pytest.mark.parametrize("words", [{"wishes": 1}, {"tokens": -1}, {"tokens": "many"}])
def test_a_budget_of_anything_else_is_refused(words: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError, match="known unit"):
        Caps.of_words(words)


def test_a_cap_is_passed_by_one_more_and_nearly_reached_before() -> None:
    caps = Caps({"calls": 10})
    assert caps.passed_by(Amounts(calls=10)) is None
    assert caps.passed_by(Amounts(calls=11)) == "calls"
    assert caps.nearly(Amounts(calls=7)) is None
    assert caps.nearly(Amounts(calls=8)) == "calls"
    assert Caps({"calls": 0}).nearly(NOTHING) is None


def test_what_is_set_aside_is_as_gone_as_what_is_spent() -> None:
    found = Balance("run:1", Caps({}), Amounts(calls=1), Amounts(calls=2))
    assert found.drawn == Amounts(calls=3)


def test_a_run_far_above_its_own_past_is_unusual() -> None:
    past = [Amounts(calls=each) for each in (4, 5, 5, 6, 5, 4, 5, 6)]
    assert unusual_unit(Amounts(calls=7), past) is None
    assert unusual_unit(Amounts(calls=60), past) == "calls"


def test_an_agent_without_a_past_is_never_unusual() -> None:
    past = [Amounts(calls=1)] * (FEWEST_RUNS - 1)
    assert unusual_unit(Amounts(calls=10**6), past) is None


def test_one_step_more_than_always_is_not_unusual() -> None:
    assert robust_score(6, [5] * 20) < 1
