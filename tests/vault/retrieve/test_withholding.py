"""Rights that were seen too long ago let nobody read, and nothing shows that they ever did."""

from datetime import timedelta

import pytest

from tests.vault.ingest.rightful import World, world
from tests.vault.ingest.scripted import Paper, allow, person
from vault.domain.identity import Subject
from vault.domain.labels import Classification
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.retrieve.permissions import Permissions
from vault.retrieve.withholding import StaleSource, Withholding

__all__ = ["world"]

WEEK = timedelta(days=7)


@pytest.fixture
def shelf(world: World) -> World:
    world.add_sources()
    world.corp.people = [person("alice")]
    world.follow_people()
    world.shelf.papers = {"plan": Paper("The plan.", (allow("uid:alice"),))}
    world.sync()
    return limited(world, {Classification.INTERNAL: WEEK})


def limited(world: World, ages: dict[Classification, timedelta]) -> World:
    world.permissions = Permissions(
        PolicyEngine.from_folder(DEFAULT_FOLDER), withholding=Withholding(ages, now=world.clock)
    )
    return world


def test_rights_count_until_they_are_too_old_and_again_once_they_were_seen(shelf: World) -> None:
    shelf.clock.forward(WEEK)
    assert shelf.readable("alice") == {"plan"}
    shelf.clock.forward(timedelta(seconds=1))
    assert shelf.readable("alice") == set()
    shelf.sync()
    assert shelf.readable("alice") == {"plan"}


def test_what_is_withheld_is_as_if_it_were_not_there(shelf: World) -> None:
    shelf.clock.forward(WEEK + timedelta(seconds=1))
    with shelf.plant.store.read() as unit:
        alice, bob = unit.principals.get("alice"), unit.principals.get("bob")
        assert alice is not None
        assert bob is not None
        withheld = shelf.permissions.visible(unit, Subject(alice))
        nothing = shelf.permissions.visible(unit, Subject(bob))
    assert withheld == nothing


def test_only_the_level_that_has_a_limit_is_withheld(shelf: World) -> None:
    limited(shelf, {Classification.SECRET: timedelta(hours=1)})
    shelf.clock.forward(timedelta(days=365))
    assert shelf.readable("alice") == {"plan"}
    limited(shelf, {})
    assert shelf.readable("alice") == {"plan"}


def test_rights_that_were_never_seen_in_full_are_too_old(shelf: World) -> None:
    with shelf.plant.store.write() as unit:
        unit.sources.note("shelf", rights_at=None)
    assert shelf.readable("alice") == set()


def test_rights_the_owner_gave_do_not_age(shelf: World) -> None:
    with shelf.plant.store.write() as unit:
        unit.sources.note("shelf", rights="mapped")
    shelf.clock.forward(timedelta(days=365))
    assert shelf.readable("alice") == {"plan"}


def test_the_operator_can_ask_which_sources_are_withheld(shelf: World) -> None:
    withholding = Withholding({Classification.INTERNAL: WEEK}, now=shelf.clock)
    seen_at = shelf.clock()
    with shelf.plant.store.read() as unit:
        assert withholding.sources(unit) == []
    shelf.clock.forward(timedelta(days=8))
    with shelf.plant.store.read() as unit:
        assert withholding.sources(unit) == [StaleSource("shelf", seen_at, 1)]
