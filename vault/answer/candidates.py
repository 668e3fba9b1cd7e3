"""Sentences of the retrieved passages, scored against the question."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np

from vault.answer.kinds import kind_found
from vault.answer.sentences import Sentence, sentences
from vault.answer.vectors import ChunkTexts, SentenceVectors, Vectors
from vault.domain.documents import CharSpan
from vault.domain.evidence import Passage, Retrieval
from vault.index.analysis import analyse

PASSAGES_READ = 5
"""Passages whose sentences are scored, best first; more changed no measured figure but time."""

COVERAGE_WEIGHT = 0.5
"""Weight of covering every question term, beside a cosine similarity."""

CONTEXT_CREDIT = 0.75
"""Share of a term's weight that counts when only the heading or the title holds it."""

BEFORE_CREDIT = 0.3
"""The same when only the sentence before holds it: "It" and "the latter" point there."""

KIND_BONUS = 0.08
"""What a sentence gains for holding a date, a number or a name when one is asked for."""

STALE_COST = 0.03
SUPERSEDED_COST = 0.15
"""What a sentence loses for being out of date, so that current text of like fit wins."""


_STOPS = ".!\u3002\uff01\u0964"


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A sentence that may become evidence.

    Attributes:
        passage: where it stands.
        span: its place in the passage's own text.
        text: the sentence, verbatim.
        terms: question terms that the sentence itself holds.
        coverage: share of the question's term weight it covers, with its context, 0 to 1.
        cosine: similarity of sentence and question, -1 to 1.
        score: what candidates are ranked by.
        vector: unit vector of the sentence.
    """

    passage: Passage
    span: CharSpan
    text: str
    terms: frozenset[str]
    coverage: float
    cosine: float
    score: float
    vector: Vectors = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    text: str
    weights: Mapping[str, float]
    vector: Vectors

    def coverage(self, layers: Sequence[tuple[str, float]]) -> float:
        """Return the share of term weight in ``layers``; a term counts in the first with it."""
        left, covered = set(self.weights), 0.0
        for text, credit in layers:
            held = left.intersection(analyse(text))
            covered += credit * sum(self.weights[term] for term in held)
            left -= held
        total = sum(self.weights.values())
        return covered / total if total > 0 else 0.0


def question_weights(retrieval: Retrieval) -> dict[str, float]:
    """Return the weight of every question term, also of terms no visible chunk holds."""
    known = retrieval.signals.term_weights
    unseen = log(1 + (retrieval.signals.visible_chunks + 0.5) / 0.5)
    return {term: known.get(term, unseen) for term in dict.fromkeys(analyse(retrieval.question))}


def candidates(
    retrieval: Retrieval, question: Vectors, vectors: SentenceVectors
) -> tuple[Candidate, ...]:
    """Return every sentence of the best passages, best first; equal input gives equal order.

    Args:
        retrieval: passages and signals of one search.
        question: (dimension,) float32, the question's unit vector.
        vectors: where the sentences' vectors come from.
    """
    asked = _Asked(retrieval.question, question_weights(retrieval), question)
    passages = retrieval.passages[:PASSAGES_READ]
    split = [sentences(passage.text, passage.headings) for passage in passages]
    wanted = [
        ChunkTexts(
            passage.chunk_id,
            passage.text,
            tuple(_embedded(passage.text, sentence) for sentence in found),
        )
        for passage, found in zip(passages, split, strict=True)
    ]
    scored: list[Candidate] = []
    for passage, found, rows in zip(passages, split, vectors.chunks(wanted), strict=True):
        scored += _passage_candidates(passage, found, rows, asked)
    ranks = {id(passage): rank for rank, passage in enumerate(passages)}
    return tuple(sorted(scored, key=lambda one: (-one.score, ranks[id(one.passage)], one.span)))


def _passage_candidates(
    passage: Passage, found: Sequence[Sentence], rows: Vectors, asked: _Asked
) -> Iterator[Candidate]:
    before = ""
    for sentence, row in zip(found, rows, strict=True):
        if _states(passage, sentence, asked):
            yield _candidate(passage, sentence, before, asked, row)
        before = sentence.span.of(passage.text)


def _states(passage: Passage, sentence: Sentence, asked: _Asked) -> bool:
    """Tell whether a sentence can be evidence: no question, and no bare echo of one.

    A line without a full stop that holds only words of the question is a title or a label.
    """
    if sentence.asks:
        return False
    text = sentence.span.of(passage.text)
    return text[-1] in _STOPS or not set(analyse(text)) <= asked.weights.keys()


def _embedded(text: str, sentence: Sentence) -> str:
    """Return the sentence as the embedder reads it: after its heading, lead-in or question.

    The columns of a table are left to the coverage; they would make all its rows alike.
    """
    lead = [words for words in sentence.context[-1:] if " | " not in words]
    return " ".join((*lead, sentence.span.of(text)))


def _candidate(
    passage: Passage, sentence: Sentence, before: str, asked: _Asked, row: Vectors
) -> Candidate:
    text = sentence.span.of(passage.text)
    context = " \n".join((passage.title, *passage.headings, *sentence.context))
    coverage = asked.coverage(((text, 1.0), (context, CONTEXT_CREDIT), (before, BEFORE_CREDIT)))
    cosine = float(np.dot(asked.vector, row))
    kind = KIND_BONUS * kind_found(asked.text, (text,))
    cost = STALE_COST * (not passage.fresh) + SUPERSEDED_COST * (passage.superseded_by is not None)
    return Candidate(
        passage=passage,
        span=sentence.span,
        text=text,
        terms=frozenset(asked.weights.keys() & analyse(text)),
        coverage=coverage,
        cosine=cosine,
        score=cosine + COVERAGE_WEIGHT * coverage + kind - cost,
        vector=row,
    )
