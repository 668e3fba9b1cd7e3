"""What a token says of groups and persons counts only as far as was agreed."""

import pytest

from tests.vault.federate.issuing import terms
from vault.domain.errors import UnauthenticatedError
from vault.domain.federation import GroupTerms


def test_no_group_counts_unless_the_operator_names_the_claim() -> None:
    claims = {"groups": ["board", "records"]}
    assert GroupTerms().read(claims) == frozenset()
    assert GroupTerms(claim="groups").read(claims) == frozenset()


def test_groups_come_through_the_table_or_under_the_prefix() -> None:
    claims = {"roles": ["b-17", "staff", "no such form", 7]}
    table = GroupTerms("roles", {"b-17": "board"})
    assert table.read(claims) == {"board"}
    both = GroupTerms("roles", {"b-17": "board"}, "idp.")
    assert both.read(claims) == {"board", "idp.staff"}


@pytest.mark.parametrize("value", [None, "board", {"board": True}, 7])
def test_a_claim_of_another_form_adds_nothing(value: object) -> None:
    assert GroupTerms("groups", prefix="x").read({"groups": value}) == frozenset()


def test_a_person_is_named_by_the_agreed_claim_alone() -> None:
    claims = {"sub": "77", "preferred_username": "Ana"}
    assert terms().person(claims) == "77"
    assert terms(person_claim="preferred_username").person(claims) == "Ana"
    assert terms().is_exact
    assert not terms(person_claim="preferred_username").is_exact


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"email": ""},
        {"email": 7, "email_verified": True},
        {"email": "ana@x.org"},
        {"email": "ana@x.org", "email_verified": False},
        {"email": "ana@x.org", "email_verified": "true"},
    ],
)
def test_a_mail_address_counts_once_it_was_verified(claims: dict[str, object]) -> None:
    agreed = terms(person_claim="email")
    with pytest.raises(UnauthenticatedError):
        agreed.person(claims)
    assert agreed.person({"email": "ana@x.org", "email_verified": True}) == "ana@x.org"
