"""Names, references and the closure of nested groups."""

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.identity import (
    Principal,
    PrincipalKind,
    Subject,
    check_id,
    check_reference,
    group_closure,
)
from vault.domain.labels import LOWEST

PERSON = Principal("amara", PrincipalKind.PERSON, LOWEST, frozenset({"nurses"}))
AGENT = Principal("helper", PrincipalKind.AGENT, LOWEST)


@pytest.mark.parametrize("value", ["", " a", "a b", "group:a", "-a", "a" * 129, "é", "a\n"])
def test_an_id_of_another_form_is_refused(value: str) -> None:
    with pytest.raises(InvalidRequestError, match="principal id"):
        check_id(value, noun="principal")


@pytest.mark.parametrize("value", ["nurses", "person:a", "group:", "user:a b", ":a"])
def test_a_reference_of_another_form_is_refused(value: str) -> None:
    with pytest.raises(InvalidRequestError):
        check_reference(value)


def test_a_principal_is_named_by_itself_and_by_its_groups() -> None:
    assert PERSON.references == {"user:amara", "group:nurses"}
    assert check_reference("user:amara@ward.example") == ("user", "amara@ward.example")


def test_nested_groups_are_followed_to_any_depth_and_circles_end() -> None:
    memberships = {
        "user:amara": ["a"],
        "group:a": ["b"],
        "group:b": ["c"],
        "group:c": ["a"],
        "group:x": ["y"],
    }
    assert group_closure("user:amara", memberships) == {"a", "b", "c"}
    assert group_closure("user:nobody", memberships) == frozenset()


def test_whoever_acts_for_another_is_two_principals() -> None:
    assert Subject(AGENT).principals == (AGENT,)
    assert Subject(AGENT, PERSON).principals == (AGENT, PERSON)
    assert Subject(AGENT, PERSON, (AGENT,)).principals == (AGENT, PERSON, AGENT)
