"""Rights follow from who exists, in which groups, through any depth, as of now."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.conftest import Clock
from vault.domain.errors import HomeUnavailableError
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import LOWEST, Classification, Label
from vault.store.principals import TokenRecord
from vault.store.schema import principal
from vault.store.session import Store, UnitOfWork

SECRET = Label(Classification.SECRET, frozenset({"hr", "legal"}))


def add(unit: UnitOfWork, clock: Clock, *names: str) -> None:
    for name in names:
        person = Principal(name, PrincipalKind.PERSON, LOWEST)
        unit.principals.add(person, name=name.title(), now=clock())


def join(unit: UnitOfWork, clock: Clock, group: str, *members: str) -> None:
    unit.principals.add_group(group, now=clock())
    for member in members:
        unit.principals.add_member(group, member)


def test_a_principal_comes_back_with_its_clearance(store: Store, clock: Clock) -> None:
    agent = Principal("helper", PrincipalKind.AGENT, SECRET)
    with store.write() as unit:
        unit.principals.add(agent, name="", now=clock())
        found = unit.principals.get("helper")
        assert unit.principals.get("nobody") is None
    assert found is not None
    assert (found.id, found.kind, found.clearance) == ("helper", PrincipalKind.AGENT, SECRET)


def test_adding_again_replaces_the_clearance(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.principals.add(Principal("a", PrincipalKind.AGENT, SECRET), name="A", now=clock())
        add(unit, clock, "a")
        found = unit.principals.get("a")
        assert [name for _, name in unit.principals.all()] == ["A"]
    assert found is not None
    assert (found.kind, found.clearance) == (PrincipalKind.PERSON, LOWEST)


def test_groups_are_followed_through_groups_to_any_depth(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        add(unit, clock, "amara", "bo")
        join(unit, clock, "nurses", "user:amara")
        join(unit, clock, "clinic", "group:nurses")
        join(unit, clock, "staff", "group:clinic", "user:bo")
        join(unit, clock, "nurses", "group:staff")
        amara, bo = unit.principals.get("amara"), unit.principals.get("bo")
        listed = {found.id: found for found, _ in unit.principals.all()}
    assert amara is not None
    assert bo is not None
    assert amara.groups == {"everyone", "nurses", "clinic", "staff"}
    assert bo.groups == {"everyone", "staff", "nurses", "clinic"}
    assert listed == {"amara": amara, "bo": bo}


def test_whoever_is_in_no_group_is_still_one_of_everyone(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        add(unit, clock, "amara")
        found = unit.principals.get("amara")
    assert found is not None
    assert found.groups == {"everyone"}


def test_a_name_of_a_user_is_not_the_name_of_a_group(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        add(unit, clock, "nurses")
        join(unit, clock, "clinic", "group:nurses")
        found = unit.principals.get("nurses")
    assert found is not None
    assert found.groups == {"everyone"}


def test_a_membership_ends_when_it_is_removed(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        add(unit, clock, "amara")
        join(unit, clock, "nurses", "user:amara", "user:amara")
        join(unit, clock, "staff", "user:amara")
        unit.principals.remove_member("nurses", "user:amara")
        unit.principals.remove_member("nurses", "user:nobody")
        found = unit.principals.get("amara")
        assert unit.principals.groups() == {"nurses": [], "staff": ["user:amara"]}
    assert found is not None
    assert found.groups == {"everyone", "staff"}


def test_groups_are_listed_with_their_direct_members_in_order(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        join(unit, clock, "staff", "user:b", "group:nurses", "user:a")
        join(unit, clock, "nurses")
        assert unit.principals.groups() == {
            "nurses": [],
            "staff": ["group:nurses", "user:a", "user:b"],
        }


def test_nobody_joins_a_group_that_does_not_exist(store: Store) -> None:
    with pytest.raises(HomeUnavailableError, match="refused"), store.write() as unit:
        unit.principals.add_member("ghosts", "user:amara")


@pytest.mark.parametrize(
    ("reference", "known"),
    [
        ("user:amara", True),
        ("group:nurses", True),
        ("group:everyone", True),
        ("user:everyone", False),
        ("user:nurses", False),
        ("group:amara", False),
    ],
)
def test_a_reference_is_known_by_its_kind_and_name(
    store: Store, clock: Clock, reference: str, known: bool
) -> None:
    with store.write() as unit:
        add(unit, clock, "amara")
        join(unit, clock, "nurses")
        assert unit.principals.knows(reference) is known


def test_a_token_is_kept_with_its_terms_until_it_is_revoked(store: Store, clock: Clock) -> None:
    record = TokenRecord(
        id="t",
        secret_digest="ab" * 32,
        principal_id="helper",
        on_behalf_of="amara",
        scopes=("answer:create", "document:read"),
        expires_at=clock() + timedelta(hours=1),
        revoked_at=None,
    )
    with store.write() as unit:
        add(unit, clock, "helper", "amara")
        unit.principals.add_token(record, now=clock())
        assert unit.principals.token("t") == record
        assert unit.principals.token("other") is None
        assert not unit.principals.revoke_token("other", now=clock())
        assert unit.principals.revoke_token("t", now=clock())
        clock.forward(timedelta(minutes=1))
        assert not unit.principals.revoke_token("t", now=clock())
        kept = unit.principals.token("t")
    assert kept is not None
    assert kept.revoked_at == clock() - timedelta(minutes=1)


def test_a_token_stands_for_somebody_who_exists(store: Store, clock: Clock) -> None:
    record = TokenRecord("t", "ab", "ghost", None, (), clock(), None)
    with pytest.raises(HomeUnavailableError, match="refused"), store.write() as unit:
        unit.principals.add_token(record, now=clock())


def test_a_principal_that_is_not_active_is_nobody(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        add(unit, clock, "amara", "bo")
    with store.database.transaction(write=True) as connection:
        connection.execute(update(principal).where(principal.c.id == "amara").values(active=False))
    with store.write() as unit:
        assert unit.principals.get("amara") is None
        assert [found.id for found, _ in unit.principals.all()] == ["bo"]
        add(unit, clock, "amara")
        assert unit.principals.get("amara") is not None
