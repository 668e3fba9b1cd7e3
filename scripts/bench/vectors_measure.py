"""Recall and processor time of several engines on the same questions, in one run."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

LIMIT = 10
_AT_ONCE = 65_536

Search = Callable[[NDArray[np.float32]], NDArray[np.int64]]
"""Takes a question, (d,) float32; returns the chunk ids found, best first."""


def nearest(
    vectors: NDArray[np.float32], visible: NDArray[np.bool_], asked: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return, for each question, the score that a visible row needs to be among the best ten."""
    kept = np.full((len(asked), LIMIT), -2.0, np.float32)
    for start in range(0, len(vectors), _AT_ONCE):
        seen = visible[start : start + _AT_ONCE]
        scores = asked @ vectors[start : start + _AT_ONCE][seen].T
        both = np.concatenate([kept, scores], axis=1)
        kept = np.partition(both, both.shape[1] - LIMIT, axis=1)[:, -LIMIT:]
    edges: NDArray[np.float32] = kept.min(axis=1)
    return edges


def compare(
    engines: Mapping[str, Search],
    vectors: NDArray[np.float32],
    visible: NDArray[np.bool_],
    asked: NDArray[np.float32],
) -> dict[str, dict[str, Any]]:
    """Return for each engine its recall, short lists and thread time in milliseconds.

    The engines take turns on every question, so that whatever else the machine does
    strikes all alike. A row counts as found if it scores no less than the tenth best,
    which is fair to engines that break ties otherwise. Chunk ids are row numbers.

    Raises:
        RuntimeError: an engine returned a row that is not visible.
    """
    edges = nearest(vectors, visible, asked)
    most = min(LIMIT, int(visible.sum()))
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    hits, short = dict.fromkeys(engines, 0), dict.fromkeys(engines, 0)
    for search in engines.values():
        search(asked[0])
    for query, edge in zip(asked, edges, strict=True):
        for name, search in engines.items():
            start = time.thread_time()
            found = search(query)
            seconds[name].append(time.thread_time() - start)
            if not visible[found].all():
                raise RuntimeError(f"{name} returned a row that is not visible")
            hits[name] += int((vectors[found] @ query >= edge - 1e-6).sum())
            short[name] += len(found) < most
    return {
        name: {
            "recall": round(min(1.0, hits[name] / (most * len(asked))), 4),
            "short": short[name],
            "cpu_ms_p50": round(float(np.percentile(spent, 50)) * 1e3, 4),
            "cpu_ms_p99": round(float(np.percentile(spent, 99)) * 1e3, 4),
        }
        for name, spent in seconds.items()
    }
