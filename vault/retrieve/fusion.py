"""Two ranked lists made one: each chunk's distance from the mean of its list, in deviations."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vault.domain.evidence import ScoreTerm, total
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
        score: what the terms add up to; comparable within one query only.
        scores: the dense and lexical scores it had, where it was found.
        terms: the share of each list in the score.
    """

    chunk_id: int
    score: float
    scores: Mapping[str, float]
    terms: tuple[ScoreTerm, ...]


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
    known_dense, known_lexical = _known(dense), _known(lexical)
    fused = [
        _fused(
            chunk_id,
            ScoreTerm("dense", dense_weight, near, known_dense.get(chunk_id)),
            ScoreTerm("lexical", 1 - dense_weight, held, known_lexical.get(chunk_id)),
        )
        for chunk_id, near, held in zip(
            chunk_ids.tolist(), standard_dense.tolist(), standard_lexical.tolist(), strict=True
        )
    ]
    return sorted(fused, key=lambda hit: (-hit.score, hit.chunk_id))


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


def _fused(chunk_id: int, *terms: ScoreTerm) -> Fused:
    scores = {term.name: term.raw for term in terms if term.raw is not None}
    return Fused(chunk_id, total(terms), scores, terms)
