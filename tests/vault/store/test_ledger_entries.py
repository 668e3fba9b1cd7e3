"""The ledger's rows are appended once, read back exactly, and never replaced."""

import pytest

from vault.domain.errors import HomeUnavailableError, LedgerIntegrityError
from vault.domain.merkle import completed_nodes, leaf_hash
from vault.store.ledger_entries import LedgerRows
from vault.store.session import Store


def _append(rows: LedgerRows, *bodies: bytes) -> None:
    for body in bodies:
        index, leaf = rows.size(), leaf_hash(body)
        rows.append(index, body, leaf, completed_nodes(index, leaf, rows.node))


def test_entries_are_read_back_in_their_order(store: Store) -> None:
    bodies = [b"zero", b"", b"\x00\xff two"]
    with store.write() as unit:
        assert unit.ledger.size() == 0
        _append(unit.ledger, *bodies)
    with store.read() as unit:
        assert unit.ledger.size() == 3
        assert [unit.ledger.leaf(index) for index in range(3)] == bodies
        assert list(unit.ledger.bodies(1, 3)) == bodies[1:]
        assert list(unit.ledger.bodies(1, 1)) == []


def test_hashes_of_leaves_and_complete_nodes_are_stored(store: Store) -> None:
    bodies = [b"0", b"1", b"2", b"3", b"4"]
    with store.write() as unit:
        _append(unit.ledger, *bodies)
        leaves = [leaf_hash(body) for body in bodies]
        assert list(unit.ledger.nodes(0, 0, 9)) == list(enumerate(leaves))
        assert list(unit.ledger.nodes(0, 2, 4)) == [(2, leaves[2]), (3, leaves[3])]
        assert [index for index, _ in unit.ledger.nodes(1, 0, 9)] == [0, 1]
        assert list(unit.ledger.nodes(2, 0, 9)) == [(0, unit.ledger.node(2, 0))]
        assert list(unit.ledger.nodes(3, 0, 9)) == []


def test_what_is_not_stored_is_told_as_damage(store: Store) -> None:
    with store.write() as unit:
        _append(unit.ledger, b"0", b"1", b"2")
        for level, index in ((0, 3), (1, 1), (2, 0)):
            with pytest.raises(LedgerIntegrityError, match=f"node {index} of level {level}"):
                unit.ledger.node(level, index)
        with pytest.raises(LedgerIntegrityError, match="entry 3"):
            unit.ledger.leaf(3)


def test_an_entry_is_never_replaced(store: Store) -> None:
    with store.write() as unit:
        _append(unit.ledger, b"first")
    with pytest.raises(HomeUnavailableError, match="refused"), store.write() as unit:
        unit.ledger.append(0, b"other", leaf_hash(b"other"), [])
    with store.read() as unit:
        assert unit.ledger.leaf(0) == b"first"
        assert unit.ledger.node(0, 0) == leaf_hash(b"first")


def test_entries_are_found_by_what_they_are_about(store: Store) -> None:
    with store.write() as unit:
        _append(unit.ledger_about("a"), b"0")
        _append(unit.ledger_about("b"), b"1")
        _append(unit.ledger_about("a"), b"2")
        assert unit.ledger.of_subject("a") == [0, 2]
        assert unit.ledger.of_subject("b") == [1]
        assert unit.ledger.of_subject("c") == []


def test_a_checkpoint_may_gain_signatures(store: Store) -> None:
    with store.write() as unit:
        assert unit.ledger.latest_checkpoint() is None
        for size, note in ((9, "nine"), (10, "ten"), (9, "nine, cosigned")):
            unit.ledger.save_checkpoint(size, note)
        assert list(unit.ledger.checkpoints()) == [(9, "nine, cosigned"), (10, "ten")]
        assert unit.ledger.latest_checkpoint() == (10, "ten")


def test_an_entry_is_gone_with_the_transaction_it_belongs_to(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as unit:
        _append(unit.ledger, b"0", b"1")
        unit.ledger.save_checkpoint(2, "two")
        raise RuntimeError
    with store.read() as unit:
        assert unit.ledger.size() == 0
        assert list(unit.ledger.nodes(1, 0, 9)) == []
        assert unit.ledger.latest_checkpoint() is None
