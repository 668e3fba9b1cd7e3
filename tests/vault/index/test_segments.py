"""One label's segment holds exactly its live rows, wherever they lie."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.index.reference import clustered
from vault.index.codec import FlatCodec
from vault.index.segments import LabelSegment, grown, shrunk, split_cell_ids

CODEC = FlatCodec(6)


def contents(segment: LabelSegment) -> tuple[list[int], bytes]:
    rows = segment.live_rows()
    return rows.numbers.tolist(), rows.vectors.tobytes()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 150)), min_size=1, max_size=8))
def test_rows_come_back_unchanged_in_order(steps: list[tuple[bool, int]]) -> None:
    rng = np.random.default_rng(0)
    segment, expected, following = None, {}, 0
    for adds, count in [(True, 40), *steps]:
        if adds or segment is None:
            numbers = np.arange(following, following + count)
            vectors = clustered(rng, count, 6)
            segment = grown(CODEC, segment, 5, numbers, vectors)
            expected |= dict(zip(numbers.tolist(), vectors, strict=True))
            following += count
        elif len(expected) > 1:
            gone = rng.permutation(list(expected))[: min(count, len(expected) - 1)]
            segment = shrunk(CODEC, segment, gone)
            expected = {n: v for n, v in expected.items() if n not in set(gone.tolist())}
        assert segment.live == len(expected)
        inside = segment.live_rows().cells
        assert np.bincount(inside[inside >= 0], minlength=len(segment.live_sizes)).tolist() == (
            segment.live_sizes.tolist()
        )
    numbers, vectors = contents(segment)
    assert numbers == sorted(expected)
    assert vectors == b"".join(expected[number].tobytes() for number in sorted(expected))


def test_a_segment_is_the_same_however_its_rows_were_batched() -> None:
    vectors = clustered(np.random.default_rng(1), 3_000, 6)
    at_once = grown(CODEC, None, 5, np.arange(3_000), vectors)
    stepwise = None
    for start in range(0, 3_000, 250):
        numbers = np.arange(start, start + 250)
        stepwise = grown(CODEC, stepwise, 5, numbers, vectors[numbers])
    assert contents(at_once) == contents(stepwise)
    assert at_once.cells.fine.tobytes() == stepwise.cells.fine.tobytes()
    assert at_once.live_sizes.tolist() == stepwise.live_sizes.tolist()


def test_tails_are_few_blocks_though_rows_come_one_by_one() -> None:
    vectors = clustered(np.random.default_rng(1), 5_200, 6)
    segment = grown(CODEC, None, 5, np.arange(5_100), vectors[:5_100])
    for number in range(5_100, 5_200):
        segment = grown(CODEC, segment, 5, np.array([number]), vectors[number : number + 1])
        assert len(segment.tails) <= 10
    assert segment.live == 5_200


def test_cell_ids_name_label_and_cell() -> None:
    segment = grown(
        CODEC, None, 2**31 - 1, np.arange(500), clustered(np.random.default_rng(2), 500, 6)
    )
    labels, cells = split_cell_ids(segment.ranking.ids)
    assert set(labels.tolist()) == {2**31 - 1}
    assert sorted(cells.tolist()) == list(range(len(segment.cells.fine)))
