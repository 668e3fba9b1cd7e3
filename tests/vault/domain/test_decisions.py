"""A verdict says what decided it; the key to an index cannot be changed once it is cut."""

from dataclasses import FrozenInstanceError, fields

import pytest

from vault.domain.decisions import PolicyDecision, VisibleSet


def test_a_verdict_names_its_rules_and_the_policy_that_held_them() -> None:
    decision = PolicyDecision(permitted=False, reasons=("deny-list",), policy_digest="sha256:ab")
    assert [field.name for field in fields(decision)] == ["permitted", "reasons", "policy_digest"]
    assert decision != PolicyDecision(True, ("deny-list",), "sha256:ab")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("label_ids", frozenset({1, 2, 3})),
        ("policy_digest", "sha256:cd"),
        ("epoch", 0),
        ("key", "other"),
        ("extra", frozenset({3})),
    ],
)
def test_a_visible_set_cannot_be_widened_after_it_was_made(name: str, value: object) -> None:
    visible = VisibleSet(frozenset({1}), "sha256:ab", 7, "key")
    with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
        setattr(visible, name, value)
    assert visible == VisibleSet(frozenset({1}), "sha256:ab", 7, "key")


def test_a_verdict_cannot_be_turned_after_it_was_given() -> None:
    decision = PolicyDecision(permitted=False, reasons=(), policy_digest="sha256:ab")
    with pytest.raises(FrozenInstanceError):
        setattr(decision, "permitted", True)  # noqa: B010 - what an intruder would try
    assert not decision.permitted
