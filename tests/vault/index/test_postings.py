"""Posting lists hold every word of every document, through any merging."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vault.index.postings import merge, post, with_newest

texts = st.lists(st.lists(st.sampled_from("abcde"), max_size=6), min_size=1, max_size=12)


def spelled_out(parts) -> dict[tuple[str, int], int]:
    return {
        (term, int(document)): int(count)
        for part in parts
        for term in part.terms
        for document, count in zip(*part.of(term), strict=True)
    }


def counted(found: list[list[str]], first: int = 0) -> dict[tuple[str, int], int]:
    return {
        (term, number): count
        for number, words in enumerate(found, first)
        for term, count in Counter(words).items()
    }


@given(texts, st.integers(0, 1000))
def test_every_word_is_posted_with_its_count(found: list[list[str]], first: int) -> None:
    assert spelled_out([post(found, first=first)]) == counted(found, first)


@given(st.lists(texts, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_merging_keeps_what_is_alive_in_order(batches: list[list[list[str]]], random) -> None:
    everything = [text for batch in batches for text in batch]
    alive = np.array([random.random() < 0.7 for _ in everything])
    parts, first = (), 0
    for batch in batches:
        parts = with_newest(parts, post(batch, first=first), np.ones(len(everything), np.bool_))
        first += len(batch)
    assert spelled_out(parts) == counted(everything)
    merged = merge(parts, alive)
    expected = {key: count for key, count in counted(everything).items() if alive[key[1]]}
    assert spelled_out([merged]) == expected
    assert set(merged.terms) == {term for term, _ in expected}
    for term in merged.terms:
        assert (np.diff(merged.of(term)[0]) > 0).all()


def test_an_unknown_term_has_no_postings() -> None:
    assert post([["a"]], first=0).of("b") is None


def test_absurd_repetition_is_capped() -> None:
    assert post([["a"] * 70_000], first=0).of("a")[1].tolist() == [65_535]
