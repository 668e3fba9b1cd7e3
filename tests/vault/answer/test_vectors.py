"""Sentence vectors are computed once per content and model, in a bounded cache."""

import numpy as np

from tests.vault.answer.worlds import WordEmbedder
from vault.answer.vectors import ChunkTexts, SentenceVectors

FIRST = ChunkTexts(1, "Pay by noon. Or pay double.", ("Pay by noon.", "Or pay double."))
SECOND = ChunkTexts(2, "Doors close at six.", ("Doors close at six.",))


def test_one_batch_serves_all_chunks_and_nothing_is_computed_twice() -> None:
    embedder = WordEmbedder()
    vectors = SentenceVectors(embedder)
    first = vectors.chunks([FIRST, SECOND, FIRST])
    again = vectors.chunks([SECOND, FIRST])
    assert len(embedder.calls) == 1
    assert [len(rows) for rows in first] == [2, 1, 2]
    assert np.array_equal(first[0], again[1])
    assert np.array_equal(first[1], WordEmbedder().embed(SECOND.texts))


def test_a_number_given_to_another_text_is_another_entry() -> None:
    embedder = WordEmbedder()
    vectors = SentenceVectors(embedder)
    vectors.chunks([FIRST])
    changed = ChunkTexts(1, "Doors close at six.", ("Doors close at six.",))
    assert np.array_equal(vectors.chunks([changed])[0], embedder.embed(changed.texts))


def test_another_model_never_meets_the_vectors_of_the_first() -> None:
    embedder = WordEmbedder()
    vectors = SentenceVectors(embedder)
    vectors.chunks([FIRST])
    embedder.fingerprint = "words/2"
    vectors.chunks([FIRST])
    assert len(embedder.calls) == 2


def test_the_cache_forgets_the_chunk_used_longest_ago() -> None:
    embedder = WordEmbedder()
    vectors = SentenceVectors(embedder, chunks=2)
    third = ChunkTexts(3, "Ask at the desk.", ("Ask at the desk.",))
    for chunk in (FIRST, SECOND, FIRST, third):
        vectors.chunks([chunk])
    assert len(embedder.calls) == 3
    vectors.chunks([FIRST, third])
    assert len(embedder.calls) == 3
    vectors.chunks([SECOND])
    assert len(embedder.calls) == 4


def test_a_chunk_without_sentences_has_no_rows() -> None:
    vectors = SentenceVectors(WordEmbedder())
    assert [len(rows) for rows in vectors.chunks([ChunkTexts(9, "---", ()), SECOND])] == [0, 1]
    assert [len(rows) for rows in vectors.chunks([ChunkTexts(8, "--", ())])] == [0]
