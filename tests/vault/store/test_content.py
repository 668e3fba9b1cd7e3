"""What a chunk says is found again at its place, and erased content is never part of anything."""

import numpy as np
import pytest

from tests.conftest import Clock
from tests.vault.store.rows import Shelved, shelve, write_content
from vault.domain.errors import NotFoundError
from vault.store.content import ChunkContent
from vault.store.session import Store

ROWS = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)


def filled(store: Store, clock: Clock, name: str, *, stamp: str = "model") -> Shelved:
    shelved = shelve(store, name, clock())
    with store.write() as unit:
        write_content(unit, shelved, ROWS, stamp=stamp)
    return shelved


def test_text_and_layout_of_a_revision_are_read(store: Store, clock: Clock) -> None:
    filled(store, clock, "a")
    with store.read() as unit:
        assert unit.content.text("a-1") == "00000000000000000001"
        assert unit.content.layout("a-1").headings == (("Part 0",), ("Part 1",))


def test_a_revision_that_is_not_there_has_no_content(store: Store) -> None:
    with store.read() as unit:
        for look in (unit.content.text, unit.content.layout):
            with pytest.raises(NotFoundError, match="does not exist"):
                look("a-1")


def test_a_chunk_says_what_its_span_covers_under_its_headings(store: Store, clock: Clock) -> None:
    filled(store, clock, "a")
    with store.read() as unit:
        first, second = unit.chunks.of(["a-1"])
        assert unit.content.of_chunks([second, first]) == {
            first.chunk_id: ChunkContent("0000000000", ("Part 0",)),
            second.chunk_id: ChunkContent("0000000001", ("Part 1",)),
        }
        assert unit.content.of_chunks([]) == {}


def test_chunks_that_were_erased_say_nothing(store: Store, clock: Clock) -> None:
    erased, kept = filled(store, clock, "a"), filled(store, clock, "b")
    store.keys.destroy([erased.key[0]], now=clock())
    with store.read() as unit:
        rows = unit.chunks.of(["a-1", "b-1"])
        found = unit.content.of_chunks(rows)
        indexed = unit.content.for_index(rows, fingerprint="model")
    assert set(found) == set(range(kept.chunks[0], kept.chunks[1] + 1))
    assert {row.revision_id for row in indexed.chunks} == {"b-1"}
    assert indexed.foreign == ()


def test_an_index_gets_vectors_and_words_in_the_order_of_its_chunks(
    store: Store, clock: Clock
) -> None:
    for name in "ab":
        filled(store, clock, name)
    with store.read() as unit:
        rows = unit.chunks.of(["b-1", "a-1"])
        indexed = unit.content.for_index(rows, fingerprint="model")
    assert list(indexed.chunks) == list(rows)
    assert indexed.vectors.dtype == np.float32
    assert np.array_equal(indexed.vectors, np.concatenate([ROWS, ROWS]))
    assert indexed.texts[1] == "Title of a\nPart 1\n0000000001"
    assert indexed.texts[2].startswith("Title of b\nPart 0\n")


def test_vectors_of_another_model_are_named_and_left_out(store: Store, clock: Clock) -> None:
    filled(store, clock, "a")
    filled(store, clock, "b", stamp="another")
    with store.read() as unit:
        rows = unit.chunks.of(["a-1", "b-1"])
        indexed = unit.content.for_index(rows, fingerprint="model")
    assert indexed.foreign == ("b-1",)
    assert {row.revision_id for row in indexed.chunks} == {"a-1"}
    assert len(indexed.vectors) == len(indexed.texts) == len(indexed.chunks)


def test_an_index_of_nothing_gets_nothing(store: Store, clock: Clock) -> None:
    with store.read() as unit:
        indexed = unit.content.for_index([], fingerprint="model")
    assert (indexed.chunks, indexed.texts, indexed.foreign) == ((), (), ())
    assert indexed.vectors.shape == (0, 0)
