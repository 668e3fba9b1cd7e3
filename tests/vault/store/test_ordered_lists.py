"""Whoever an ordered list lets through is in its group, at the moment they ask."""

from tests.conftest import Clock
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.domain.source_rights import Clause, ItemRights, list_group
from vault.store.session import Store

RIGHTS = ItemRights(
    (
        Clause(allows=True, reference="user:alice"),
        Clause(allows=False, reference="group:audit"),
        Clause(allows=True, reference="group:everyone"),
    )
)


def test_a_list_is_judged_by_what_is_true_now(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        group = list_group("shelf", unit.rights.list_number("shelf", RIGHTS))
        unit.principals.add_group("audit", now=clock())
        for name in ("alice", "bob"):
            added = Principal(name, PrincipalKind.PERSON, Label(Classification.PUBLIC))
            unit.principals.add(added, name="", now=clock())
            unit.principals.add_member("audit", f"user:{name}")

    def passes(name: str) -> bool:
        with store.read() as unit:
            found = unit.principals.get(name)
        assert found is not None
        return group in found.groups

    assert (passes("alice"), passes("bob")) == (True, False)
    with store.write() as unit:
        unit.principals.remove_member("audit", "user:bob")
    assert passes("bob")


def test_lists_are_no_groups_for_people_to_look_at(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.rights.list_number("shelf", RIGHTS)
        unit.principals.derive([("shelf/=uid:1", "user:alice")], [], now=clock())
        assert unit.principals.groups() == {}
        assert unit.principals.derived("shelf") == {("shelf/=uid:1", "user:alice")}
        assert unit.principals.derived("shel") == set()
        unit.principals.derive([], [("shelf/=uid:1", "user:alice")], now=clock())
        assert unit.principals.derived("shelf") == set()
