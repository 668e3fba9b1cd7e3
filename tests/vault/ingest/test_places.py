"""A document stays the same one wherever its source keeps it."""

import pytest

from tests.vault.ingest.rightful import World
from tests.vault.ingest.scripted import Paper, allow, person
from vault.ingest.places import document_id

ALICE = (allow("uid:alice"),)


@pytest.fixture
def shelf(world: World) -> World:
    world.add_sources()
    world.corp.people = [person("alice")]
    world.follow_people()
    world.shelf.papers = {"a/plan": Paper("The plan.", ALICE)}
    world.sync()
    return world


def rename(world: World, old: str, new: str) -> None:
    world.shelf.papers[new] = world.shelf.papers.pop(old)


def id_of(world: World, name: str) -> str | None:
    with world.plant.store.read() as unit:
        return unit.items.at("shelf", name)


def test_what_moved_keeps_its_id_and_is_not_embedded_again(shelf: World) -> None:
    before, embedded = id_of(shelf, "a/plan"), len(shelf.plant.embedder.embedded)
    rename(shelf, "a/plan", "b/outline")
    [outcome] = shelf.sync()
    assert (outcome.state.value, outcome.document_id) == ("moved", before)
    assert len(shelf.plant.embedder.embedded) == embedded
    assert id_of(shelf, "b/outline") == before
    assert id_of(shelf, "a/plan") is None
    with shelf.plant.store.read() as unit:
        kept = unit.documents.get(before or "")
    assert kept is not None
    assert kept.document.uri == "scripted://b/outline"
    assert "document.moved" in shelf.events()[-1]


def test_a_title_that_was_the_name_follows_it(shelf: World) -> None:
    before = id_of(shelf, "a/plan") or ""
    with shelf.plant.store.write() as unit:
        unit.documents.change(before, title="plan")
    rename(shelf, "a/plan", "b/outline")
    shelf.sync()
    with shelf.plant.store.read() as unit:
        kept = unit.documents.get(before)
    assert kept is not None
    assert kept.document.title == "outline"


def test_what_moved_under_other_rights_has_these(shelf: World) -> None:
    rename(shelf, "a/plan", "b/plan")
    shelf.shelf.change("b/plan", entries=(allow("uid:bob"),))
    shelf.sync()
    assert shelf.readable("alice") == set()


def test_a_new_item_at_the_old_place_is_another_document(shelf: World) -> None:
    before = id_of(shelf, "a/plan")
    rename(shelf, "a/plan", "b/plan")
    shelf.sync()
    shelf.shelf.papers["a/plan"] = Paper("Another plan.", ALICE)
    shelf.sync()
    assert id_of(shelf, "b/plan") == before
    assert id_of(shelf, "a/plan") not in {before, None}
    assert shelf.readable("alice") == {"a/plan", "b/plan"}
    rename(shelf, "a/plan", "c/plan")
    shelf.shelf.papers["a/plan"] = Paper("A third plan.", ALICE)
    shelf.sync()
    assert len({id_of(shelf, f"{folder}/plan") for folder in "abc"}) == 3


def test_there_and_back_is_the_same_document(shelf: World) -> None:
    before = id_of(shelf, "a/plan")
    rename(shelf, "a/plan", "b/plan")
    shelf.sync()
    rename(shelf, "b/plan", "a/plan")
    shelf.sync()
    assert id_of(shelf, "a/plan") == before


def test_a_place_where_a_document_was_is_its_own(shelf: World) -> None:
    shelf.shelf.papers["b/plan"] = Paper("Another plan.", ALICE)
    shelf.sync()
    mine, other = id_of(shelf, "a/plan"), id_of(shelf, "b/plan")
    del shelf.shelf.papers["b/plan"]
    shelf.sync()
    rename(shelf, "a/plan", "b/plan")
    shelf.sync()
    assert id_of(shelf, "b/plan") == other
    with shelf.plant.store.read() as unit:
        gone = unit.documents.get(mine or "")
    assert gone is not None
    assert gone.document.state.value == "deleted"


def test_two_copies_of_what_vanished_are_one_move_and_one_new_document(shelf: World) -> None:
    before = id_of(shelf, "a/plan")
    rename(shelf, "a/plan", "b/plan")
    shelf.shelf.papers["c/plan"] = Paper("The plan.", ALICE)
    outcomes = shelf.sync()
    assert sorted(found.state.value for found in outcomes) == ["ingested", "moved"]
    assert id_of(shelf, "b/plan") == before


def test_a_folder_that_moves_is_no_mass_deletion(shelf: World) -> None:
    shelf.shelf.papers |= {f"a/{number}": Paper(f"Paper {number}.", ALICE) for number in range(30)}
    shelf.sync()
    for name in list(shelf.shelf.papers):
        rename(shelf, name, name.replace("a/", "z/"))
    outcomes = shelf.sync()
    assert {found.state.value for found in outcomes} == {"moved"}


def test_ids_tell_nothing_and_differ_by_source_and_item() -> None:
    ids = {
        document_id(b"k" * 32, source, item) for source in ("a", "b") for item in ("x", "x\x001")
    }
    assert len(ids) == 4
