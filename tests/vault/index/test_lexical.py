"""BM25 on what is visible: values by the formula, and traces of nothing else."""

import math

import numpy as np
import pytest

from tests.vault.index.reference import visible
from vault.index.lexical import LexicalIndex
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


def test_within_leaves_out_results_but_not_statistics() -> None:
    index = built(["leave", "leave policy", "leave report", "audit"], [0, 0, 0, 0])
    everything = index.search("leave report", visible(0), 9)
    for kept in ([], [1], [2, 3], [4, 77], [0, 1, 2, 3, 4]):
        found = index.search("leave report", visible(0), 9, within=np.array(kept, np.int64))
        expected = [
            pair
            for pair in zip(*map(np.ndarray.tolist, everything), strict=True)
            if pair[0] in kept
        ]
        assert list(zip(*map(np.ndarray.tolist, found), strict=True)) == expected


def test_within_opens_nothing_that_is_not_visible() -> None:
    index = built(["leave", "leave"], [0, 1])
    found = index.search("leave", visible(0), 9, within=np.array([1, 2]))
    assert found.chunk_ids.tolist() == [1]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ('"parental leave"', 2),
        ('policy "leave parental"', 3),
        ("HR-204", 4),
        ("hr204 forms HR-204", 4),
        ("CVE-2024-1234", 6),
        ("\u00a7 12.3", 8),
        ("jane.doe@example.org", 9),
        ("report_v2.docx", 11),
        ("10.1.2", 12),
    ],
)
def test_what_is_named_exactly_stands_first(query: str, first: int) -> None:
    texts = [
        "leave leave leave policy parental policy parental policy",
        "there is a rule for parental leave in some long and wordy text about other things",
        "leave: parental; a long and wordy text about many other things, none of them short",
        "the form HR-204 is one of a great many forms that this office has",
        "HR HR HR 204 204 204 forms forms",
        "one long advisory among many, CVE-2024-1234, about software in general",
        "CVE CVE 2024 2024 1234 1234",
        "see \u00a7 12.3 of the long contract about many things",
        "write to jane.doe@example.org about whatever it is that you wanted to know",
        "jane example doe org jane doe example.com 12 3 12 3",
        "the file report_v2.docx is where it all was written in the end",
        "chapter 10.1.2 is long and wordy and says little that is new",
        "10 1 2 10 1 2 report docx v2",
    ]
    index = built(texts, [0] * len(texts))
    found = index.search(query, visible(0), 20)
    assert found.chunk_ids[0] == first
    few = index.search(query, visible(0), 20, within=np.arange(1, 99))
    assert few.chunk_ids.tolist() == found.chunk_ids.tolist()
    assert few.scores.tobytes() == found.scores.tobytes()


def test_a_phrase_of_hidden_chunks_lifts_nothing() -> None:
    texts = ["parental leave", "leave parental", "leave"]
    index = built(texts, [1, 0, 0])
    quoted = index.search('"parental leave"', visible(0), 9)
    plain = index.search("parental leave", visible(0), 9)
    assert quoted.scores.tobytes() == plain.scores.tobytes()


def test_frequencies_count_visible_chunks_only() -> None:
    index = built(["merger", "merger leave", "leave"], [1, 1, 0]).removed(np.array([1]))
    assert index.frequency("merger", visible(0)) == 0
    assert index.frequency("merger", visible(1)) == 1
    assert index.frequency("leav", visible(0, 1)) == 1


def test_compaction_puts_labels_together_and_changes_no_result() -> None:
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(WORDS, 5)) for _ in range(200)]
    labels = rng.integers(0, 4, 200)
    index = built(texts, labels).removed(np.arange(0, 200, 9))
    compact = index.compacted()
    assert (np.diff(compact.table.label_ids.values) >= 0).all()
    assert compact.compacted() is compact
    for query in [*WORDS, '"leave policy"']:
        for seen in (visible(0), visible(1, 3), visible(0, 1, 2, 3)):
            first, second = (found.search(query, seen, 50) for found in (index, compact))
            assert first.chunk_ids.tolist() == second.chunk_ids.tolist()
            assert first.scores.tobytes() == second.scores.tobytes()


def test_close_terms_are_those_of_visible_chunks() -> None:
    texts = ["merger mergers report", "merger", "merging", "margin reports"]
    index = built(texts, [1, 1, 1, 0])
    assert index.near("mergr", visible(0)) == []
    assert index.near("mergr", visible(1))[0] == ("merger", 1, 2)
    assert [found.term for found in index.near("reprot", visible(0))] == ["report"]
