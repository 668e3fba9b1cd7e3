"""Which lists one reader's query opens, decided from the reader's own labels alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.index.lists import ListStack
from vault.index.segments import LabelSegment, split_cell_ids

GROUP_FACTOR = 4
"""Rows in the groups whose cells are ranked, as a multiple of the budget."""
_CELL_SURPLUS = 1.5
_ROWS_PER_CELL = 24


@dataclass(frozen=True, slots=True)
class Effort:
    """How many visible rows a query reads.

    Attributes:
        exact_rows: up to this many visible rows, all of them.
        least_rows: above that, this many when there are just more; then the budget grows.
        growth: power of the number of visible rows with which it grows.
    """

    exact_rows: int = 8_000
    least_rows: int = 8_000
    growth: float = 0.25

    def budget(self, visible_rows: int) -> int:
        """Return how many visible rows a query reads when it does not read all of them."""
        return int(self.least_rows * max(1.0, visible_rows / self.exact_rows) ** self.growth)


USUAL_EFFORT = Effort()
"""Recall of 0.99 and more on real embeddings, at every visible share."""


@dataclass(frozen=True, slots=True)
class Probing:
    """What ranks the cells of a VisibleSet that is too large to read whole.

    Attributes:
        labels: (l,) int64, rising.
        first_lists: (l,) number in the row stack of each label's first cell.
        coarse: (g, d) float32, centroids of the groups of all visible labels.
        group_lists: (g,) number of each group in the ranking stack.
        group_rows: (g,) live rows of each group.
        group_cells: (g,) cells of each group.
        cell_rows: live rows of each list of the row stack; zero unless visible.
        tails: lists that are always read.
    """

    labels: NDArray[np.int64]
    first_lists: NDArray[np.int64]
    coarse: NDArray[np.float32]
    group_lists: NDArray[np.int64]
    group_rows: NDArray[np.int64]
    group_cells: NDArray[np.int64]
    cell_rows: NDArray[np.int64]
    tails: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the segments of one version lie in the two stacks.

    Attributes:
        rows: cells and tails of all labels.
        ranking: centroids of those cells.
        cells_at: label to the number in ``rows`` of its first cell.
        tails_at: label to the numbers in ``rows`` of its tails.
        groups_at: label to the number in ``ranking`` of its first group.
    """

    rows: ListStack
    ranking: ListStack
    cells_at: dict[int, int]
    tails_at: dict[int, list[int]]
    groups_at: dict[int, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """How queries under one VisibleSet run against one version of the index.

    Attributes:
        visible_rows: V, known before any vector is read.
        lists: all visible lists, when V is small enough to read them all.
        probing: otherwise, what chooses among them.
        dead: selector of removed rows in visible lists, if there are any.
    """

    visible_rows: int
    lists: NDArray[np.int64]
    probing: Probing | None
    dead: faiss.IDSelector | None


def make_plan(layout: Layout, segments: Sequence[LabelSegment], effort: Effort) -> Plan:
    """Return the plan for a reader of exactly these segments, in order of label."""
    visible_rows = sum(segment.live for segment in segments)
    dead = [segment.dead for segment in segments if len(segment.dead)]
    selector = faiss.IDSelectorBatch(np.concatenate(dead)) if dead else None
    tails = [number for s in segments for number in layout.tails_at[s.label_id]]
    if visible_rows > effort.exact_rows:
        probing = _probing(layout, segments, np.array(tails, np.int64))
        return Plan(visible_rows, np.empty(0, np.int64), probing, selector)
    cells = [layout.cells_at[s.label_id] + np.flatnonzero(s.live_sizes) for s in segments]
    lists = np.concatenate([*cells, np.array(tails, np.int64)]).astype(np.int64)
    return Plan(visible_rows, lists, None, selector)


def _probing(layout: Layout, segments: Sequence[LabelSegment], tails: NDArray[np.int64]) -> Probing:
    first_lists = np.array([layout.cells_at[s.label_id] for s in segments], np.int64)
    cell_rows = np.zeros(int(max(first_lists + [len(s.live_sizes) for s in segments])), np.int64)
    group_lists, group_rows, group_cells = [], [], []
    for segment, first in zip(segments, first_lists, strict=True):
        cell_rows[first : first + len(segment.live_sizes)] = segment.live_sizes
        groups = len(segment.cells.coarse)
        group_lists.append(layout.groups_at[segment.label_id] + np.arange(groups))
        group_rows.append(
            np.bincount(segment.cells.groups, weights=segment.live_sizes, minlength=groups)
        )
        group_cells.append(segment.ranking.sizes)
    return Probing(
        labels=np.array([segment.label_id for segment in segments], np.int64),
        first_lists=first_lists,
        coarse=np.concatenate([segment.cells.coarse for segment in segments]),
        group_lists=np.concatenate(group_lists),
        group_rows=np.concatenate(group_rows).astype(np.int64),
        group_cells=np.concatenate(group_cells),
        cell_rows=cell_rows,
        tails=tails,
    )


def choose_lists(
    layout: Layout, probing: Probing, query: NDArray[np.float32], wanted: int
) -> NDArray[np.int64]:
    """Return the lists to read for ``query``: the nearest cells that hold ``wanted`` live rows."""
    order = np.argsort(-(probing.coarse @ query), kind="stable")
    groups = order[: _until(probing.group_rows[order], GROUP_FACTOR * wanted)]
    groups = groups[probing.group_rows[groups] > 0]
    cells = int(probing.group_cells[groups].sum())
    enough = int(_CELL_SURPLUS * wanted / _ROWS_PER_CELL)
    lists = probing.group_lists[groups]
    _, ids = layout.ranking.search(query, lists=lists, limit=min(cells, enough))
    labels, inside = split_cell_ids(ids)
    numbers = probing.first_lists[np.searchsorted(probing.labels, labels)] + inside
    rows = probing.cell_rows[numbers]
    chosen = numbers[: _until(rows, wanted)]
    return np.concatenate([chosen[probing.cell_rows[chosen] > 0], probing.tails])


def _until(counts: NDArray[np.int64], wanted: int) -> int:
    """Return how many of ``counts`` from the front add up to ``wanted``, or all of them."""
    return int(np.searchsorted(np.cumsum(counts), wanted)) + 1
