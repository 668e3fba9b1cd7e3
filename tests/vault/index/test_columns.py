"""Columns grow without moving under their readers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vault.index.columns import Column


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=12))
def test_every_version_keeps_its_values(steps: list[tuple[int, int]]) -> None:
    """Each step grows any earlier version, so branches must not overwrite each other."""
    versions = [(Column(np.empty(0, np.int64)), [])]
    for parent, count in steps:
        column, values = versions[parent % len(versions)]
        fresh = list(range(len(versions) * 100, len(versions) * 100 + count))
        versions.append((column.appended(np.array(fresh, np.int64)), values + fresh))
    for column, values in versions:
        assert column.values.tolist() == values
        assert len(column) == len(values)


def test_replacing_makes_a_copy() -> None:
    column = Column(np.array([1, 2, 3]))
    assert column.replaced(np.array([0, 2]), value=9).values.tolist() == [9, 2, 9]
    assert column.values.tolist() == [1, 2, 3]
