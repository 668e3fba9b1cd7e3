"""An organisation comes in whole or not at all."""

import json
from collections.abc import Sequence

import pytest

from tests.conftest import Clock
from vault.domain.errors import InvalidRequestError
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.lifecycle.staff import Staff
from vault.store.session import Store

ANN = Principal("ann", PrincipalKind.PERSON, Label(Classification.INTERNAL))
BO = Principal("bo", PrincipalKind.AGENT, Label(Classification.PUBLIC))


@pytest.fixture
def staff(store: Store, clock: Clock) -> Staff:
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    journal = Journal(Ledger(origin="test.example/log", signer=signer), now=clock)
    return Staff(store, journal=journal, now=clock)


def groups_of(store: Store, name: str) -> frozenset[str] | None:
    with store.read() as unit:
        found = unit.principals.get(name)
    return None if found is None else found.groups


def test_people_join_by_their_own_entry_and_by_the_groups(store: Store, staff: Staff) -> None:
    staff.enter(
        [(ANN, "Ann", ["board"]), (BO, "Bo", [])],
        [("staff", ["user:ann", "group:bots"]), ("bots", ["user:bo"])],
    )
    assert groups_of(store, "ann") == {"board", "staff", "everyone"}
    assert groups_of(store, "bo") == {"bots", "staff", "everyone"}
    with store.read() as unit:
        assert [(found.id, name) for found, name in unit.principals.all()] == [
            ("ann", "Ann"),
            ("bo", "Bo"),
        ]


def test_a_list_of_everyone_says_nothing(store: Store, staff: Staff) -> None:
    staff.enter([(ANN, "", [])], [("everyone", ["user:ann", "user:ghost"])])
    with store.read() as unit:
        assert unit.principals.groups() == {}


@pytest.mark.parametrize(
    ("principals", "groups", "reason"),
    [
        ([], [("staff", ["user:ghost"])], "member user:ghost of staff does not exist"),
        ([], [("staff", ["ann"])], "group:ID or user:ID"),
        ([], [("two words", [])], "group id"),
        ([(ANN, "", ["two words"])], [], "group id"),
        (
            [(Principal("a/b", PrincipalKind.PERSON, ANN.clearance), "", [])],
            [],
            "principal id",
        ),
    ],
)
def test_one_mistake_leaves_everyone_out(
    store: Store,
    staff: Staff,
    principals: Sequence[tuple[Principal, str, Sequence[str]]],
    groups: Sequence[tuple[str, Sequence[str]]],
    reason: str,
) -> None:
    with pytest.raises(InvalidRequestError, match=reason):
        staff.enter([(BO, "Bo", ["bots"]), *principals], groups)
    with store.read() as unit:
        assert (unit.principals.all(), unit.principals.groups()) == ([], {})
        assert (unit.epoch(), unit.ledger.size()) == (0, 0)


def test_the_ledger_counts_who_came(store: Store, staff: Staff) -> None:
    staff.enter([(ANN, "Ann", []), (BO, "", [])], [("staff", []), ("everyone", [])])
    with store.read() as unit:
        assert unit.epoch() == 1
        [event] = [json.loads(unit.ledger.leaf(place)) for place in range(unit.ledger.size())]
    assert (event["type"], event["facts"]) == ("staff.entered", {"principals": 2, "groups": 1})


def test_the_same_file_twice_changes_nobody(store: Store, staff: Staff) -> None:
    for _ in range(2):
        staff.enter([(ANN, "Ann", ["board"])], [("staff", ["user:ann"])])
    assert groups_of(store, "ann") == {"board", "staff", "everyone"}
