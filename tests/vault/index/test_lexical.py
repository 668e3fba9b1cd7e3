"""BM25 on what is visible: values by the formula, and traces of nothing else."""

import math

import numpy as np
import pytest

from tests.vault.index.reference import Reference, clustered, rows_of, visible
from vault.index.lexical import COMMON_FROM, LexicalIndex
from vault.index.statistics import Bm25

WORDS = ["leave", "policy", "report", "budget", "audit", "vault", "key"]


def built(texts: list[str], labels: list[int], **options) -> LexicalIndex:
    index = LexicalIndex.empty(**options)
    return index.added(np.arange(1, len(texts) + 1), np.array(labels, np.int64), texts)


def test_one_term_scores_as_the_formula_says() -> None:
    index = built(["vault key key", "vault", "report audit"], [0, 0, 0], scoring=Bm25(1.2, 0.75))
    found = index.search("key", visible(0), 5)
    rarity = math.log1p((3 - 1 + 0.5) / (1 + 0.5))
    slowed = 2 + 1.2 * (1 - 0.75 + 0.75 * 3 / 2)
    assert found.chunk_ids.tolist() == [1]
    assert found.scores[0] == pytest.approx(rarity * 2 * 2.2 / slowed)


def test_a_word_asked_twice_counts_twice() -> None:
    index = built(["vault", "key"], [0, 0])
    once, twice = (index.search(query, visible(0), 1) for query in ("key", "key key"))
    assert twice.scores[0] == pytest.approx(2 * once.scores[0])


def test_term_weights_count_visible_documents_only() -> None:
    index = built(["merger", "merger leave", "leave", "leave"], [1, 1, 0, 0])
    assert index.term_weights("merger leave", visible(0)) == {
        "leav": pytest.approx(math.log1p(0.5 / 2.5))
    }


def test_a_term_of_most_documents_adds_to_rarer_matches_but_brings_none_itself() -> None:
    count = COMMON_FROM
    texts = [f"company {'audit' if n % 100 == 0 else 'x'}" for n in range(count)]
    index = built(texts, [0] * count)
    reference = Reference()
    vectors = clustered(np.random.default_rng(0), count, 4)
    reference.add(rows_of(range(1, count + 1), [0] * count, vectors, texts))
    found = index.search("company audit", visible(0), count)
    expected = reference.lexical("company audit", visible(0))
    assert found.chunk_ids.tolist() == [n + 1 for n in range(0, count, 100)]
    assert found.scores[0] == pytest.approx(expected[1], rel=1e-5)
    assert len(index.search("company", visible(0), count).chunk_ids) == count


def test_documents_may_come_one_by_one_or_at_once() -> None:
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(WORDS, 5)) for _ in range(200)]
    at_once, stepwise = built(texts, [0] * 200), LexicalIndex.empty()
    for chunk, text in enumerate(texts, 1):
        stepwise = stepwise.added(np.array([chunk]), np.array([0]), [text])
        assert len(stepwise.parts) <= 8
    for query in WORDS:
        first, second = (index.search(query, visible(0), 50) for index in (at_once, stepwise))
        assert first.chunk_ids.tolist() == second.chunk_ids.tolist()
        assert first.scores.tobytes() == second.scores.tobytes()


def test_compaction_forgets_the_words_of_removed_documents() -> None:
    index = built(["zanzibar merger", "annual leave"], [0, 0]).removed(np.array([0])).compacted()
    assert "zanzibar" not in index.parts[0].terms
    assert index.search("leave", visible(0), 5).chunk_ids.tolist() == [2]
    assert len(index.table.chunk_ids) == 1


def test_an_overlong_query_is_cut_not_refused() -> None:
    index = built(["annual leave"], [0])
    query = "leave " + " ".join(f"word{n}" for n in range(5_000))
    assert index.search(query, visible(0), 5).chunk_ids.tolist() == [1]
