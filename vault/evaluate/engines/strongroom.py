"""The vault's own index, opened by VisibleSets that its own policy made."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vault.evaluate.engine import LIMIT, Search
from vault.evaluate.readers import Readers
from vault.evaluate.workload import VisibleShare, Workload
from vault.index.acceleration import accelerate
from vault.index.index import IndexRows, VaultIndex

_ACCUSTOMED = 10
"""Searches of a reader before the upkeep that a running vault does now and then."""
_UNION_SHARE = 2.0
"""Room for the unions of all readers at once, as a share of the rows; memory shows it."""


class StrongroomEngine:
    """A ``VaultIndex`` as the retriever uses it; it has no knob to turn.

    Readers are measured as regular ones: what upkeep makes for a reader who comes back is made.

    Args:
        workload: rows, taken in at once; their texts are empty.
        folder: an empty folder for the database of rights.
    """

    knob = ""
    settings = (0,)
    usual = 0
    worker: int | None = None

    def __init__(self, workload: Workload, folder: Path) -> None:
        self._workload = workload
        self._readers = Readers(workload, folder)
        self._index = VaultIndex(workload.dimension, "comparison")

    def fill(self) -> None:
        """Add every row in one change, as at the first start of a vault."""
        rows = IndexRows(
            chunk_ids=np.arange(self._workload.size),
            label_ids=self._readers.label_ids,
            vectors=self._workload.vectors(in_memory=True),
            texts=[""] * self._workload.size,
        )
        self._index.add(rows)

    def search(self, visible: VisibleShare, setting: int) -> Search:  # noqa: ARG002 - no knob
        """Return a search under the reader's VisibleSet, once the index has got used to it."""
        seen, index = self._readers.visible_set(visible), self._index
        for query in self._workload.queries[:_ACCUSTOMED]:
            index.dense(query, seen, LIMIT)
        accelerate(index, share=_UNION_SHARE)

        def search(query: NDArray[np.float32]) -> list[int]:
            found: list[int] = index.dense(query, seen, LIMIT).chunk_ids.tolist()
            return found

        return search

    def close(self) -> None:
        """Release nothing: memory is all it holds."""
