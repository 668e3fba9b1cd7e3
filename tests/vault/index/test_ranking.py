"""The best documents are exactly those of scoring every document, to the last bit."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.index.reference import visible
from vault.index import ranking
from vault.index.lexical import LexicalIndex
from vault.index.ranked import best
from vault.index.ranking import Ranking, ScoreBuffers, TermHits

COUNT = 400
TERMS = [f"t{number}" for number in range(12)]


@cache
def indexed(seed: int, batches: int) -> LexicalIndex:
    """Documents of a few words, some in most of them and some in almost none."""
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, len(TERMS) + 1) ** 2
    texts = [
        " ".join(rng.choice(TERMS, rng.integers(1, 9), p=share / share.sum())) for _ in range(COUNT)
    ]
    index = LexicalIndex.empty()
    for numbers in np.array_split(np.arange(COUNT), batches):
        chosen = [texts[number] for number in numbers]
        # Chunk ids fall, so that ties are not broken by the order of documents.
        index = index.added(COUNT - numbers, numbers // 7 % 4, chosen)
    return index


@settings(deadline=None)
@given(
    st.integers(0, 5),
    st.lists(st.sampled_from(TERMS), min_size=1, max_size=9),
    st.sets(st.integers(0, 3), min_size=1),
    st.sampled_from([1, 3, 10, 50, 900]),
    st.sampled_from([1, 40, 10**6]),
)
def test_the_best_are_those_of_scoring_everything(seed, words, labels, limit, batch) -> None:
    index = indexed(seed, 1 + seed % 3)
    seen = visible(*labels)
    everyone = index.search(" ".join(words), seen, COUNT, within=np.arange(COUNT + 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "BATCH", batch)
        found = index.search(" ".join(words), seen, limit)
        some = np.arange(0, COUNT, 3)
        patch.setattr("vault.index.lexical.FEW", 0)
        inside = index.search(" ".join(words), seen, limit, within=some)
    expected = best(everyone.chunk_ids, everyone.scores, limit)
    assert found.chunk_ids.tolist() == expected.chunk_ids.tolist()
    assert found.scores.tobytes() == expected.scores.tobytes()
    kept = np.isin(everyone.chunk_ids, some)
    expected = best(everyone.chunk_ids[kept], everyone.scores[kept], limit)
    assert inside.chunk_ids.tolist() == expected.chunk_ids.tolist()
    assert inside.scores.tobytes() == expected.scores.tobytes()


class Watched(Ranking):
    """Counts the postings that are read whole."""

    def _read(self, hits, buffer, kept):
        self.read = getattr(self, "read", 0) + sum(hit.frequency for hit in hits)
        return super()._read(hits, buffer, kept)


def test_a_common_term_that_cannot_matter_is_not_read() -> None:
    count = 4 * ranking.BATCH
    texts = ["rare rare rare word" if number % 64 == 0 else "word" for number in range(count)]
    index = LexicalIndex.empty().added(np.arange(count), np.zeros(count, np.int64), texts)
    view = index._view(visible(0))
    posted = [(index.parts[0].of(term),) for term in ("rare", "word")]
    hits = [
        TermHits(np.float32(8), count // 64, posted[0]),
        TermHits(np.float32(0.5), count, posted[1]),
    ]
    watched = Watched(view, index.table.lengths.values, hits)
    with ScoreBuffers().borrowed(count) as buffer:
        found = watched.best(ranking.Scored(*nobody()), buffer, 10)
        assert not buffer.any()
    assert watched.read == count // 64
    assert found.documents.tolist() == list(range(0, count, 64))


def nobody() -> tuple[np.ndarray, np.ndarray]:
    return np.empty(0, np.int64), np.empty(0, np.float32)


def test_a_buffer_is_lent_again_only_if_it_came_back() -> None:
    buffers = ScoreBuffers()
    with pytest.raises(RuntimeError), buffers.borrowed(4) as spoiled:
        spoiled[0] = 1
        raise RuntimeError
    with buffers.borrowed(4) as first:
        assert not first.any()
    with buffers.borrowed(3) as again:
        assert again is first
