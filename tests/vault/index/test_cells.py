"""Cells are fine, grouped, and a function of the rows alone."""

import numpy as np
import pytest

from tests.vault.index.reference import clustered
from vault.index.cells import ROWS_PER_CELL, train_cells


@pytest.mark.parametrize("count", [1, 2, 30, 100, 2_000, 8_000])
def test_every_row_has_a_cell_and_every_cell_a_group(count: int) -> None:
    rows = clustered(np.random.default_rng(0), count, 12)
    cells, assignment = train_cells(rows)
    expected = max(1, round(count / ROWS_PER_CELL))
    assert 0.8 * expected <= len(cells.fine) <= 1.2 * expected
    assert assignment.min() >= 0
    assert assignment.max() < len(cells.fine)
    assert (np.diff(cells.groups) >= 0).all()
    assert cells.groups.max() < len(cells.coarse)
    for centroids in (cells.fine, cells.coarse):
        assert np.linalg.norm(centroids, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("count", [700, 7_000])
def test_the_same_rows_give_the_same_cells(count: int) -> None:
    rows = clustered(np.random.default_rng(0), count, 12)
    first, second = train_cells(rows), train_cells(rows.copy())
    assert first[0].fine.tobytes() == second[0].fine.tobytes()
    assert first[1].tolist() == second[1].tolist()


def test_rows_that_are_all_alike_still_have_cells() -> None:
    rows = np.repeat(clustered(np.random.default_rng(0), 1, 12), 300, 0)
    cells, assignment = train_cells(rows)
    assert np.isfinite(cells.fine).all()
    assert len(assignment) == 300
