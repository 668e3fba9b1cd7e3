"""The whole index against the plainest one, and the law of non-interference."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.vault.index.reference import Reference, clustered, rows_of, unit, visible
from vault.domain.decisions import VisibleSet
from vault.domain.errors import InvalidRequestError
from vault.index.generations import load_latest, save
from vault.index.index import IndexRows, VaultIndex
from vault.index.planner import Effort
from vault.index.ranked import Ranked

DIMENSION = 8
WORDS = ["leave", "policy", "annual", "HR-204", "vault", "keys", "report", "the"]
LABELS = range(4)
QUERIES = ["annual leave policy", "HR-204", "the", "unknown", "vault vault keys report"]

changes = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 9), st.integers(0, 10**6)),
        st.tuples(st.just("add"), st.integers(30, 70), st.integers(0, 10**6)),
        st.tuples(st.just("remove"), st.integers(1, 40), st.integers(0, 10**6)),
        st.tuples(st.just("relabel"), st.integers(1, 9), st.integers(0, 10**6)),
        st.tuples(st.sampled_from(["compact", "reload"]), st.just(0), st.just(0)),
    ),
    min_size=1,
    max_size=9,
)
readers = st.sets(st.sampled_from([*LABELS, 77]))


class Both:
    """The index and the reference, told the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = VaultIndex(DIMENSION, "model")
        self.reference = Reference()
        self.next_chunk = 1

    def apply(self, kind: str, count: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        if kind == "add":
            self.add(rng, count)
        elif kind == "compact":
            self.index.compact()
        elif kind == "reload":
            save(self.index, self.folder, key=b"k" * 32)
            loaded = load_latest(self.folder, key=b"k" * 32, fingerprint="model")
            assert loaded.index is not None, loaded.rejected
            self.index = loaded.index
        else:
            self.change(kind, rng.integers(1, self.next_chunk + 2, count), int(rng.integers(4)))

    def add(self, rng: np.random.Generator, count: int) -> None:
        vectors = clustered(rng, count, DIMENSION)
        # Copies and exact ties are as common in real collections as boilerplate is.
        vectors[rng.random(count) < 0.3] = unit(np.ones(DIMENSION, np.float32))
        texts = [" ".join(rng.choice(WORDS, rng.integers(0, 9))) for _ in range(count)]
        chunks = range(self.next_chunk, self.next_chunk + count)
        self.next_chunk += count
        rows = rows_of(chunks, rng.integers(0, 4, count), vectors, texts)
        self.index.add(rows)
        self.reference.add(rows)

    def change(self, kind: str, chunks: NDArray[np.int64], label: int) -> None:
        known = len({*chunks.tolist()} & self.reference.chunks.keys())
        if kind == "remove":
            assert self.index.remove(chunks) == known
            self.reference.remove(chunks.tolist())
        else:
            assert self.index.relabel(chunks, label) <= known
            self.reference.relabel(chunks.tolist(), label)


def agrees(found: Ranked, expected: dict[int, float], limit: int) -> None:
    """Assert that ``found`` is the top of ``expected``, ties by chunk id, to rounding."""
    ordered = sorted(expected.items(), key=lambda item: (-item[1], item[0]))[:limit]
    assert len(found.chunk_ids) == len(ordered)
    assert found.scores == pytest.approx([score for _, score in ordered], abs=2e-5)
    for chunk, score in zip(found.chunk_ids.tolist(), found.scores.tolist(), strict=True):
        assert expected[chunk] == pytest.approx(score, abs=2e-5)
    falling = list(zip((-found.scores).tolist(), found.chunk_ids.tolist(), strict=True))
    assert falling == sorted(falling)
    assert len({*found.chunk_ids.tolist()}) == len(found.chunk_ids)


@settings(max_examples=320, deadline=None)
@given(changes, readers, st.integers(0, 10**6))
def test_whatever_happened_both_searches_answer_as_the_plainest_index_does(
    tmp_path_factory: pytest.TempPathFactory, steps, labels: set[int], seed: int
) -> None:
    both = Both(tmp_path_factory.mktemp("generations"))
    for step in steps:
        both.apply(*step)
    seen = visible(*labels)
    query = clustered(np.random.default_rng(seed), 1, DIMENSION)[0]
    for limit in (1, 5, 200):
        agrees(both.index.dense(query, seen, limit), both.reference.dense(query, seen), limit)
        for text in QUERIES:
            expected = both.reference.lexical(text, seen)
            agrees(both.index.lexical(text, seen, limit), expected, limit)
    assert both.index.visible_count(seen) == len(both.reference.dense(query, seen))
    assert len(both.index) == len(both.reference.chunks)


def test_ties_are_broken_by_chunk_id_alone() -> None:
    index = VaultIndex(DIMENSION, "model")
    alike = unit(np.ones((40, DIMENSION), np.float32))
    index.add(rows_of(range(100, 60, -1), [1] * 40, alike, ["same words"] * 40))
    assert index.dense(alike[0], visible(1), 5).chunk_ids.tolist() == [61, 62, 63, 64, 65]
    assert index.lexical("words", visible(1), 3).chunk_ids.tolist() == [61, 62, 63]


def answers(index: VaultIndex, seen: VisibleSet, queries: NDArray[np.float32]) -> list[bytes]:
    """Everything a reader can get from the index, as bytes."""
    got = []
    for query in queries:
        found = index.dense(query, seen, 10)
        got += [found.chunk_ids.tobytes(), found.scores.tobytes()]
    for text in QUERIES:
        found = index.lexical(text, seen, 10)
        got += [found.chunk_ids.tobytes(), found.scores.tobytes()]
        got.append(repr(index.term_weights(text, seen)).encode())
    return [*got, str(index.visible_count(seen)).encode()]


hidden_or_seen = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "relabel", "compact"]),
        st.booleans(),
        st.integers(1, 90),
        st.integers(0, 10**6),
    ),
    min_size=2,
    max_size=10,
)


