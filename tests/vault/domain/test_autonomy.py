"""The level that holds is the least of all ceilings, and says what lowered it."""

from itertools import product

import pytest

from vault.domain.autonomy import Autonomy, effective_level
from vault.domain.errors import InvalidRequestError


def test_the_level_is_the_least_of_every_ceiling() -> None:
    for charter, one, two in product(Autonomy, repeat=3):
        level = effective_level(charter, {"one": one, "two": two})
        assert level.effective == min(charter, one, two)


def test_whatever_lowers_it_is_named_lowest_first() -> None:
    level = effective_level(
        Autonomy.A4, {"stage": Autonomy.A3, "breaker": Autonomy.A0, "owners": Autonomy.A5}
    )
    assert level.form() == {
        "effective": "A0",
        "charter": "A4",
        "lowered_by": {"breaker": "A0", "stage": "A3"},
    }


def test_without_ceilings_the_charter_holds() -> None:
    assert effective_level(Autonomy.A2, {}).effective is Autonomy.A2


def test_levels_are_read_by_name_and_say_what_they_allow() -> None:
    assert Autonomy.of(" a3 ") is Autonomy.A3
    assert Autonomy.A0.words == "answer"
    with pytest.raises(InvalidRequestError, match="choose A0 to A5"):
        Autonomy.of("A6")
