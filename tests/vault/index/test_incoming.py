"""Rows are taken in the right form or not at all."""

import numpy as np
import pytest

from tests.vault.index.reference import clustered, rows_of
from vault.domain.errors import InvalidRequestError


def test_good_rows_come_back_as_contiguous_arrays_of_the_right_type() -> None:
    vectors = np.asfortranarray(clustered(np.random.default_rng(0), 3, 8))
    rows = rows_of([3, 1, 2], [0, 0, 2**31 - 1], vectors).checked(8)
    assert rows.vectors.flags.c_contiguous
    assert (rows.chunk_ids.dtype, rows.vectors.dtype) == (np.int64, np.float32)
    assert rows.chunk_ids.tolist() == [3, 1, 2]


@pytest.mark.parametrize("label", [-1, 2**31])
def test_labels_out_of_range_are_refused(label: int) -> None:
    with pytest.raises(InvalidRequestError):
        rows_of([1], [label], clustered(np.random.default_rng(0), 1, 8)).checked(8)


def test_another_dimension_is_refused() -> None:
    with pytest.raises(InvalidRequestError):
        rows_of([1], [1], clustered(np.random.default_rng(0), 1, 8)).checked(9)
