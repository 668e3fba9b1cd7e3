"""Dense arrays that do not fit together make no index."""

import numpy as np
import pytest

from tests.vault.index.reference import clustered, rows_of
from vault.index.archive import DENSE_TYPES, dense_arrays, dense_index
from vault.index.arrays import ArchiveError
from vault.index.index import VaultIndex


def arrays() -> dict:
    index = VaultIndex(6, "model")
    vectors = clustered(np.random.default_rng(0), 120, 6)
    index.add(rows_of(range(120), np.arange(120) % 3, vectors))
    return dense_arrays(index.snapshot().dense)


def test_every_array_has_its_declared_form() -> None:
    for name, values in arrays().items():
        kind, axes = DENSE_TYPES[name]
        assert (values.dtype, values.ndim) == (np.dtype(kind), axes)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        pytest.param("row_cells", lambda a: a + 10**6, id="row_cells 1"),
        pytest.param("row_cells", lambda a: a - 5, id="row_cells 2"),
        pytest.param("row_cells", lambda a: a[:-1], id="row_cells 3"),
        pytest.param("row_chunks", lambda a: a[:-1], id="row_chunks 4"),
        pytest.param("vectors", lambda a: a[:-1], id="vectors 5"),
        pytest.param("vectors", lambda a: a[:, :-1], id="vectors 6"),
        pytest.param("segments", lambda a: a[:, :-1], id="segments 7"),
        pytest.param("segments", lambda a: a * [1, 2, 1, 1, 1, 1, 1, 1, 1, 1], id="segments 8"),
        pytest.param("segments", lambda a: -a, id="segments 9"),
        pytest.param("fine", lambda a: a[:-1], id="fine 10"),
        pytest.param("fine_groups", lambda a: a + 99, id="fine_groups 11"),
        pytest.param("coarse", lambda a: np.repeat(a, 2, 0), id="coarse 12"),
    ],
)
def test_dense_arrays_that_do_not_fit_are_refused(name: str, spoil) -> None:
    found = arrays()
    found[name] = spoil(found[name])
    with pytest.raises(ArchiveError):
        dense_index(found, 6)
