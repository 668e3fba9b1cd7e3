"""Where each chunk is: sorted runs from chunk id to a number, newest first."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MERGE_SHARE = 2


class _Run(NamedTuple):
    chunk_ids: NDArray[np.int64]
    numbers: NDArray[np.int64]


class Directory:
    """Chunk id to the number it was given last; changes return a new directory.

    Sixteen bytes a chunk, where a dictionary takes a hundred. Numbers of removed chunks
    stay, so a caller checks that what it found is alive.
    """

    def __init__(self, runs: tuple[_Run, ...] = ()) -> None:
        self._runs = runs

    @classmethod
    def of(cls, chunk_ids: NDArray[np.int64]) -> "Directory":
        """Return the directory in which each chunk has its position."""
        return cls().appended(chunk_ids, np.arange(len(chunk_ids), dtype=np.int64))

    def appended(self, chunk_ids: NDArray[np.int64], numbers: NDArray[np.int64]) -> "Directory":
        """Return the directory in which these chunks, each once, have these numbers."""
        if not len(chunk_ids):
            return self
        order = np.argsort(chunk_ids, kind="stable")
        newest = _Run(chunk_ids[order], numbers[order])
        runs = list(self._runs)
        while runs and len(runs[-1].chunk_ids) < MERGE_SHARE * len(newest.chunk_ids):
            newest = _merged(runs.pop(), newest)
        return Directory((*runs, newest))

    def find(self, chunk_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number each chunk was given last, or -1."""
        found = np.full(len(chunk_ids), -1, np.int64)
        for run in self._runs:
            places = np.minimum(np.searchsorted(run.chunk_ids, chunk_ids), len(run.chunk_ids) - 1)
            same = run.chunk_ids[places] == chunk_ids
            found[same] = run.numbers[places[same]]
        return found


def _merged(older: _Run, newer: _Run) -> _Run:
    """Return both runs as one; where both name a chunk, the newer one counts."""
    chunk_ids = np.concatenate([older.chunk_ids, newer.chunk_ids])
    numbers = np.concatenate([older.numbers, newer.numbers])
    order = np.argsort(chunk_ids, kind="stable")
    chunk_ids, numbers = chunk_ids[order], numbers[order]
    last = np.append(chunk_ids[1:] != chunk_ids[:-1], True)
    return _Run(chunk_ids[last], numbers[last])
