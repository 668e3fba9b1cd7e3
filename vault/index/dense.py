"""Nearest neighbours among the rows of the labels a reader may see, and no others."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.cache import LruCache
from vault.index.codec import FlatCodec
from vault.index.columns import Column
from vault.index.lists import ListStack
from vault.index.planner import USUAL_EFFORT, Effort, Layout, Plan, choose_lists, make_plan
from vault.index.ranked import Ranked, best, nothing
from vault.index.segments import LabelSegment, grown, shrunk

_SURPLUS = 8
_CACHED_PLANS = 64


class DenseIndex:
    """One version of the vectors; changes return a new version and leave this one as it is.

    Every label owns its lists, and a search passes FAISS the numbers of visible lists
    only, so no forbidden row is read and none shaped what a reader gets.

    Args:
        codec: form of the rows.
        segments: label id to its segment; labels without live rows are absent.
        chunk_ids: row number to chunk id.
        effort: how many visible rows a query reads.
    """

    def __init__(
        self,
        codec: FlatCodec,
        segments: Mapping[int, LabelSegment],
        chunk_ids: Column,
        *,
        effort: Effort = USUAL_EFFORT,
    ) -> None:
        self._codec = codec
        self.segments = segments
        self.chunk_ids = chunk_ids
        self.dimension = codec.dimension
        self.effort = effort
        self._plans: LruCache[Plan] = LruCache(_CACHED_PLANS)

    @classmethod
    def empty(cls, dimension: int, *, effort: Effort = USUAL_EFFORT) -> "DenseIndex":
        """Return an index without rows."""
        return cls(FlatCodec(dimension), {}, Column(np.empty(0, np.int64)), effort=effort)

    def added(
        self,
        chunk_ids: NDArray[np.int64],
        label_ids: NDArray[np.int64],
        vectors: NDArray[np.float32],
    ) -> "DenseIndex":
        """Return the index with these rows; their order within a label is kept."""
        numbers = len(self.chunk_ids) + np.arange(len(chunk_ids), dtype=np.int64)
        segments = dict(self.segments)
        for label_id, members in _by_label(label_ids):
            segments[label_id] = grown(
                self._codec,
                segments.get(label_id),
                label_id,
                numbers[members],
                np.ascontiguousarray(vectors[members]),
            )
        return self._with(segments, self.chunk_ids.appended(chunk_ids))

    def removed(self, chunk_ids: NDArray[np.int64], label_ids: NDArray[np.int64]) -> "DenseIndex":
        """Return the index without these chunks, which lie under these labels."""
        segments = dict(self.segments)
        for label_id, members in _by_label(label_ids):
            segment = segments[label_id]
            if len(members) == segment.live:
                del segments[label_id]
            else:
                numbers = self._numbers(segment, chunk_ids[members])
                segments[label_id] = shrunk(self._codec, segment, numbers)
        return self._with(segments, self.chunk_ids)

    def vectors(
        self, chunk_ids: NDArray[np.int64], label_ids: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return the vectors of these chunks, which lie under these labels: (n, d) float32."""
        found = np.empty((len(chunk_ids), self._codec.dimension), np.float32)
        for label_id, members in _by_label(label_ids):
            segment = self.segments[label_id]
            rows = segment.live_rows()
            numbers = self._numbers(segment, chunk_ids[members])
            found[members] = rows.vectors[np.searchsorted(rows.numbers, numbers)]
        return found

    def visible_count(self, visible: VisibleSet) -> int:
        """Return how many rows ``visible`` opens."""
        return self._plan(visible).visible_rows

    def search(self, query: NDArray[np.float32], visible: VisibleSet, limit: int) -> Ranked:
        """Return the ``limit`` visible chunks nearest to ``query`` by inner product.

        Exact up to ``effort.exact_rows`` visible rows; above that the nearest cells of
        the visible labels are read until enough visible rows were seen.

        Args:
            query: (d,) float32, finite.
            visible: what the reader may see.
            limit: at least 1.
        """
        plan = self._plan(visible)
        if plan.visible_rows == 0:
            return nothing()
        lists = plan.lists
        if plan.probing is not None:
            wanted = max(self.effort.budget(plan.visible_rows), 4 * limit)
            lists = choose_lists(self._layout, plan.probing, query, wanted)
        return self._best(query, plan, lists, limit)

    def _best(
        self, query: NDArray[np.float32], plan: Plan, lists: NDArray[np.int64], limit: int
    ) -> Ranked:
        """Return the best of ``lists``, all rows that tie with the last one considered."""
        wanted = min(limit + _SURPLUS, plan.visible_rows)
        while True:
            scores, numbers = self._layout.rows.search(
                query, lists=lists, limit=wanted, dead=plan.dead
            )
            complete = len(scores) < wanted or wanted == plan.visible_rows
            if complete or scores[-1] < scores[limit - 1]:
                return best(self.chunk_ids.values[numbers], scores, limit)
            wanted = min(4 * wanted, plan.visible_rows)

    def _plan(self, visible: VisibleSet) -> Plan:
        plan = self._plans.get(visible.key)
        if plan is None:
            known = sorted(visible.label_ids & self.segments.keys())
            segments = [self.segments[label_id] for label_id in known]
            plan = make_plan(self._layout, segments, self.effort)
            self._plans.put(visible.key, plan)
        return plan

    @cached_property
    def _layout(self) -> Layout:
        """Where every segment lies; made at the first search of this version."""
        ordered = [self.segments[label_id] for label_id in sorted(self.segments)]
        blocks = [block for segment in ordered for block in (segment.compiled, *segment.tails)]
        rows = ListStack(self._codec, blocks)
        ranking = ListStack(FlatCodec(self._codec.dimension), [s.ranking for s in ordered])
        offsets = iter(rows.offsets.tolist())
        cells_at, tails_at = {}, {}
        for segment in ordered:
            cells_at[segment.label_id] = next(offsets)
            tails_at[segment.label_id] = [next(offsets) for _ in segment.tails]
        groups = ranking.offsets.tolist()
        groups_at = {s.label_id: at for s, at in zip(ordered, groups, strict=True)}
        return Layout(rows, ranking, cells_at, tails_at, groups_at)

    def _with(self, segments: Mapping[int, LabelSegment], chunk_ids: Column) -> "DenseIndex":
        return DenseIndex(self._codec, segments, chunk_ids, effort=self.effort)

    def _numbers(self, segment: LabelSegment, chunk_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of these live chunks of ``segment``, in the given order."""
        numbers = segment.numbers()
        numbers = numbers[~np.isin(numbers, segment.dead)]
        chunks = self.chunk_ids.values[numbers]
        order = np.argsort(chunks)
        return numbers[order[np.searchsorted(chunks[order], chunk_ids)]]


def _by_label(label_ids: NDArray[np.int64]) -> Iterable[tuple[int, NDArray[np.int64]]]:
    """Yield each label with the positions it has, both rising."""
    order = np.argsort(label_ids, kind="stable")
    edges = np.flatnonzero(np.diff(label_ids[order])) + 1
    for members in np.split(order, edges):
        if len(members):
            yield int(label_ids[members[0]]), members
