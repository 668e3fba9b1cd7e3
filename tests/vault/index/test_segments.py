"""One segment holds exactly its live rows, wherever they lie."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.index.reference import clustered
from vault.index.segments import Arenas, Segment, grown, shrunk, split_ids
from vault.index.table import RowTable


class Label:
    """One label's segment with the table it lives in."""

    def __init__(self) -> None:
        self.arenas = Arenas(6)
        self.table = RowTable.empty(6)
        self.segment: Segment | None = None

    def add(self, vectors: np.ndarray) -> None:
        numbers = np.arange(len(self.table), len(self.table) + len(vectors))
        self.table = self.table.appended(numbers, np.full(len(numbers), 5), vectors)
        self.segment = grown(self.arenas, self.table, self.segment, 5, numbers)

    def remove(self, numbers: np.ndarray) -> None:
        assert self.segment is not None
        self.segment = shrunk(self.arenas, self.table, self.segment, numbers)
        self.table = self.table.removed(numbers)

    def contents(self) -> list[int]:
        assert self.segment is not None
        return self.segment.live_rows(self.table)[0].tolist()

    def listed(self) -> list[int]:
        """Return the live rows that FAISS finds in the segment's lists."""
        held = self.segment
        assert held is not None
        lists = [held.lists.numbers(), *(tail.lists.numbers() for tail in held.tails)]
        _, ids = self.arenas.rows.search(
            np.ones(6, np.float32),
            lists=np.concatenate(lists),
            limit=len(self.table) + 1,
            allowed=self.table.selector(),
        )
        return sorted(ids.tolist())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 150)), min_size=1, max_size=8))
def test_lists_hold_every_live_row_once(steps: list[tuple[bool, int]]) -> None:
    rng = np.random.default_rng(0)
    label, expected = Label(), set()
    for adds, count in [(True, 40), *steps]:
        if adds:
            expected |= set(range(len(label.table), len(label.table) + count))
            label.add(clustered(rng, count, 6))
        elif len(expected) > 1:
            gone = rng.permutation(sorted(expected))[: min(count, len(expected) - 1)]
            label.remove(gone)
            expected -= set(gone.tolist())
        assert label.segment.live == len(expected)
        assert label.contents() == label.listed() == sorted(expected)


def test_a_segment_is_the_same_however_its_rows_were_batched() -> None:
    vectors = clustered(np.random.default_rng(1), 3_000, 6)
    at_once, stepwise = Label(), Label()
    at_once.add(vectors)
    for start in range(0, 3_000, 250):
        stepwise.add(vectors[start : start + 250])
    first, second = at_once.segment, stepwise.segment
    assert first.cells.fine.tobytes() == second.cells.fine.tobytes()
    assert first.sizes.tolist() == second.sizes.tolist()
    assert first.numbers.tolist() == second.numbers.tolist()


def test_tails_are_few_lists_though_rows_come_one_by_one() -> None:
    vectors = clustered(np.random.default_rng(1), 5_200, 6)
    label = Label()
    label.add(vectors[:5_100])
    for number in range(5_100, 5_200):
        label.add(vectors[number : number + 1])
        assert len(label.segment.tails) <= 10
    assert label.segment.live == 5_200


def test_the_error_bounds_how_far_a_code_lies_from_its_row() -> None:
    label = Label()
    vectors = clustered(np.random.default_rng(1), 400, 6)
    label.add(vectors)
    query = clustered(np.random.default_rng(2), 1, 6)[0]
    scores, ids = label.arenas.rows.search(query, lists=label.segment.lists.numbers(), limit=400)
    error = label.segment.error
    rounded = label.arenas.codec.asked(query).error * (1 + error)
    assert np.abs(scores - vectors[ids] @ query).max() <= error + rounded + 1e-6


def test_ids_of_ranking_name_segment_and_cell() -> None:
    label = Label()
    label.add(clustered(np.random.default_rng(2), 500, 6))
    held = label.segment
    _, ids = label.arenas.ranking.search(
        np.ones(6, np.float32), lists=held.fine.numbers(), limit=600
    )
    segments, cells = split_ids(ids)
    assert set(segments.tolist()) == {5}
    assert sorted(cells.tolist()) == list(range(len(held.cells.fine)))
