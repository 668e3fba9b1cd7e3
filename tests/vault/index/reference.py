"""The plainest index there can be: a dictionary, every score by its formula."""

import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.analysis import Located, located
from vault.index.index import IndexRows
from vault.index.questions import question

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

    chunks: dict[int, tuple[int, NDArray[np.float32], Located]] = field(default_factory=dict)

    def add(self, rows: IndexRows) -> None:
        found = zip(rows.chunk_ids, rows.label_ids, rows.vectors, rows.texts, strict=True)
        for chunk, label, vector, text in found:
            self.chunks[int(chunk)] = (int(label), vector, located(text))

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
        asked = question(query)
        texts = {c: text for c, (label, _, text) in self.chunks.items() if label in seen.label_ids}
        held = {chunk: Counter(text.terms) for chunk, text in texts.items()}
        mean = sum(terms.total() for terms in held.values()) / max(1, len(held))
        scores: Counter[int] = Counter()
        most = 0.0
        for term, times in asked.terms.items():
            holders = [chunk for chunk, terms in held.items() if terms[term]]
            if not holders:
                continue
            rarity = math.log1p((len(held) - len(holders) + 0.5) / (len(holders) + 0.5))
            most += times * rarity * (K1 + 1)
            for chunk in holders:
                repeats, length = held[chunk][term], held[chunk].total()
                slowed = repeats + K1 * (1 - B + B * length / mean)
                scores[chunk] += times * rarity * repeats * (K1 + 1) / slowed
        for wanted in asked.exact:
            for chunk, text in texts.items():
                if stands_in(text, wanted):
                    scores[chunk] += most
        return dict(scores)


def stands_in(text: Located, wanted: tuple[tuple[str, int], ...]) -> bool:
    """Tell whether the wanted terms stand in ``text`` at their distances."""
    found = set(zip(text.terms, text.positions, strict=True))
    starts = [place for term, place in found if term == wanted[0][0]]
    return any(
        all((term, start + distance) in found for term, distance in wanted) for start in starts
    )
