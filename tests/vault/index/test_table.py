"""Rows keep their numbers; bits say which of them live."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.index.reference import clustered
from vault.index.table import RowTable


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_bits_follow_additions_and_removals(sizes: list[int], random) -> None:
    table, alive = RowTable.empty(6), set()
    for size in sizes:
        first = len(table)
        rows = clustered(np.random.default_rng(size), size, 6)
        table = table.appended(np.arange(first, first + size) + 100, np.zeros(size, int), rows)
        alive |= set(range(first, first + size))
        gone = sorted(random.sample(sorted(alive), len(alive) // 3))
        table = table.removed(np.array(gone, np.int64))
        alive -= set(gone)
    everything = np.arange(len(table))
    assert set(table.live(everything).tolist()) == alive
    assert set(table.find(everything + 100).tolist()) == alive


def test_a_score_depends_on_the_row_and_not_on_its_place() -> None:
    row = clustered(np.random.default_rng(0), 1, 384)
    table = RowTable.of(np.arange(40), np.zeros(40, np.int64), np.repeat(row, 40, 0))
    query = clustered(np.random.default_rng(1), 1, 384)[0]
    scores = [table.scores(query, np.arange(first, 40)) for first in range(39)]
    assert len({score for part in scores for score in part.tolist()}) == 1


def test_a_chunk_that_came_back_is_found_under_its_new_number() -> None:
    table = RowTable.of(np.array([5, 6]), np.array([1, 1]), np.eye(2, 6, dtype=np.float32))
    table = table.removed(np.array([0]))
    table = table.appended(np.array([5]), np.array([2]), np.eye(1, 6, dtype=np.float32))
    assert table.find(np.array([5, 6, 99])).tolist() == [2, 1]
