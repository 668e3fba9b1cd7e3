"""From a question to passages: permission first, then two searches, then fusion."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from models.base import Embedder, Purpose
from vault.domain.decisions import VisibleSet
from vault.domain.errors import InvalidRequestError
from vault.domain.evidence import Passage, Retrieval, RetrievalSignals
from vault.domain.identity import Subject
from vault.domain.questions import PLAIN, Rerank, SearchOptions, Understanding
from vault.index.follower import IndexFollower
from vault.index.index import VaultIndex
from vault.index.ranked import Ranked
from vault.retrieve.fusion import DEPTH, Fused, fuse
from vault.retrieve.moments import Moment, Moments
from vault.retrieve.neighbours import with_neighbours
from vault.retrieve.permissions import Permissions
from vault.retrieve.questions import Question, clean
from vault.retrieve.reading import PassageReader, TimeScope
from vault.retrieve.rerank import CANDIDATES, Rerankers
from vault.retrieve.selection import select
from vault.retrieve.standing import Standing
from vault.retrieve.understanding import Reader, understand
from vault.store.session import Store, UnitOfWork

SIGNALS = 5
"""How many of the best scores the answer gate sees."""
SPARE = 3
"""Candidates read per hit wanted, so that folding leaves enough."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one subject's search found, and the rights it was done under."""

    retrieval: Retrieval
    understanding: Understanding
    visible: VisibleSet
    policy_digest: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """How passages are ranked beside their words.

    Attributes:
        standing: what freshness and authority add.
        rerankers: the second readings there are.
        max_question: longest question, in characters.
    """

    standing: Standing
    rerankers: Rerankers
    max_question: int


@dataclass(frozen=True, slots=True)
class _Lists:
    dense: Ranked
    lexical: Ranked


class Retriever:
    """Searches on behalf of one subject at a time.

    Args:
        store: the database, which has the last word on every hit.
        follower: the index.
        embedder: gives the loaded embedder.
        permissions: makes VisibleSets.
        now: the clock.
        ranking: how passages are ranked.
    """

    def __init__(
        self,
        store: Store,
        *,
        follower: Callable[[], IndexFollower],
        embedder: Callable[[], Embedder],
        permissions: Permissions,
        now: Callable[[], datetime],
        ranking: Ranking,
    ) -> None:
        self._store = store
        self._follower = follower
        self._embedder = embedder
        self._permissions = permissions
        self._now = now
        self._ranking = ranking
        self._moments = Moments()

    def cleaned(self, question: str) -> Question:
        """Return the question without control characters and outer white space.

        Raises:
            InvalidRequestError: nothing is left, or it is too long.
        """
        return clean(question, longest=self._ranking.max_question)

    def find(
        self, question: Question, subject: Subject, *, limit: int, options: SearchOptions = PLAIN
    ) -> Found:
        """Return the best passages for a question among those the subject may read.

        Args:
            question: what ``cleaned`` returned.
            subject: who asks, and for whom.
            limit: most passages to return.
            options: filters, the conversation so far, and how to rank.

        Raises:
            ModelUnavailableError: a model that this needs cannot be loaded.
            NotFoundError: a run of the conversation does not exist for the subject.
            InvalidRequestError: the moment asked about has not come yet, or held too much.
        """
        embedder, now = self._embedder(), self._now()
        if options.at is not None and options.at > now:
            raise InvalidRequestError("the moment asked about has not come yet")
        with self._store.read() as unit:
            visible = self._permissions.visible(unit, subject)
            scope = self._scope(unit, visible, embedder, options, now)
            if scope.moment is None:
                index = self._follower().current(unit, made_by=embedder.fingerprint)
            else:
                index = scope.moment.index
            passages = PassageReader(unit, visible, scope, standing=self._ranking.standing)
            reader = Reader(unit, subject, visible, index, passages.texts, scope.now)
            meant = understand(question, options, reader)
            vector = embedder.embed([meant.words], purpose=Purpose.QUERY)[0]
            lists = _searched(reader, meant, vector, scope.moment, exact=options.exact)
            chosen = self._chosen(
                passages, fuse(lists.dense, lists.lexical), meant.words, options.rerank, limit
            )
            if options.context:
                chosen = with_neighbours(unit, chosen, visible, count=options.context)
            signals = _signals(index, meant.words, visible, lists)
        return Found(
            Retrieval(
                meant.words, tuple(chosen), signals, tuple(vector.tolist()), embedder.fingerprint
            ),
            meant,
            visible,
            visible.policy_digest,
            index.applied_sequence,
        )

    def _scope(
        self,
        unit: UnitOfWork,
        visible: VisibleSet,
        embedder: Embedder,
        options: SearchOptions,
        now: datetime,
    ) -> TimeScope:
        """Return the time that counts, with the past state if one is asked about."""
        if options.at is None:
            return TimeScope(now, expired=options.expired)
        moment = self._moments.state(
            unit, visible, embedder, at=options.at, filters=options.filters
        )
        return TimeScope(options.at, moment, expired=options.expired)

    def _chosen(
        self,
        reader: PassageReader,
        ranked: Sequence[Fused],
        words: str,
        rerank: Rerank,
        limit: int,
    ) -> list[Passage]:
        """Return the passages to show; candidates are read only as far down as they matter."""
        if rerank is not Rerank.NONE:
            pool = reader.read(ranked[: max(CANDIDATES, SPARE * limit)])
            return select(self._ranking.rerankers.reread(rerank, words, pool), limit=limit)
        pool, chosen, step = [], [], SPARE * limit
        for start in range(0, len(ranked), step):
            pool += reader.read(ranked[start : start + step])
            chosen = select(pool, limit=limit)
            below = ranked[start + step : start + step + 1]
            if not below:
                break
            reach = below[0].score + self._ranking.standing.most
            if len(chosen) == limit and chosen[-1].score >= reach:
                break
        return chosen


def _searched(
    reader: Reader,
    meant: Understanding,
    vector: NDArray[np.float32],
    moment: Moment | None,
    *,
    exact: bool,
) -> _Lists:
    """Return both lists, each within the filters and within what the subject may read."""
    unit, visible, index, within = reader.unit, reader.visible, reader.index, None
    if meant.filters.given and moment is not None:
        within = moment.chunk_ids(unit, meant.filters, visible)
    elif meant.filters.given:
        within = unit.filters.chunk_ids(meant.filters, visible.label_ids, now=reader.now)
    return _Lists(
        index.dense(vector, visible, DEPTH, within=within, exact=exact),
        index.lexical(meant.lexical, visible, DEPTH, within=within),
    )


def _signals(index: VaultIndex, words: str, visible: VisibleSet, lists: _Lists) -> RetrievalSignals:
    return RetrievalSignals(
        visible_chunks=index.visible_count(visible),
        term_weights=index.term_weights(words, visible),
        dense_top=tuple(float(score) for score in lists.dense.scores[:SIGNALS]),
        lexical_top=tuple(float(score) for score in lists.lexical.scores[:SIGNALS]),
        dense_ids=tuple(int(found) for found in lists.dense.chunk_ids[:SIGNALS]),
        lexical_ids=tuple(int(found) for found in lists.lexical.chunk_ids[:SIGNALS]),
    )
