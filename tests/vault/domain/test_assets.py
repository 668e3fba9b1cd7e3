"""A version never changes but in its state, and not every state follows every other."""

from itertools import product

import pytest

from tests.conftest import Clock
from vault.domain.assets import (
    USABLE,
    AssetKind,
    AssetState,
    AssetVersion,
    Difference,
    differences,
    digest_of_body,
)
from vault.domain.errors import RunStateError

ALLOWED = {
    ("draft", "approved"),
    ("draft", "retired"),
    ("approved", "active"),
    ("approved", "suspended"),
    ("approved", "retired"),
    ("active", "suspended"),
    ("active", "retired"),
    ("suspended", "approved"),
    ("suspended", "retired"),
}


def version(state: AssetState, clock: Clock) -> AssetVersion:
    body = {"name": "helper"}
    return AssetVersion(
        AssetKind.AGENT, "helper", 2, digest_of_body(body), body, state, "operator", clock()
    )


@pytest.mark.parametrize(("before", "after"), list(product(AssetState, AssetState)))
def test_a_version_goes_only_where_it_may(
    before: AssetState, after: AssetState, clock: Clock
) -> None:
    found = version(before, clock)
    if (before.value, after.value) in ALLOWED:
        found.check_step(after)
    else:
        with pytest.raises(RunStateError, match=f"agent helper@2 is {before.value}"):
            found.check_step(after)


def test_an_approved_version_is_a_pilot_until_it_is_active() -> None:
    assert {state.stage for state in USABLE} == {"pilot", "production"}
    assert AssetState.SUSPENDED.stage == "suspended"


def test_equal_bodies_have_one_digest_whatever_their_order() -> None:
    assert digest_of_body({"a": 1, "b": [2]}) == digest_of_body({"b": [2], "a": 1})
    assert digest_of_body({"a": 1}) != digest_of_body({"a": 2})


def test_every_difference_is_told_by_its_pointer() -> None:
    before = {"a/b": 1, "list": [1, {"x": 1}], "same": 0, "gone": True}
    after = {"a/b": 2, "list": [1, {"x": 2}, 3], "same": 0}
    assert list(differences(before, after)) == [
        Difference("/a~1b", 1, 2),
        Difference("/gone", True, None),
        Difference("/list/1/x", 1, 2),
        Difference("/list/2", None, 3),
    ]
