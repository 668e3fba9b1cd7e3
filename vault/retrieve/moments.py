"""What the vault held at a moment of the past, searched under the rights of now."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from models.base import Embedder, space_of
from vault.domain.decisions import VisibleSet
from vault.domain.errors import InvalidRequestError
from vault.domain.questions import Filters
from vault.index.follower import REVISIONS_AT_ONCE, index_rows
from vault.index.index import VaultIndex
from vault.store.life import TextThen
from vault.store.session import UnitOfWork

MOST_CHUNKS = 100_000
"""Chunks of a past state that one question may search."""
KEPT = 2
"""Past states that stay in memory for further questions."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One subject's view of a past state.

    Attributes:
        at: the time asked about.
        texts: the text of each document then, by its id.
        revisions: the revisions they are.
        index: an index of exactly those texts, shared with nobody who may read other ones.
    """

    at: datetime
    texts: Mapping[str, TextThen]
    revisions: frozenset[str]
    index: VaultIndex

    def chunk_ids(
        self, unit: UnitOfWork, filters: Filters, visible: VisibleSet
    ) -> NDArray[np.int64]:
        """Return the chunks of those texts whose documents meet every filter: (n,), rising."""
        wanted = unit.filters.document_ids(filters, visible.label_ids, now=self.at)
        spans = sorted(
            (text.first_chunk, text.last_chunk)
            for found, text in self.texts.items()
            if found in wanted
        )
        ids = [np.arange(first, last + 1, dtype=np.int64) for first, last in spans]
        return np.concatenate(ids) if ids else np.empty(0, np.int64)


class Moments:
    """Builds past states when they are asked for and keeps the last few.

    A state is kept for exactly the VisibleSet, the filters and the change log it was built
    under, so nothing deleted, erased or withdrawn since can come back from it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[object, ...], Moment] = OrderedDict()

    def state(
        self,
        unit: UnitOfWork,
        visible: VisibleSet,
        embedder: Embedder,
        *,
        at: datetime,
        filters: Filters,
    ) -> Moment:
        """Return what ``visible`` opens of the state at ``at``.

        Args:
            unit: the store.
            visible: what the subject may read now.
            embedder: the one in use.
            at: a moment that has passed.
            filters: what the documents must be.

        Raises:
            InvalidRequestError: more text was held than one question may search.
            VectorsMissingError: a text of then was embedded by another model only.
        """
        key = (at, visible.key, filters, embedder.fingerprint, unit.changes.latest(), unit.epoch())
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = _build(unit, visible, embedder, at=at, filters=filters)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def _build(
    unit: UnitOfWork, visible: VisibleSet, embedder: Embedder, *, at: datetime, filters: Filters
) -> Moment:
    texts = {found.document_id: found for found in unit.life.at(at, visible.label_ids)}
    if filters.given:
        wanted = unit.filters.document_ids(filters, visible.label_ids, now=at)
        texts = {found: text for found, text in texts.items() if found in wanted}
    total = sum(text.chunks for text in texts.values())
    if total > MOST_CHUNKS:
        raise InvalidRequestError(
            f"{total} passages were held then and {MOST_CHUNKS} can be searched; "
            "narrow the question to a collection or a source"
        )
    revisions = frozenset(text.revision_id for text in texts.values())
    index = _indexed(unit, sorted(revisions), embedder)
    index.applied_sequence = unit.changes.latest()
    return Moment(at, texts, revisions, index)


def _indexed(unit: UnitOfWork, revisions: Sequence[str], embedder: Embedder) -> VaultIndex:
    space = space_of(embedder.fingerprint)
    index = VaultIndex(embedder.dimension, space)
    with index.batch():
        for start in range(0, len(revisions), REVISIONS_AT_ONCE):
            chunks = unit.chunks.held(revisions[start : start + REVISIONS_AT_ONCE])
            if chunks:
                index.add(index_rows(unit, chunks, space=space))
    return index
