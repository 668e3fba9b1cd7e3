"""What a search and its sentences say about whether the question is answered, as numbers."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vault.answer.candidates import Candidate, question_weights
from vault.answer.wording import numbers
from vault.domain.evidence import Passage, Retrieval
from vault.index.analysis import analyse

FEATURES = (
    "dense_top",
    "lexical_gap",
    "sentence_cosine",
    "passage_coverage",
    "sentence_coverage",
    "best_score",
    "score_gap",
    "missing_names",
    "log_terms",
)
"""Names of the features, in the order of their row.

Sizes of the collection and gaps between dense scores were tried and left out: they told the
training sets apart and helped on no set that the fit had not seen.
"""

GAP_RANK = 5
"""Position, from 0, of the sentence that the best one is measured against."""

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
    dense, lexical = retrieval.signals.dense_top, retrieval.signals.lexical_top
    best, against = ranked[0], ranked[min(GAP_RANK, len(ranked) - 1)]
    values = {
        "dense_top": dense[0] if dense else 0.0,
        "lexical_gap": 1 - _second(lexical) / lexical[0] if lexical and lexical[0] > 0 else 0.0,
        "sentence_cosine": max(one.cosine for one in ranked),
        "passage_coverage": _passage_coverage(retrieval, weights),
        "sentence_coverage": max(one.coverage for one in ranked),
        "best_score": best.score,
        "score_gap": best.score - against.score,
        "missing_names": _missing_names(retrieval.question, best),
        "log_terms": float(np.log1p(len(weights))),
    }
    return np.array([values[name] for name in FEATURES], dtype=np.float64)


def _second(values: Sequence[float]) -> float:
    return values[1] if len(values) > 1 else 0.0


def _passage_coverage(retrieval: Retrieval, weights: Mapping[str, float]) -> float:
    """Return the greatest share of the question's term weight that one passage holds."""
    total = sum(weights.values())
    covered = [
        sum(weights[term] for term in weights.keys() & analyse(_whole(passage)))
        for passage in retrieval.passages
    ]
    return max(covered, default=0.0) / total if total > 0 else 0.0


def _missing_names(question: str, best: Candidate) -> float:
    """Return the share of the question's names and numbers that the best passage lacks."""
    near = _whole(best.passage).casefold()
    wanted = [name.casefold() for name in _NAME.findall(question)] + sorted(numbers(question))
    return sum(word not in near for word in wanted) / len(wanted) if wanted else 0.0


def _whole(passage: Passage) -> str:
    return " \n".join((passage.title, *passage.headings, passage.text))
