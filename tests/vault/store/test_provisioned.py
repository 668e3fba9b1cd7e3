"""Persons and groups are kept as a directory says, beside what the operator set."""

from datetime import timedelta

import pytest

from tests.conftest import Clock
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.store.principals import TokenRecord
from vault.store.session import Store


@pytest.fixture
def peopled(store: Store, clock: Clock) -> Store:
    with store.write() as unit:
        for name, kind in (
            ("ann", PrincipalKind.PERSON),
            ("bot", PrincipalKind.AGENT),
            ("cy", PrincipalKind.PERSON),
        ):
            added = Principal(name, kind, Label(Classification.SECRET, frozenset({"deal"})))
            unit.principals.add(added, name=name.title(), now=clock())
        for group in ("staff", "board", "share/=name:x"):
            unit.principals.add_group(group, now=clock())
            unit.principals.add_member(group, "user:ann")
    return store


def test_persons_are_listed_and_agents_are_not(peopled: Store) -> None:
    with peopled.read() as unit:
        rows = unit.provisioned.persons()
    assert [(row.id, row.user_name, row.display_name, row.active) for row in rows] == [
        ("ann", "ann", "Ann", True),
        ("cy", "cy", "Cy", True),
    ]


def test_groups_that_follow_from_sources_are_not_shown(peopled: Store) -> None:
    with peopled.read() as unit:
        assert [row.id for row in unit.provisioned.groups()] == ["board", "staff"]
        assert unit.provisioned.groups_of("user:ann") == ["board", "staff"]
        assert unit.provisioned.memberships() == {"user:ann": ["board", "staff"]}
        assert unit.provisioned.members("staff") == ["user:ann"]
        assert unit.provisioned.groups("share/=name:x") == []


def test_what_a_directory_says_is_kept_until_it_says_that_one_is_gone(
    peopled: Store, clock: Clock
) -> None:
    created = clock()
    clock.forward(timedelta(hours=1))
    with peopled.write() as unit:
        unit.provisioned.note("user:ann", name="ann@x.org", external_id="7", now=clock())
        unit.provisioned.note("group:staff", name="All", external_id=None, now=clock(), gone=True)
    with peopled.read() as unit:
        (ann,) = unit.provisioned.persons("ann")
        assert (ann.user_name, ann.external_id) == ("ann@x.org", "7")
        assert (ann.created_at, ann.modified_at) == (created, clock())
        assert [row.id for row in unit.provisioned.groups()] == ["board"]
        assert unit.provisioned.is_taken("group:staff")


def test_an_id_is_taken_by_whoever_has_it_and_everyone_is(peopled: Store) -> None:
    with peopled.read() as unit:
        taken = unit.provisioned.is_taken
        assert taken("user:bot")
        assert taken("group:everyone")
        assert not taken("group:bot")
        assert not taken("user:dan")


def test_a_change_of_a_person_leaves_the_clearance(peopled: Store) -> None:
    with peopled.write() as unit:
        unit.provisioned.set_person("ann", display_name="Ann B.", active=False)
        assert unit.principals.get("ann") is None
        unit.provisioned.set_person("ann", display_name="Ann B.", active=True)
        found = unit.principals.get("ann")
        assert found is not None
        assert found.clearance == Label(Classification.SECRET, frozenset({"deal"}))


def test_every_token_for_or_on_behalf_of_a_person_ends(peopled: Store, clock: Clock) -> None:
    with peopled.write() as unit:
        for number, (who, person) in enumerate((("ann", None), ("bot", "ann"), ("cy", None))):
            later = clock() + timedelta(hours=1)
            record = TokenRecord(f"t{number}", "0" * 64, who, person, ("a:b",), later, None)
            unit.principals.add_token(record, now=clock())
        assert unit.provisioned.end_tokens("ann", now=clock()) == 2
        assert unit.provisioned.end_tokens("ann", now=clock()) == 0
        ended = [unit.principals.token(f"t{number}").revoked_at for number in range(3)]
    assert ended == [clock(), clock(), None]


def test_memberships_end_in_groups_that_people_make(peopled: Store) -> None:
    with peopled.write() as unit:
        unit.provisioned.end_memberships("user:ann")
        assert unit.provisioned.groups_of("user:ann") == []
        assert unit.provisioned.members("share/=name:x") == ["user:ann"]
