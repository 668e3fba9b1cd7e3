"""A small hybrid search over one question set, exact and in memory, for measuring answers alone."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import log

import numpy as np
from numpy.typing import NDArray

from scripts.bench.answers_sets import Piece
from vault.domain.documents import CharSpan
from vault.domain.evidence import Passage, Retrieval, RetrievalSignals
from vault.domain.labels import LOWEST

DEPTH = 30
"""Passages of each kind of search that are fused."""

K1, B = 0.9, 0.4
"""Saturation and length normalisation of BM25."""

_CAPTURED = datetime(2026, 1, 1, tzinfo=UTC)


class MemorySearch:
    """BM25 and dense search whose statistics are counted on the passages a mask allows.

    Args:
        pieces: the passages.
        vectors: (n, d) float32, rows unit-norm, one per passage.
        analyse: turns text into index terms.
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        vectors: NDArray[np.float32],
        analyse: Callable[[str], list[str]],
    ) -> None:
        self._pieces, self._vectors, self._analyse = pieces, vectors, analyse
        counts = [Counter(analyse(f"{piece.title}\n{piece.text}")) for piece in pieces]
        self._lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
        postings: dict[str, list[tuple[int, int]]] = {}
        for row, count in enumerate(counts):
            for term, times in count.items():
                postings.setdefault(term, []).append((row, times))
        self._postings = {term: np.array(rows).T for term, rows in postings.items()}

    def retrieve(
        self,
        question: str,
        vector: NDArray[np.float32],
        *,
        visible: NDArray[np.bool_],
        limit: int = 8,
    ) -> Retrieval:
        """Return the best passages among the ``visible`` ones, and the signals of the search."""
        weights = self._weights(question, visible)
        lexical = np.where(visible, self._bm25(weights, visible), -np.inf)
        dense = np.where(visible, self._vectors @ vector, -np.inf)
        top_lexical = [row for row in _best(lexical, DEPTH) if lexical[row] > 0]
        top_dense = [row for row in _best(dense, DEPTH) if np.isfinite(dense[row])]
        rows = np.array(sorted({*top_lexical, *top_dense}), dtype=np.int64)
        fused = _standard(dense[rows]) + _standard(lexical[rows]) if rows.size else np.empty(0)
        order = rows[np.lexsort((rows, -fused))][:limit]
        passages = tuple(self._passage(int(row), float(dense[row])) for row in order)
        signals = RetrievalSignals(
            visible_chunks=int(visible.sum()),
            term_weights=weights,
            dense_top=tuple(float(dense[row]) for row in top_dense[:10]),
            lexical_top=tuple(float(lexical[row]) for row in top_lexical[:10]),
            dense_ids=tuple(int(row) for row in top_dense[:10]),
            lexical_ids=tuple(int(row) for row in top_lexical[:10]),
        )
        return Retrieval(question, passages, signals)

    def _weights(self, question: str, visible: NDArray[np.bool_]) -> dict[str, float]:
        total, weights = int(visible.sum()), {}
        for term in dict.fromkeys(self._analyse(question)):
            rows = self._postings.get(term)
            holding = int(visible[rows[0]].sum()) if rows is not None else 0
            weights[term] = log(1 + (total - holding + 0.5) / (holding + 0.5))
        return weights

    def _bm25(self, weights: dict[str, float], visible: NDArray[np.bool_]) -> NDArray[np.float64]:
        scores = np.zeros(len(self._pieces))
        mean = self._lengths[visible].mean() if visible.any() else 1.0
        for term, weight in weights.items():
            if term in self._postings:
                rows, times = self._postings[term]
                room = K1 * (1 - B + B * self._lengths[rows] / mean)
                scores[rows] += weight * times * (K1 + 1) / (times + room)
        return scores

    def _passage(self, row: int, dense: float) -> Passage:
        piece = self._pieces[row]
        return Passage(
            chunk_id=row,
            document_id=piece.document,
            revision=piece.document,
            digest="",
            title=piece.title,
            uri="",
            span=CharSpan(piece.start, piece.start + len(piece.text)),
            text=piece.text,
            label=LOWEST,
            modified_at=_CAPTURED,
            fresh=True,
            scores={"dense": dense},
        )


def _best(scores: NDArray[np.float64], count: int) -> list[int]:
    order = np.lexsort((np.arange(len(scores)), -scores))
    return [int(row) for row in order[:count]]


def _standard(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    finite = np.where(np.isfinite(scores), scores, 0.0)
    deviation = finite.std()
    return (finite - finite.mean()) / deviation if deviation > 0 else np.zeros_like(finite)
