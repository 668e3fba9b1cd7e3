"""What one reader sees of the documents: runs of neighbours, and what BM25 counts on them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.statistics import Bm25, Table

NOBODY = -1
"""The label of removed documents, which no VisibleSet holds."""
STEP_COST = 16
"""Postings whose documents can be looked up one by one in the time that one run takes."""
_MOST_PIECES = 256


@dataclass(frozen=True, slots=True)
class LabelRuns:
    """Neighbouring documents under one label, as runs.

    Attributes:
        starts: (r + 1,) int64, where each run begins, and the number of documents.
        labels: (r,) int64, the AccessLabel of each run, -1 for removed documents.
        lengths: (r,) float64, terms of all documents of the run.
    """

    starts: NDArray[np.int64]
    labels: NDArray[np.int64]
    lengths: NDArray[np.float64]

    @classmethod
    def of(cls, table: Table, *, first: int = 0) -> "LabelRuns":
        """Return the runs of the documents from number ``first`` on."""
        labels = np.where(table.alive.values[first:], table.label_ids.values[first:], NOBODY)
        opens = np.flatnonzero(np.diff(labels, prepend=NOBODY - 1))
        lengths = table.lengths.values[first:]
        sums = np.add.reduceat(lengths, opens, dtype=np.float64) if len(opens) else lengths[:0]
        starts = np.append(opens, len(labels)) + first
        return cls(starts, labels[opens], sums.astype(np.float64))

    def grown(self, table: Table) -> "LabelRuns":
        """Return the runs with those of the documents that ``table`` has beyond these."""
        new = LabelRuns.of(table, first=int(self.starts[-1]))
        return LabelRuns(
            np.concatenate([self.starts[:-1], new.starts]),
            np.concatenate([self.labels, new.labels]),
            np.concatenate([self.lengths, new.lengths]),
        )


@dataclass(frozen=True, slots=True)
class View:
    """The documents one VisibleSet opens, and the statistics that BM25 needs of them.

    Attributes:
        runs: (v, 2) int64, first number and end of each run of visible documents, rising.
        size: number of all documents, visible or not.
        documents: number of visible documents, N.
        flat: what the shortest document adds to the denominator.
        steep: what each of its terms adds to that.
        frequencies: visible document frequency of the terms asked so far.
    """

    runs: NDArray[np.int64]
    size: int
    documents: int
    flat: np.float32
    steep: np.float32
    frequencies: dict[str, int] = field(default_factory=dict)
    _flat_runs: list[NDArray[np.int32]] = field(default_factory=list)
    _masks: list[NDArray[np.bool_]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every document is visible."""
        return self.documents == self.size

    def count(self, documents: NDArray[np.int32]) -> int:
        """Return how many of the rising ``documents`` are visible."""
        if self.whole:
            return len(documents)
        if self._scattered(documents):
            return int(np.count_nonzero(self._mask()[documents]))
        edges = self._edges(documents)
        return int((edges[1::2] - edges[::2]).sum())

    def pieces(self, documents: NDArray[np.int32]) -> list[slice | NDArray[np.bool_]]:
        """Return what selects the visible ones among the rising ``documents``, in order.

        The work grows with the number of runs or with the number of documents, whichever
        is less.
        """
        if self.whole:
            return [slice(None)]
        if self._scattered(documents):
            return [self._mask()[documents]]
        if len(self.runs) > _MOST_PIECES:
            return [self._mask()[documents]]
        edges = self._edges(documents).tolist()
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return [slice(first, last) for first, last in pairs if last > first]

    def _scattered(self, documents: NDArray[np.int32]) -> bool:
        return len(documents) < STEP_COST * (len(self.runs) - 1)

    def _edges(self, documents: NDArray[np.int32]) -> NDArray[np.int64]:
        if not self._flat_runs:
            # As int64, NumPy would convert the postings instead, which are far longer.
            self._flat_runs.append(self.runs.ravel().astype(np.int32))
        return documents.searchsorted(self._flat_runs[0])

    def _mask(self) -> NDArray[np.bool_]:
        """Return which documents are visible, a byte each; made when it is first needed."""
        if not self._masks:
            edges = np.zeros(self.size + 1, np.int8)
            edges[self.runs[:, 0]] = 1
            edges[self.runs[:, 1]] -= 1
            self._masks.append(np.cumsum(edges[:-1], dtype=np.int8).astype(np.bool_))
        return self._masks[0]


def make_view(runs: LabelRuns, visible: VisibleSet, scoring: Bm25) -> View:
    """Return what ``visible`` opens of the documents in ``runs``."""
    wanted = np.fromiter(visible.label_ids, np.int64, len(visible.label_ids))
    seen = np.isin(runs.labels, wanted[wanted != NOBODY])
    sizes = np.diff(runs.starts)[seen]
    documents, total = int(sizes.sum()), float(runs.lengths[seen].sum())
    mean = total / documents if total else 1.0
    edges = np.flatnonzero(np.diff(seen, prepend=False, append=False))
    k1, b = scoring.k1, scoring.b
    return View(
        runs.starts[edges].reshape(-1, 2),
        int(runs.starts[-1]),
        documents,
        np.float32(k1 * (1 - b)),
        np.float32(k1 * b / mean),
    )
