"""Everything the dense index holds for one label; a function of that label's own history."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.index.cells import Cells, train_cells
from vault.index.codec import FlatCodec
from vault.index.lists import ListBlock
from vault.index.upkeep import Counters

_CELL_BITS = 32
_NO_ROWS = np.empty(0, np.int64)


class SegmentRows(NamedTuple):
    """Rows of one label, in the order they were added.

    Attributes:
        numbers: (n,) int64, rising.
        vectors: (n, d) float32.
        cells: (n,) int64, the cell of each row, or -1 while it waits in the tail.
    """

    numbers: NDArray[np.int64]
    vectors: NDArray[np.float32]
    cells: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LabelSegment:
    """Cells, tail and dead rows of one label.

    Attributes:
        cells: centroids, learned at the last training.
        compiled: one list per cell.
        ranking: one list per group of cells, holding the cells' centroids.
        tails: blocks of one list each, rows newer than the last fold.
        dead: numbers of removed rows that still lie in the lists.
        live_sizes: (c,) int64, rows of each cell that are not dead.
        counters: when to fold and train next.
    """

    label_id: int
    cells: Cells
    compiled: ListBlock
    ranking: ListBlock
    tails: tuple[ListBlock, ...]
    dead: NDArray[np.int64]
    live_sizes: NDArray[np.int64]
    counters: Counters

    @property
    def live(self) -> int:
        """Rows a search may return."""
        return self.counters.live

    def numbers(self) -> NDArray[np.int64]:
        """Return the numbers of all rows in the lists, dead ones included."""
        return np.concatenate([block.ids for block in (self.compiled, *self.tails)])

    def live_rows(self) -> SegmentRows:
        """Return the rows that are not dead."""
        numbers = self.numbers()
        vectors = np.concatenate([block.rows() for block in (self.compiled, *self.tails)])
        cells = np.full(len(numbers), -1, np.int64)
        cells[: len(self.compiled.ids)] = self.compiled.assignment()
        order = np.argsort(numbers)
        order = order[~np.isin(numbers[order], self.dead)]
        return SegmentRows(numbers[order], vectors[order], cells[order])


def grown(
    codec: FlatCodec,
    segment: LabelSegment | None,
    label_id: int,
    numbers: NDArray[np.int64],
    vectors: NDArray[np.float32],
) -> LabelSegment:
    """Return the segment with these rows added, trained or folded as they made it due."""
    counters = segment.counters if segment else Counters()
    upkeep = counters.after_adding(len(numbers))
    trained, folded = upkeep.trained_after, upkeep.folded_after
    if segment is None or trained > 0:
        segment = _trained(codec, label_id, _joined(segment, numbers[:trained], vectors[:trained]))
        numbers, vectors, folded = numbers[trained:], vectors[trained:], folded - trained
    if folded > 0:
        segment = _folded(codec, segment, _joined(segment, numbers[:folded], vectors[:folded]))
        numbers, vectors = numbers[folded:], vectors[folded:]
    if len(numbers):
        segment = replace(segment, tails=_with_tail(codec, segment.tails, numbers, vectors))
    return replace(segment, counters=upkeep.counters)


def shrunk(codec: FlatCodec, segment: LabelSegment, numbers: NDArray[np.int64]) -> LabelSegment:
    """Return the segment without these live rows, in this order of removal, some of which stay."""
    upkeep = segment.counters.after_removing(len(numbers))
    trained, folded = upkeep.trained_after, upkeep.folded_after
    if trained > 0:
        rows = _marked(segment, numbers[:trained]).live_rows()
        segment = _trained(codec, segment.label_id, rows)
    if folded > trained:
        segment = _marked(segment, numbers[max(0, trained) : folded])
        segment = _folded(codec, segment, segment.live_rows())
    segment = _marked(segment, numbers[max(0, trained, folded) :])
    return replace(segment, counters=upkeep.counters)


def assemble(
    codec: FlatCodec, label_id: int, cells: Cells, rows: SegmentRows, counters: Counters
) -> LabelSegment:
    """Return the segment with these cells and live rows; rows without a cell become the tail."""
    inside = rows.cells >= 0
    compiled = ListBlock(
        codec,
        rows.vectors[inside],
        ids=rows.numbers[inside],
        assignment=rows.cells[inside],
        lists=len(cells.fine),
    )
    ranking = ListBlock(
        FlatCodec(codec.dimension),
        cells.fine,
        ids=(label_id << _CELL_BITS) + np.arange(len(cells.fine), dtype=np.int64),
        assignment=cells.groups,
        lists=len(cells.coarse),
    )
    tails: tuple[ListBlock, ...] = ()
    if not inside.all():
        tails = _with_tail(codec, (), rows.numbers[~inside], rows.vectors[~inside])
    return LabelSegment(
        label_id, cells, compiled, ranking, tails, _NO_ROWS, compiled.sizes, counters
    )


def split_cell_ids(ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the labels and the cells that ids found in ``LabelSegment.ranking`` name."""
    return ids >> _CELL_BITS, ids & ((1 << _CELL_BITS) - 1)


def _joined(
    segment: LabelSegment | None, numbers: NDArray[np.int64], vectors: NDArray[np.float32]
) -> SegmentRows:
    outside = np.full(len(numbers), -1, np.int64)
    if segment is None:
        return SegmentRows(numbers, vectors, outside)
    old = segment.live_rows()
    return SegmentRows(
        np.concatenate([old.numbers, numbers]),
        np.concatenate([old.vectors, vectors]),
        np.concatenate([old.cells, outside]),
    )


def _trained(codec: FlatCodec, label_id: int, rows: SegmentRows) -> LabelSegment:
    cells, assignment = train_cells(rows.vectors)
    return assemble(codec, label_id, cells, rows._replace(cells=assignment), Counters())


def _folded(codec: FlatCodec, segment: LabelSegment, rows: SegmentRows) -> LabelSegment:
    outside = rows.cells < 0
    cells = rows.cells.copy()
    if outside.any():
        nearest = faiss.IndexFlatIP(codec.dimension)
        nearest.add(segment.cells.fine)
        cells[outside] = nearest.search(np.ascontiguousarray(rows.vectors[outside]), 1)[1][:, 0]
    rows = rows._replace(cells=cells)
    return assemble(codec, segment.label_id, segment.cells, rows, segment.counters)


def _marked(segment: LabelSegment, numbers: NDArray[np.int64]) -> LabelSegment:
    """Return the segment with these rows dead."""
    if not len(numbers):
        return segment
    cells = segment.compiled.assignment()[np.isin(segment.compiled.ids, numbers)]
    gone = np.bincount(cells, minlength=len(segment.live_sizes))
    return replace(
        segment,
        dead=np.concatenate([segment.dead, numbers]),
        live_sizes=segment.live_sizes - gone,
    )


def _with_tail(
    codec: FlatCodec,
    tails: tuple[ListBlock, ...],
    numbers: NDArray[np.int64],
    vectors: NDArray[np.float32],
) -> tuple[ListBlock, ...]:
    """Return the blocks with these rows behind them; small neighbours are merged.

    Merging whatever is less than twice as long keeps the blocks few and each row's
    copies logarithmic.
    """
    blocks = list(tails)
    while blocks and len(blocks[-1].ids) < 2 * len(numbers):
        last = blocks.pop()
        numbers = np.concatenate([last.ids, numbers])
        vectors = np.concatenate([last.rows(), vectors])
    one_list = np.zeros(len(numbers), np.int64)
    blocks.append(ListBlock(codec, vectors, ids=numbers, assignment=one_list, lists=1))
    return tuple(blocks)
