"""Whoever joins, leaves or is cleared anew counts from the next request on."""

import json

import pytest

from tests.conftest import Clock
from vault.domain.errors import InvalidRequestError
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.lifecycle.directory import Directory
from vault.store.session import Store


@pytest.fixture
def directory(store: Store, clock: Clock) -> Directory:
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    journal = Journal(Ledger(origin="test.example/log", signer=signer), now=clock)
    return Directory(store, journal=journal, now=clock)


def person(name: str, level: Classification = Classification.INTERNAL, *held: str) -> Principal:
    return Principal(name, PrincipalKind.PERSON, Label(level, frozenset(held)))


def known(store: Store, name: str) -> Principal | None:
    with store.read() as unit:
        return unit.principals.get(name)


def state(store: Store) -> tuple[int, int]:
    with store.read() as unit:
        return unit.epoch(), unit.ledger.size()


def last_event(store: Store) -> dict[str, object]:
    with store.read() as unit:
        found: dict[str, object] = json.loads(unit.ledger.leaf(unit.ledger.size() - 1))
    return found


def test_a_principal_is_known_with_its_clearance_and_groups(
    store: Store, directory: Directory
) -> None:
    directory.add_principal(
        person("ann", Classification.SECRET, "deal"), name="Ann", groups=["staff", "board"]
    )
    found = known(store, "ann")
    assert found is not None
    assert found.clearance == Label(Classification.SECRET, frozenset({"deal"}))
    assert found.groups == {"staff", "board", "everyone"}


def test_a_principal_added_again_is_cleared_anew(store: Store, directory: Directory) -> None:
    directory.add_principal(person("ann", Classification.SECRET), name="Ann", groups=["staff"])
    before, _ = state(store)
    directory.add_principal(person("ann", Classification.PUBLIC), name="Ann", groups=[])
    found = known(store, "ann")
    assert found is not None
    assert found.clearance.classification is Classification.PUBLIC
    assert found.groups == {"staff", "everyone"}
    assert state(store)[0] > before


def test_members_join_and_leave_a_group(store: Store, directory: Directory) -> None:
    directory.add_principal(person("ann"), name="", groups=[])
    directory.add_members("staff", ["user:ann"])
    directory.add_members("house", ["group:staff"])
    found = known(store, "ann")
    assert found is not None
    assert found.groups == {"staff", "house", "everyone"}
    directory.remove_members("house", ["group:staff"])
    found = known(store, "ann")
    assert found is not None
    assert found.groups == {"staff", "everyone"}


def test_every_change_raises_the_epoch_and_is_in_the_ledger(
    store: Store, directory: Directory
) -> None:
    acts = (
        ("principal.changed", lambda: directory.add_principal(person("ann"), name="A", groups=[])),
        ("group.extended", lambda: directory.add_members("staff", ["user:ann"])),
        ("group.reduced", lambda: directory.remove_members("staff", ["user:ann"])),
    )
    for event, act in acts:
        epoch, size = state(store)
        act()
        assert state(store) == (epoch + 1, size + 1)
        assert last_event(store)["type"] == event


def test_the_ledger_names_the_principal_by_id_and_not_by_name(
    store: Store, directory: Directory
) -> None:
    directory.add_principal(person("ann"), name="Annabel Lee", groups=["staff"])
    event = last_event(store)
    assert event["facts"] == {
        "principal": "ann",
        "kind": "person",
        "clearance": "internal",
        "compartments": [],
        "groups": ["staff"],
    }
    assert "Annabel" not in json.dumps(event)


@pytest.mark.parametrize("group", ["everyone", "", "two words", "group:staff"])
def test_a_group_that_cannot_be_is_refused_and_nothing_changes(
    store: Store, directory: Directory, group: str
) -> None:
    before = state(store)
    with pytest.raises(InvalidRequestError):
        directory.add_principal(person("ann"), name="", groups=["staff", group])
    with pytest.raises(InvalidRequestError):
        directory.add_members(group, [])
    assert known(store, "ann") is None
    assert state(store) == before


def test_one_unknown_member_stops_all_of_them(store: Store, directory: Directory) -> None:
    directory.add_principal(person("ann"), name="", groups=[])
    before = state(store)
    with pytest.raises(InvalidRequestError, match="member user:ghost does not exist"):
        directory.add_members("staff", ["user:ann", "user:ghost"])
    found = known(store, "ann")
    assert found is not None
    assert found.groups == {"everyone"}
    assert state(store) == before
