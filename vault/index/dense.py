"""Nearest neighbours among the rows of the labels a reader may see, and no others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.cache import LruCache
from vault.index.counts import LiveCounts
from vault.index.planner import USUAL_EFFORT, Effort, Plan, choose_lists, every_list, make_plan
from vault.index.ranked import Ranked, best, nothing
from vault.index.segments import Arenas, Segment, grown, shrunk
from vault.index.table import RowTable
from vault.index.unions import Demand, Union, train_union

_FIRST_CANDIDATES = 96
_CANDIDATES_EACH = 6
_WIDER = 4
_NO_NUMBERS = np.empty(0, np.int64)
_CACHED_PLANS = 64
_ROUNDING = 1e-5
"""What single precision may add to the error of a code, for a query of length 1."""


@dataclass(frozen=True, slots=True, eq=False)
class DenseIndex:
    """One version of the vectors; changes return a new version and leave this one as it is.

    Every label owns its lists, and a search passes FAISS the numbers of visible lists
    only, so no forbidden row is read and none shaped what a reader gets. Lists hold
    rounded rows; what a search returns is scored by the rows themselves.

    Attributes:
        arenas: the lists of all versions.
        table: the rows.
        segments: label id to its segment; labels without live rows are absent.
        counts: live rows of every list.
        unions: segments over several labels, oldest first.
        effort: how many visible rows a query reads.
        demand: which unions would be of use.
    """

    arenas: Arenas
    table: RowTable
    segments: Mapping[int, Segment]
    counts: LiveCounts
    unions: tuple[Union, ...] = ()
    effort: Effort = USUAL_EFFORT
    demand: Demand = field(default_factory=Demand)
    _plans: LruCache[Plan] = field(default_factory=lambda: LruCache(_CACHED_PLANS), init=False)
    _alive: faiss.IDSelector = field(init=False)

    def __post_init__(self) -> None:
        """Make what every search of this version uses to pass over dead rows."""
        object.__setattr__(self, "_alive", self.table.selector())

    @classmethod
    def empty(cls, dimension: int, *, effort: Effort = USUAL_EFFORT) -> "DenseIndex":
        """Return an index without rows."""
        table = RowTable.empty(dimension)
        return cls(Arenas(dimension), table, {}, LiveCounts.none(), effort=effort)

    @property
    def dimension(self) -> int:
        """Length of a row."""
        return self.arenas.codec.dimension

    def added(
        self,
        chunk_ids: NDArray[np.int64],
        label_ids: NDArray[np.int64],
        vectors: NDArray[np.float32],
    ) -> "DenseIndex":
        """Return the index with these rows; their order within a label is kept."""
        numbers = len(self.table) + np.arange(len(chunk_ids), dtype=np.int64)
        table = self.table.appended(chunk_ids, label_ids, vectors)
        segments = dict(self.segments)
        for label_id, members in _by_label(label_ids):
            known = segments.get(label_id)
            segments[label_id] = grown(self.arenas, table, known, label_id, numbers[members])
        return self._changed(table, segments, numbers, numbers[:0])

    def removed(self, chunk_ids: NDArray[np.int64]) -> "DenseIndex":
        """Return the index without these chunks; ids that are not indexed are passed over."""
        numbers = self.table.find(chunk_ids)
        segments = dict(self.segments)
        for label_id, members in _by_label(self.table.label_ids.values[numbers]):
            segment = segments[label_id]
            if len(members) == segment.live:
                del segments[label_id]
            else:
                gone = numbers[members]
                segments[label_id] = shrunk(self.arenas, self.table, segment, gone)
        return self._changed(self.table.removed(numbers), segments, numbers[:0], numbers)

    def vectors(self, chunk_ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of these indexed chunks: (n, d) float32."""
        found: NDArray[np.float32] = self.table.vectors.values[self.table.find(chunk_ids)]
        return found

    def visible_count(self, visible: VisibleSet) -> int:
        """Return how many rows ``visible`` opens."""
        return self._plan(visible).visible_rows

    def search(
        self,
        query: NDArray[np.float32],
        visible: VisibleSet,
        limit: int,
        *,
        within: NDArray[np.int64] | None = None,
        exact: bool = False,
    ) -> Ranked:
        """Return the ``limit`` visible chunks nearest to ``query`` by inner product.

        Exact up to ``effort.exact_rows`` visible rows; above that the nearest cells of
        the visible labels are read until enough visible rows were seen.

        Args:
            query: (d,) float32, finite.
            visible: what the reader may see.
            limit: at least 1.
            within: only these chunks, as sorted ids; what remains is searched exactly.
            exact: compare every visible row, however many there are.
        """
        plan = self._plan(visible)
        if plan.visible_rows == 0:
            return nothing()
        if within is not None:
            return self._among(query, visible, limit, within)
        if plan.rows is not None:
            scores = self.table.scores(query, plan.rows)
            return best(self.table.chunk_ids.values[plan.rows], scores, limit)
        if plan.lists is not None:
            return self._best(query, plan.lists, limit, plan.error)
        if exact or plan.visible_rows <= 4 * limit:
            lists = every_list(self.arenas, self._visible_segments(visible))
            return self._best(query, lists, limit, plan.error)
        self._note(visible, plan)
        budget = self.effort.budget(plan.visible_rows, by_union=plan.by_union)
        lists = choose_lists(self.arenas, self.counts, plan, query, max(budget, 4 * limit))
        return self._best(query, lists, limit, plan.error)

    def _best(
        self, query: NDArray[np.float32], lists: NDArray[np.int64], limit: int, error: float
    ) -> Ranked:
        """Return the best rows of ``lists``, by their own scores and not by their codes'."""
        moved = self.arenas.codec.asked(query).error
        slack = (error + _ROUNDING) * float(np.linalg.norm(query)) + moved * (1 + error)
        wanted = max(_FIRST_CANDIDATES, _CANDIDATES_EACH * limit)
        rows = int(self.arenas.rows.sizes[lists].sum(dtype=np.int64))
        while True:
            wanted = min(wanted, rows)
            rounded, numbers = self.arenas.rows.search(
                query, lists=lists, limit=wanted, allowed=self._alive
            )
            scores = self.table.scores(query, numbers)
            # A row that is not among them scores at most this much.
            beyond = rounded[-1] + slack if len(rounded) else 0.0
            if (
                len(numbers) < wanted
                or wanted == rows
                or (np.partition(scores, len(scores) - limit)[len(scores) - limit] > beyond)
            ):
                return best(self.table.chunk_ids.values[numbers], scores, limit)
            wanted *= _WIDER

    def _visible_segments(self, visible: VisibleSet) -> list[Segment]:
        known = sorted(visible.label_ids & self.segments.keys())
        return [self.segments[label_id] for label_id in known]

    def _plan(self, visible: VisibleSet) -> Plan:
        plan = self._plans.get(visible.key)
        if plan is None:
            union = self.union_for(visible)
            segments = self._visible_segments(visible)
            if union is None:
                plan = make_plan(visible, segments)
            else:
                plan = make_plan(visible, segments, union.segment, union.labels)
            effort = self.effort
            if plan.visible_rows <= min(effort.direct_rows, effort.exact_rows):
                numbers = [self.table.live(segment.all_numbers()) for segment in segments]
                plan = replace(plan, rows=np.sort(np.concatenate([*numbers, _NO_NUMBERS])))
            elif plan.visible_rows <= effort.exact_rows:
                plan = replace(plan, lists=every_list(self.arenas, segments))
            self._plans.put(visible.key, plan)
        return plan

    def _note(self, visible: VisibleSet, plan: Plan) -> None:
        if plan.by_union:
            for union in self.unions:
                if union.serves(visible):
                    self.demand.used(union)
        elif plan.visible_rows >= self.effort.union_from:
            self.demand.note(visible)

    def union_for(self, visible: VisibleSet) -> Union | None:
        """Return the newest union made for readers of exactly this set, or None."""
        serving = [union for union in self.unions if union.serves(visible)]
        return serving[-1] if serving else None

    def make_union(self, visible: VisibleSet) -> Union | None:
        """Return a union for ``visible``, not yet in use, or None if too little is visible.

        It takes seconds to minutes and holds no lock.
        """
        segments = self._visible_segments(visible)
        if sum(segment.live for segment in segments) < self.effort.union_from:
            return None
        others = frozenset(self.segments.keys() - visible.label_ids)
        return train_union(self.arenas, self.table, segments, others)

    def with_union(self, union: Union, made_from: "DenseIndex") -> "DenseIndex":
        """Return the index that uses ``union`` too, brought up to date with what came since.

        An older union for the same readers goes. If every row was numbered anew since,
        or too much changed, the index comes back as it is.
        """
        if self.arenas is not made_from.arenas:
            return self
        fresh = np.arange(len(made_from.table), len(self.table), dtype=np.int64)
        before = np.arange(len(made_from.table), dtype=np.int64)
        gone = np.setdiff1d(made_from.table.live(before), self.table.live(before))
        union = union.followed(self.arenas, self.table, self.table.live(fresh), gone)
        if union.worn:
            return self
        kept = tuple(
            old
            for old in self.unions
            if not (old.labels <= union.labels and old.others.isdisjoint(union.labels))
        )
        counts = self.counts.updated(self.arenas, [union.segment])
        return replace(self, counts=counts, unions=(*kept, union))

    def without_unions(self, dropped: Iterable[Union]) -> "DenseIndex":
        """Return the index without these unions."""
        gone = {id(union) for union in dropped}
        return replace(self, unions=tuple(u for u in self.unions if id(u) not in gone))

    def _changed(
        self,
        table: RowTable,
        segments: Mapping[int, Segment],
        added: NDArray[np.int64],
        removed: NDArray[np.int64],
    ) -> "DenseIndex":
        labels = table.label_ids.values[np.concatenate([added, removed])]
        touched = np.unique(labels).tolist()
        unions = []
        for union in self.unions:
            moved = union
            if not union.labels.isdisjoint(touched):
                moved = union.followed(self.arenas, table, added, removed)
            if not moved.worn:
                unions.append(moved)
        changed = [segments[label_id] for label_id in touched if label_id in segments]
        counts = self.counts.updated(self.arenas, [*changed, *(u.segment for u in unions)])
        newer = replace(self, table=table, segments=segments, counts=counts, unions=tuple(unions))
        # A plan stays good for readers who see nothing that changed.
        self._plans.copy_into(newer._plans, lambda plan: plan.seen.isdisjoint(touched))
        return newer

    def _among(
        self,
        query: NDArray[np.float32],
        visible: VisibleSet,
        limit: int,
        within: NDArray[np.int64],
    ) -> Ranked:
        """Return the best of the visible chunks in ``within``, exactly."""
        numbers = self.table.find(within)
        seen = np.fromiter(visible.label_ids, np.int64, len(visible.label_ids))
        numbers = numbers[np.isin(self.table.label_ids.values[numbers], seen)]
        scores = self.table.scores(query, numbers)
        return best(self.table.chunk_ids.values[numbers], scores, limit)


def _by_label(label_ids: NDArray[np.int64]) -> Iterable[tuple[int, NDArray[np.int64]]]:
    """Yield each label with the positions it has, both rising."""
    order = np.argsort(label_ids, kind="stable")
    edges = np.flatnonzero(np.diff(label_ids[order])) + 1
    for members in np.split(order, edges):
        if len(members):
            yield int(label_ids[members[0]]), members
