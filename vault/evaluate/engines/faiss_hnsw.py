"""A FAISS graph of all rows, walked with a bitmap of the visible ones."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.evaluate.engine import LIMIT, Search
from vault.evaluate.engines.faiss_flat import row_selector
from vault.evaluate.workload import VisibleShare, Workload

_NEIGHBOURS = 32
_BUILD_EFFORT = 80


class GraphEngine:
    """``IndexHNSWFlat`` with 32 neighbours; rows cannot be deleted from it.

    Args:
        workload: rows.
        folder: not used.
    """

    knob = "efSearch"
    settings = (32, 64, 128, 256, 512)
    usual = 128
    worker: int | None = None

    def __init__(self, workload: Workload, folder: Path) -> None:  # noqa: ARG002 - all in memory
        self._workload = workload
        self._index = faiss.IndexHNSWFlat(
            workload.dimension, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT
        )
        self._index.hnsw.efConstruction = _BUILD_EFFORT

    def fill(self) -> None:
        """Link the rows."""
        self._index.add(self._workload.vectors(in_memory=True))

    def search(self, visible: VisibleShare, setting: int) -> Search:
        """Return a search that keeps ``setting`` candidates."""
        selector = row_selector(self._workload, visible)
        parameters = faiss.SearchParametersHNSW()  # type: ignore[attr-defined]
        parameters.sel, parameters.efSearch = selector, setting

        def search(query: NDArray[np.float32]) -> list[int]:
            _, ids = self._index.search(query[None], LIMIT, params=parameters)
            return [found for found in ids[0].tolist() if found >= 0]

        return search

    def close(self) -> None:
        """Release nothing: memory is all it holds."""
