"""Two ranked lists made one: each chunk's distance from the mean of its list, in deviations."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vault.index.ranked import Ranked

DEPTH = 100
"""Length at which a list was cut; a shorter one holds everything there was to find."""
DENSE_WEIGHT = 0.55
"""Share of the dense list in the fused score; the lexical list has the rest."""
DENSE_DAMPING = 0.02
LEXICAL_DAMPING = 0.5
"""Added to the deviations, in cosine and in BM25, so that near-equal scores stay near-equal."""


class Fused(NamedTuple):
    """One chunk of the fused list.

    Attributes:
        score: weighted sum of the standard scores; comparable within one query only.
        scores: the dense and lexical scores it had, where it was found.
    """

    chunk_id: int
    score: float
    scores: Mapping[str, float]


def fuse(
    dense: Ranked,
    lexical: Ranked,
    *,
    depth: int = DEPTH,
    dense_weight: float = DENSE_WEIGHT,
) -> list[Fused]:
    """Return every chunk of either list, best first; equal scores stand in order of chunk id.

    A chunk that one list lacks counts there as that list's lowest score or, where the
    lexical list is complete, as zero: it holds none of the terms. A list whose scores are
    all alike decides nothing.

    Args:
        dense: cosines, at most ``depth`` of them.
        lexical: BM25 scores, at most ``depth`` of them.
        depth: length at which the lists were cut.
        dense_weight: 0 to 1.

    Source:
        Wu, "Data Fusion in Information Retrieval", Springer 2012, chapter 2 (zero-one and
        standard scores).
    """
    chunk_ids = np.union1d(dense.chunk_ids, lexical.chunk_ids)
    if not len(chunk_ids):
        return []
    lowest = _lowest(lexical) if len(lexical.scores) >= depth else 0.0
    standard_dense = _standard(_spread(dense, chunk_ids, _lowest(dense)), DENSE_DAMPING)
    standard_lexical = _standard(_spread(lexical, chunk_ids, lowest), LEXICAL_DAMPING)
    scores = dense_weight * standard_dense + (1 - dense_weight) * standard_lexical
    known_dense, known_lexical = _known(dense), _known(lexical)
    return [
        Fused(chunk_id, score, _named(chunk_id, known_dense, known_lexical))
        for chunk_id, score in (
            (int(chunk_ids[place]), float(scores[place]))
            for place in np.lexsort((chunk_ids, -scores))
        )
    ]


def _lowest(ranked: Ranked) -> float:
    return float(ranked.scores.min()) if len(ranked.scores) else 0.0


def _spread(ranked: Ranked, chunk_ids: NDArray[np.int64], missing: float) -> NDArray[np.float64]:
    """Return the score of each of the sorted ``chunk_ids``, or ``missing`` where it has none."""
    values = np.full(len(chunk_ids), missing, np.float64)
    values[np.searchsorted(chunk_ids, ranked.chunk_ids)] = ranked.scores
    return values


def _standard(values: NDArray[np.float64], damping: float) -> NDArray[np.float64]:
    mean, deviation = float(values.mean()), float(values.std())
    return (values - mean) / (deviation + damping)


def _known(ranked: Ranked) -> dict[int, float]:
    return dict(zip(ranked.chunk_ids.tolist(), ranked.scores.tolist(), strict=True))


def _named(
    chunk_id: int, dense: Mapping[int, float], lexical: Mapping[int, float]
) -> dict[str, float]:
    found = (("dense", dense.get(chunk_id)), ("lexical", lexical.get(chunk_id)))
    return {name: score for name, score in found if score is not None}
