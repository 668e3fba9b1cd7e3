"""The change log grows in the order of the transactions, and no number is given twice."""

import pytest

from vault.store.changes import ADD, RELABEL, REMOVE, IndexChange
from vault.store.session import Store, UnitOfWork


def _log(unit: UnitOfWork, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        unit.changes.append(ADD, f"r{number}", (number, number), access_label_id=1)


def test_a_change_comes_back_as_it_was_noted(store: Store) -> None:
    with store.write() as unit:
        assert unit.changes.latest() == 0
        for kind in (ADD, RELABEL, REMOVE):
            unit.changes.append(kind, "r", (3, 7), access_label_id=2)
        assert list(unit.changes.since(0)) == [
            IndexChange(1, ADD, "r", 3, 7, 2),
            IndexChange(2, RELABEL, "r", 3, 7, 2),
            IndexChange(3, REMOVE, "r", 3, 7, 2),
        ]
        assert unit.changes.latest() == 3


def test_whoever_follows_gets_what_is_newer_oldest_first(store: Store) -> None:
    with store.write() as unit:
        _log(unit, 5)
        assert [found.sequence for found in unit.changes.since(2)] == [3, 4, 5]
        assert [found.sequence for found in unit.changes.since(2, limit=2)] == [3, 4]
        assert not unit.changes.since(5)


def test_a_revision_without_chunks_changes_no_index(store: Store) -> None:
    with store.write() as unit:
        unit.changes.append(ADD, "r", (0, -1), access_label_id=1)
        assert unit.changes.latest() == 0
        unit.changes.append(ADD, "r", (0, 0), access_label_id=1)
        assert unit.changes.latest() == 1


def test_a_change_that_was_undone_is_not_followed(store: Store) -> None:
    with store.write() as unit:
        _log(unit, 1)
    with pytest.raises(RuntimeError), store.write() as unit:
        _log(unit, 3, start=1)
        raise RuntimeError
    with store.write() as unit:
        _log(unit, 1, start=9)
        assert [found.revision_id for found in unit.changes.since(0)] == ["r0", "r9"]
        assert unit.changes.latest() == 2
