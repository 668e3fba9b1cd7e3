"""Which lists one reader's query opens, decided from the reader's own labels alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.counts import LiveCounts
from vault.index.segments import Arenas, Segment, split_ids

_GROUP_FACTOR = 8
"""Rows in the groups whose cells are ranked, as a multiple of the budget."""
_AT_LEAST = 8
_SURPLUS = 1.5
"""How many more groups and cells are ranked than the budget would fill on average."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How many visible rows a query reads.

    Attributes:
        exact_rows: up to this many visible rows, all of them.
        least_rows: above that, this many when there are just more; then the budget grows.
        growth: power of the number of visible rows with which it grows.
        union_rows: the same budget where a union of labels serves, before growth.
        union_growth: its power; cells made for exactly these rows are better with more of them.
        union_from: visible rows from which on a union is worth its memory.
        direct_rows: up to this many visible rows, all of them without a look at their codes.
    """

    exact_rows: int = 8_000
    least_rows: int = 5_500
    growth: float = 0.3
    union_rows: int = 5_000
    union_growth: float = 0.12
    union_from: int = 30_000
    direct_rows: int = 3_000

    def budget(self, visible_rows: int, *, by_union: bool = False) -> int:
        """Return how many visible rows a query reads when it does not read all of them."""
        more = max(1.0, visible_rows / self.exact_rows)
        if by_union:
            return int(self.union_rows * more**self.union_growth)
        return int(self.least_rows * more**self.growth)


USUAL_EFFORT = Effort()
"""Recall of 0.99 and more on real embeddings, at every visible share."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How queries under one VisibleSet run against one version of the index.

    Attributes:
        seen: visible labels.
        visible_rows: V, known before any vector is read.
        by_union: whether a union of labels stands for most of them.
        idents: (s,) int64, rising, segments to rank: the union, and labels outside it.
        first_cells: (s,) number of the list of each segment's first cell.
        first_groups: (s,) number of the list that ranks the cells of its first group.
        coarse: (s,) numbers of the lists that rank their groups.
        groups: how many groups they have.
        tails: lists that are always read.
        lists: all visible lists, where so few rows are visible that all are read.
        rows: numbers of all visible rows, rising, where there are fewer still.
        error: what rounding may add to or take from a score, for a query of length 1.
    """

    seen: frozenset[int]
    visible_rows: int
    by_union: bool
    idents: NDArray[np.int64]
    first_cells: NDArray[np.int64]
    first_groups: NDArray[np.int64]
    coarse: NDArray[np.int64]
    groups: int
    tails: NDArray[np.int64]
    lists: NDArray[np.int64] | None
    error: float
    rows: NDArray[np.int64] | None = None


def make_plan(
    visible: VisibleSet,
    segments: Sequence[Segment],
    union: Segment | None = None,
    covered: frozenset[int] = frozenset(),
) -> Plan:
    """Return the plan for a reader of exactly these labels' segments, in order of label.

    Args:
        visible: what the reader may see.
        segments: those of all visible labels with rows.
        union: a segment over the rows of ``covered``, or None.
        covered: labels that need not be searched one by one.
    """
    ranked = [segment for segment in segments if segment.ident not in covered]
    if union is not None:
        ranked.append(union)
    places = [(s.ident, s.lists.first, s.fine.first, s.coarse.first, s.fine.count) for s in ranked]
    columns = np.array(places, np.int64).reshape(-1, 5).T
    return Plan(
        seen=visible.label_ids,
        visible_rows=sum(segment.live for segment in segments),
        by_union=union is not None,
        idents=columns[0],
        first_cells=columns[1],
        first_groups=columns[2],
        coarse=np.ascontiguousarray(columns[3]),
        groups=int(columns[4].sum()),
        tails=np.array([t.lists.first for s in ranked for t in s.tails], np.int64),
        lists=None,
        error=max((segment.error for segment in ranked), default=0.0),
    )


def every_list(arenas: Arenas, segments: Sequence[Segment]) -> NDArray[np.int64]:
    """Return all lists of these segments that hold rows."""
    first = np.array([segment.lists.first for segment in segments], np.int64)
    count = np.array([segment.lists.count for segment in segments], np.int64)
    starts = np.cumsum(count) - count
    lists = np.repeat(first - starts, count) + np.arange(int(count.sum()))
    tails = [tail.lists.first for segment in segments for tail in segment.tails]
    return np.concatenate([lists[arenas.rows.sizes[lists] > 0], np.array(tails, np.int64)])


def choose_lists(
    arenas: Arenas, counts: LiveCounts, plan: Plan, query: NDArray[np.float32], wanted: int
) -> NDArray[np.int64]:
    """Return the lists to read: the cells nearest to ``query`` that hold ``wanted`` live rows."""
    mean = max(1.0, plan.visible_rows / plan.groups)
    enough = int(_SURPLUS * _GROUP_FACTOR * wanted / mean) + _AT_LEAST
    _, ids = arenas.ranking.search(query, lists=plan.coarse, limit=min(plan.groups, enough))
    groups = _lists_of(ids, plan.idents, plan.first_groups)
    groups = groups[: _until(counts.groups[groups], _GROUP_FACTOR * wanted)]
    groups = groups[counts.groups[groups] > 0]
    cells = int(arenas.ranking.sizes[groups].sum())
    mean = max(1.0, float(counts.groups[groups].sum()) / max(1, cells))
    enough = int(_SURPLUS * wanted / mean) + _AT_LEAST
    _, ids = arenas.ranking.search(query, lists=groups, limit=max(1, min(cells, enough)))
    lists = _lists_of(ids, plan.idents, plan.first_cells)
    lists = lists[: _until(counts.cells[lists], wanted)]
    return np.concatenate([lists[counts.cells[lists] > 0], plan.tails])


def _lists_of(
    ids: NDArray[np.int64], idents: NDArray[np.int64], first: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the numbers of the lists that ids found by ranking stand for."""
    owners, inside = split_ids(ids)
    return np.asarray(first[np.searchsorted(idents, owners)] + inside)


def _until(counts: NDArray[np.int32], wanted: int) -> int:
    """Return how many of ``counts`` from the front add up to ``wanted``, or all of them."""
    return int(np.searchsorted(np.cumsum(counts), wanted)) + 1
