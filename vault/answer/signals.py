"""What a search and its sentences say about whether the question is answered, as numbers."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vault.answer.candidates import Candidate, question_weights
from vault.answer.kinds import kind_found
from vault.answer.wording import numbers
from vault.domain.evidence import Retrieval
from vault.index.analysis import analyse

FEATURES = (
    "dense_top",
    "dense_gap",
    "dense_gap_5",
    "lexical_share",
    "lexical_gap",
    "sentence_cosine",
    "passage_coverage",
    "sentence_coverage",
    "best_score",
    "closest_coverage",
    "agreement",
    "same_top",
    "rarest_covered",
    "kind_found",
    "missing_names",
    "log_terms",
    "log_visible",
    "score_gap",
    "sentence_cosine_2",
    "dense_z",
)
"""Names of the features, in the order of their row."""

_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z]\w+")


def features(retrieval: Retrieval, ranked: Sequence[Candidate]) -> NDArray[np.float64]:
    """Return one number per name in ``FEATURES``: (len(FEATURES),) float64, all finite.

    Only statistics of the chunks the caller may read take part, so that what is hidden
    from the caller cannot move the decision.

    Args:
        retrieval: passages and signals of one search.
        ranked: its scored sentences, best first; at least one.
    """
    weights = question_weights(retrieval)
    values = _search(retrieval, weights) | _sentences(retrieval, ranked, weights)
    return np.array([values[name] for name in FEATURES], dtype=np.float64)


def _search(retrieval: Retrieval, weights: Mapping[str, float]) -> dict[str, float]:
    signals = retrieval.signals
    dense, lexical = signals.dense_top, signals.lexical_top
    total = sum(weights.values())
    tops = set(signals.dense_ids[:3]) & set(signals.lexical_ids[:3])
    return {
        "dense_top": _at(dense, 0),
        "dense_gap": _at(dense, 0) - _at(dense, 1),
        "dense_gap_5": _at(dense, 0) - _at(dense, 4),
        "lexical_share": _at(lexical, 0) / total if total > 0 else 0.0,
        "lexical_gap": 1 - _at(lexical, 1) / lexical[0] if lexical and lexical[0] > 0 else 0.0,
        "agreement": len(tops) / 3,
        "same_top": float(signals.dense_ids[:1] == signals.lexical_ids[:1] != ()),
        "log_terms": float(np.log1p(len(weights))),
        "log_visible": float(np.log10(min(max(signals.visible_chunks, 20), 10_000))),
        "dense_z": (_at(dense, 0) - float(np.mean(dense[1:10])))
        / (float(np.std(dense[1:10])) + 0.02)
        if len(dense) > 2
        else 0.0,
    }


def _sentences(
    retrieval: Retrieval, ranked: Sequence[Candidate], weights: Mapping[str, float]
) -> dict[str, float]:
    total = sum(weights.values()) or 1.0
    held: dict[int, set[str]] = {}
    for passage in retrieval.passages:
        near = analyse(" \n".join((passage.title, *passage.headings, passage.text)))
        held[passage.chunk_id] = set(near) & weights.keys()
    passage_coverage = max(sum(weights[term] for term in terms) for terms in held.values()) / total
    closest = max(ranked, key=lambda one: one.cosine)
    rarest = max(weights, key=lambda term: weights[term], default="")
    best = ranked[0]
    cosines = sorted((one.cosine for one in ranked), reverse=True)
    return {
        "sentence_cosine": closest.cosine,
        "sentence_cosine_2": _at(cosines, 1),
        "passage_coverage": passage_coverage,
        "sentence_coverage": max(one.coverage for one in ranked),
        "best_score": best.score,
        "closest_coverage": closest.coverage,
        "rarest_covered": float(rarest in held[best.passage.chunk_id]),
        "kind_found": kind_found(retrieval.question, [one.text for one in ranked[:3]]),
        "missing_names": _missing(retrieval.question, best),
        "score_gap": best.score - ranked[-1].score
        if len(ranked) < 6
        else best.score - ranked[5].score,
    }


def _at(values: Sequence[float], position: int) -> float:
    """Return a value, or the least one known where there are too few."""
    if not values:
        return 0.0
    return float(values[min(position, len(values) - 1)])


def _missing(question: str, best: Candidate) -> float:
    """Return the share of the question's names and numbers that the best passage lacks."""
    near = " ".join((best.passage.title, *best.passage.headings, best.passage.text)).casefold()
    wanted = [name.casefold() for name in _NAME.findall(question)] + sorted(numbers(question))
    return sum(word not in near for word in wanted) / len(wanted) if wanted else 0.0
