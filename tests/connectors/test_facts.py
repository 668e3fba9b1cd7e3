"""Facts are values: equal when they say the same, and never changed afterwards."""

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime

import pytest

from connectors import facts
from connectors.facts import AclEffect, AclEntry, Cursor, Failure, Item, RawAcl, SlimItem

FACTS = [
    each
    for each in vars(facts).values()
    if isinstance(each, type) and hasattr(each, "__dataclass_fields__")
]


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
def test_a_fact_cannot_be_changed_or_given_more_members(kind: type) -> None:
    fact = kind(*["x"] * len(fields(kind)))
    assert fact == kind(*["x"] * len(fields(kind)))
    with pytest.raises(FrozenInstanceError):
        setattr(fact, fields(kind)[0].name, "y")
    assert not hasattr(fact, "__dict__")


def test_there_is_a_fact_for_everything_a_connector_reports() -> None:
    assert {kind.__name__ for kind in FACTS} >= {
        "Item", "Tombstone", "Failure", "Cursor", "SlimItem", "RawAcl", "SourceContent",
    }  # fmt: skip


def test_a_failure_may_pass_unless_the_connector_says_otherwise() -> None:
    assert Failure("a", "the folder is shut").retry
    assert not Failure("a", "the name is not allowed", retry=False).retry


def test_unknown_rights_are_told_apart_from_no_rights() -> None:
    unknown, nobody = RawAcl("a", b"", None), RawAcl("a", b"", ())
    assert unknown != nobody
    assert unknown.entries is None


def test_the_order_of_an_access_list_is_part_of_it() -> None:
    allow = AclEntry(AclEffect.ALLOW, "staff", reads=True)
    deny = AclEntry(AclEffect.DENY, "bo", reads=True)
    assert RawAcl("a", b"", (allow, deny)) != RawAcl("a", b"", (deny, allow))
    assert not allow.inherited


def test_what_may_be_left_out_is_left_out() -> None:
    assert Item("a", "file:///a", "1", "a").size is None
    assert SlimItem("a", "1").acl_hash == ""
    assert Cursor("9") == Cursor("9")
    content = facts.SourceContent(b"x", "1", None, datetime(2026, 1, 1, tzinfo=UTC))
    assert content.media_type is None
