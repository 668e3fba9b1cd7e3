"""Every state a document was in stays known, with the range of its chunks."""

import pytest

from tests.conftest import Clock
from tests.vault.store.rows import BOARD, pieces, revision_of, shelve
from vault.domain.documents import DocumentState
from vault.domain.errors import HomeUnavailableError
from vault.store.chunks import NO_CHUNKS
from vault.store.session import Store


def test_a_revision_comes_back_as_it_was_added(store: Store, clock: Clock) -> None:
    shelved = shelve(store, "a", clock())
    with store.read() as unit:
        assert list(unit.revisions.of("a")) == [shelved.revision]
        assert not unit.revisions.of("b")


def test_revisions_are_told_oldest_first(store: Store, clock: Clock) -> None:
    shelve(store, "a", clock())
    with store.write() as unit:
        for number in (3, 2):
            unit.revisions.add(revision_of("a", clock(), number=number), pieces(1))
        assert [found.number for found in unit.revisions.of("a")] == [1, 2, 3]


def test_no_two_revisions_of_a_document_share_a_number(store: Store, clock: Clock) -> None:
    shelve(store, "a", clock())
    with pytest.raises(HomeUnavailableError, match="refused"), store.write() as unit:
        unit.revisions.add(revision_of("a", clock()), pieces(1))


def test_a_revision_of_no_document_is_refused(store: Store, clock: Clock) -> None:
    with pytest.raises(HomeUnavailableError, match="refused"), store.write() as unit:
        unit.revisions.add(revision_of("nobody", clock()), ())


def test_the_range_of_a_revision_holds_its_chunks_and_no_other(store: Store, clock: Clock) -> None:
    first = shelve(store, "a", clock(), chunks=3)
    second = shelve(store, "b", clock(), chunks=2)
    assert first.chunks[1] - first.chunks[0] == 2
    assert second.chunks[0] == first.chunks[1] + 1
    with store.read() as unit:
        assert unit.revisions.chunk_range("a-1") == first.chunks
        assert unit.revisions.chunk_range("b-1") == second.chunks


def test_a_revision_without_text_or_without_existence_has_no_chunks(
    store: Store, clock: Clock
) -> None:
    assert shelve(store, "a", clock(), chunks=0).chunks == NO_CHUNKS
    with store.read() as unit:
        assert unit.revisions.chunk_range("a-1") == NO_CHUNKS
        assert unit.revisions.chunk_range("none") == NO_CHUNKS


def test_live_revisions_are_the_current_ones_with_their_labels(store: Store, clock: Clock) -> None:
    one = shelve(store, "a", clock())
    two = shelve(store, "b", clock(), access=BOARD)
    shelve(store, "erased", clock())
    with store.write() as unit:
        newer = revision_of("a", clock(), number=2)
        unit.revisions.add(newer, pieces(1))
        unit.documents.change("a", revision_id=newer.id)
        unit.documents.change("erased", state=DocumentState.ERASED.value)
        live = unit.revisions.live()
    assert live == [("b-1", two.kept.access_label_id), ("a-2", one.kept.access_label_id)]
