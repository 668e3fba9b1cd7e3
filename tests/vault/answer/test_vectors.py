"""Sentence vectors are computed once per content and model, in a bounded cache."""

import numpy as np

from tests.vault.answer.worlds import WordEmbedder
from vault.answer.vectors import ChunkText, SentenceVectors
from vault.domain.evidence import Retrieval, RetrievalSignals

PAY = ChunkText(1, "Pay by noon.")
LATE = ChunkText(1, "Or pay double.")
DOORS = ChunkText(2, "Doors close at six.")


def retrieval(vector: tuple[float, ...] = ()) -> Retrieval:
    signals = RetrievalSignals(0, {}, (), (), (), ())
    return Retrieval("How much leave?", (), signals, vector)


def test_the_vector_of_a_search_is_not_made_again() -> None:
    embedder = WordEmbedder()
    row = SentenceVectors(embedder).question_of(retrieval((0.6, 0.8)))
    assert row.dtype == np.float32
    assert row.tolist() == [np.float32(0.6), np.float32(0.8)]
    assert embedder.calls == []


def test_a_search_without_a_vector_is_embedded_as_a_question() -> None:
    embedder = WordEmbedder()
    row = SentenceVectors(embedder).question_of(retrieval())
    assert embedder.calls == [("How much leave?",)]
    assert row.tolist() == embedder.embed(["How much leave?"])[0].tolist()


def test_one_batch_serves_all_and_nothing_is_computed_twice() -> None:
    embedder = WordEmbedder()
    vectors = SentenceVectors(embedder)
    first = vectors.rows([PAY, LATE, DOORS, PAY])
    again = vectors.rows([DOORS, PAY])
    assert embedder.calls == [(PAY.text, LATE.text, DOORS.text)]
    assert np.array_equal(first, WordEmbedder().embed([PAY.text, LATE.text, DOORS.text, PAY.text]))
    assert np.array_equal(again, [first[2], first[0]])


def test_a_number_given_to_another_text_is_another_entry() -> None:
    embedder = WordEmbedder()
    vectors = SentenceVectors(embedder)
    vectors.rows([PAY])
    changed = ChunkText(PAY.chunk_id, "Pay at once.")
    assert np.array_equal(vectors.rows([changed]), embedder.embed([changed.text]))


def test_the_same_words_in_another_chunk_are_computed_again() -> None:
    embedder = WordEmbedder()
    vectors = SentenceVectors(embedder)
    vectors.rows([PAY])
    vectors.rows([ChunkText(99, PAY.text)])
    assert len(embedder.calls) == 2


def test_another_model_never_meets_the_vectors_of_the_first() -> None:
    embedder = WordEmbedder()
    vectors = SentenceVectors(embedder)
    vectors.rows([PAY])
    embedder.fingerprint = "words/2"
    vectors.rows([PAY])
    assert len(embedder.calls) == 2


def test_the_cache_forgets_the_sentence_used_longest_ago() -> None:
    embedder = WordEmbedder()
    vectors = SentenceVectors(embedder, sentences=2)
    for one in (PAY, LATE, PAY, DOORS):
        vectors.rows([one])
    assert len(embedder.calls) == 3
    vectors.rows([PAY, DOORS])
    assert len(embedder.calls) == 3
    vectors.rows([LATE])
    assert len(embedder.calls) == 4


def test_nothing_asked_is_nothing_computed() -> None:
    embedder = WordEmbedder()
    assert SentenceVectors(embedder).rows([]) == []
    assert embedder.calls == []


def test_what_one_scope_asked_for_is_not_there_for_another() -> None:
    embedder = WordEmbedder()
    vectors = SentenceVectors(embedder)
    ana, bo = vectors.within("ana"), vectors.within("bo")
    first = ana.rows([PAY, LATE])
    again = bo.rows([PAY, LATE])
    assert embedder.calls == [(PAY.text, LATE.text)] * 2
    assert np.array_equal(first, again)
    ana.rows([LATE, PAY])
    assert len(embedder.calls) == 2
