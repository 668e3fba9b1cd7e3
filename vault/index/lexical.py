"""BM25 whose statistics are counted on what the reader may see, and on nothing else."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.analysis import located
from vault.index.cache import LruCache
from vault.index.columns import Column
from vault.index.merging import merge, with_newest
from vault.index.phrases import holding
from vault.index.postings import Postings, post
from vault.index.questions import Question, Wanted, question
from vault.index.ranked import Ranked, best, nothing
from vault.index.ranking import Kept, Ranking, ScoreBuffers, Scored, TermHits
from vault.index.statistics import USUAL, Bm25, Table, rarity
from vault.index.terms import NearTerm, Terms
from vault.index.views import LabelRuns, View, make_view

FEW = 4_096
"""Chunks that a restriction may name and be looked up one by one."""
_CACHED_VIEWS = 32
_NOBODY = Scored(np.empty(0, np.int64), np.empty(0, np.float32))


class LexicalIndex:
    """One version of the postings; changes return a new version and leave this one as it is.

    Args:
        table: the documents.
        parts: postings of consecutive runs of documents, oldest first.
        scoring: constants of BM25.
        runs: the documents by label; worked out if None.
        buffers: memory that versions share.

    Attributes:
        documents: number of documents that are not removed.
    """

    def __init__(
        self,
        table: Table,
        parts: tuple[Postings, ...],
        *,
        scoring: Bm25 = USUAL,
        runs: LabelRuns | None = None,
        buffers: ScoreBuffers | None = None,
    ) -> None:
        self.table = table
        self.parts = parts
        self._scoring = scoring
        self._runs = runs or LabelRuns.of(table)
        self._buffers = buffers or ScoreBuffers()
        self.documents = int(np.count_nonzero(table.alive.values))
        self._views: LruCache[View] = LruCache(_CACHED_VIEWS)
        self._terms = Terms(parts)
        self._by_chunk: NDArray[np.int64] | None = None

    @classmethod
    def empty(cls, *, scoring: Bm25 = USUAL) -> "LexicalIndex":
        """Return an index without documents."""
        types = (np.int64, np.int64, np.int32, np.bool_)
        return cls(Table(*(Column(np.empty(0, type_)) for type_ in types)), (), scoring=scoring)

    def added(
        self, chunk_ids: NDArray[np.int64], label_ids: NDArray[np.int64], texts: Sequence[str]
    ) -> "LexicalIndex":
        """Return the index with these documents."""
        start = len(self.table.chunk_ids)
        terms = [located(text) for text in texts]
        lengths = np.array([len(found.terms) for found in terms], np.int32)
        table = Table(
            self.table.chunk_ids.appended(chunk_ids),
            self.table.label_ids.appended(label_ids),
            self.table.lengths.appended(lengths),
            self.table.alive.appended(np.ones(len(texts), np.bool_)),
        )
        newest = post(terms, first=start)
        parts = with_newest(self.parts, newest, table.alive.values)
        return self._with(table, parts, self._runs.grown(table))

    def removed(self, documents: NDArray[np.int64]) -> "LexicalIndex":
        """Return the index in which the documents with these numbers are dead."""
        alive = self.table.alive.replaced(documents, value=0)
        return self._with(self.table._replace(alive=alive), self.parts)

    def relabelled(self, documents: NDArray[np.int64], label_id: int) -> "LexicalIndex":
        """Return the index in which these documents carry ``label_id``."""
        labels = self.table.label_ids.replaced(documents, value=label_id)
        return self._with(self.table._replace(label_ids=labels), self.parts)

    def compacted(self) -> "LexicalIndex":
        """Return the index in one part, without any trace of dead documents, label by label.

        The documents are renumbered, so that those of one label are neighbours: then what a
        reader sees of a posting list is a few slices of it.
        """
        alive = self.table.alive.values
        labels = self.table.label_ids.values
        order = np.flatnonzero(alive)
        order = order[np.argsort(labels[order], kind="stable")]
        if len(self.parts) < 2 and len(order) == len(alive) and _rising(order):
            return self
        numbers = np.full(len(alive), -1, np.int64)
        numbers[order] = np.arange(len(order))
        table = Table(*(Column(column.values[order]) for column in self.table))
        merged = merge(self.parts, numbers) if self.parts else post([], first=0)
        return self._with(table, (merged,) if len(merged.terms) else ())

    def search(
        self,
        query: str,
        visible: VisibleSet,
        limit: int,
        *,
        within: NDArray[np.int64] | None = None,
    ) -> Ranked:
        """Return the ``limit`` visible chunks with the highest BM25, ties by chunk id.

        Chunks that hold what the query quotes or names exactly, as ``questions`` tells it, stand
        before all others: each phrase or identifier lifts by more than all terms together add.

        Args:
            query: words in any language.
            visible: what may be read; document frequencies and lengths are counted on it.
            limit: at most this many chunks.
            within: chunk ids in rising order; the others are left out of the result, but
                stay in the statistics.
        """
        view = self._view(visible)
        asked = question(query)
        hits = self._hits(asked, view)
        if not hits or limit < 1:
            return nothing()
        ranking = Ranking(view, self.table.lengths.values, hits)
        lifted = self._lifted(asked.exact, hits, view)
        if within is not None and len(within) <= FEW:
            documents = self._numbers(within, view)
            found = ranking.every(documents, _lifts(documents, lifted))
        else:
            kept = None if within is None else self._kept(within)
            if kept is not None:
                inside = kept(lifted.documents)
                lifted = Scored(lifted.documents[inside], lifted.scores[inside])
            with self._buffers.borrowed(view.size) as buffer:
                found = ranking.best(lifted, buffer, limit, kept)
        return best(self.table.chunk_ids.values[found.documents], found.scores, limit)

    def term_weights(self, query: str, visible: VisibleSet) -> dict[str, float]:
        """Return the inverse document frequency, among visible documents, of each query term.

        Terms that no visible document holds are left out, so a word of hidden documents
        looks like a word of none.
        """
        view = self._view(visible)
        counted = self._terms.frequencies(question(query).terms, view)
        return {term: rarity(view.documents, frequency) for term, frequency in counted.items()}

    def frequency(self, term: str, visible: VisibleSet) -> int:
        """Return how many visible chunks hold ``term``, given as ``analyse`` gives it."""
        return self._terms.frequencies([term], self._view(visible)).get(term, 0)

    def near(self, term: str, visible: VisibleSet) -> list[NearTerm]:
        """Return visible terms spelled almost like ``term``: fewest slips first, then commonest.

        What no visible chunk holds is never among them. Terms are given and returned as
        ``analyse`` gives them: English words are stems.
        """
        return self._terms.near(term, self._view(visible))

    def _hits(self, asked: Question, view: View) -> list[TermHits]:
        """Return the query's terms that are visible at all, the heaviest first."""
        scale = self._scoring.k1 + 1
        counted = self._terms.frequencies(asked.terms, view)
        weights = {
            term: asked.terms[term] * scale * rarity(view.documents, frequency)
            for term, frequency in counted.items()
        }
        # The order of additions decides the last bit, so it may not depend on hidden documents.
        ordered = sorted(weights, key=lambda term: (-weights[term], term))
        return [
            TermHits(
                np.float32(weights[term]),
                counted[term],
                self._terms.posted(term),
            )
            for term in ordered
        ]

    def _lifted(self, exact: Sequence[Wanted], hits: Sequence[TermHits], view: View) -> Scored:
        """Return the visible documents that hold what is wanted exactly, and what that adds."""
        if not exact:
            return _NOBODY
        worth = np.float32(sum(float(hit.weight) for hit in hits))
        found = [self._holding(wanted, view) for wanted in exact]
        documents, times = np.unique(np.concatenate(found), return_counts=True)
        return Scored(documents, times.astype(np.float32) * worth)

    def _holding(self, wanted: Wanted, view: View) -> NDArray[np.int64]:
        found = [np.empty(0, np.int64)]
        for posted in zip(*self._terms.spreads([term for term, _ in wanted]), strict=True):
            present = [held for held in posted if held is not None]
            if len(present) == len(posted):
                found.append(holding(wanted, present, view))
        return np.concatenate(found)

    def _numbers(self, chunk_ids: NDArray[np.int64], view: View) -> NDArray[np.int64]:
        """Return the numbers of the visible documents with these chunk ids, rising."""
        chunks = self.table.chunk_ids.values
        if self._by_chunk is None:
            self._by_chunk = np.argsort(chunks, kind="stable")
        order = self._by_chunk
        first = chunks.searchsorted(chunk_ids, "left", sorter=order)
        last = chunks.searchsorted(chunk_ids, "right", sorter=order)
        # A chunk that was removed and came again has two numbers, of which one is dead.
        places = [order[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        numbers = np.unique(np.concatenate([order[:0], *places])).astype(np.int32)
        seen = [numbers[piece] for piece in view.pieces(numbers)]
        return np.concatenate([numbers[:0], *seen]).astype(np.int64)

    def _kept(self, within: NDArray[np.int64]) -> Kept:
        """Return what tells which documents carry one of these chunk ids, given in order."""
        chunks = self.table.chunk_ids.values

        def kept(documents: NDArray[np.int64]) -> NDArray[np.bool_]:
            sought = chunks[documents]
            places = np.minimum(within.searchsorted(sought), len(within) - 1)
            return np.asarray(within[places] == sought)

        return kept

    def _view(self, visible: VisibleSet) -> View:
        view = self._views.get(visible.key)
        if view is None:
            view = make_view(self._runs, visible, self._scoring)
            self._views.put(visible.key, view)
        return view

    def _with(
        self, table: Table, parts: tuple[Postings, ...], runs: LabelRuns | None = None
    ) -> "LexicalIndex":
        return LexicalIndex(table, parts, scoring=self._scoring, runs=runs, buffers=self._buffers)


def _lifts(documents: NDArray[np.int64], lifted: Scored) -> NDArray[np.float32]:
    """Return what each of the rising ``documents`` scores before any term is counted."""
    lifts = np.zeros(len(documents), np.float32)
    _, here, there = np.intersect1d(
        documents, lifted.documents, assume_unique=True, return_indices=True
    )
    lifts[here] = lifted.scores[there]
    return lifts


def _rising(numbers: NDArray[np.int64]) -> bool:
    return bool((numbers[1:] > numbers[:-1]).all())
