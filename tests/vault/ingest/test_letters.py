"""Items that could not be taken in are tried again when that may help, and never forgotten."""

from datetime import timedelta

import pytest

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Failure
from tests.vault.ingest.rightful import World
from tests.vault.ingest.scripted import Paper, allow, person
from vault.store.sources import DeadLetter

ALICE = (allow("uid:alice"),)


@pytest.fixture
def shelf(world: World) -> World:
    world.add_sources()
    world.corp.people = [person("alice")]
    world.follow_people()
    world.shelf.papers = {"plan": Paper("The plan.", ALICE), "bad": Paper("broken", ALICE)}
    return world


def letters(world: World) -> list[DeadLetter]:
    with world.plant.store.read() as unit:
        return list(unit.sources.dead_letters("shelf"))


def states(outcomes: list) -> list[str]:  # type: ignore[type-arg]
    return sorted(found.state.value for found in outcomes)


def test_a_letter_says_what_and_why_and_when(shelf: World) -> None:
    shelf.sync()
    [letter] = letters(shelf)
    assert (letter.uri, letter.item_id, letter.name) == ("scripted://bad", "bad", "bad")
    assert (letter.reason, letter.attempts, letter.retry_at) == ("the file is damaged", 1, None)


def test_what_is_broken_for_good_is_not_read_again_until_it_changes(shelf: World) -> None:
    shelf.sync()
    shelf.shelf.opened.clear()
    assert states(shelf.sync()) == ["quarantined", "unchanged"]
    assert shelf.shelf.opened == []
    shelf.shelf.change("bad", text="Mended.", version="2")
    assert states(shelf.sync()) == ["ingested", "unchanged"]
    assert letters(shelf) == []


def test_what_may_pass_is_tried_again_after_longer_and_longer_waits(shelf: World) -> None:
    shelf.shelf.unreadable["plan"] = SourceUnavailableError("the file is locked")
    del shelf.shelf.papers["bad"]
    waits = []
    for attempts in (1, 2, 3):
        shelf.sync()
        [letter] = letters(shelf)
        assert letter.attempts == attempts
        assert letter.retry_at is not None
        waits.append(letter.retry_at - shelf.clock())
        reads = len(shelf.shelf.opened)
        shelf.sync()
        assert len(shelf.shelf.opened) == reads, "its time has not come"
        shelf.clock.forward(waits[-1])
    assert waits == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    del shelf.shelf.unreadable["plan"]
    assert states(shelf.sync()) == ["ingested"]
    assert letters(shelf) == []


def test_a_letter_whose_scan_names_the_item_no_more_is_tried_all_the_same(shelf: World) -> None:
    shelf.shelf.unreadable["plan"] = SourceUnavailableError("the file is locked")
    shelf.sync()
    del shelf.shelf.unreadable["plan"]
    shelf.clock.forward(timedelta(minutes=1))
    shelf.shelf.__class__ = _silent(type(shelf.shelf))
    assert states(shelf.sync()) == ["ingested"]


def _silent(kind: type) -> type:
    class Delta(kind):  # type: ignore[misc]
        def scan(self, cursor):  # type: ignore[no-untyped-def]
            return iter(())

    return Delta


def test_a_person_may_have_letters_tried_again(shelf: World) -> None:
    shelf.shelf.unreadable["plan"] = SourceRejectedError("too large")
    shelf.sync()
    assert len(letters(shelf)) == 2
    del shelf.shelf.unreadable["plan"]
    intake = shelf.plant.intake().with_changes(access=shelf.access, native=True)
    replayed = shelf.plant.sync.replay(shelf.shelf, intake, uri="scripted://plan")
    assert states(list(replayed)) == ["ingested"]
    assert shelf.readable("alice") == {"plan"}
    [left] = letters(shelf)
    assert left.uri == "scripted://bad"
    assert states(list(shelf.plant.sync.replay(shelf.shelf, intake))) == ["quarantined"]


def test_a_letter_about_what_is_gone_goes_too(shelf: World) -> None:
    shelf.sync()
    del shelf.shelf.papers["bad"]
    shelf.sync()
    assert letters(shelf) == []


def test_what_a_source_cannot_even_report_is_set_aside_and_the_rest_goes_on(shelf: World) -> None:
    del shelf.shelf.papers["bad"]
    shelf.shelf.failures = [
        Failure("scripted://odd", "its name is no text", retry=False),
        Failure("scripted://shut", "the folder is shut"),
    ]
    assert states(shelf.sync()) == ["ingested", "quarantined", "quarantined"]
    assert [letter.retry_at is None for letter in letters(shelf)] == [True, False]
