"""A chunk is live only with its revision current and its document live, under today's label."""

import pytest

from tests.conftest import Clock
from tests.vault.store.rows import BOARD, pieces, revision_of, shelve
from vault.domain.documents import DocumentState
from vault.store.chunks import NO_CHUNKS, ChunkRow
from vault.store.documents import LIVE
from vault.store.session import Store

NOT_LIVE = [state for state in DocumentState if state.value not in LIVE]


def test_chunks_come_back_at_their_places(store: Store, clock: Clock) -> None:
    shelved = shelve(store, "a", clock())
    first, last = shelved.chunks
    label = shelved.kept.access_label_id
    rows = [
        ChunkRow(first, "a", "a-1", 0, 0, 10, 1, label),
        ChunkRow(last, "a", "a-1", 1, 10, 20, 2, label),
    ]
    with store.read() as unit:
        assert list(unit.chunks.of(["a-1"])) == rows
        assert unit.chunks.live([first, last, last + 1]) == {row.chunk_id: row for row in rows}
        assert unit.chunks.live([]) == {}
        assert not unit.chunks.of(["none"])


@pytest.mark.parametrize("state", NOT_LIVE)
def test_chunks_of_a_document_that_is_not_live_are_not_found(
    store: Store, clock: Clock, state: DocumentState
) -> None:
    shelved = shelve(store, "a", clock())
    with store.write() as unit:
        unit.documents.change("a", state=state.value)
        assert unit.chunks.live(shelved.chunks) == {}
        assert not unit.chunks.of(["a-1"])


def test_chunks_of_a_superseded_document_are_still_found(store: Store, clock: Clock) -> None:
    shelved = shelve(store, "a", clock())
    with store.write() as unit:
        unit.documents.change("a", state=DocumentState.SUPERSEDED.value)
        assert set(unit.chunks.live(shelved.chunks)) == set(shelved.chunks)


def test_chunks_of_an_earlier_revision_are_not_found(store: Store, clock: Clock) -> None:
    shelved = shelve(store, "a", clock())
    with store.write() as unit:
        newer = revision_of("a", clock(), number=2)
        span = unit.revisions.add(newer, pieces(1))
        unit.documents.change("a", revision_id=newer.id)
        assert set(unit.chunks.live([*shelved.chunks, *span])) == set(span)
        assert not unit.chunks.of(["a-1"])


def test_a_chunk_is_under_the_label_its_document_has_now(store: Store, clock: Clock) -> None:
    shelved = shelve(store, "a", clock())
    with store.write() as unit:
        label_id, _ = unit.labels.intern(BOARD, now=clock())
        unit.documents.change("a", access_label_id=label_id)
        labels = {row.access_label_id for row in unit.chunks.live(shelved.chunks).values()}
    assert labels == {label_id} != {shelved.kept.access_label_id}


def test_dropped_chunks_are_gone_and_their_ids_are_never_used_again(
    store: Store, clock: Clock
) -> None:
    first, second = shelve(store, "a", clock()), shelve(store, "b", clock())
    with store.write() as unit:
        unit.chunks.drop(["b-1"])
        assert set(unit.chunks.live(range(10))) == set(first.chunks)
        span = unit.chunks.add("b-1", pieces(1))
    assert span[0] > second.chunks[1]


def test_no_pieces_are_no_chunks(store: Store, clock: Clock) -> None:
    shelve(store, "a", clock(), chunks=0)
    with store.write() as unit:
        assert unit.chunks.add("a-1", ()) == NO_CHUNKS
        assert not unit.chunks.of(["a-1"])
