"""Blocks keep their rows as they are; a stack searches exactly the lists it is told to."""

import faiss
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.index.reference import clustered
from vault.index.codec import FlatCodec
from vault.index.lists import ListBlock, ListStack

CODEC = FlatCodec(6)


def block(first: int, count: int, lists: int) -> tuple[ListBlock, np.ndarray]:
    rng = np.random.default_rng(first)
    rows = clustered(rng, count, 6)
    assignment = rng.integers(0, lists, count)
    ids = np.arange(first, first + count)
    return ListBlock(CODEC, rows, ids=ids, assignment=assignment, lists=lists), rows


def test_rows_come_back_list_after_list() -> None:
    made, rows = block(100, 50, 4)
    assert made.rows().tobytes() == rows[made.ids - 100].tobytes()
    assert (np.diff(made.assignment()) >= 0).all()
    assert made.sizes.sum() == 50


@settings(deadline=None, max_examples=40)
@given(st.sets(st.integers(0, 8), min_size=1), st.integers(1, 60), st.sets(st.integers(0, 59)))
def test_a_search_covers_the_given_lists_and_no_other(
    lists: set[int], limit: int, dead: set[int]
) -> None:
    blocks, rows = zip(*(block(first, 20, 3) for first in (0, 20, 40)), strict=True)
    stack = ListStack(CODEC, blocks)
    query = clustered(np.random.default_rng(9), 1, 6)[0]
    selector = faiss.IDSelectorBatch(np.array(sorted(dead), np.int64)) if dead else None
    scores, ids = stack.search(
        query, lists=np.array(sorted(lists), np.int64), limit=limit, dead=selector
    )
    owners = np.concatenate([part.assignment() + 3 * n for n, part in enumerate(blocks)])
    numbers = np.concatenate([part.ids for part in blocks])
    allowed = set(numbers[np.isin(owners, list(lists))].tolist()) - dead
    exact = np.concatenate(rows) @ query
    expected = sorted(allowed, key=lambda number: -exact[number])[:limit]
    assert ids.tolist() == expected
    assert np.allclose(scores, exact[expected], atol=1e-6)


def test_equal_rows_score_alike_wherever_they_lie() -> None:
    """Ties by chunk id rest on this: a score must not depend on the place in a list."""
    row = clustered(np.random.default_rng(0), 1, 6)
    blocks = [
        ListBlock(
            CODEC,
            np.repeat(row, count, 0),
            ids=np.arange(100 * count, 101 * count),
            assignment=np.zeros(count, np.int64),
            lists=1,
        )
        for count in range(1, 40)
    ]
    query = clustered(np.random.default_rng(1), 1, 6)[0]
    dead = faiss.IDSelectorBatch(np.array([10**9]))
    stack = ListStack(CODEC, blocks)
    for selector in (None, dead):
        scores, _ = stack.search(query, lists=np.arange(39), limit=780, dead=selector)
        assert len(set(scores.tolist())) == 1
        assert len(scores) == 780
