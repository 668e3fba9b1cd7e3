"""What a source says of readers is what the vault does, and what it cannot say is nobody."""

import pytest

from tests.vault.ingest.rightful import World
from tests.vault.ingest.scripted import EVERYBODY, Paper, allow, deny, group, person
from vault.domain.following import Following
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label


def people(world: World) -> None:
    world.corp.people = [
        person("alice", "mail:alice@corp.example", "uid:1001"),
        person("bob", "uid:1002"),
        *group("finance", "uid:alice", "gid:audit"),
        *group("audit", "uid:bob"),
    ]


@pytest.fixture
def shelf(world: World) -> World:
    world.add_sources()
    people(world)
    world.follow_people()
    return world


def test_entries_let_in_whom_they_name(shelf: World) -> None:
    shelf.shelf.papers = {
        "alices": Paper("By id.", (allow("uid:alice"),)),
        "aliased": Paper("By another name.", (allow("uid:1001"),)),
        "audited": Paper("By group.", (allow("gid:audit"),)),
        "nested": Paper("By a group in a group.", (allow("gid:finance"),)),
    }
    shelf.sync()
    assert shelf.readable("alice") == {"alices", "aliased", "nested"}
    assert shelf.readable("bob") == {"audited", "nested"}
    assert shelf.readable("carol") == set()


def test_the_first_entry_that_fits_decides_as_it_does_there(shelf: World) -> None:
    shelf.shelf.papers = {
        "canonical": Paper("Denied first.", (deny("gid:audit"), allow("gid:finance"))),
        "ordered": Paper("Allowed first.", (allow("uid:bob"), deny("gid:audit"), EVERYBODY)),
        "reversed": Paper("Allowed first.", (allow("gid:finance"), deny("gid:audit"))),
    }
    shelf.sync()
    assert shelf.readable("alice") == {"canonical", "reversed"}
    assert shelf.readable("bob") == {"ordered", "reversed"}


def test_every_gate_must_let_a_reader_through(shelf: World) -> None:
    both = (allow("uid:alice"), allow("uid:bob"))
    shelf.shelf.papers = {
        "open": Paper("Through an open gate.", both, ((EVERYBODY,),)),
        "narrow": Paper("Through a narrow gate.", both, ((EVERYBODY,), (allow("gid:audit"),))),
        "shut": Paper("Through no gate.", both, ((),)),
    }
    shelf.sync()
    assert shelf.readable("alice") == {"open"}
    assert shelf.readable("bob") == {"open", "narrow"}


def test_everyone_there_is_nobody_here_unless_the_operator_says_who(world: World) -> None:
    world.add_sources(following=Following(identities=("corp",), audience="group:staff"))
    world.shelf.papers = {"notice": Paper("For all.", (EVERYBODY,))}
    world.sync()
    assert world.readable("alice") == set()
    with world.plant.store.write() as unit:
        unit.principals.add_member("staff", "user:alice")
        unit.raise_epoch()
    assert world.readable("alice") == {"notice"}


def test_everyone_is_nobody_without_an_audience(shelf: World) -> None:
    shelf.shelf.papers = {"notice": Paper("For all.", (EVERYBODY,))}
    shelf.sync()
    assert shelf.readable("alice") == set()


def test_rights_that_cannot_be_read_are_nobodys_and_the_operator_can_count_them(
    shelf: World,
) -> None:
    shelf.shelf.papers = {"dark": Paper("Who knows.", None), "empty": Paper("No entry.")}
    shelf.sync()
    assert shelf.plant.states() == {"dark": "current", "empty": "current"}
    for name in ("alice", "bob", "carol", "olga"):
        assert shelf.readable(name) == set()
    with shelf.plant.store.read() as unit:
        assert unit.rights.unknown("shelf") == 1


def test_a_name_nobody_knows_lets_nobody_in_and_keeps_everyone_out(shelf: World) -> None:
    shelf.shelf.papers = {
        "allowed": Paper("Allows a stranger.", (allow("sid:S-1-5-9"),)),
        "denied": Paper("Denies a stranger.", (deny("sid:S-1-5-9"), allow("uid:alice"))),
    }
    shelf.sync()
    assert shelf.readable("alice") == set()
    shelf.desk.map("shelf", "sid:S-1-5-9", "user:bob")
    assert shelf.readable("alice") == {"denied"}
    assert shelf.readable("bob") == {"allowed"}


def test_the_data_owners_readers_are_the_most_that_may(world: World) -> None:
    world.add_sources("user:bob")
    people(world)
    world.follow_people()
    world.shelf.papers = {"plan": Paper("For both.", (allow("gid:finance"),))}
    world.sync()
    assert world.readable("alice") == set()
    assert world.readable("bob") == {"plan"}


def test_clearance_still_bounds_what_a_source_allows(shelf: World) -> None:
    shelf.shelf.papers = {"plan": Paper("For all of finance.", (allow("gid:finance"),))}
    shelf.sync()
    assert shelf.readable("bob") == {"plan"}
    with shelf.plant.store.write() as unit:
        bob = Principal("bob", PrincipalKind.PERSON, Label(Classification.PUBLIC))
        unit.principals.add(bob, name="", now=shelf.clock())
        unit.raise_epoch()
    assert shelf.readable("bob") == set()


def test_equal_lists_are_kept_once_and_sealed(shelf: World) -> None:
    shelf.shelf.papers = {
        str(number): Paper(f"Paper {number}.", (allow("gid:finance"),)) for number in range(5)
    }
    shelf.sync()
    with shelf.plant.store.read() as unit:
        [kept] = unit.rights.acls("shelf").values()
        assert b"gid:finance" in unit.rights.raw(kept.id)
        assert unit.items.oldest_rights("shelf") == shelf.clock()
    sealed = (shelf.plant.store.database.path).read_bytes()
    assert b"gid:finance" not in sealed
