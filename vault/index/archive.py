"""The dense half as plain arrays: what a generation stores, and what compaction rebuilds from."""

from dataclasses import asdict, astuple
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vault.index.arrays import Arrays, require
from vault.index.cells import Cells
from vault.index.counts import LiveCounts
from vault.index.dense import DenseIndex
from vault.index.planner import USUAL_EFFORT, Effort
from vault.index.segments import Arenas, Segment, assemble
from vault.index.table import RowTable
from vault.index.union_archive import UNION_TYPES, union_arrays, unions_of
from vault.index.upkeep import Counters

COUNTERS = tuple(asdict(Counters()))
SEGMENT_COLUMNS = ("label_id", "rows", "cells", "groups", *COUNTERS)
DENSE_TYPES = {
    "vectors": ("<f4", 2),
    "row_chunks": ("<i8", 1),
    "row_cells": ("<i8", 1),
    "segments": ("<i8", 2),
    "fine": ("<f4", 2),
    "fine_groups": ("<i8", 1),
    "coarse": ("<f4", 2),
    **UNION_TYPES,
}
"""Element type and number of axes of every array of the dense half."""


def dense_arrays(index: DenseIndex) -> dict[str, NDArray[Any]]:
    """Return the live rows with their cells, label after label, oldest first within each."""
    ordered = [index.segments[label_id] for label_id in sorted(index.segments)]
    rows = [segment.live_rows(index.table) for segment in ordered]
    width = (0, index.dimension)
    numbers = _joined([numbers for numbers, _ in rows], np.empty(0, np.int64))
    return {
        "vectors": index.table.vectors.values[numbers],
        "row_chunks": index.table.chunk_ids.values[numbers],
        "row_cells": _joined([cells for _, cells in rows], np.empty(0, np.int64)),
        "segments": np.array([_segment_row(segment) for segment in ordered], np.int64).reshape(
            -1, len(SEGMENT_COLUMNS)
        ),
        "fine": _joined([s.cells.fine for s in ordered], np.empty(width, np.float32)),
        "fine_groups": _joined([s.cells.groups for s in ordered], np.empty(0, np.int64)),
        "coarse": _joined([s.cells.coarse for s in ordered], np.empty(width, np.float32)),
        **union_arrays(index.unions, index.table, numbers),
    }


def dense_index(arrays: Arrays, dimension: int, *, effort: Effort = USUAL_EFFORT) -> DenseIndex:
    """Return the index that ``dense_arrays`` described, behaving exactly as that one.

    Raises:
        ArchiveError: the arrays do not fit together.
    """
    described = arrays["segments"]
    _check_dense(arrays, dimension)
    label_ids = np.repeat(described[:, 0], described[:, 1])
    arenas = Arenas(dimension)
    table = RowTable.of(arrays["row_chunks"], label_ids, arrays["vectors"])
    segments: dict[int, Segment] = {}
    row = cell = group = 0
    for entry in described.tolist():
        label_id, rows, cells, groups, *counts = entry
        inner = slice(cell, cell + cells)
        segments[label_id] = assemble(
            arenas,
            table,
            label_id,
            Cells(
                arrays["coarse"][group : group + groups],
                arrays["fine"][inner],
                arrays["fine_groups"][inner],
            ),
            (np.arange(row, row + rows), arrays["row_cells"][row : row + rows]),
            Counters(*counts),
        )
        row, cell, group = row + rows, cell + cells, group + groups
    unions = unions_of(arrays, arenas, table)
    held = [*segments.values(), *(union.segment for union in unions)]
    counts = LiveCounts.none().updated(arenas, held)
    return DenseIndex(arenas, table, segments, counts, unions, effort=effort)


def _segment_row(segment: Segment) -> tuple[int, ...]:
    cells = segment.cells
    sizes = (segment.live, len(cells.fine), len(cells.coarse))
    return (segment.ident, *sizes, *astuple(segment.counters))


def _check_dense(arrays: Arrays, dimension: int) -> None:
    table = arrays["segments"]
    require(table.shape[1] == len(SEGMENT_COLUMNS) and bool((table[:, 1:4] > 0).all()))
    rows, cells, groups = (int(total) for total in table[:, 1:4].sum(axis=0))
    require(len(arrays["vectors"]) == len(arrays["row_chunks"]) == len(arrays["row_cells"]) == rows)
    require(len(arrays["fine"]) == len(arrays["fine_groups"]) == cells)
    require(len(arrays["coarse"]) == groups)
    require(all(arrays[name].shape[1] == dimension for name in ("vectors", "fine", "coarse")))
    # A number outside its label's range would make FAISS write where it must not.
    limits = np.repeat(table[:, 2], table[:, 1])
    require(bool(((arrays["row_cells"] >= -1) & (arrays["row_cells"] < limits)).all()))
    limits = np.repeat(table[:, 3], table[:, 2])
    require(bool(((arrays["fine_groups"] >= 0) & (arrays["fine_groups"] < limits)).all()))


def _joined(parts: list[NDArray[Any]], empty: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else empty
