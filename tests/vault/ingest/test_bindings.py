"""A name stands for somebody only while it is clear for whom."""

import pytest

from tests.vault.ingest.rightful import World
from tests.vault.ingest.scripted import EVERYBODY, Paper, allow, deny, group, person
from vault.domain.following import Following, Match
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.ingest.bindings import rebind
from vault.store.sources import SourceRecord


def bound(world: World, match: Match, *papers: str) -> set[str]:
    """Return who reads the only paper, which the directory's only person may."""
    world.add_sources()
    with world.plant.store.write() as unit:
        unit.sources.note("corp", following=Following(match=match).form())
    world.shelf.papers = {"plan": Paper("The plan.", (allow("uid:7"),))}
    world.follow_people()
    world.sync()
    return {name for name in ("alice", "bob", "carol", *papers) if world.readable(name)}


@pytest.mark.parametrize(
    ("match", "name", "aliases", "reader"),
    [
        (Match.NAME, "ALICE", (), "alice"),
        (Match.NAME, "alice2", (), None),
        (Match.MAIL, "x", ("mail:Bob",), "bob"),
        (Match.MAIL, "alice", ("mail:nobody@corp.example",), None),
        (Match.MAIL, "x", ("mail:alice", "mail:bob"), None),
        (Match.MAIL, "x", ("uid:alice",), None),
        (Match.NONE, "alice", ("mail:alice",), None),
    ],
)
def test_people_are_recognised_by_rule(
    world: World, match: Match, name: str, aliases: tuple[str, ...], reader: str | None
) -> None:
    world.corp.people = [person(name, *aliases, known_as="uid:7")]
    assert bound(world, match) == ({reader} if reader else set())


def test_two_principals_that_differ_in_letter_case_are_neither(world: World) -> None:
    with world.plant.store.write() as unit:
        twin = Principal("ALICE", PrincipalKind.PERSON, Label(Classification.INTERNAL))
        unit.principals.add(twin, name="", now=world.clock())
    world.corp.people = [person("alice", known_as="uid:7")]
    assert bound(world, Match.NAME, "ALICE") == set()


def test_an_agent_is_no_person_of_a_directory(world: World) -> None:
    with world.plant.store.write() as unit:
        agent = Principal("robot", PrincipalKind.AGENT, Label(Classification.INTERNAL))
        unit.principals.add(agent, name="", now=world.clock())
    world.corp.people = [person("robot", known_as="uid:7")]
    assert bound(world, Match.NAME, "robot") == set()


def test_a_name_that_two_people_share_is_nobodys(world: World) -> None:
    world.add_sources()
    world.corp.people = [person("alice", "mail:team"), person("bob", "mail:team")]
    world.follow_people()
    world.shelf.papers = {
        "shared": Paper("To a shared address.", (allow("mail:team"),)),
        "denied": Paper("Not to it.", (deny("mail:team"), allow("uid:alice"))),
    }
    world.sync()
    assert world.readable("alice") == set()
    assert world.readable("bob") == set()


def test_everyone_can_be_mapped_by_hand(world: World) -> None:
    world.add_sources()
    world.shelf.papers = {"notice": Paper("For all.", (EVERYBODY,))}
    world.sync()
    world.desk.map("shelf", "everyone", "user:carol")
    assert world.readable("carol") == {"notice"}


def test_a_directory_nobody_named_says_nothing_about_a_source(world: World) -> None:
    world.add_sources(following=Following())
    world.corp.people = [person("alice")]
    world.follow_people()
    world.shelf.papers = {"plan": Paper("The plan.", (allow("uid:alice"),))}
    world.sync()
    assert world.readable("alice") == set()


def test_the_first_directory_that_knows_a_name_is_believed(world: World) -> None:
    world.add_sources(following=Following(identities=("corp", "other")))
    with world.plant.store.write() as unit:
        corp = unit.sources.get("corp")
        assert corp is not None
        other = SourceRecord("other", "scripted", {}, corp.access_label_id, corp.governance)
        unit.sources.add(other, now=world.clock())
    world.corp.people = [person("alice", known_as="uid:7")]
    world.follow_people()
    world.corp.people = [person("bob", known_as="uid:7"), person("carol", known_as="uid:8")]
    world.desk.follow(world.corp, world.source("other"))
    world.shelf.papers = {
        "seven": Paper("For seven.", (allow("uid:7"),)),
        "eight": Paper("For eight.", (allow("uid:8"),)),
    }
    world.sync()
    assert world.readable("alice") == {"seven"}
    assert world.readable("bob") == set()
    assert world.readable("carol") == {"eight"}


def test_a_source_may_know_its_people_itself(world: World) -> None:
    world.add_sources(following=Following())
    world.shelf.people = [person("alice", "name:al"), *group("staff", "uid:alice")]
    world.desk.follow(world.shelf, world.source("shelf"))
    world.shelf.papers = {
        "plan": Paper("By group.", (allow("gid:staff"),)),
        "note": Paper("By alias.", (allow("name:al"),)),
    }
    world.sync()
    assert world.readable("alice") == {"plan", "note"}


def test_binding_again_changes_nothing(world: World) -> None:
    world.add_sources()
    world.corp.people = [person("alice")]
    world.follow_people()
    with world.plant.store.write() as unit:
        epoch = unit.epoch()
        assert not rebind(unit, unit.sources.naming("corp"), now=world.clock()).changed
        assert unit.epoch() == epoch
