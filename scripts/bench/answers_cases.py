"""Cases for the gate: questions with their answer in sight, taken away, or never there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.base import Purpose
from scripts.bench.answers_embedder import RememberingEmbedder
from scripts.bench.answers_retriever import MemorySearch
from scripts.bench.answers_sets import Question, QuestionSet
from vault.answer.candidates import candidates
from vault.answer.signals import features
from vault.answer.vectors import SentenceVectors
from vault.domain.evidence import Retrieval
from vault.index.analysis import analyse

SIZES = (20, 60, 200)
"""Numbers of documents in the small vaults that are drawn from each set."""

PER_KIND = 150
"""Questions drawn per set and size."""

WEIGHTS = {"whole": 2.0, "foreign": 0.7}
"""Weight of the cases of one kind in the fit; 1 where it is not listed."""


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Feature rows of one set and kind, with whether the answer was in sight."""

    source: str
    kind: str
    rows: NDArray[np.float64]
    labels: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Case:
    kind: str
    question: str
    documents: frozenset[str] | None
    without: frozenset[str]
    answered: bool


class World:
    """One question set made searchable.

    Args:
        questions: the set.
        embedder: vectors of passages, sentences and questions.
        seed: decides every draw.
    """

    def __init__(
        self, questions: QuestionSet, embedder: RememberingEmbedder, *, seed: int = 7
    ) -> None:
        self.questions = questions
        self.embedder = embedder
        self.vectors = SentenceVectors(embedder, sentences=1 << 20)
        self._draws = np.random.default_rng(seed)
        texts = [f"{piece.title}\n{piece.text}" for piece in questions.pieces]
        self.search = MemorySearch(questions.pieces, embedder.embed(texts), analyse)
        self._owners = np.array([piece.document for piece in questions.pieces])
        self._documents = sorted(set(self._owners.tolist()))

    def retrieve(
        self,
        question: str,
        *,
        documents: frozenset[str] | None = None,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Retrieval, NDArray[np.float32]]:
        """Return what a search over ``documents`` (all of them for None) finds."""
        visible = ~np.isin(self._owners, list(without))
        if documents is not None:
            visible &= np.isin(self._owners, list(documents))
        vector = self.embedder.embed([question], purpose=Purpose.QUERY)[0]
        return self.search.retrieve(question, vector, visible=visible), vector

    def cases(self, foreign: Sequence[str]) -> list[Cases]:
        """Return feature rows for every kind of case; ``foreign`` are questions of other sets."""
        found: dict[str, list[tuple[NDArray[np.float64], bool]]] = {}
        for case in self._cases(foreign):
            retrieval, vector = self.retrieve(
                case.question, documents=case.documents, without=case.without
            )
            ranked = candidates(retrieval, vector, self.vectors)
            if ranked:
                row = features(retrieval, ranked)
                found.setdefault(case.kind, []).append((row, case.answered))
        return [
            Cases(
                self.questions.name,
                kind,
                np.stack([row for row, _ in rows]),
                np.array([answered for _, answered in rows]),
            )
            for kind, rows in found.items()
        ]

    def _cases(self, foreign: Sequence[str]) -> Iterator[_Case]:
        answerable = self._drawn([one for one in self.questions.questions if one.answerable])
        hopeless = self._drawn([one for one in self.questions.questions if not one.answerable])
        none = frozenset[str]()
        for one in answerable[: 2 * PER_KIND]:
            yield _Case("whole", one.text, None, none, answered=True)
            kind = "deleted" if hopeless else "whole"
            yield _Case(kind, one.text, None, one.gold | one.near, answered=False)
        for one in hopeless[: 2 * PER_KIND]:
            yield _Case("whole", one.text, None, none, answered=False)
        for size in SIZES:
            for one in answerable[:PER_KIND]:
                few = self._few(size) | one.gold
                yield _Case(str(size), one.text, few, none, answered=True)
                yield _Case(str(size), one.text, few, one.gold | one.near, answered=False)
            for one in hopeless[:PER_KIND]:
                yield _Case(str(size), one.text, self._few(size) | one.near, none, answered=False)
        for text in foreign:
            yield _Case("foreign", text, None, none, answered=False)
            yield _Case("foreign", text, self._few(60), none, answered=False)

    def _drawn(self, questions: list[Question]) -> list[Question]:
        return [questions[n] for n in self._draws.permutation(len(questions))]

    def _few(self, size: int) -> frozenset[str]:
        return frozenset(self._draws.choice(self._documents, size, replace=False).tolist())


def vectors_path(cache: Path, name: str) -> Path:
    """Return where the vectors of one set are kept."""
    return cache / f"{name}.npz"
