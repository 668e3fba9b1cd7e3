"""The index of one process: both searches over one set of chunks, with one writer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import RLock, get_ident

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.domain.errors import InvalidRequestError
from vault.index.archive import dense_arrays, dense_index
from vault.index.dense import DenseIndex
from vault.index.directory import Directory
from vault.index.incoming import IndexRows as IndexRows
from vault.index.lexical import LexicalIndex
from vault.index.planner import USUAL_EFFORT, Effort
from vault.index.ranked import Ranked, nothing
from vault.index.terms import NearTerm

LONGEST_QUERY = 20_000
"""Characters of a query that are read."""
LEAST_DEAD = 10_000
"""Removed chunks whose numbers are carried along before they are squeezed out."""
MOST_IDLE = 0.4
"""Share of the lists' memory that may lie idle."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """One version of the whole index, which never changes.

    Attributes:
        sequence: position in the change log up to which it is complete.
        places: chunk id to its number in the lexical index.
    """

    dense: DenseIndex
    lexical: LexicalIndex
    sequence: int
    places: Directory

    @classmethod
    def of(cls, dense: DenseIndex, lexical: LexicalIndex, sequence: int) -> "IndexState":
        """Return the version of these parts, of which the lexical one is compact."""
        return cls(dense, lexical, sequence, Directory.of(lexical.table.chunk_ids.values))


class VaultIndex:
    """Dense and lexical search over the same chunks; only a VisibleSet opens it.

    Searches take the newest version and never wait. Changes are made one at a time and
    appear at once, or not at all if they fail.

    Args:
        dimension: length of a vector.
        fingerprint: embedding model and backend whose vectors this index holds.
        effort: how many visible rows a dense search reads.
    """

    def __init__(self, dimension: int, fingerprint: str, *, effort: Effort = USUAL_EFFORT) -> None:
        self.dimension = dimension
        self.fingerprint = fingerprint
        self._writing = RLock()
        dense = DenseIndex.empty(dimension, effort=effort)
        self._state = IndexState.of(dense, LexicalIndex.empty(), 0)
        self._draft: IndexState | None = None
        self._drafting = 0

    @classmethod
    def restored(cls, fingerprint: str, state: IndexState) -> "VaultIndex":
        """Return an index that starts from ``state``."""
        index = cls(state.dense.dimension, fingerprint)
        index._publish(state)
        return index

    @property
    def applied_sequence(self) -> int:
        """Position in the store's change log up to which this index is complete."""
        return self._newest.sequence

    @applied_sequence.setter
    def applied_sequence(self, sequence: int) -> None:
        with self._writing:
            self._publish(replace(self._newest, sequence=sequence))

    def __len__(self) -> int:
        """Return the number of chunks."""
        return self._newest.lexical.documents

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Make the changes inside the block appear together, or not at all if it raises.

        Other threads neither see nor save what is half done.
        """
        with self._writing:
            if self._draft is not None:
                yield
                return
            self._draft, self._drafting = self._state, get_ident()
            try:
                yield
                self._state = self._draft
            finally:
                self._draft = None

    def snapshot(self) -> IndexState:
        """Return the newest complete version; it waits for a batch to end."""
        with self._writing:
            return self._newest

    def add(self, rows: IndexRows) -> None:
        """Index ``rows``.

        Raises:
            InvalidRequestError: lengths differ, a vector is not a finite unit vector of the
                right length, or a chunk is named twice or indexed already. Nothing changed.
        """
        with self._writing:
            rows = rows.checked(self.dimension)
            chunk_ids, label_ids = rows.chunk_ids, rows.label_ids
            if len(self._documents(chunk_ids)):
                raise InvalidRequestError("a chunk is indexed already")
            if not len(chunk_ids):
                return
            old = self._newest
            dense = old.dense.added(chunk_ids, label_ids, rows.vectors)
            start = len(old.lexical.table.chunk_ids)
            lexical = old.lexical.added(chunk_ids, label_ids, rows.texts)
            numbers = start + np.arange(len(chunk_ids), dtype=np.int64)
            places = old.places.appended(chunk_ids, numbers)
            self._publish(replace(old, dense=dense, lexical=lexical, places=places))
            self._tidy()

    def remove(self, chunk_ids: NDArray[np.int64]) -> int:
        """Take chunks out of both searches; return how many were there.

        Ids that are not indexed are passed over, so that a change may be applied again.
        """
        with self._writing:
            old = self._newest
            documents = self._documents(chunk_ids)
            if len(documents):
                known = old.lexical.table.chunk_ids.values[documents]
                dense = old.dense.removed(known)
                lexical = old.lexical.removed(documents)
                self._publish(replace(old, dense=dense, lexical=lexical))
                self._tidy()
            return len(documents)

    def relabel(self, chunk_ids: NDArray[np.int64], label_id: int) -> int:
        """Move chunks under ``label_id``; return how many were under another one."""
        with self._writing:
            old = self._newest
            documents = self._documents(chunk_ids)
            documents = documents[old.lexical.table.label_ids.values[documents] != label_id]
            if len(documents):
                moved = old.lexical.table.chunk_ids.values[documents]
                vectors = old.dense.vectors(moved)
                new_labels = np.full(len(moved), label_id, np.int64)
                dense = old.dense.removed(moved).added(moved, new_labels, vectors)
                lexical = old.lexical.relabelled(documents, label_id)
                self._publish(replace(old, dense=dense, lexical=lexical))
                self._tidy()
            return len(documents)

    def compact(self) -> None:
        """Drop every trace of removed chunks from memory; no result changes."""
        with self._writing:
            old = self._newest
            dense = dense_index(dense_arrays(old.dense), self.dimension, effort=old.dense.effort)
            dense = replace(dense, demand=old.dense.demand)
            self._publish(IndexState.of(dense, old.lexical.compacted(), old.sequence))

    def change_dense(self, change: Callable[[DenseIndex], DenseIndex]) -> None:
        """Publish what ``change`` makes of the newest vectors; which rows there are stays."""
        with self._writing:
            newest = self._newest
            self._publish(replace(newest, dense=change(newest.dense)))

    def dense(
        self,
        query: NDArray[np.float32],
        visible: VisibleSet,
        limit: int,
        *,
        within: NDArray[np.int64] | None = None,
        exact: bool = False,
    ) -> Ranked:
        """Return the visible chunks nearest to ``query``, best first.

        Args:
            query: (d,) float32.
            visible: what the reader may see.
            limit: most chunks wanted.
            within: only these chunks, as sorted ids; ids that are not visible are passed over.
            exact: compare every visible chunk, so that nothing can be missed.

        Raises:
            InvalidRequestError: the query is not a finite vector of the right length.
        """
        vector = np.ascontiguousarray(query, np.float32)
        if vector.shape != (self.dimension,) or not np.isfinite(vector).all():
            raise InvalidRequestError(f"a query is {self.dimension} finite numbers")
        if limit <= 0:
            return nothing()
        return self._state.dense.search(vector, visible, limit, within=within, exact=exact)

    def lexical(
        self,
        query: str,
        visible: VisibleSet,
        limit: int,
        *,
        within: NDArray[np.int64] | None = None,
    ) -> Ranked:
        """Return the visible chunks with the highest BM25 for ``query``, best first.

        Args:
            query: words; what is too long is cut.
            visible: what the reader may see; statistics are counted on all of it.
            limit: most chunks wanted.
            within: only these chunks, as sorted ids.
        """
        if limit <= 0:
            return nothing()
        return self._state.lexical.search(query[:LONGEST_QUERY], visible, limit, within=within)

    def vectors_of(self, chunk_ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of these indexed chunks, in the given order: (n, d) float32.

        The caller has authorised them: this is not a search and asks for no VisibleSet.

        Raises:
            InvalidRequestError: a chunk is not indexed.
        """
        state = self._state
        documents = self._documents_of(state, chunk_ids)
        if len(documents) < len(chunk_ids):
            raise InvalidRequestError("a chunk is not indexed or named twice")
        return state.dense.vectors(np.asarray(chunk_ids, np.int64))

    def term_weights(self, query: str, visible: VisibleSet) -> dict[str, float]:
        """Return the inverse document frequency of each query term among visible chunks."""
        return self._state.lexical.term_weights(query[:LONGEST_QUERY], visible)

    def near_terms(self, term: str, visible: VisibleSet) -> list[NearTerm]:
        """Return visible terms spelled almost like ``term``: fewest slips first, then commonest."""
        return self._state.lexical.near(term[:LONGEST_QUERY], visible)

    def term_frequency(self, term: str, visible: VisibleSet) -> int:
        """Return how many visible chunks hold ``term``, given as ``analyse`` gives it."""
        return self._state.lexical.frequency(term, visible)

    def visible_count(self, visible: VisibleSet) -> int:
        """Return how many chunks ``visible`` opens."""
        return self._state.dense.visible_count(visible)

    @property
    def _newest(self) -> IndexState:
        """The version changes start from: the draft, for the thread whose batch it is."""
        draft = self._draft
        return draft if draft is not None and self._drafting == get_ident() else self._state

    def _publish(self, state: IndexState) -> None:
        if self._draft is not None:
            self._draft = state
        else:
            self._state = state

    def _tidy(self) -> None:
        """Compact once a third of the rows is dead, or too much of the memory lies idle."""
        state = self._newest
        rows, documents = len(state.dense.table), state.lexical.documents
        if rows - documents > max(LEAST_DEAD, documents // 2) or (
            rows > LEAST_DEAD and state.dense.arenas.rows.idle_share > MOST_IDLE
        ):
            self.compact()

    def _documents(self, chunk_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of the live documents with these chunk ids, each once, in order."""
        return self._documents_of(self._newest, chunk_ids)

    def _documents_of(self, state: IndexState, chunk_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        ids = np.asarray(chunk_ids, np.int64)
        ids = ids[np.sort(np.unique(ids, return_index=True)[1])]
        found = state.places.find(ids)
        ids, found = ids[found >= 0], found[found >= 0]
        table = state.lexical.table
        same = table.alive.values[found] & (table.chunk_ids.values[found] == ids)
        documents: NDArray[np.int64] = found[same]
        return documents
