"""Lists over the rows of one label, or of one union of labels; a function of those rows alone."""

from dataclasses import dataclass, replace

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.index.cells import ROWS_PER_CELL, Cells, train_cells
from vault.index.codec import ByteCodec
from vault.index.lists import ListArena, ListRange
from vault.index.table import RowTable
from vault.index.upkeep import Counters

_PLACE_BITS = 31


class Arenas:
    """Where all segments of an index keep their lists.

    Args:
        dimension: length of a row.

    Attributes:
        codec: form of the rows and of the centroids.
        rows: cells and tails.
        ranking: centroids of cells, by group, and centroids of groups, by segment.
    """

    def __init__(self, dimension: int) -> None:
        self.codec = ByteCodec(dimension)
        self.rows = ListArena(self.codec)
        self.ranking = ListArena(self.codec)


@dataclass(frozen=True, slots=True)
class Tail:
    """Rows of one segment that are newer than its last fold, in one list."""

    lists: ListRange
    numbers: NDArray[np.int64]
    error: float


@dataclass(frozen=True, slots=True)
class Segment:
    """Cells and tail of one label, or of one union.

    Attributes:
        ident: label id, or another number that no other segment of a plan has.
        cells: centroids, learned at the last training.
        lists: one list of rows per cell.
        numbers: (n,) int64, the rows in those lists, list after list; some may be dead.
        sizes: (c,) int64, rows of each of those lists.
        live_sizes: (c,) int64, those of them that are not dead.
        fine: one list of cell centroids per group.
        coarse: one list of all group centroids.
        tails: rows newer than the last fold.
        error: how far the furthest row lies from its code.
        counters: when to fold and train next.
    """

    ident: int
    cells: Cells
    lists: ListRange
    numbers: NDArray[np.int64]
    sizes: NDArray[np.int64]
    live_sizes: NDArray[np.int64]
    fine: ListRange
    coarse: ListRange
    tails: tuple[Tail, ...]
    error: float
    counters: Counters

    @property
    def live(self) -> int:
        """Rows a search may return."""
        return self.counters.live

    def all_numbers(self) -> NDArray[np.int64]:
        """Return the numbers of all rows in the lists, dead ones included."""
        return np.concatenate([self.numbers, *(tail.numbers for tail in self.tails)])

    def live_rows(self, table: RowTable) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows that are alive in ``table``, rising, and the cell of each.

        A row that waits in the tail has the cell -1.
        """
        numbers = self.all_numbers()
        cells = np.full(len(numbers), -1, np.int64)
        cells[: len(self.numbers)] = np.repeat(np.arange(len(self.sizes)), self.sizes)
        order = np.argsort(numbers)
        order = order[np.isin(numbers[order], table.live(numbers))]
        return numbers[order], cells[order]


def grown(
    arenas: Arenas,
    table: RowTable,
    segment: Segment | None,
    label_id: int,
    numbers: NDArray[np.int64],
) -> Segment:
    """Return the segment with these new rows, trained or folded as they made it due."""
    counters = segment.counters if segment else Counters()
    upkeep = counters.after_adding(len(numbers))
    trained, folded = upkeep.trained_after, upkeep.folded_after
    if segment is None or trained > 0:
        rows, _ = _joined(table, segment, numbers[:trained])
        segment = trained_segment(arenas, table, label_id, rows)
        numbers, folded = numbers[trained:], folded - trained
    if folded > 0:
        segment = _folded(arenas, table, segment, *_joined(table, segment, numbers[:folded]))
        numbers = numbers[folded:]
    if len(numbers):
        segment = with_tail(arenas, table, segment, numbers)
    return replace(segment, counters=upkeep.counters)


def shrunk(
    arenas: Arenas, table: RowTable, segment: Segment, numbers: NDArray[np.int64]
) -> Segment:
    """Return the segment without these rows of ``table``, removed in this order; some stay."""
    upkeep = segment.counters.after_removing(len(numbers))
    trained, folded = upkeep.trained_after, upkeep.folded_after
    if trained > 0:
        rows, _ = segment.live_rows(table.removed(numbers[:trained]))
        segment = trained_segment(arenas, table, segment.ident, rows)
    if folded > trained:
        left = segment.live_rows(table.removed(numbers[:folded]))
        segment = _folded(arenas, table, segment, *left)
    segment = marked(segment, numbers[max(0, trained, folded) :])
    return replace(segment, counters=upkeep.counters)


def marked(segment: Segment, numbers: NDArray[np.int64]) -> Segment:
    """Return the segment that counts these of its rows as dead."""
    if not len(numbers):
        return segment
    cells = np.repeat(np.arange(len(segment.sizes)), segment.sizes)
    gone = cells[np.isin(segment.numbers, numbers)]
    fewer = np.bincount(gone, minlength=len(segment.sizes))
    return replace(segment, live_sizes=segment.live_sizes - fewer)


def trained_segment(
    arenas: Arenas,
    table: RowTable,
    ident: int,
    numbers: NDArray[np.int64],
    rows_per_cell: int = ROWS_PER_CELL,
) -> Segment:
    """Return a segment whose cells are learned from exactly these rows."""
    cells, assignment = train_cells(table.vectors.values[numbers], rows_per_cell)
    live = Counters(trained=len(numbers), folded=len(numbers), live=len(numbers))
    return assemble(arenas, table, ident, cells, (numbers, assignment), live)


def assemble(
    arenas: Arenas,
    table: RowTable,
    ident: int,
    cells: Cells,
    rows: tuple[NDArray[np.int64], NDArray[np.int64]],
    counters: Counters,
) -> Segment:
    """Return the segment with these cells and rows, as ``Segment.live_rows`` describes them."""
    numbers, assignment = rows
    inside = assignment >= 0
    order = np.argsort(assignment[inside], kind="stable")
    held = numbers[inside][order]
    sizes = np.bincount(assignment[inside], minlength=len(cells.fine))
    codes, error = _encoded(arenas.codec, table, held)
    fine, coarse = _ranking(arenas, ident, cells)
    segment = Segment(
        ident=ident,
        cells=cells,
        lists=arenas.rows.store(codes, held, sizes),
        numbers=held,
        sizes=sizes,
        live_sizes=sizes,
        fine=fine,
        coarse=coarse,
        tails=(),
        error=error,
        counters=counters,
    )
    return segment if inside.all() else with_tail(arenas, table, segment, numbers[~inside])


def with_tail(
    arenas: Arenas, table: RowTable, segment: Segment, numbers: NDArray[np.int64]
) -> Segment:
    """Return the segment with these rows in its tail; small neighbouring lists are merged.

    Merging whatever is less than twice as long keeps the lists few and each row's
    copies logarithmic.
    """
    tails = list(segment.tails)
    while tails and len(tails[-1].numbers) < 2 * len(numbers):
        numbers = np.concatenate([tails.pop().numbers, numbers])
    codes, error = _encoded(arenas.codec, table, numbers)
    held = arenas.rows.store(codes, numbers, np.array([len(numbers)]))
    tails.append(Tail(held, numbers, error))
    return replace(segment, tails=tuple(tails), error=max(segment.error, error))


def split_ids(ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the segments, and the groups or cells in them, that ids found by ranking name."""
    return ids >> _PLACE_BITS, ids & ((1 << _PLACE_BITS) - 1)


