"""Doubt about arrays from a file."""

import numpy as np
import pytest

from vault.index.arrays import ArchiveError, require, within


def test_what_does_not_hold_is_refused() -> None:
    require(True)
    with pytest.raises(ArchiveError):
        require(False)


def test_the_upper_limit_is_outside() -> None:
    assert within(np.array([0, 4]), 0, 5)
    assert not within(np.array([0, 5]), 0, 5)
    assert not within(np.array([-1, 4]), 0, 5)
    assert within(np.array([], np.int64), 0, 0)
