"""Unions of labels as plain arrays, beside the rows they are made of."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vault.index.arrays import Arrays, require, within
from vault.index.cells import Cells
from vault.index.segments import Arenas, assemble
from vault.index.table import RowTable
from vault.index.unions import IDENT, Union
from vault.index.upkeep import Counters

COLUMNS = ("rows", "cells", "groups", "labels", "others", "trained", "tail", "dead")
UNION_TYPES = {
    "unions": ("<i8", 2),
    "union_labels": ("<i8", 1),
    "union_others": ("<i8", 1),
    "union_rows": ("<i8", 1),
    "union_row_cells": ("<i8", 1),
    "union_fine": ("<f4", 2),
    "union_fine_groups": ("<i8", 1),
    "union_coarse": ("<f4", 2),
}
"""Element type and number of axes of every array about unions."""


def union_arrays(
    unions: tuple[Union, ...], table: RowTable, numbers: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """Return the unions, whose rows are named by their positions in ``numbers``."""
    dimension = table.vectors.values.shape[1]
    renamed = np.full(len(table), -1, np.int64)
    renamed[numbers] = np.arange(len(numbers))
    rows = [_renamed(*union.segment.live_rows(table), renamed) for union in unions]
    cells = [union.segment.cells for union in unions]
    lines = [_line(union, len(held)) for union, (held, _) in zip(unions, rows, strict=True)]
    return {
        "unions": np.array(lines, np.int64).reshape(-1, len(COLUMNS)),
        "union_labels": _integers([sorted(union.labels) for union in unions]),
        "union_others": _integers([sorted(union.others) for union in unions]),
        "union_rows": _integers([held for held, _ in rows]),
        "union_row_cells": _integers([inside for _, inside in rows]),
        "union_fine": _centroids([part.fine for part in cells], dimension),
        "union_fine_groups": _integers([part.groups for part in cells]),
        "union_coarse": _centroids([part.coarse for part in cells], dimension),
    }


def unions_of(arrays: Arrays, arenas: Arenas, table: RowTable) -> tuple[Union, ...]:
    """Return the unions that ``union_arrays`` described.

    Raises:
        ArchiveError: the arrays do not fit together or with ``table``.
    """
    described = arrays["unions"]
    _check(arrays, len(table))
    ends = np.cumsum(described, axis=0)
    unions = []
    for line, end in zip(described, ends, strict=True):
        rows, cells, groups, labels, others = (
            slice(last - count, last) for count, last in zip(line[:5], end[:5], strict=True)
        )
        trained, tail, dead = line[5:].tolist()
        segment = assemble(
            arenas,
            table,
            IDENT,
            Cells(
                arrays["union_coarse"][groups],
                arrays["union_fine"][cells],
                arrays["union_fine_groups"][cells],
            ),
            (arrays["union_rows"][rows], arrays["union_row_cells"][rows]),
            Counters(trained, folded=trained, live=trained),
        )
        held = frozenset(arrays["union_labels"][labels].tolist())
        missing = frozenset(arrays["union_others"][others].tolist())
        # A row of a label that the union's readers may not see must not get in.
        require(held.issuperset(table.label_ids.values[segment.all_numbers()].tolist()))
        unions.append(Union(held, missing, segment, tail, dead))
    return tuple(unions)


def _renamed(
    held: NDArray[np.int64], cells: NDArray[np.int64], names: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = np.argsort(names[held])
    return names[held][order], cells[order]


def _line(union: Union, rows: int) -> tuple[int, ...]:
    segment = union.segment
    sizes = (rows, len(segment.cells.fine), len(segment.cells.coarse))
    known = (len(union.labels), len(union.others))
    return (*sizes, *known, segment.counters.live, union.tail, union.dead)


def _check(arrays: Arrays, rows: int) -> None:
    described = arrays["unions"]
    require(described.shape[1] == len(COLUMNS) and bool((described >= 0).all()))
    require(bool((described[:, :4] > 0).all()))
    totals = described.sum(axis=0).tolist()
    names = ("union_rows", "union_fine", "union_coarse", "union_labels", "union_others")
    require(all(len(arrays[name]) == total for name, total in zip(names, totals, strict=False)))
    require(len(arrays["union_row_cells"]) == totals[0])
    require(len(arrays["union_fine_groups"]) == totals[1])
    require(within(arrays["union_rows"], 0, rows))
    # A number outside its union's range would make FAISS write where it must not.
    limits = np.repeat(described[:, 1], described[:, 0])
    cells = arrays["union_row_cells"]
    require(bool(((cells >= -1) & (cells < limits)).all()))
    limits = np.repeat(described[:, 2], described[:, 1])
    groups = arrays["union_fine_groups"]
    require(bool(((groups >= 0) & (groups < limits)).all()))


def _integers(parts: list[Any]) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *(np.array(p, np.int64) for p in parts)])


def _centroids(parts: list[NDArray[np.float32]], dimension: int) -> NDArray[np.float32]:
    return np.concatenate([np.empty((0, dimension), np.float32), *parts])
