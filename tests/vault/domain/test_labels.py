"""The label order is a lattice; everything about permission rests on that."""

from itertools import product

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.labels import (
    LOWEST,
    AccessLabel,
    Classification,
    Label,
    dominates,
    join,
    join_all,
)

LABELS = [
    Label(level, frozenset(compartments))
    for level in Classification
    for compartments in ((), ("hr",), ("legal",), ("hr", "legal"))
]


@pytest.mark.parametrize(
    ("clearance", "label", "readable"),
    [
        pytest.param(("secret", "hr"), ("confidential", ""), True, id="higher level reads lower"),
        pytest.param(("internal", ""), ("confidential", ""), False, id="no reading up"),
        pytest.param(("secret", ""), ("public", "hr"), False, id="level never buys a compartment"),
        pytest.param(("public", "hr"), ("public", "hr"), True, id="equal labels"),
    ],
)
def test_dominates(clearance: tuple[str, str], label: tuple[str, str], readable: bool) -> None:
    assert dominates(_label(*clearance), _label(*label)) is readable


def test_dominance_is_a_partial_order() -> None:
    for first, second, third in product(LABELS, repeat=3):
        assert dominates(first, first)
        if dominates(first, second) and dominates(second, first):
            assert first == second
        if dominates(first, second) and dominates(second, third):
            assert dominates(first, third)


def test_join_is_the_least_label_above_both() -> None:
    for first, second in product(LABELS, repeat=2):
        above = [label for label in LABELS if dominates(label, first) and dominates(label, second)]
        joined = join(first, second)
        assert joined in above
        assert all(dominates(label, joined) for label in above)


def test_the_join_of_nothing_is_the_lowest_label() -> None:
    assert join_all([]) == LOWEST
    assert join_all(LABELS) == Label(Classification.SECRET, frozenset({"hr", "legal"}))


def test_an_unknown_level_is_told_with_the_known_ones() -> None:
    with pytest.raises(InvalidRequestError, match="public, internal, confidential, secret"):
        Classification.of("cosmic")
    assert Classification.of(" Secret ") is Classification.SECRET


def test_equal_rights_share_a_digest_and_different_rights_do_not() -> None:
    one = AccessLabel("c", LOWEST, frozenset({"group:a", "user:b"}))
    same = AccessLabel("c", LOWEST, frozenset({"user:b", "group:a"}))
    others = [
        AccessLabel("d", LOWEST, one.readers),
        AccessLabel("c", Label(Classification.INTERNAL), one.readers),
        AccessLabel("c", Label(Classification.PUBLIC, frozenset({"hr"})), one.readers),
        AccessLabel("c", LOWEST, frozenset({"group:a"})),
        AccessLabel("c", LOWEST, one.readers, frozenset({"user:b"})),
    ]
    assert one.digest == same.digest
    assert len({label.digest for label in (one, *others)}) == len(others) + 1


def _label(level: str, compartment: str) -> Label:
    return Label(Classification.of(level), frozenset({compartment} - {""}))
