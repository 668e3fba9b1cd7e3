"""Rights that changed at the source hold before content is read; only what changed is asked."""

import json
from datetime import timedelta

import pytest

from tests.vault.ingest.rightful import World
from tests.vault.ingest.scripted import Paper, allow, person
from vault.domain.errors import SourceUnreachableError
from vault.domain.holds import LegalHold

ALICE, BOB = (allow("uid:alice"),), (allow("uid:bob"),)


@pytest.fixture
def shelf(world: World) -> World:
    world.add_sources()
    world.corp.people = [person("alice"), person("bob")]
    world.follow_people()
    world.shelf.papers = {
        "plan": Paper("The plan.", ALICE),
        "wages": Paper("The wages.", ALICE),
    }
    world.sync()
    world.shelf.said.clear()
    world.shelf.asked.clear()
    world.shelf.opened.clear()
    return world


def test_changed_rights_hold_before_content_is_looked_at(shelf: World) -> None:
    shelf.shelf.change("plan", entries=BOB)
    shelf.shelf.half = 0
    with pytest.raises(SourceUnreachableError):
        shelf.sync()
    assert shelf.readable("alice") == {"wages"}
    assert shelf.readable("bob") == {"plan"}
    assert shelf.shelf.said == ["list", "acl", "scan"]
    assert shelf.shelf.opened == []


def test_only_rights_whose_token_changed_are_asked_for(shelf: World) -> None:
    shelf.sync()
    assert shelf.shelf.asked == []
    shelf.shelf.change("wages", entries=BOB)
    outcomes = shelf.sync()
    assert shelf.shelf.asked == ["wages"]
    assert [found.state.value for found in outcomes] == ["relabelled", "unchanged", "unchanged"]


def test_every_change_of_rights_is_in_the_ledger(shelf: World) -> None:
    shelf.shelf.change("plan", entries=BOB)
    shelf.sync()
    types = [json.loads(found[2:-1])["type"] for found in shelf.events()]
    assert types.count("document.relabelled") == 1


def test_rights_the_source_keeps_to_itself_are_nobodys(shelf: World) -> None:
    shelf.shelf.change("plan", entries=BOB)

    class Silent(type(shelf.shelf)):  # type: ignore[misc]
        def acl(self, ids):  # type: ignore[no-untyped-def]
            return iter(())

    shelf.shelf.__class__ = Silent
    shelf.sync()
    assert shelf.readable("alice") == {"wages"}
    assert shelf.readable("bob") == set()


def test_a_listing_that_fails_leaves_rights_and_documents_as_they_are(shelf: World) -> None:
    shelf.shelf.shut = True
    with pytest.raises(SourceUnreachableError, match="nothing was deleted"):
        shelf.sync()
    assert shelf.readable("alice") == {"plan", "wages"}


def test_when_rights_were_seen_is_kept_for_each_item_and_for_the_source(shelf: World) -> None:
    first = shelf.clock()
    shelf.clock.forward(timedelta(hours=1))
    shelf.sync()
    assert shelf.source("shelf").rights_at == first + timedelta(hours=1)
    with shelf.plant.store.read() as unit:
        assert unit.items.oldest_rights("shelf") == first + timedelta(hours=1)


def test_rights_were_not_seen_in_full_while_what_vanished_waits_for_a_word(shelf: World) -> None:
    shelf.shelf.papers |= {str(number): Paper(f"Paper {number}.", ALICE) for number in range(20)}
    shelf.sync()
    seen = shelf.clock()
    shelf.clock.forward(timedelta(hours=1))
    shelf.shelf.papers = {"plan": Paper("The plan.", ALICE)}
    with pytest.raises(SourceUnreachableError, match="--accept-deletions"):
        shelf.sync()
    assert shelf.source("shelf").rights_at == seen
    shelf.sync(accept_deletions=True)
    assert shelf.source("shelf").rights_at == shelf.clock()


def test_what_only_a_hold_keeps_is_read_by_nobody(shelf: World) -> None:
    with shelf.plant.store.write() as unit:
        held = unit.items.held("shelf")["plan"].document_id
        unit.holds.add(
            LegalHold("h", "m-1", "court", "asked for", None, "user:olga", shelf.clock())
        )
        unit.holds.cover("h", [held], since=shelf.clock())
    del shelf.shelf.papers["plan"]
    outcomes = shelf.sync()
    assert outcomes[-1].state.value == "held"
    assert shelf.readable("alice") == {"wages"}
