"""The index of one process: both searches over one set of chunks, with one writer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import RLock, get_ident

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.domain.errors import InvalidRequestError
from vault.index.archive import dense_arrays, dense_index
from vault.index.dense import DenseIndex
from vault.index.lexical import LexicalIndex
from vault.index.planner import USUAL_EFFORT, Effort
from vault.index.ranked import Ranked, nothing

LONGEST_QUERY = 20_000
"""Characters of a query that are read."""
NORM_TOLERANCE = 1e-3
LEAST_DEAD = 10_000
"""Removed chunks whose numbers are carried along before they are squeezed out."""


@dataclass(frozen=True, slots=True, eq=False)
class IndexRows:
    """Chunks to be indexed.

    Attributes:
        chunk_ids: (n,) int64, each once.
        label_ids: (n,) int64, at least 0, the AccessLabel of each chunk.
        vectors: (n, d) float32, rows unit-norm.
        texts: the words of each chunk that can be searched, headings included.
    """

    chunk_ids: NDArray[np.int64]
    label_ids: NDArray[np.int64]
    vectors: NDArray[np.float32]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class IndexState:
    """One version of the whole index, which never changes.

    Attributes:
        sequence: position in the change log up to which it is complete.
    """

    dense: DenseIndex
    lexical: LexicalIndex
    sequence: int


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
        self._state = IndexState(
            DenseIndex.empty(dimension, effort=effort), LexicalIndex.empty(), 0
        )
        self._draft: IndexState | None = None
        self._drafting = 0
        # Document numbers by chunk; entries of failed or dead rows may linger and are checked.
        self._places: dict[int, int] = {}

    @classmethod
    def restored(cls, fingerprint: str, state: IndexState) -> "VaultIndex":
        """Return an index that starts from ``state``."""
        index = cls(state.dense.dimension, fingerprint)
        index._publish(state)
        index._remember_places()
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
            chunk_ids, label_ids, vectors = self._checked(rows)
            if not len(chunk_ids):
                return
            old = self._newest
            dense = old.dense.added(chunk_ids, label_ids, vectors)
            start = len(old.lexical.table.chunk_ids)
            lexical = old.lexical.added(chunk_ids, label_ids, rows.texts)
            numbers = range(start, start + len(chunk_ids))
            self._places.update(zip(chunk_ids.tolist(), numbers, strict=True))
            self._publish(replace(old, dense=dense, lexical=lexical))

    def remove(self, chunk_ids: NDArray[np.int64]) -> int:
        """Take chunks out of both searches; return how many were there.

        Ids that are not indexed are passed over, so that a change may be applied again.
        """
        with self._writing:
            old = self._newest
            documents = self._documents(chunk_ids)
            if len(documents):
                known = old.lexical.table.chunk_ids.values[documents]
                labels = old.lexical.table.label_ids.values[documents]
                dense = old.dense.removed(known, labels)
                lexical = old.lexical.removed(documents)
                self._publish(replace(old, dense=dense, lexical=lexical))
                dead = len(lexical.table.alive) - lexical.documents
                if dead > max(LEAST_DEAD, lexical.documents):
                    self.compact()
            return len(documents)

    def relabel(self, chunk_ids: NDArray[np.int64], label_id: int) -> int:
        """Move chunks under ``label_id``; return how many were under another one."""
        with self._writing:
            old = self._newest
            documents = self._documents(chunk_ids)
            labels = old.lexical.table.label_ids.values[documents]
            documents, labels = documents[labels != label_id], labels[labels != label_id]
            if len(documents):
                moved = old.lexical.table.chunk_ids.values[documents]
                vectors = old.dense.vectors(moved, labels)
                new_labels = np.full(len(moved), label_id, np.int64)
                dense = old.dense.removed(moved, labels).added(moved, new_labels, vectors)
                lexical = old.lexical.relabelled(documents, label_id)
                self._publish(replace(old, dense=dense, lexical=lexical))
            return len(documents)

    def compact(self) -> None:
        """Drop every trace of removed chunks from memory; no result changes."""
        with self._writing:
            old = self._newest
            dense = dense_index(dense_arrays(old.dense), self.dimension, effort=old.dense.effort)
            self._publish(replace(old, dense=dense, lexical=old.lexical.compacted()))
            self._remember_places()

    def dense(self, query: NDArray[np.float32], visible: VisibleSet, limit: int) -> Ranked:
        """Return the visible chunks nearest to ``query``, best first.

        Raises:
            InvalidRequestError: the query is not a finite vector of the right length.
        """
        vector = np.ascontiguousarray(query, np.float32)
        if vector.shape != (self.dimension,) or not np.isfinite(vector).all():
            raise InvalidRequestError(f"a query is {self.dimension} finite numbers")
        return self._state.dense.search(vector, visible, limit) if limit > 0 else nothing()

    def lexical(self, query: str, visible: VisibleSet, limit: int) -> Ranked:
        """Return the visible chunks with the highest BM25 for ``query``, best first."""
        if limit <= 0:
            return nothing()
        return self._state.lexical.search(query[:LONGEST_QUERY], visible, limit)

    def term_weights(self, query: str, visible: VisibleSet) -> dict[str, float]:
        """Return the inverse document frequency of each query term among visible chunks."""
        return self._state.lexical.term_weights(query[:LONGEST_QUERY], visible)

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

    def _remember_places(self) -> None:
        chunks = self._newest.lexical.table.chunk_ids.values.tolist()
        self._places = dict(zip(chunks, range(len(chunks)), strict=True))

    def _documents(self, chunk_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of the live documents with these chunk ids, each once, in order."""
        asked = dict.fromkeys(np.asarray(chunk_ids).tolist())
        places = (self._places.get(chunk, -1) for chunk in asked)
        found = np.fromiter(places, np.int64, len(asked))
        table = self._newest.lexical.table
        ids = np.fromiter(asked, np.int64, len(asked))
        ids, found = ids[found >= 0], found[found >= 0]
        inside = found < len(table.alive)
        ids, found = ids[inside], found[inside]
        same = table.alive.values[found] & (table.chunk_ids.values[found] == ids)
        documents: NDArray[np.int64] = found[same]
        return documents

    def _checked(
        self, rows: IndexRows
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        chunk_ids = np.ascontiguousarray(rows.chunk_ids, np.int64)
        label_ids = np.ascontiguousarray(rows.label_ids, np.int64)
        vectors = np.ascontiguousarray(rows.vectors, np.float32)
        count = len(chunk_ids)
        if not len(label_ids) == len(vectors) == len(rows.texts) == count:
            raise InvalidRequestError("chunk ids, labels, vectors and texts differ in number")
        if count and vectors.shape != (count, self.dimension):
            raise InvalidRequestError(f"vectors must have {self.dimension} numbers each")
        norms = np.linalg.norm(vectors.astype(np.float64), axis=-1)
        # Written so that NaN, which compares false, is refused too.
        if not bool((np.abs(norms - 1) <= NORM_TOLERANCE).all()):
            raise InvalidRequestError("vectors must be finite and of length 1")
        if count and (int(label_ids.min()) < 0 or int(label_ids.max()) >= 2**31):
            raise InvalidRequestError("label ids must lie between 0 and 2147483647")
        if len(np.unique(chunk_ids)) < count or len(self._documents(chunk_ids)):
            raise InvalidRequestError("a chunk is named twice or indexed already")
        return chunk_ids, label_ids, vectors
