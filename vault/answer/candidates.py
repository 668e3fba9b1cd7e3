"""Sentences of the retrieved passages, scored against the question."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np

from vault.answer.kinds import kind_found
from vault.answer.sentences import Sentence, sentences
from vault.answer.vectors import ChunkText, SentenceRows, Vectors
from vault.domain.documents import CharSpan
from vault.domain.evidence import Passage, Retrieval
from vault.index.analysis import analyse

PASSAGES_READ = 5
"""Passages whose sentences are scored, best first; more changed no measured figure but time."""

PASSAGES_WHOLE = 2
SENTENCES_EMBEDDED = 12
"""The first passages are embedded whole; sentences of the others fill up to this number."""

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


_CELLS = " | "
"""Between the cells of a table row."""

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
    retrieval: Retrieval, question: Vectors, vectors: SentenceRows
) -> tuple[Candidate, ...]:
    """Return the promising sentences of the best passages, best first, always in one order.

    Args:
        retrieval: passages and signals of one search.
        question: (dimension,) float32, the question's unit vector.
        vectors: where the sentences' vectors come from.
    """
    asked = _Asked(retrieval.question, question_weights(retrieval), question)
    drafts = _promising(retrieval.passages[:PASSAGES_READ], asked)
    rows = vectors.rows([ChunkText(one.passage.chunk_id, one.embedded) for one in drafts])
    scored = [_candidate(one, asked, row) for one, row in zip(drafts, rows, strict=True)]
    ranks = {id(one.passage): one.rank for one in drafts}
    return tuple(sorted(scored, key=lambda one: (-one.score, ranks[id(one.passage)], one.span)))


@dataclass(frozen=True, slots=True)
class _Draft:
    passage: Passage
    rank: int
    sentence: Sentence
    coverage: float

    @property
    def text(self) -> str:
        return self.sentence.span.of(self.passage.text)

    @property
    def embedded(self) -> str:
        """The sentence as the embedder reads it: after its heading, lead-in or question.

        The columns of a table are left to the coverage; they would make all its rows alike.
        """
        lead = [words for words in self.sentence.context[-1:] if _CELLS not in words]
        return " ".join((*lead, self.text))


def _promising(passages: Sequence[Passage], asked: _Asked) -> list[_Draft]:
    """Return all sentences of the first passages, and of the others those that cover most."""
    drafts = [
        draft for rank, passage in enumerate(passages) for draft in _drafts(passage, rank, asked)
    ]
    whole = [one for one in drafts if one.rank < PASSAGES_WHOLE]
    rest = [one for one in drafts if one.rank >= PASSAGES_WHOLE]
    rest.sort(key=lambda one: (-one.coverage, one.rank))
    return whole + rest[: max(0, SENTENCES_EMBEDDED - len(whole))]


def _drafts(passage: Passage, rank: int, asked: _Asked) -> Iterator[_Draft]:
    before = ""
    found = sentences(passage.text, passage.headings)
    for place, sentence in enumerate(found):
        text = sentence.span.of(passage.text)
        below = found[place + 1].span.of(passage.text) if place + 1 < len(found) else ""
        if _states(text, sentence, asked) and not _heads(text, below):
            context = " \n".join((passage.title, *passage.headings, *sentence.context))
            layers = ((text, 1.0), (context, CONTEXT_CREDIT), (before, BEFORE_CREDIT))
            yield _Draft(passage, rank, sentence, asked.coverage(layers))
        before = text


def _states(text: str, sentence: Sentence, asked: _Asked) -> bool:
    """Tell whether a sentence can be evidence: no question, and no bare echo of one.

    A line without a full stop that holds only words of the question is a title or a label.
    """
    if sentence.asks:
        return False
    return text[-1] in _STOPS or not set(analyse(text)) <= asked.weights.keys()


def _heads(text: str, below: str) -> bool:
    """Tell whether a line only names the columns of the row ``below`` it."""
    return _CELLS in text and below.startswith(text.split(_CELLS, 1)[0] + ": ")


def _candidate(draft: _Draft, asked: _Asked, row: Vectors) -> Candidate:
    passage, text = draft.passage, draft.text
    cosine = float(np.dot(asked.vector, row))
    kind = KIND_BONUS * kind_found(asked.text, (text,))
    cost = STALE_COST * (not passage.fresh) + SUPERSEDED_COST * (passage.superseded_by is not None)
    return Candidate(
        passage=passage,
        span=draft.sentence.span,
        text=text,
        terms=frozenset(asked.weights.keys() & analyse(text)),
        coverage=draft.coverage,
        cosine=cosine,
        score=cosine + COVERAGE_WEIGHT * draft.coverage + kind - cost,
        vector=row,
    )
