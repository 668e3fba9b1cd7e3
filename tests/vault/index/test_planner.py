"""The plan counts visible rows first, and reads more of them the more there are."""

from itertools import pairwise

from vault.index.planner import Effort


def test_the_budget_grows_slower_than_what_is_visible() -> None:
    effort = Effort()
    budgets = [effort.budget(rows) for rows in (8_001, 80_000, 800_000, 8_000_000)]
    assert budgets[0] == effort.least_rows
    assert effort.exact_rows >= budgets[0]
    assert all(low < high < 2 * low for low, high in pairwise(budgets))


def test_a_union_reads_fewer_rows_than_its_labels_one_by_one() -> None:
    effort = Effort()
    for rows in (30_000, 100_000, 1_000_000):
        assert effort.budget(rows, by_union=True) < effort.budget(rows)
