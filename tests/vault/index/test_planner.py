"""The plan counts visible rows first, and reads more of them the more there are."""

from itertools import pairwise

from vault.index.planner import Effort


def test_the_budget_grows_slower_than_what_is_visible() -> None:
    effort = Effort()
    budgets = [effort.budget(rows) for rows in (8_001, 80_000, 800_000, 8_000_000)]
    assert budgets[0] == 8_000
    assert all(low < high < 2 * low for low, high in pairwise(budgets))
