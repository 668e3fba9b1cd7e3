"""Counts are of live rows, whatever still lies in the lists."""

import numpy as np

from tests.vault.index.reference import clustered
from vault.index.dense import DenseIndex


def counted(index: DenseIndex) -> list[tuple[int, int]]:
    found = []
    for segment in index.segments.values():
        cells, groups = segment.lists.numbers(), segment.fine.numbers()
        waiting = index.table.live(
            np.concatenate([[], *(t.numbers for t in segment.tails)]).astype(int)
        )
        found.append(
            (
                int(index.counts.cells[cells].sum()) + len(waiting),
                int(index.counts.groups[groups].sum()) + len(waiting),
            )
        )
    return found


def test_cells_and_groups_count_the_live_rows_of_each_label() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 900)
    index = DenseIndex.empty(16).added(np.arange(900), labels, clustered(rng, 900, 16))
    assert counted(index) == [(int(n), int(n)) for n in np.bincount(labels)]
    index = index.removed(np.arange(25))
    left = np.bincount(labels[25:])
    assert counted(index) == [(int(n), int(n)) for n in left]


def test_an_older_version_keeps_its_counts() -> None:
    rng = np.random.default_rng(0)
    older = DenseIndex.empty(16).added(np.arange(90), np.ones(90, int), clustered(rng, 90, 16))
    before = older.counts.cells.copy()
    older.removed(np.arange(9))
    assert (older.counts.cells == before).all()
