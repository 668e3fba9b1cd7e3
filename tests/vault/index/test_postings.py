"""Posting lists hold every word of every document, and where it stands."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vault.index.analysis import Located
from vault.index.postings import MOST_REPEATS, Postings, post

texts = st.lists(st.lists(st.sampled_from("abcde"), max_size=6), min_size=1, max_size=12)


def located(words: list[str]) -> Located:
    return Located(words, range(len(words)))


def spelled_out(part: Postings) -> dict[tuple[str, int], list[int]]:
    found = {}
    for term in part.terms:
        documents, counts, positions = part.of(term)
        ends = np.cumsum(counts, dtype=np.int64)
        for document, end, count in zip(documents, ends, counts, strict=True):
            found[term, int(document)] = positions[end - int(count) : end].tolist()
    return found


def expected(found: list[list[str]], first: int = 0) -> dict[tuple[str, int], list[int]]:
    return {
        (term, number): [place for place, word in enumerate(words) if word == term]
        for number, words in enumerate(found, first)
        for term in Counter(words)
    }


@given(texts, st.integers(0, 1000))
def test_every_word_is_posted_with_its_places(found: list[list[str]], first: int) -> None:
    posted = post([located(words) for words in found], first=first)
    assert spelled_out(posted) == expected(found, first)
    assert list(posted.terms) == sorted({word for words in found for word in words})


def test_an_unknown_term_has_no_postings() -> None:
    assert post([located(["a"])], first=0).of("b") is None


def test_no_texts_give_no_postings() -> None:
    assert spelled_out(post([], first=0)) == {}


def test_absurd_repetition_is_capped() -> None:
    posted = post([located(["b"]), located(["a", *"b" * 70_000, "a"])], first=0)
    assert posted.of("b").counts.tolist() == [1, MOST_REPEATS]
    assert len(posted.of("b").positions) == 1 + MOST_REPEATS
    assert posted.of("a").positions.tolist() == [0, 70_001 % 256]
