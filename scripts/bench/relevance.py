"""How well each way of searching ranks the judged documents of a question set."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from corpora import EmbeddedCorpus
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.lexical import LexicalIndex
from vault.index.ranked import Ranked, best
from vault.retrieve.fusion import DEPTH, Fused, fuse

EVERYONE = VisibleSet(frozenset({0}), "benchmark", 0, "everyone")
CUTOFF = 10


@dataclass(frozen=True, slots=True)
class Candidates:
    """What each way of searching found for one judged question.

    Attributes:
        grades: grade of each relevant document, by its place.
        fused: the hybrid list; chunk ids are places of documents.
    """

    text: str
    grades: Mapping[int, int]
    dense: Ranked
    lexical: Ranked
    fused: Sequence[Fused]


def relevance(embedded: EmbeddedCorpus) -> dict[str, float]:
    """Return the mean nDCG@10 of dense, lexical and hybrid search over all judged questions."""
    gained: dict[str, list[float]] = {"dense": [], "lexical": [], "hybrid": []}
    for one in candidates(embedded):
        ranked = {
            "dense": one.dense.chunk_ids.tolist(),
            "lexical": one.lexical.chunk_ids.tolist(),
            "hybrid": [hit.chunk_id for hit in one.fused],
        }
        for name, found in ranked.items():
            gained[name].append(ndcg(found, one.grades))
    return {name: float(np.mean(values)) for name, values in gained.items()}


def candidates(embedded: EmbeddedCorpus) -> Iterator[Candidates]:
    """Yield what is found for each question that a document of the set answers."""
    corpus = embedded.corpus
    names = list(corpus.documents)
    places = {name: place for place, name in enumerate(names)}
    lexical = LexicalIndex.empty().added(
        np.arange(len(names)), np.zeros(len(names), np.int64), list(corpus.documents.values())
    )
    for (question, text), near in zip(corpus.questions.items(), _dense(embedded), strict=True):
        grades = {
            places[name]: grade
            for name, grade in corpus.judgements[question].items()
            if grade > 0 and name in places
        }
        if grades:
            held = lexical.search(text, EVERYONE, DEPTH)
            yield Candidates(text, grades, near, held, fuse(near, held))


def ndcg(found: Sequence[int], grades: Mapping[int, int]) -> float:
    """Return the discounted gain of the first ten over that of the best possible ten.

    Source:
        Jarvelin and Kekalainen, "Cumulated gain-based evaluation of IR techniques", 2002.
    """
    gains = [grades.get(document, 0) for document in found[:CUTOFF]]
    ideal = sorted(grades.values(), reverse=True)[:CUTOFF]
    return _discounted(gains) / _discounted(ideal)


def _discounted(gains: Sequence[int]) -> float:
    return float(sum(gain / np.log2(rank) for rank, gain in enumerate(gains, 2)))


def _dense(embedded: EmbeddedCorpus) -> Iterator[Ranked]:
    """Yield each question's documents, scored by their best passage."""
    documents = len(embedded.corpus.documents)
    for question in embedded.questions:
        scores: NDArray[np.float32] = np.full(documents, -1, np.float32)
        np.maximum.at(scores, embedded.owners, embedded.passages @ question)
        yield best(np.arange(documents), scores, DEPTH)
