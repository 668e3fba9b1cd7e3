"""FAISS without an index: every visible row is compared, picked by a bitmap."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.evaluate.engine import LIMIT, Search
from vault.evaluate.workload import VisibleShare, Workload


class FlatEngine:
    """``IndexFlatIP`` with an ``IDSelectorBitmap`` of the visible rows, made once per reader.

    Args:
        workload: rows.
        folder: not used.
    """

    knob = ""
    settings = (0,)
    usual = 0
    worker: int | None = None

    def __init__(self, workload: Workload, folder: Path) -> None:  # noqa: ARG002 - all in memory
        self._workload = workload
        self._index = faiss.IndexFlatIP(workload.dimension)

    def fill(self) -> None:
        """Copy the rows."""
        self._index.add(self._workload.vectors(in_memory=True))

    def search(self, visible: VisibleShare, setting: int) -> Search:  # noqa: ARG002 - no knob
        """Return an exact search."""
        selector = row_selector(self._workload, visible)
        parameters: Any = faiss.SearchParameters()
        parameters.sel = selector

        def search(query: NDArray[np.float32]) -> list[int]:
            _, ids = self._index.search(query[None], LIMIT, params=parameters)
            return [found for found in ids[0].tolist() if found >= 0]

        return search

    def close(self) -> None:
        """Release nothing: memory is all it holds."""


def row_selector(workload: Workload, visible: VisibleShare) -> faiss.IDSelector:
    """Return the bitmap of the rows a reader may see; it keeps its bytes alive."""
    make: Any = faiss.IDSelectorBitmap
    selector: faiss.IDSelector = make(np.packbits(workload.mask(visible), bitorder="little"))
    return selector
