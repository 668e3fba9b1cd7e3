"""When cells are rebuilt depends on the rows that came and went, not on how they were batched."""

from hypothesis import given
from hypothesis import strategies as st

from vault.index.upkeep import LARGEST_TAIL, Counters

batches = st.lists(st.integers(1, 400), min_size=1, max_size=8)


@given(batches)
def test_batches_of_additions_count_as_one(sizes: list[int]) -> None:
    stepwise, trained_at, taken = Counters(), 0, 0
    for size in sizes:
        step = stepwise.after_adding(size)
        if step.trained_after > 0:
            trained_at = taken + step.trained_after
        stepwise, taken = step.counters, taken + size
    at_once = Counters().after_adding(sum(sizes))
    assert at_once.counters == stepwise
    assert at_once.trained_after == trained_at


@given(st.integers(50, 2_000), batches)
def test_batches_of_removals_count_as_one(rows: int, sizes: list[int]) -> None:
    start = Counters().after_adding(rows + sum(sizes)).counters
    stepwise = start
    for size in sizes:
        stepwise = stepwise.after_removing(size).counters
    assert start.after_removing(sum(sizes)).counters == stepwise


@given(st.integers(1, 60_000))
def test_the_tail_stays_short(rows: int) -> None:
    counters = Counters().after_adding(rows).counters
    assert counters.live == rows
    assert counters.tail <= max(1, min(counters.folded // 32, LARGEST_TAIL))
    assert counters.added <= max(1, counters.trained // 2)


def test_removals_fold_and_in_the_end_train() -> None:
    start = Counters().after_adding(1_000).counters
    few = start.after_removing(20)
    assert (few.trained_after, few.folded_after) == (-1, -1)
    assert start.after_removing(300).folded_after > 0
    assert start.after_removing(900).trained_after > 0