def _ranking(arenas: Arenas, ident: int, cells: Cells) -> tuple[ListRange, ListRange]:
    """Return the lists of cell centroids and of group centroids."""
    # Ids in order of segment and place make ties fall alike wherever the lists lie.
    first, groups = ident << _PLACE_BITS, len(cells.coarse)
    fine = arenas.ranking.store(
        arenas.codec.encode(cells.fine),
        first + np.arange(len(cells.fine)),
        np.bincount(cells.groups, minlength=groups),
    )
    coarse = arenas.ranking.store(
        arenas.codec.encode(cells.coarse), first + np.arange(groups), np.array([groups])
    )
    return fine, coarse


def _encoded(
    codec: ByteCodec, table: RowTable, numbers: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], float]:
    rows = table.vectors.values[numbers]
    codes = codec.encode(rows)
    return codes, codec.error(rows, codes)


def _joined(
    table: RowTable, segment: Segment | None, numbers: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    outside = np.full(len(numbers), -1, np.int64)
    if segment is None:
        return numbers, outside
    held, cells = segment.live_rows(table)
    return np.concatenate([held, numbers]), np.concatenate([cells, outside])


def _folded(
    arenas: Arenas,
    table: RowTable,
    segment: Segment,
    numbers: NDArray[np.int64],
    cells: NDArray[np.int64],
) -> Segment:
    outside = cells < 0
    if outside.any():
        nearest = faiss.IndexFlatIP(table.vectors.values.shape[1])
        nearest.add(segment.cells.fine)
        rows = table.vectors.values[numbers[outside]]
        cells = cells.copy()
        cells[outside] = nearest.search(rows, 1)[1][:, 0]
    rows_and_cells = (numbers, cells)
    return assemble(arenas, table, segment.ident, segment.cells, rows_and_cells, segment.counters)
