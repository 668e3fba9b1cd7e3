"""Keeps an index in step with the database by following its change log."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from threading import Lock

import numpy as np

from models.base import space_of
from vault.index.acceleration import accelerate
from vault.index.generations import load_latest, save
from vault.index.index import IndexRows, VaultIndex
from vault.store.changes import ADD, RELABEL, REMOVE, IndexChange
from vault.store.chunks import ChunkRow
from vault.store.session import Store, UnitOfWork
from vault.store.vectors import EmbedderSwitchedError, VectorsMissingError

REVISIONS_AT_ONCE = 200
CHANGES_WORTH_SAVING = 50


class IndexFollower:
    """One process's view of the index.

    The database is the truth. What is on disk is a sealed copy that saves time; anything
    about it that does not match is ignored and the index is built again from the database.

    Args:
        store: the database.
        folder: where generations are kept.
        key: seals the files.
        dimension: length of a vector.
        fingerprint: an embedder of the model whose vectors may be indexed.
    """

    def __init__(
        self, store: Store, *, folder: Path, key: bytes, dimension: int, fingerprint: str
    ) -> None:
        self._store = store
        self._folder = folder
        self._key = key
        self._dimension = dimension
        self._space = space_of(fingerprint)
        self._lock = Lock()
        self._index: VaultIndex | None = None
        self._saved_at = 0
        self.rejected = ""

    def current(self, unit: UnitOfWork, *, made_by: str | None = None) -> VaultIndex:
        """Return the index as of this transaction's view, after applying what it lacks.

        Args:
            unit: the view.
            made_by: fingerprint of the embedder whose query vector will be looked up.

        Raises:
            EmbedderSwitchedError: the query vector is another model's.
            VectorsMissingError: a live document has no vectors of this model.
        """
        if made_by is not None and space_of(made_by) != self._space:
            raise EmbedderSwitchedError("the home went over to another embedder; ask again")
        with self._lock:
            index = self._open() if self._index is None else self._index
            self._index = index
            if index.applied_sequence < unit.changes.latest():
                self._apply(index, unit)
            return index

    def save(self) -> bool:
        """Write a new generation if enough has changed since the last; tell whether it did."""
        with self._store.read() as unit:
            index = self.current(unit)
        if index.applied_sequence - self._saved_at < CHANGES_WORTH_SAVING:
            return False
        save(index, self._folder, key=self._key)
        self._saved_at = index.applied_sequence
        return True

    def accelerate(self, *, share: float) -> int:
        """Make the unions that recent searches would have used; return how many.

        To be called now and then, off the way of any request; it may take minutes.

        Args:
            share: rows that all unions together may hold, as a share of the index; 0 for none.
        """
        with self._store.read() as unit:
            index = self.current(unit)
        return accelerate(index, share=share)

    def purge(self) -> None:
        """Drop every trace of removed chunks from memory and from disk, now."""
        with self._store.read() as unit:
            index = self.current(unit)
        index.compact()
        save(index, self._folder, key=self._key)
        self._saved_at = index.applied_sequence

    def rebuild(self) -> VaultIndex:
        """Build the index from the database alone and write it as a new generation."""
        with self._lock, self._store.read() as unit:
            index = VaultIndex(self._dimension, self._space)
            revisions = [found for found, _ in unit.revisions.live()]
            for start in range(0, len(revisions), REVISIONS_AT_ONCE):
                self._add(index, unit, revisions[start : start + REVISIONS_AT_ONCE])
            index.applied_sequence = unit.changes.latest()
            self._index = index
        save(index, self._folder, key=self._key)
        self._saved_at = index.applied_sequence
        return index

    def _open(self) -> VaultIndex:
        found = load_latest(self._folder, key=self._key, fingerprint=self._space)
        self.rejected = found.rejected
        if found.index is None:
            return VaultIndex(self._dimension, self._space)
        self._saved_at = found.index.applied_sequence
        return found.index

    def _apply(self, index: VaultIndex, unit: UnitOfWork) -> None:
        while changes := unit.changes.since(index.applied_sequence, limit=REVISIONS_AT_ONCE):
            with index.batch():
                self._apply_batch(index, unit, changes)
                index.applied_sequence = changes[-1].sequence

    def _apply_batch(
        self, index: VaultIndex, unit: UnitOfWork, changes: Sequence[IndexChange]
    ) -> None:
        gone = {change.revision_id for change in changes if change.kind == REMOVE}
        # A folder that moves is one change of the index, not one for each of its documents.
        for (kind, label_id), run in groupby(changes, attrgetter("kind", "access_label_id")):
            ids = np.concatenate(
                [np.arange(one.first_chunk, one.last_chunk + 1, dtype=np.int64) for one in run]
            )
            if kind == REMOVE:
                index.remove(ids)
            elif kind == RELABEL:
                index.relabel(ids, label_id)
        added = [
            change.revision_id
            for change in changes
            if change.kind == ADD and change.revision_id not in gone
        ]
        self._add(index, unit, added)

    def _add(self, index: VaultIndex, unit: UnitOfWork, revision_ids: Sequence[str]) -> None:
        # A revision retired by a later change has no live chunks, so it adds nothing.
        chunks = unit.chunks.of(revision_ids)
        if chunks:
            index.add(index_rows(unit, chunks, space=self._space))


def index_rows(unit: UnitOfWork, chunks: Sequence[ChunkRow], *, space: str) -> IndexRows:
    """Return what an index needs of these chunks, in their order.

    Args:
        unit: the store.
        chunks: every chunk of some revisions.
        space: whose vectors are meant.

    Raises:
        VectorsMissingError: a revision has no vectors of that space.
    """
    content = unit.content.for_index(chunks, fingerprint=space)
    if content.foreign:
        raise VectorsMissingError(
            "documents were embedded by another model than the one that is loaded; make "
            "the vectors that are missing with: strongroom model reembed"
        )
    return IndexRows(
        chunk_ids=np.array([row.chunk_id for row in content.chunks], dtype=np.int64),
        label_ids=np.array([row.access_label_id for row in content.chunks], dtype=np.int64),
        vectors=content.vectors,
        texts=content.texts,
    )
