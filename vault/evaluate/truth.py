"""What a perfect engine returns, found by comparing every query with every visible row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vault.evaluate.workload import Workload

_BLOCK = 16_384
_TIES = 22
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Expected:
    """The right answer to one query under one visible share.

    Attributes:
        count: how many rows should come back: the limit, or fewer if fewer are visible.
        ids: the nearest rows, and those that tie with the last of them.
    """

    count: int
    ids: frozenset[int]

    def hits(self, found: Sequence[int]) -> int:
        """Return how many of ``found`` are right, each counted once, at most ``count``."""
        return min(self.count, len(self.ids.intersection(found)))


def nearest(
    workload: Workload, limit: int, *, advance: Callable[[int, int], None]
) -> list[list[Expected]]:
    """Return the right answers, for each visible share and each query.

    Args:
        workload: rows, queries and readers.
        limit: rows asked for.
        advance: told after each block how many rows of how many are compared.
    """
    rows, queries = workload.vectors(), workload.queries
    masks = [workload.mask(visible) for visible in workload.visible]
    best = [_Best(len(queries), limit + _TIES) for _ in masks]
    for start in range(0, workload.size, _BLOCK):
        block = np.asarray(rows[start : start + _BLOCK])
        scores = queries @ block.T
        for mask, kept in zip(masks, best, strict=True):
            visible = np.flatnonzero(mask[start : start + _BLOCK])
            kept.add(scores[:, visible], start + visible)
        advance(min(start + _BLOCK, workload.size), workload.size)
    return [kept.expected(limit) for kept in best]


class _Best:
    """The highest scores seen so far, for each query."""

    def __init__(self, queries: int, kept: int) -> None:
        self._kept = kept
        self._scores = np.empty((queries, 0), np.float32)
        self._ids = np.empty((queries, 0), np.int64)

    def add(self, scores: NDArray[np.float32], ids: NDArray[np.int64]) -> None:
        numbers = np.broadcast_to(ids, scores.shape)
        if scores.shape[1] > self._kept:
            top = np.argpartition(-scores, self._kept, axis=1)[:, : self._kept]
            scores = np.take_along_axis(scores, top, 1)
            numbers = np.take_along_axis(numbers, top, 1)
        all_scores = np.concatenate([self._scores, scores], axis=1)
        all_ids = np.concatenate([self._ids, numbers], axis=1)
        order = np.argsort(-all_scores, axis=1, kind="stable")[:, : self._kept]
        self._scores = np.take_along_axis(all_scores, order, 1)
        self._ids = np.take_along_axis(all_ids, order, 1)

    def expected(self, limit: int) -> list[Expected]:
        count = min(limit, self._scores.shape[1])
        edges = self._scores[:, count - 1 : count] - np.float32(_SAME)
        return [
            Expected(count, frozenset(ids[scores >= edge].tolist()))
            for scores, ids, edge in zip(self._scores, self._ids, edges, strict=True)
        ]
