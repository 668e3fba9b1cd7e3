"""Cells of one label: where its rows lie, learned from its own rows alone, at two levels."""

from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

ROWS_PER_CELL = 24
"""Fine enough that cells of different labels rank fairly against each other."""
CELLS_PER_GROUP = 24
_FLAT_CELLS = 256
_ROUNDS = 4
_SEED = 1


@dataclass(frozen=True, slots=True)
class Cells:
    """Centroids of one label's rows, grouped under coarser centroids.

    Attributes:
        coarse: (g, d) float32, unit-norm centroid of each group of cells.
        fine: (c, d) float32, unit-norm centroid of each cell.
        groups: (c,) int64, the group of each cell; never falls.
    """

    coarse: NDArray[np.float32]
    fine: NDArray[np.float32]
    groups: NDArray[np.int64]


def train_cells(
    rows: NDArray[np.float32], rows_per_cell: int = ROWS_PER_CELL
) -> tuple[Cells, NDArray[np.int64]]:
    """Return cells of about ``rows_per_cell`` rows and the cell of each row.

    The result depends on ``rows`` and nothing else: the seed is a constant.

    Args:
        rows: (n, d) float32, unit-norm, n at least 1.
        rows_per_cell: mean size of a cell.
    """
    count = max(1, round(len(rows) / rows_per_cell))
    if count <= _FLAT_CELLS:
        fine, assignment = _cluster(rows, count)
        coarse, groups = _cluster(fine, max(1, count // CELLS_PER_GROUP))
    else:
        coarse, row_groups = _cluster(rows, count // CELLS_PER_GROUP)
        fine, assignment, groups = _cluster_within(rows, row_groups, rows_per_cell)
    order = np.argsort(groups, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return Cells(coarse, np.ascontiguousarray(fine[order]), groups[order]), rank[assignment]


def _cluster_within(
    rows: NDArray[np.float32], row_groups: NDArray[np.int64], rows_per_cell: int
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Return cells found inside each group of rows, the cell of each row, the cells' groups."""
    fine: list[NDArray[np.float32]] = []
    groups: list[NDArray[np.int64]] = []
    assignment = np.empty(len(rows), np.int64)
    total = 0
    order = np.argsort(row_groups, kind="stable")
    edges = np.flatnonzero(np.diff(row_groups[order])) + 1
    for members in np.split(order, edges):
        part, inside = _cluster(rows[members], max(1, round(len(members) / rows_per_cell)))
        assignment[members] = total + inside
        fine.append(part)
        groups.append(np.full(len(part), row_groups[members[0]]))
        total += len(part)
    return np.concatenate(fine), assignment, np.concatenate(groups)


def _cluster(
    rows: NDArray[np.float32], count: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return ``count`` unit-norm centroids and the nearest one of each row."""
    if count == 1:
        return _unit(rows.mean(axis=0, keepdims=True)), np.zeros(len(rows), np.int64)
    kmeans = faiss.Kmeans(
        rows.shape[1],
        count,
        niter=_ROUNDS,
        spherical=True,
        seed=_SEED,
        min_points_per_centroid=1,
        max_points_per_centroid=2 * ROWS_PER_CELL,
    )
    kmeans.train(np.ascontiguousarray(rows))
    centroids = _unit(np.asarray(kmeans.centroids, np.float32).reshape(count, -1))
    _, nearest = kmeans.index.search(np.ascontiguousarray(rows), 1)
    return centroids, nearest[:, 0].astype(np.int64)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.ascontiguousarray(rows / np.maximum(norms, 1e-12), np.float32)
