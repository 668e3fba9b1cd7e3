"""FAISS inverted lists trained on all rows, filtered by a bitmap."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.evaluate.engine import LIMIT, Search
from vault.evaluate.engines.faiss_flat import row_selector
from vault.evaluate.workload import VisibleShare, Workload

_CANDIDATES = 40
_ROWS_PER_CELL = 40
_MOST_CELLS = 4_096
_ROUNDS = 6


class InvertedEngine:
    """``IndexIVFScalarQuantizer`` of 8 bits with exact rescoring of 40 candidates.

    Its cells are learned from everybody's rows, and lists are read that hold rows the reader
    may not see: what comes back, and how long it takes, depends on them.

    Args:
        workload: rows; about four cells per square root of a row, 4,096 at most.
        folder: not used.
    """

    knob = "nprobe"
    settings = (16, 32, 64, 128, 256, 512)
    usual = 64
    worker: int | None = None

    def __init__(self, workload: Workload, folder: Path) -> None:  # noqa: ARG002 - all in memory
        self._workload = workload
        wanted = min(4 * workload.size**0.5, workload.size / _ROWS_PER_CELL, _MOST_CELLS)
        self._cells = cells = 2 ** max(0, int(np.log2(max(1.0, wanted)) + 0.5))
        self._coarse = faiss.IndexFlatIP(workload.dimension)
        self._index = faiss.IndexIVFScalarQuantizer(
            self._coarse,
            workload.dimension,
            cells,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        clustering = self._index.cp
        clustering.niter, clustering.spherical = _ROUNDS, True
        clustering.min_points_per_centroid = 1
        clustering.max_points_per_centroid = _ROWS_PER_CELL

    def fill(self) -> None:
        """Train on a sample of forty rows a cell, add every row and keep them for rescoring."""
        self._rows = self._workload.vectors(in_memory=True)
        shuffled = np.random.default_rng(0).permutation(self._workload.size)
        self._index.train(self._rows[np.sort(shuffled[: self._cells * _ROWS_PER_CELL])])
        self._index.add(self._rows)

    def search(self, visible: VisibleShare, setting: int) -> Search:
        """Return a search of the ``setting`` nearest cells."""
        selector = row_selector(self._workload, visible)
        parameters: Any = faiss.SearchParametersIVF()
        parameters.sel, parameters.nprobe = selector, setting
        rows = self._rows

        def search(query: NDArray[np.float32]) -> list[int]:
            _, ids = self._index.search(query[None], _CANDIDATES, params=parameters)
            near = ids[0][ids[0] >= 0]
            best: list[int] = near[np.argsort(-(rows[near] @ query))[:LIMIT]].tolist()
            return best

        return search

    def close(self) -> None:
        """Release nothing: memory is all it holds."""
