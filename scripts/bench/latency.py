"""Recall and processor time of dense search at several visible shares, against flat search."""

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.dense import DenseIndex

SHARES = (0.001, 0.01, 0.1, 0.5, 1.0)
LIMIT = 10
QUESTION_NOISE = 0.35
"""Length of the random part of a question, which is a row of the set otherwise."""

Search = Callable[[NDArray[np.float32]], list[int]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Real embeddings and the folder each comes from, which is its label.

    Attributes:
        vectors: (n, d) float32, unit-norm.
        labels: (n,) int64.
    """

    vectors: NDArray[np.float32]
    labels: NDArray[np.int64]


def load_rows(folder: Path, size: int) -> Rows:
    """Return the first ``size`` rows of the set in ``folder``, or all if it has fewer."""
    codes = np.load(folder / "vectors_int8.npy", allow_pickle=False)[:size]
    vectors = codes.astype(np.float32) * np.load(folder / "scale.npy", allow_pickle=False)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    names = (folder / "folders.txt").read_text(encoding="utf-8").split("\n")[: len(vectors)]
    return Rows(vectors, np.unique(names, return_inverse=True)[1].astype(np.int64))


def compare(rows: Rows, *, questions: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield one result for each visible share and each engine."""
    asked = _questions(rows, questions, seed)
    flat = faiss.IndexFlatIP(rows.vectors.shape[1])
    flat.add(rows.vectors)
    before = _resident_mb()
    index = DenseIndex.empty(rows.vectors.shape[1]).added(
        np.arange(len(rows.vectors)), rows.labels, rows.vectors
    )
    memory = {"faiss-flat-bitmap": rows.vectors.nbytes / 2**20}
    memory["strongroom"] = _resident_mb() - before
    for share in SHARES:
        seen = _visible(rows, share)
        mask = np.isin(rows.labels, list(seen.label_ids))
        engines: dict[str, Search] = {
            "strongroom": lambda query, seen=seen: index.search(
                query, seen, LIMIT
            ).chunk_ids.tolist(),
            "faiss-flat-bitmap": _flat_search(flat, mask),
        }
        truth = [set(engines["faiss-flat-bitmap"](query)) for query in asked]
        for engine, search in engines.items():
            measured = _measured(search, asked, truth)
            yield {
                "engine": engine,
                "size": len(rows.vectors),
                "visible": round(float(mask.mean()), 5),
                **measured,
                "memory_mb": round(memory[engine], 1),
            }


def _measured(
    search: Search, asked: NDArray[np.float32], truth: list[set[int]]
) -> dict[str, float]:
    search(asked[0])
    seconds, hits, short = [], 0, 0
    for query, expected in zip(asked, truth, strict=True):
        start = time.thread_time()
        found = search(query)
        seconds.append(time.thread_time() - start)
        hits += len(expected.intersection(found))
        short += len(found) < len(expected)
    return {
        "recall": round(hits / sum(map(len, truth)), 4),
        "short": short,
        "cpu_ms_p50": round(float(np.percentile(seconds, 50)) * 1e3, 4),
        "cpu_ms_p99": round(float(np.percentile(seconds, 99)) * 1e3, 4),
    }


def _flat_search(flat: faiss.IndexFlatIP, mask: NDArray[np.bool_]) -> Search:
    selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
    parameters = faiss.SearchParameters(sel=selector)

    def search(query: NDArray[np.float32]) -> list[int]:
        _, ids = flat.search(query[None], LIMIT, params=parameters)
        return [found for found in ids[0].tolist() if found >= 0]

    return search


def _questions(rows: Rows, count: int, seed: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    dimension = rows.vectors.shape[1]
    noise = rng.standard_normal((count, dimension)) * QUESTION_NOISE / np.sqrt(dimension)
    asked = rows.vectors[rng.choice(len(rows.vectors), count, replace=False)] + noise
    return (asked / np.linalg.norm(asked, axis=1, keepdims=True)).astype(np.float32)


def _visible(rows: Rows, share: float) -> VisibleSet:
    """Return whole labels, drawn with a fixed seed, that hold about ``share`` of the rows."""
    counts = np.bincount(rows.labels)
    labels: list[int] = []
    held = 0
    for label in np.random.default_rng(5).permutation(len(counts)).tolist():
        if share == 1.0 or held + counts[label] <= 1.15 * share * len(rows.labels):
            labels.append(label)
            held += counts[label]
    return VisibleSet(frozenset(labels), "benchmark", 0, f"share {share}")


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20
