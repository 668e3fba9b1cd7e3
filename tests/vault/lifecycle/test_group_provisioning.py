"""A directory says who is in a group, of those that it sees."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.conftest import Clock
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label
from vault.domain.provisioning import GroupForm, NameTakenError
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.lifecycle.group_provisioning import GroupProvisioning
from vault.store.session import Store

PUBLIC = Label(Classification.PUBLIC)
IDP = Subject(Principal("idp", PrincipalKind.SERVICE, PUBLIC))


@pytest.fixture
def provisioning(store: Store, clock: Clock) -> GroupProvisioning:
    with store.write() as unit:
        for name in ("ann", "bo"):
            unit.principals.add(Principal(name, PrincipalKind.PERSON, PUBLIC), name="", now=clock())
        unit.principals.add(Principal("bot", PrincipalKind.AGENT, PUBLIC), name="", now=clock())
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    journal = Journal(Ledger(origin="test.example/log", signer=signer), now=clock)
    return GroupProvisioning(store, journal=journal, now=clock)


def events(store: Store) -> list[tuple[str, object]]:
    with store.read() as unit:
        leaves = [json.loads(unit.ledger.leaf(place)) for place in range(unit.ledger.size())]
    return [(leaf["type"], leaf["facts"].get("members")) for leaf in leaves]


def _set(**changes: object) -> Callable[..., GroupForm]:
    return lambda group: replace(group.form, **changes)


def test_members_count_at_once_through_nested_groups(
    store: Store, provisioning: GroupProvisioning
) -> None:
    provisioning.add_group(GroupForm("Team", members=("user:ann",)), IDP)
    provisioning.add_group(GroupForm("All Staff", members=("group:Team",)), IDP)
    with store.read() as unit:
        found = unit.principals.get("ann")
    assert found is not None
    assert found.groups == {"Team", "All-Staff", "everyone"}
    listed = {group.id: group.form.members for group in provisioning.groups()}
    assert listed == {"Team": ("user:ann",), "All-Staff": ("group:Team",)}


def test_who_joined_and_who_left_is_in_the_ledger_and_raises_the_epoch(
    store: Store, provisioning: GroupProvisioning
) -> None:
    provisioning.add_group(GroupForm("staff", members=("user:ann",)), IDP)
    with store.read() as unit:
        before = unit.epoch()
    provisioning.change_group("staff", _set(members=("user:bo",)), IDP)
    assert events(store) == [
        ("group.provisioned", None),
        ("group.extended", ["user:ann"]),
        ("group.provisioned", None),
        ("group.extended", ["user:bo"]),
        ("group.reduced", ["user:ann"]),
    ]
    with store.read() as unit:
        assert unit.epoch() > before
    provisioning.change_group("staff", _set(members=("user:bo",)), IDP)
    assert len(events(store)) == 5


def test_members_that_a_directory_does_not_see_stay(
    store: Store, provisioning: GroupProvisioning
) -> None:
    provisioning.add_group(GroupForm("staff", members=("user:ann",)), IDP)
    with store.write() as unit:
        unit.principals.add_member("staff", "user:bot")
    assert provisioning.group("staff").form.members == ("user:ann",)
    provisioning.change_group("staff", _set(members=()), IDP)
    with store.read() as unit:
        assert unit.provisioned.members("staff") == ["user:bot"]


@pytest.mark.parametrize("member", ["user:nobody", "user:bot", "group:none", "group:everyone"])
def test_whoever_a_directory_does_not_see_cannot_be_made_a_member(
    member: str, store: Store, provisioning: GroupProvisioning
) -> None:
    with pytest.raises(InvalidRequestError, match="does not exist"):
        provisioning.add_group(GroupForm("staff", members=("user:ann", member)), IDP)
    assert provisioning.groups() == []
    assert events(store) == []


def test_a_name_is_held_by_one_group_and_an_id_is_given_once(
    store: Store, provisioning: GroupProvisioning
) -> None:
    provisioning.add_group(GroupForm("staff", members=("user:ann",)), IDP)
    provisioning.add_group(GroupForm("board", members=("group:staff",)), IDP)
    with pytest.raises(NameTakenError):
        provisioning.add_group(GroupForm("Staff"), IDP)
    with pytest.raises(NameTakenError):
        provisioning.change_group("board", _set(display_name="STAFF"), IDP)
    provisioning.remove_group("staff", IDP, allow=lambda _: None)
    with pytest.raises(NotFoundError):
        provisioning.group("staff")
    assert provisioning.group("board").form.members == ()
    with store.read() as unit:
        assert unit.provisioned.members("staff") == []
        found = unit.principals.get("ann")
    assert found is not None
    assert found.groups == {"everyone"}
    assert provisioning.add_group(GroupForm("staff"), IDP).id == "staff-2"


def test_a_group_that_follows_from_a_source_is_not_changed(
    store: Store, clock: Clock, provisioning: GroupProvisioning
) -> None:
    with store.write() as unit:
        unit.principals.add_group("share/=name:x", now=clock())
    with pytest.raises(NotFoundError):
        provisioning.change_group("share/=name:x", _set(members=("user:ann",)), IDP)
    assert provisioning.add_group(GroupForm("everyone"), IDP).id == "everyone-2"


def test_a_renamed_group_keeps_its_id_and_rights(provisioning: GroupProvisioning) -> None:
    provisioning.add_group(GroupForm("staff"), IDP)
    changed = provisioning.change_group("staff", _set(display_name="Personnel"), IDP)
    assert (changed.id, changed.form.display_name) == ("staff", "Personnel")


def test_very_many_members_are_told_in_several_events(
    store: Store, clock: Clock, provisioning: GroupProvisioning
) -> None:
    people = [f"p{number}" for number in range(900)]
    with store.write() as unit:
        for name in people:
            unit.principals.add(Principal(name, PrincipalKind.PERSON, PUBLIC), name="", now=clock())
    members = tuple(f"user:{name}" for name in people)
    provisioning.add_group(GroupForm("staff", members=members), IDP)
    assert [len(listed or ()) for _, listed in events(store)] == [0, 400, 400, 100]
