"""A source keeps its rules, and an item set aside has one letter that says why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.vault.store.rows import RULES, STAFF
from vault.domain.errors import HomeUnavailableError
from vault.domain.records import Governance
from vault.store.session import Store
from vault.store.sources import DeadLetter, SourceRecord


@pytest.fixture
def label_id(store: Store, clock: Clock) -> int:
    with store.write() as unit:
        return unit.labels.intern(STAFF, now=clock())[0]


@pytest.fixture
def letter(label_id: int, clock: Clock) -> DeadLetter:
    return DeadLetter(
        source_id="shelf",
        uri="file:///a",
        version="v1",
        problem="unsupported-document",
        reason="the file is damaged",
        access_label_id=label_id,
        owner="olga",
        failed_at=clock(),
    )


def test_a_source_comes_back_as_it_was_added(store: Store, clock: Clock, label_id: int) -> None:
    shelf = SourceRecord("shelf", "filesystem", {"root": "/srv/shelf"}, label_id, RULES)
    attic = SourceRecord("attic", "filesystem", {}, label_id, Governance("pam"))
    with store.write() as unit:
        for added in (shelf, attic):
            unit.sources.add(added, now=clock())
        assert list(unit.sources.all()) == [attic, shelf]
        assert unit.sources.get("shelf") == shelf
        assert unit.sources.get("cellar") is None


def test_a_name_is_taken_once(store: Store, clock: Clock, label_id: int) -> None:
    shelf = SourceRecord("shelf", "filesystem", {}, label_id, RULES)
    with store.write() as unit:
        unit.sources.add(shelf, now=clock())
    with pytest.raises(HomeUnavailableError, match="refused"), store.write() as unit:
        unit.sources.add(shelf, now=clock())


def test_how_far_a_source_was_followed_is_noted_for_it_alone(
    store: Store, clock: Clock, label_id: int
) -> None:
    shelf = SourceRecord("shelf", "filesystem", {}, label_id, RULES)
    with store.write() as unit:
        for added in (shelf, replace(shelf, id="attic")):
            unit.sources.add(added, now=clock())
        clock.forward(timedelta(hours=1))
        unit.sources.note("shelf", cursor="page 7", synced_at=clock())
        assert unit.sources.get("shelf") == replace(shelf, cursor="page 7", synced_at=clock())
        assert unit.sources.get("attic") == replace(shelf, id="attic")


def test_a_letter_replaces_an_earlier_one_about_the_same_item(
    store: Store, letter: DeadLetter
) -> None:
    newer = replace(letter, version="v2", reason="the file is empty", owner="pam")
    with store.write() as unit:
        unit.sources.bury(letter)
        unit.sources.bury(newer)
        assert list(unit.sources.dead_letters()) == [newer]


def test_letters_are_listed_by_source_and_item(store: Store, letter: DeadLetter) -> None:
    other = replace(letter, source_id="attic")
    later = replace(letter, uri="file:///b", version=None)
    with store.write() as unit:
        for each in (later, letter, other):
            unit.sources.bury(each)
        assert list(unit.sources.dead_letters()) == [other, letter, later]
        assert list(unit.sources.dead_letters("shelf")) == [letter, later]
        assert not unit.sources.dead_letters("cellar")


def test_an_item_that_came_in_after_all_has_no_letter(store: Store, letter: DeadLetter) -> None:
    other = replace(letter, source_id="attic")
    with store.write() as unit:
        for each in (letter, other):
            unit.sources.bury(each)
        unit.sources.unbury("shelf", "file:///a")
        unit.sources.unbury("shelf", "file:///never")
        assert list(unit.sources.dead_letters()) == [other]
