"""What a search returns: chunk ids with their scores, best first."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Ranked(NamedTuple):
    """Chunks by falling score; equal scores stand in order of chunk id.

    Attributes:
        chunk_ids: (n,) int64.
        scores: (n,) float32, finite.
    """

    chunk_ids: NDArray[np.int64]
    scores: NDArray[np.float32]


def nothing() -> Ranked:
    """Return a result without chunks."""
    return Ranked(np.empty(0, np.int64), np.empty(0, np.float32))


def best(chunk_ids: NDArray[np.int64], scores: NDArray[np.float32], limit: int) -> Ranked:
    """Return the ``limit`` highest scores, exactly, whatever order the input has."""
    if len(scores) > 4 * limit:
        edge = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        near = np.flatnonzero(scores >= edge)
        chunk_ids, scores = chunk_ids[near], scores[near]
    order = np.lexsort((chunk_ids, -scores))[:limit]
    return Ranked(chunk_ids[order], scores[order])
