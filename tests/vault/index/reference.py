"""The plainest index there can be: a dictionary, every score by its formula."""

import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.analysis import analyse
from vault.index.index import IndexRows

K1, B = 0.9, 0.4


def visible(*label_ids: int) -> VisibleSet:
    known = frozenset(label_ids)
    return VisibleSet(known, "policy", 0, f"key of {sorted(known)}")


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def clustered(rng: np.random.Generator, count: int, dimension: int) -> NDArray[np.float32]:
    """Unit rows around a few directions, as real embeddings lie."""
    centres = rng.standard_normal((12, dimension))
    noise = rng.standard_normal((count, dimension))
    return unit(centres[rng.integers(0, len(centres), count)] + 0.6 * noise)


def rows_of(
    chunk_ids: list[int] | range,
    label_ids: list[int] | NDArray[np.int64],
    vectors: NDArray[np.float32],
    texts: list[str] | None = None,
) -> IndexRows:
    return IndexRows(
        np.array(chunk_ids, np.int64),
        np.array(label_ids, np.int64),
        vectors,
        texts if texts is not None else [f"chunk number {chunk}" for chunk in chunk_ids],
    )


@dataclass
class Reference:
    """What the index should answer, found by looking at every visible chunk."""

    chunks: dict[int, tuple[int, NDArray[np.float32], Counter[str]]] = field(default_factory=dict)

    def add(self, rows: IndexRows) -> None:
        found = zip(rows.chunk_ids, rows.label_ids, rows.vectors, rows.texts, strict=True)
        for chunk, label, vector, text in found:
            self.chunks[int(chunk)] = (int(label), vector, Counter(analyse(text)))

    def remove(self, chunk_ids: list[int]) -> None:
        for chunk in chunk_ids:
            self.chunks.pop(chunk, None)

    def relabel(self, chunk_ids: list[int], label: int) -> None:
        for chunk in chunk_ids:
            if chunk in self.chunks:
                self.chunks[chunk] = (label, *self.chunks[chunk][1:])

    def dense(self, query: NDArray[np.float32], seen: VisibleSet) -> dict[int, float]:
        return {
            chunk: float(vector.astype(np.float64) @ query.astype(np.float64))
            for chunk, (label, vector, _) in self.chunks.items()
            if label in seen.label_ids
        }

    def lexical(self, query: str, seen: VisibleSet) -> dict[int, float]:
        texts = {
            c: terms for c, (label, _, terms) in self.chunks.items() if label in seen.label_ids
        }
        mean = sum(terms.total() for terms in texts.values()) / max(1, len(texts))
        scores: Counter[int] = Counter()
        for term, asked in Counter(analyse(query)).items():
            holders = [chunk for chunk, terms in texts.items() if terms[term]]
            rarity = math.log1p((len(texts) - len(holders) + 0.5) / (len(holders) + 0.5))
            for chunk in holders:
                repeats, length = texts[chunk][term], texts[chunk].total()
                slowed = repeats + K1 * (1 - B + B * length / mean)
                scores[chunk] += asked * rarity * repeats * (K1 + 1) / slowed
        return dict(scores)
