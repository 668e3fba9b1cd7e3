"""A unit of work is kept whole or not at all, and reading changes nothing."""

import pytest

from tests.conftest import Clock
from tests.vault.store.rows import STAFF, shelve
from vault.domain.errors import HomeUnavailableError
from vault.store.changes import ADD
from vault.store.session import Store


def test_everything_of_a_unit_is_kept_together(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.set_fact("origin", "here")
        unit.labels.intern(STAFF, now=clock())
        unit.raise_epoch()
    with store.read() as unit:
        assert unit.fact("origin") == "here"
        assert len(unit.labels.all()) == 1
        assert unit.epoch() == 1


def test_nothing_of_a_unit_that_fails_is_kept(store: Store, clock: Clock) -> None:
    with pytest.raises(RuntimeError), store.write() as unit:
        unit.set_fact("origin", "here")
        unit.labels.intern(STAFF, now=clock())
        unit.raise_epoch()
        unit.changes.append(ADD, "r", (1, 2), access_label_id=1)
        raise RuntimeError
    with store.read() as unit:
        assert unit.fact("origin") is None
        assert unit.labels.all() == {}
        assert (unit.epoch(), unit.changes.latest()) == (0, 0)


def test_a_reader_sees_one_moment_while_others_write(store: Store, clock: Clock) -> None:
    shelve(store, "a", clock())
    with store.read() as reading:
        assert reading.epoch() == 0
        with store.write() as writing:
            writing.raise_epoch()
            writing.documents.change("a", title="Renamed")
        kept = reading.documents.get("a")
        assert reading.epoch() == 0
    assert kept is not None
    assert kept.document.title == "Title of a"
    with store.read() as unit:
        assert unit.epoch() == 1


def test_facts_are_replaced_and_the_epoch_only_grows(store: Store) -> None:
    with store.write() as unit:
        assert unit.fact("name") is None
        for value in ("one", "two"):
            unit.set_fact("name", value)
        epochs = [unit.epoch()]
        for _ in range(3):
            unit.raise_epoch()
            epochs.append(unit.epoch())
        assert unit.fact("name") == "two"
    assert epochs == [0, 1, 2, 3]


def test_a_reader_that_tries_to_write_behind_a_writer_is_refused(store: Store) -> None:
    with (
        pytest.raises(HomeUnavailableError, match="another process is writing"),
        store.read() as reading,
    ):
        assert reading.epoch() == 0
        with store.write() as writing:
            writing.raise_epoch()
        reading.raise_epoch()


def test_a_store_that_was_closed_lets_go_of_the_file(store: Store) -> None:
    with store.write() as unit:
        unit.raise_epoch()
    store.close()
    leftover = store.database.path.with_name("vault.db-wal")
    assert not leftover.exists()
    with store.read() as unit:
        assert unit.epoch() == 1
