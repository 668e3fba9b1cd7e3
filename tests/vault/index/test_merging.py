"""Merging keeps what is alive, in order, and forgets the rest."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.index.test_postings import expected, located, spelled_out, texts
from vault.index import merging
from vault.index.merging import merge, with_newest
from vault.index.postings import Postings, post


def parts_of(batches: list[list[list[str]]]) -> tuple[Postings, ...]:
    parts: tuple[Postings, ...] = ()
    first = 0
    for batch in batches:
        newest = post([located(words) for words in batch], first=first)
        first += len(batch)
        parts = with_newest(parts, newest, np.ones(first, np.bool_))
    return parts


@given(st.lists(texts, min_size=1, max_size=6))
def test_parts_hold_what_their_documents_held(batches: list[list[list[str]]]) -> None:
    everything = [words for batch in batches for words in batch]
    found: dict[tuple[str, int], list[int]] = {}
    for part in parts_of(batches):
        found |= spelled_out(part)
    assert found == expected(everything)


@given(st.lists(texts, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_documents_can_be_dropped_and_put_in_another_order(batches, random) -> None:
    everything = [words for batch in batches for words in batch]
    kept = [number for number in range(len(everything)) if random.random() < 0.7]
    random.shuffle(kept)
    numbers = np.full(len(everything), -1, np.int64)
    numbers[kept] = np.arange(len(kept))
    merged = merge(parts_of(batches), numbers)
    assert spelled_out(merged) == expected([everything[number] for number in kept])
    assert list(merged.terms) == sorted({word for number in kept for word in everything[number]})
    for place in range(len(merged.terms)):
        assert (np.diff(merged.at(place).documents) > 0).all()


def test_blocks_of_any_size_give_the_same_lists(monkeypatch) -> None:
    rng = np.random.default_rng(0)
    batches = [[rng.choice(list("abcdefgh"), 9).tolist() for _ in range(7)] for _ in range(3)]
    numbers = rng.permutation(21)
    whole = spelled_out(merge(parts_of(batches), numbers))
    monkeypatch.setattr(merging, "_BLOCK", 3)
    assert spelled_out(merge(parts_of(batches), numbers)) == whole


def test_no_change_merges_more_than_a_second_s_work(monkeypatch) -> None:
    monkeypatch.setattr(merging, "LARGEST_MERGE", 20)
    parts = parts_of([[["a", "b"]] * 3] * 12)
    assert sum(len(part.documents) for part in parts) == 72
    assert max(len(part.documents) for part in parts) <= 20
