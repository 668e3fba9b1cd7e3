"""The store the other tests use keeps the promises the ledger relies on."""

import pytest

from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import leaf_hash
from vault.ledger.entries import LedgerEntries


def test_an_entry_is_never_replaced(entries: LedgerEntries) -> None:
    entries.append(0, b"first", leaf_hash(b"first"), [])
    with pytest.raises(LedgerIntegrityError, match="not the next"):
        entries.append(0, b"other", leaf_hash(b"other"), [])
    assert entries.leaf(0) == b"first"


def test_what_is_not_stored_is_an_error_and_never_empty(entries: LedgerEntries) -> None:
    with pytest.raises(LedgerIntegrityError, match="missing"):
        entries.leaf(0)
    with pytest.raises(LedgerIntegrityError, match="missing"):
        entries.node(0, 0)


def test_checkpoints_come_smallest_first_and_the_largest_is_the_latest(
    entries: LedgerEntries,
) -> None:
    assert entries.latest_checkpoint() is None
    for size in (10, 9, 100):
        entries.save_checkpoint(size, f"note {size}")
    assert [size for size, _note in entries.checkpoints()] == [9, 10, 100]
    assert entries.latest_checkpoint() == (100, "note 100")
