"""BM25 whose statistics are counted on what the reader may see, and on nothing else."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.analysis import analyse
from vault.index.cache import LruCache
from vault.index.columns import Column
from vault.index.postings import Postings, merge, post, with_newest
from vault.index.ranked import Ranked, best, nothing
from vault.index.statistics import USUAL, Bm25, Table, View, make_view, rarity

LARGEST_QUERY_TERMS = 256
"""Distinct terms of a query that count; the rest of an overlong question is ignored."""
COMMON_FROM = 1_000
"""Visible documents from which a term found in most of them brings in no document by itself."""
_CACHED_VIEWS = 32
_CACHED_FREQUENCIES = 4_096


class LexicalIndex:
    """One version of the postings; changes return a new version and leave this one as it is.

    Args:
        table: the documents.
        parts: postings of consecutive runs of documents, oldest first.
        scoring: constants of BM25.

    Attributes:
        documents: number of documents that are not removed.
    """

    def __init__(self, table: Table, parts: tuple[Postings, ...], *, scoring: Bm25 = USUAL) -> None:
        self.table = table
        self.parts = parts
        self._scoring = scoring
        self.documents = int(np.count_nonzero(table.alive.values))
        self._views: LruCache[View] = LruCache(_CACHED_VIEWS)

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
        terms = [analyse(text) for text in texts]
        lengths = np.array([len(found) for found in terms], np.int32)
        table = Table(
            self.table.chunk_ids.appended(chunk_ids),
            self.table.label_ids.appended(label_ids),
            self.table.lengths.appended(lengths),
            self.table.alive.appended(np.ones(len(texts), np.bool_)),
        )
        newest = post(terms, first=start)
        return self._with(table, with_newest(self.parts, newest, table.alive.values))

    def removed(self, documents: NDArray[np.int64]) -> "LexicalIndex":
        """Return the index in which the documents with these numbers are dead."""
        alive = self.table.alive.replaced(documents, value=0)
        return self._with(self.table._replace(alive=alive), self.parts)

    def relabelled(self, documents: NDArray[np.int64], label_id: int) -> "LexicalIndex":
        """Return the index in which these documents carry ``label_id``."""
        labels = self.table.label_ids.replaced(documents, value=label_id)
        return self._with(self.table._replace(label_ids=labels), self.parts)

    def compacted(self) -> "LexicalIndex":
        """Return the index in one part, without any trace of dead documents, renumbered."""
        alive = self.table.alive.values
        numbers = (np.cumsum(alive) - 1).astype(np.int32)
        table = Table(*(Column(column.values[alive]) for column in self.table))
        if not self.parts or (len(self.parts) == 1 and alive.all()):
            return self._with(table, self.parts)
        merged = merge(self.parts, alive)
        renumbered = Postings(merged.terms, merged.starts, numbers[merged.documents], merged.counts)
        return self._with(table, (renumbered,))

    def search(self, query: str, visible: VisibleSet, limit: int) -> Ranked:
        """Return the ``limit`` visible chunks with the highest BM25, ties by chunk id.

        A term found in more than half of many visible documents adds to the score of those
        that hold a rarer term too, but brings in none by itself, unless all terms are such.
        """
        view = self._view(visible)
        weights = self._weights(query, view)
        if not weights:
            return nothing()
        rare = [term for term in weights if not self._is_common(term, view)]
        scores = np.zeros(len(view.mask), np.float32)
        found = self._collect({term: weights[term] for term in rare or weights}, view, scores)
        if rare:
            for term in weights:
                if term not in rare:
                    self._raise(term, weights[term], view, scores, found)
        return best(self.table.chunk_ids.values[found], scores[found], limit)

    def term_weights(self, query: str, visible: VisibleSet) -> dict[str, float]:
        """Return the inverse document frequency, among visible documents, of each query term.

        Terms that no visible document holds are left out, so a word of hidden documents
        looks like a word of none.
        """
        view = self._view(visible)
        terms = dict.fromkeys(analyse(query))
        return {
            term: rarity(view.documents, frequency)
            for term in list(terms)[:LARGEST_QUERY_TERMS]
            if (frequency := self._frequency(term, view))
        }

    def _collect(
        self, weights: dict[str, float], view: View, scores: NDArray[np.float32]
    ) -> NDArray[np.int32]:
        """Add every term's share to ``scores``; return the documents that got any, once each."""
        fresh = []
        for term, weight in weights.items():
            for part in self.parts:
                held = part.of(term)
                if held is None:
                    continue
                seen = view.mask[held[0]]
                documents, counts = held[0][seen], held[1][seen]
                before = scores[documents]
                fresh.append(documents[before == 0])
                scores[documents] = before + self._share(weight, documents, counts, view)
        return np.concatenate(fresh)

    def _raise(
        self,
        term: str,
        weight: float,
        view: View,
        scores: NDArray[np.float32],
        found: NDArray[np.int32],
    ) -> None:
        """Add a common term's share to the documents already ``found``."""
        for part in self.parts:
            held = part.of(term)
            if held is None or not len(held[0]):
                continue
            places = np.minimum(np.searchsorted(held[0], found), len(held[0]) - 1)
            places = places[held[0][places] == found]
            documents = held[0][places]
            scores[documents] += self._share(weight, documents, held[1][places], view)

    def _share(
        self,
        weight: float,
        documents: NDArray[np.int32],
        counts: NDArray[np.uint16],
        view: View,
    ) -> NDArray[np.float32]:
        repeats = counts.astype(np.float32)
        return np.float32(weight) * repeats / (repeats + view.penalty[documents])

    def _weights(self, query: str, view: View) -> dict[str, float]:
        """Return the weight of each query term that is visible at all, rarest first."""
        asked = Counter(analyse(query)[: 4 * LARGEST_QUERY_TERMS])
        frequencies = {
            term: frequency
            for term in list(asked)[:LARGEST_QUERY_TERMS]
            if (frequency := self._frequency(term, view))
        }
        # The order of additions decides the last bit, so it may not depend on hidden documents.
        ordered = sorted(frequencies, key=lambda term: (frequencies[term], term))
        scale = self._scoring.k1 + 1
        return {
            term: asked[term] * scale * rarity(view.documents, frequencies[term])
            for term in ordered
        }

    def _frequency(self, term: str, view: View) -> int:
        known = view.frequencies.get(term)
        if known is None:
            held = (part.of(term) for part in self.parts)
            known = sum(int(view.mask[found[0]].sum()) for found in held if found is not None)
            if len(view.frequencies) < _CACHED_FREQUENCIES:
                view.frequencies[term] = known
        return known

    def _is_common(self, term: str, view: View) -> bool:
        return view.documents >= COMMON_FROM and 2 * self._frequency(term, view) > view.documents

    def _view(self, visible: VisibleSet) -> View:
        view = self._views.get(visible.key)
        if view is None:
            view = make_view(self.table, visible, self._scoring)
            self._views.put(visible.key, view)
        return view

    def _with(self, table: Table, parts: tuple[Postings, ...]) -> "LexicalIndex":
        return LexicalIndex(table, parts, scoring=self._scoring)
