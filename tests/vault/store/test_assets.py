"""Versions are added and never altered; one of them is the one that is used."""

from tests.conftest import Clock
from vault.domain.assets import AssetKind, AssetState, AssetVersion
from vault.store.session import Store, UnitOfWork

AGENT = AssetKind.AGENT


def add(unit: UnitOfWork, clock: Clock, purpose: str, name: str = "helper") -> AssetVersion:
    return unit.assets.add(AGENT, name, {"purpose": purpose}, by="operator", now=clock())


def test_a_version_comes_back_as_it_was_added(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        made = add(unit, clock, "one")
    with store.read() as unit:
        assert unit.assets.newest(AGENT, "helper") == made
        assert unit.assets.get(AGENT, "helper", 1) == made
        assert unit.assets.by_digest(AGENT, made.digest) == made
        assert unit.assets.get(AGENT, "helper", 2) is None
        assert unit.assets.newest(AssetKind.TOOL, "helper") is None
        assert unit.assets.by_digest(AGENT, "sha256:0") is None


def test_the_same_body_again_is_no_new_version_and_another_is(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        first = add(unit, clock, "one")
        assert add(unit, clock, "one") == first
        assert add(unit, clock, "two").number == 2
        assert add(unit, clock, "one").number == 3
        add(unit, clock, "one", name="other")
        assert [each.reference for each in unit.assets.versions(AGENT)] == [
            "helper@1",
            "helper@2",
            "helper@3",
            "other@1",
        ]
        assert len(unit.assets.versions(AGENT, "other")) == 1


def test_the_active_version_is_used_before_a_newer_approved_one(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        first = add(unit, clock, "one")
        assert unit.assets.usable(AGENT, "helper") is None
        first = unit.assets.move(first, AssetState.APPROVED, by="user:olga")
        assert first.approved_by == "user:olga"
        unit.assets.move(first, AssetState.ACTIVE, by="user:olga")
        second = unit.assets.move(add(unit, clock, "two"), AssetState.APPROVED, by="user:bo")
        found = unit.assets.usable(AGENT, "helper")
        assert found is not None
        assert (found.number, found.state) == (1, AssetState.ACTIVE)
        unit.assets.move(second, AssetState.ACTIVE, by="user:bo")
        found = unit.assets.usable(AGENT, "helper")
        before = unit.assets.get(AGENT, "helper", 1)
        assert found is not None
        assert before is not None
        assert (found.number, before.state) == (2, AssetState.RETIRED)
