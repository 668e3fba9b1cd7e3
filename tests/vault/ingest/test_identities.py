"""People and groups of a directory are who they are here, and lose at once what they lost there."""

import json

import pytest

from connectors.errors import SourceUnavailableError
from connectors.facts import Cursor, Membership, Tombstone
from tests.vault.ingest.rightful import World
from tests.vault.ingest.scripted import Paper, allow, group, person
from vault.domain.errors import InvalidRequestError, NotFoundError, SourceUnreachableError
from vault.store.identities import Identity


@pytest.fixture
def read(world: World) -> World:
    """Alice reads through a group in a group, bob through one of his own."""
    world.add_sources()
    world.corp.people = [
        person("Alice"),
        person("bob"),
        *group("finance", "gid:audit"),
        *group("audit", "uid:Alice"),
        *group("works", "uid:bob", "gid:works"),
    ]
    world.shelf.papers = {
        "plan": Paper("The plan.", (allow("gid:finance"),)),
        "wages": Paper("The wages.", (allow("gid:works"),)),
        "alices": Paper("Hers alone.", (allow("uid:Alice"),)),
    }
    world.follow_people()
    world.sync()
    return world


def test_groups_in_groups_and_circles_are_followed_to_their_people(read: World) -> None:
    assert read.readable("alice") == {"plan", "alices"}
    assert read.readable("bob") == {"wages"}
    assert read.readable("carol") == set()


def test_who_leaves_a_group_loses_what_came_through_it_without_a_sync(read: World) -> None:
    with read.plant.store.read() as unit:
        epoch = unit.epoch()
    read.corp.people.remove(Membership("gid:finance", "gid:audit"))
    read.follow_people()
    assert read.readable("alice") == {"alices"}
    with read.plant.store.read() as unit:
        assert unit.epoch() > epoch
    event = json.loads(read.events()[-1][2:-1])
    assert event["type"] == "identities.changed"
    assert event["facts"]["removed"] == 1
    assert "Alice" not in json.dumps(event)


def test_who_is_disabled_there_loses_all_that_came_from_there(read: World) -> None:
    read.corp.people[0] = person("Alice", active=False)
    read.follow_people()
    assert read.readable("alice") == set()
    read.desk.map("corp", "uid:Alice", "user:alice")
    assert read.readable("alice") == set()


def test_who_is_gone_from_a_full_listing_is_forgotten(read: World) -> None:
    read.corp.people = read.corp.people[1:]
    read.follow_people()
    assert read.readable("alice") == set()
    with read.plant.store.read() as unit:
        assert "uid:Alice" not in unit.identities.all("corp")


def test_half_a_listing_changes_nothing(read: World) -> None:
    read.corp.shut = True
    with pytest.raises(SourceUnreachableError, match="no membership was changed"):
        read.follow_people()
    assert read.readable("alice") == {"plan", "alices"}


def test_a_listing_that_breaks_off_changes_nothing(read: World) -> None:
    class Broken(list):  # type: ignore[type-arg]
        def __iter__(self):  # type: ignore[no-untyped-def]
            yield person("bob")
            raise SourceUnavailableError("the line went dead")

    read.corp.people = Broken()
    with pytest.raises(SourceUnreachableError):
        read.follow_people()
    assert read.readable("alice") == {"plan", "alices"}


def test_an_unchanged_directory_is_no_news(read: World) -> None:
    before = read.events()
    with read.plant.store.read() as unit:
        epoch = unit.epoch()
    read.follow_people()
    assert read.events() == before
    with read.plant.store.read() as unit:
        assert unit.epoch() == epoch


def test_a_name_can_be_mapped_by_hand_to_someone_and_to_nobody(read: World) -> None:
    read.desk.map("corp", "gid:works", "group:staff")
    assert read.readable("bob") == set()
    with read.plant.store.write() as unit:
        unit.principals.add_member("staff", "user:carol")
        unit.raise_epoch()
    assert read.readable("carol") == {"wages"}
    read.desk.map("shelf", "gid:works", None)
    assert read.readable("carol") == set()
    read.desk.unmap("shelf", "gid:works")
    assert read.readable("carol") == {"wages"}
    read.desk.map("corp", "gid:works", None)
    assert read.readable("carol") == set()
    read.desk.unmap("corp", "gid:works")
    assert read.readable("bob") == {"wages"}
    types = [json.loads(found[2:-1])["type"] for found in read.events()]
    assert types.count("identity.mapped") == 3
    assert types[-1] == "identity.unmapped"


@pytest.mark.parametrize(
    ("source", "name", "reference", "error"),
    [
        ("attic", "uid:1", "user:bob", NotFoundError),
        ("corp", "", "user:bob", InvalidRequestError),
        ("corp", "a\nb", "user:bob", InvalidRequestError),
        ("corp", "uid:1", "bob", InvalidRequestError),
        ("corp", "uid:1", "user:ghost", InvalidRequestError),
    ],
)
def test_a_map_that_means_nothing_is_refused(
    read: World, source: str, name: str, reference: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        read.desk.map(source, name, reference)


def test_what_was_not_mapped_cannot_be_unmapped(read: World) -> None:
    with pytest.raises(NotFoundError):
        read.desk.unmap("corp", "uid:bob")


class TestWhatChangedSince:
    """A directory that can say what changed is asked for no more."""

    @pytest.fixture
    def delta(self, read: World) -> World:
        read.corp.capabilities = type(read.corp.capabilities)(
            acl=read.corp.capabilities.acl, principals=True, items=False, delta=True
        )
        read.corp.people.append(Cursor("7"))
        read.follow_people()
        return read

    def test_a_group_that_is_named_again_has_the_members_named_with_it(self, delta: World) -> None:
        delta.corp.people = [*group("works", "uid:Alice"), Cursor("8")]
        delta.follow_people()
        assert delta.corp.scanned_from[-1] == "7"
        assert delta.readable("bob") == set()
        assert delta.readable("alice") == {"plan", "alices", "wages"}
        assert delta.source("corp").people_cursor == "8"

    def test_a_tombstone_ends_one(self, delta: World) -> None:
        delta.corp.people = [Tombstone("gid:audit"), Cursor("8")]
        delta.follow_people()
        assert delta.readable("alice") == {"alices"}

    def test_a_cursor_that_is_too_old_makes_it_a_full_listing(self, delta: World) -> None:
        delta.corp.stale_cursor = True
        delta.corp.people = [person("bob"), *group("works", "uid:bob"), Cursor("9")]
        delta.follow_people()
        assert delta.readable("alice") == set()
        assert delta.readable("bob") == {"wages"}


def test_what_was_heard_is_told(read: World) -> None:
    report = read.desk.follow(read.corp, read.source("corp"))
    assert report.form() == {
        "source": "corp",
        "people": 2,
        "groups": 3,
        "memberships_added": 0,
        "memberships_removed": 0,
    }
    with read.plant.store.read() as unit:
        assert unit.identities.all("corp")["uid:bob"] == Identity("uid:bob", "bob", False)