class Worlds:
    """Two vaults that differ only in what the reader of labels 0 and 1 may not read."""

    def __init__(self, effort: Effort) -> None:
        self.with_hidden = VaultIndex(DIMENSION, "model", effort=effort)
        self.without = VaultIndex(DIMENSION, "model", effort=effort)
        self.chunks: dict[bool, list[int]] = {False: [], True: []}

    def apply(self, kind: str, hidden: bool, count: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        indexes = [self.with_hidden] if hidden else [self.with_hidden, self.without]
        own = [2, 3] if hidden else [0, 1]
        chunks = self.chunks[hidden]
        if kind == "add":
            first = len(chunks) + (10**6 if hidden else 1)
            fresh = list(range(first, first + count))
            vectors = clustered(rng, count, DIMENSION)
            texts = [" ".join(rng.choice(WORDS, 6)) for _ in fresh]
            rows = rows_of(fresh, rng.choice(own, count), vectors, texts)
            chunks.extend(fresh)
            for index in indexes:
                index.add(rows)
        elif kind == "compact":
            self.with_hidden.compact()
        elif chunks:
            picked, label = rng.choice(chunks, count), int(rng.choice(own))
            for index in indexes:
                if kind == "remove":
                    index.remove(picked)
                else:
                    index.relabel(picked, label)


@pytest.mark.parametrize("effort", [Effort(), Effort(60, 20)], ids=["exact", "probing"])
@settings(max_examples=120, deadline=None)
@given(steps=hidden_or_seen, seed=st.integers(0, 10**6))
def test_what_a_reader_may_not_read_changes_no_byte_of_what_it_gets(
    effort: Effort, steps, seed: int
) -> None:
    worlds = Worlds(effort)
    worlds.apply("add", hidden=False, count=90, seed=seed)
    for step in steps:
        worlds.apply(*step)
    queries = clustered(np.random.default_rng(seed), 4, DIMENSION)
    seen = visible(0, 1)
    assert answers(worlds.with_hidden, seen, queries) == answers(worlds.without, seen, queries)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda r: r.vectors.__setitem__((0, 0), np.nan), id="not a number"),
        pytest.param(lambda r: r.vectors.__setitem__((0, 0), np.inf), id="infinite"),
        pytest.param(lambda r: r.vectors.__imul__(1.01), id="not of length one"),
        pytest.param(lambda r: r.vectors.__imul__(0), id="zero"),
        pytest.param(lambda r: r.chunk_ids.__setitem__(1, 1), id="named twice"),
        pytest.param(lambda r: r.chunk_ids.__setitem__(1, 50), id="indexed already"),
        pytest.param(lambda r: r.label_ids.__setitem__(1, -1), id="no such label"),
        pytest.param(lambda r: r.texts.pop(), id="a text is missing"),
    ],
)
def test_bad_rows_are_refused_and_change_nothing(spoil) -> None:
    rng = np.random.default_rng(0)
    index = VaultIndex(DIMENSION, "model")
    index.add(rows_of([50], [1], clustered(rng, 1, DIMENSION)))
    rows = rows_of([1, 2, 3], [1, 1, 1], clustered(rng, 3, DIMENSION))
    spoil(rows)
    with pytest.raises(InvalidRequestError):
        index.add(rows)
    assert len(index) == 1
    assert index.visible_count(visible(1)) == 1


def test_rows_of_another_dimension_are_refused() -> None:
    rows = rows_of([1], [1], unit(np.ones((1, DIMENSION + 1), np.float32)))
    with pytest.raises(InvalidRequestError):
        VaultIndex(DIMENSION, "model").add(rows)


