"""The best of a list is exact, ties included."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vault.index.ranked import best, nothing

scored = st.dictionaries(st.integers(0, 500), st.integers(0, 6), max_size=120)


@given(scored, st.integers(1, 20))
def test_best_is_the_head_of_the_sorted_list(scores: dict[int, int], limit: int) -> None:
    ids = np.array(list(scores), np.int64)
    found = best(ids, np.array(list(scores.values()), np.float32), limit)
    expected = sorted(scores, key=lambda chunk: (-scores[chunk], chunk))[:limit]
    assert found.chunk_ids.tolist() == expected


def test_nothing_has_no_chunks() -> None:
    assert len(nothing().chunk_ids) == len(nothing().scores) == 0
