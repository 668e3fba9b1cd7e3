"""How many live rows every list holds, in one version of the index."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vault.index.segments import Arenas, Segment


@dataclass(frozen=True, slots=True, eq=False)
class LiveCounts:
    """Live rows by number of list, for the lists of segments; other entries mean nothing.

    Dead rows are left out, because when their lists are swept is no reader's business.

    Attributes:
        cells: int32, by number of the list of rows.
        groups: int32, by number of the list that ranks the cells of a group.
    """

    cells: NDArray[np.int32]
    groups: NDArray[np.int32]

    @classmethod
    def none(cls) -> "LiveCounts":
        """Return the counts of an index without rows."""
        return cls(np.empty(0, np.int32), np.empty(0, np.int32))

    def updated(self, arenas: Arenas, segments: Iterable[Segment]) -> "LiveCounts":
        """Return the counts after these segments changed or came."""
        cells = _copied(self.cells, len(arenas.rows.sizes))
        groups = _copied(self.groups, len(arenas.ranking.sizes))
        for segment in segments:
            held, ranked = segment.lists, segment.fine
            cells[held.first : held.first + held.count] = segment.live_sizes
            groups[ranked.first : ranked.first + ranked.count] = np.bincount(
                segment.cells.groups, weights=segment.live_sizes, minlength=ranked.count
            )
        return LiveCounts(cells, groups)


def _copied(values: NDArray[np.int32], length: int) -> NDArray[np.int32]:
    copy = np.zeros(length, np.int32)
    copy[: len(values)] = values
    return copy
