"""Segments over all rows of one VisibleSet: made for readers of exactly that set."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.segments import Arenas, Segment, marked, trained_segment, with_tail
from vault.index.table import RowTable

IDENT = 2**31
"""What a union's segment is called in a plan; above every label id."""
ROWS_PER_CELL = 24
SEARCHES_WORTH_A_UNION = 8
ROUNDS_UNUSED = 64
"""Rounds of upkeep after which a union that nobody used is dropped."""
_TAIL_SHARE = 16
_DEAD_SHARE = 4
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Union:
    """One segment over the rows of several labels.

    Attributes:
        labels: labels whose rows it holds, all of them.
        others: labels that had rows when it was made and that it does not hold.
        segment: the rows; ``counters.live`` is how many it was trained on.
        tail: rows added since.
        dead: rows removed since.
    """

    labels: frozenset[int]
    others: frozenset[int]
    segment: Segment
    tail: int = 0
    dead: int = 0

    def serves(self, visible: VisibleSet) -> bool:
        """Tell whether the reader sees, of the labels there were, precisely those in here.

        A subset would be safe to read, but then what others ask would choose a reader's
        index; labels that came later are searched one by one.
        """
        seen = visible.label_ids
        return self.labels <= seen and self.others.isdisjoint(seen)

    @property
    def worn(self) -> bool:
        """Whether so much changed in its labels that it should be made anew."""
        trained = self.segment.counters.live
        return self.tail > trained // _TAIL_SHARE or self.dead > trained // _DEAD_SHARE

    def followed(
        self,
        arenas: Arenas,
        table: RowTable,
        added: NDArray[np.int64],
        removed: NDArray[np.int64],
    ) -> "Union":
        """Return the union after rows of ``table`` were added and removed in any labels."""
        held = np.fromiter(self.labels, np.int64, len(self.labels))
        labels = table.label_ids.values
        fresh = added[np.isin(labels[added], held)]
        gone = removed[np.isin(labels[removed], held)]
        segment = marked(self.segment, gone)
        if len(fresh):
            segment = with_tail(arenas, table, segment, fresh)
        tail, dead = self.tail + len(fresh), self.dead + len(gone)
        return replace(self, segment=segment, tail=tail, dead=dead)


def train_union(
    arenas: Arenas, table: RowTable, segments: Iterable[Segment], others: frozenset[int]
) -> Union:
    """Return the union of these labels' segments, a function of their rows alone.

    Args:
        arenas: where its lists will lie.
        table: the rows.
        segments: segments of all labels it shall hold, in order of label.
        others: all other labels with rows.
    """
    parts = list(segments)
    numbers = np.concatenate([segment.live_rows(table)[0] for segment in parts])
    labels = frozenset(segment.ident for segment in parts)
    return Union(labels, others, trained_segment(arenas, table, IDENT, numbers, ROWS_PER_CELL))


class Demand:
    """How often each large VisibleSet was searched; shared by all versions of an index."""

    def __init__(self) -> None:
        self._searches: OrderedDict[str, tuple[VisibleSet, int]] = OrderedDict()
        self._unused: dict[frozenset[int], int] = {}
        self._lock = Lock()

    def note(self, visible: VisibleSet) -> None:
        """Count one search that a union would have made faster."""
        with self._lock:
            _, count = self._searches.pop(visible.key, (visible, 0))
            self._searches[visible.key] = (visible, count + 1)
            if len(self._searches) > _REMEMBERED:
                self._searches.popitem(last=False)

    def used(self, union: Union) -> None:
        """Remember that ``union`` served a search."""
        self._unused.pop(union.labels, None)

    def due(self) -> list[VisibleSet]:
        """Return the sets searched often enough, and forget how often."""
        with self._lock:
            due = [seen for seen, n in self._searches.values() if n >= SEARCHES_WORTH_A_UNION]
            for seen in due:
                del self._searches[seen.key]
            return due

    def idle(self, unions: Iterable[Union]) -> list[Union]:
        """Count one round of upkeep; return the unions that no search used for too long."""
        rounds = {union.labels: self._unused.get(union.labels, 0) + 1 for union in unions}
        self._unused = rounds
        return [union for union in unions if rounds[union.labels] > ROUNDS_UNUSED]
