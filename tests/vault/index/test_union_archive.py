"""Arrays about unions that do not fit together make no index."""

import numpy as np
import pytest

from tests.vault.index.test_unions import SEEN, World
from vault.index.acceleration import accelerate
from vault.index.archive import dense_arrays, dense_index
from vault.index.arrays import ArchiveError
from vault.index.union_archive import UNION_TYPES

DIMENSION = 16


@pytest.fixture(scope="module")
def arrays() -> dict:
    world = World(hidden=200)
    world.ask(SEEN)
    assert accelerate(world.index) == 1
    return dense_arrays(world.index.snapshot().dense)


def test_every_array_has_its_declared_form(arrays: dict) -> None:
    for name, (kind, axes) in UNION_TYPES.items():
        assert (arrays[name].dtype, arrays[name].ndim) == (np.dtype(kind), axes)


def test_a_union_comes_back_as_it_was(arrays: dict) -> None:
    again = dense_arrays(dense_index(arrays, DIMENSION))
    assert all((again[name] == arrays[name]).all() for name in UNION_TYPES)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        pytest.param("unions", lambda a: a[:, :-1], id="a column is missing"),
        pytest.param("unions", lambda a: -a, id="negative"),
        pytest.param("unions", lambda a: np.repeat(a, 2, 0), id="one too many"),
        pytest.param("union_labels", lambda a: a[:-1], id="a label is missing"),
        pytest.param("union_labels", lambda a: a + 1, id="other labels"),
        pytest.param("union_others", lambda a: a[:-1], id="an other label is missing"),
        pytest.param("union_rows", lambda a: a + 10**6, id="rows beyond the end"),
        pytest.param("union_rows", lambda a: a - 10**6, id="rows before the start"),
        pytest.param("union_rows", lambda a: a[::-1] + 200, id="a forbidden row"),
        pytest.param("union_row_cells", lambda a: a + 10**6, id="cells beyond the end"),
        pytest.param("union_row_cells", lambda a: a - 5, id="cells before the start"),
        pytest.param("union_fine", lambda a: a[:-1], id="a cell is missing"),
        pytest.param("union_fine_groups", lambda a: a + 99, id="groups beyond the end"),
        pytest.param("union_coarse", lambda a: a[:-1], id="a group is missing"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(arrays: dict, name: str, spoil) -> None:
    with pytest.raises(ArchiveError):
        dense_index(arrays | {name: spoil(arrays[name])}, DIMENSION)