@pytest.mark.parametrize(
    "query", [np.ones(DIMENSION + 1), np.full(DIMENSION, np.nan), np.ones((1, DIMENSION))]
)
def test_a_query_that_is_no_vector_is_refused(query: NDArray[np.float64]) -> None:
    with pytest.raises(InvalidRequestError):
        VaultIndex(DIMENSION, "model").dense(query.astype(np.float32), visible(1), 3)


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x01\x1b", "the and of", "-./:", "w " * 10**6])
def test_queries_without_a_known_word_find_nothing(text: str) -> None:
    index = VaultIndex(DIMENSION, "model")
    index.add(rows_of([1], [1], unit(np.ones((1, DIMENSION), np.float32)), ["annual leave"]))
    assert index.lexical(text, visible(1), 5).chunk_ids.tolist() == []
    assert index.term_weights(text, visible(1)) == {}


def test_an_empty_index_and_an_empty_visible_set_answer_with_nothing() -> None:
    query = unit(np.ones(DIMENSION, np.float32))
    index = VaultIndex(DIMENSION, "model")
    assert len(index.dense(query, visible(1), 5).chunk_ids) == 0
    index.add(rows_of([1], [1], query[None]))
    assert len(index.dense(query, visible(), 5).chunk_ids) == 0
    assert len(index.dense(query, visible(1), 0).chunk_ids) == 0
    assert len(index.lexical("chunk", visible(), 5).chunk_ids) == 0
    assert index.visible_count(visible()) == 0


def test_removing_twice_and_removing_the_unknown_change_nothing() -> None:
    index = VaultIndex(DIMENSION, "model")
    index.add(rows_of([1, 2], [1, 1], clustered(np.random.default_rng(0), 2, DIMENSION)))
    assert index.remove(np.array([1, 1, 99])) == 1
    assert index.remove(np.array([1])) == 0
    index.add(rows_of([1], [1], clustered(np.random.default_rng(1), 1, DIMENSION)))
    assert len(index) == 2


def test_a_batch_that_fails_leaves_no_trace() -> None:
    rng = np.random.default_rng(0)
    index = VaultIndex(DIMENSION, "model")
    index.add(rows_of([1], [1], clustered(rng, 1, DIMENSION), ["kept"]))
    with pytest.raises(InvalidRequestError), index.batch():
        index.add(rows_of([2], [1], clustered(rng, 1, DIMENSION), ["lost"]))
        index.remove(np.array([1]))
        index.applied_sequence = 9
        index.add(rows_of([2], [1], clustered(rng, 1, DIMENSION), ["twice"]))
    assert index.applied_sequence == 0
    assert index.lexical("kept lost", visible(1), 5).chunk_ids.tolist() == [1]
    index.add(rows_of([2, 3], [1, 1], clustered(rng, 2, DIMENSION), ["later", "later"]))
    assert index.lexical("kept later", visible(1), 5).chunk_ids.tolist() == [1, 2, 3]
    assert index.remove(np.array([2])) == 1


def test_a_batch_appears_at_once_with_its_sequence() -> None:
    index = VaultIndex(DIMENSION, "model")
    query = unit(np.ones(DIMENSION, np.float32))
    with index.batch():
        index.add(rows_of([1], [1], query[None]))
        index.applied_sequence = 7
        assert index.applied_sequence == 7
        assert len(index.dense(query, visible(1), 1).chunk_ids) == 0
    assert index.dense(query, visible(1), 1).chunk_ids.tolist() == [1]
    assert index.snapshot().sequence == 7


def test_many_readers_always_see_whole_versions_while_one_writes() -> None:
    """Every batch replaces one row by another, so a reader must always find exactly 50."""
    rng = np.random.default_rng(0)
    index = VaultIndex(DIMENSION, "model")
    index.add(rows_of(range(50), [1] * 50, clustered(rng, 50, DIMENSION), ["word"] * 50))
    query, stop, wrong = unit(np.ones(DIMENSION, np.float32)), threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            sizes = (
                len(index.dense(query, visible(1), 100).chunk_ids),
                len(index.lexical("word", visible(1), 100).chunk_ids),
            )
            if sizes != (50, 50):
                wrong.append(sizes)

    threads = [threading.Thread(target=read) for _ in range(min(4, os.cpu_count() or 1))]
    for thread in threads:
        thread.start()
    for chunk in range(50, 250):
        with index.batch():
            index.add(rows_of([chunk], [1], clustered(rng, 1, DIMENSION), ["word"]))
            index.remove(np.array([chunk - 50]))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_rows_may_come_in_any_memory_layout() -> None:
    vectors = np.asfortranarray(clustered(np.random.default_rng(0), 6, DIMENSION))
    index = VaultIndex(DIMENSION, "model")
    index.add(IndexRows(np.arange(12)[::2], np.ones(6, np.int64), vectors, ["x"] * 6))
    assert index.dense(vectors[2], visible(1), 1).chunk_ids.tolist() == [4]
