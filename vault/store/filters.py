"""Which visible chunks meet a caller's filters, and which values there are to filter by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from vault.domain.media_families import families_of, family_types
from vault.domain.questions import Filters
from vault.domain.records import parse_period
from vault.store.documents import LIVE
from vault.store.schema import access_label, document, revision


@dataclass(frozen=True, slots=True)
class Facets:
    """Values that at least one visible live document has; what others have is not among them."""

    sources: frozenset[str]
    collections: frozenset[str]
    types: frozenset[str]
    owners: frozenset[str]
    languages: frozenset[str]


class FilterQueries:
    """Answers about documents under given AccessLabels, and about no others."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def chunk_ids(
        self, filters: Filters, label_ids: Iterable[int], *, now: datetime
    ) -> NDArray[np.int64]:
        """Return the chunks of live documents under these labels that meet every filter.

        Returns:
            (n,) int64, rising, each once.
        """
        query = _live(label_ids, revision.c.first_chunk, revision.c.last_chunk)
        query = query.where(revision.c.first_chunk.is_not(None), *_conditions(filters))
        if filters.fresh_only:
            query = query.where(self._fresh(label_ids, now))
        rows = self._connection.execute(query.order_by(revision.c.first_chunk)).all()
        if not rows:
            return np.empty(0, np.int64)
        return np.concatenate([np.arange(first, last + 1, dtype=np.int64) for first, last in rows])

    def document_ids(
        self, filters: Filters, label_ids: Iterable[int], *, now: datetime
    ) -> frozenset[str]:
        """Return the live documents under these labels that meet every filter."""
        query = _live(label_ids, document.c.id).where(*_conditions(filters))
        if filters.fresh_only:
            query = query.where(self._fresh(label_ids, now))
        return frozenset(str(row[0]) for row in self._connection.execute(query))

    def facets(self, label_ids: Iterable[int]) -> Facets:
        """Return what live documents under these labels can be told apart by."""
        columns = document.c
        rows = self._connection.execute(
            _live(
                label_ids,
                columns.source_id,
                access_label.c.collection_id,
                columns.media_type,
                columns.owner,
                revision.c.language,
            ).distinct()
        ).all()
        sources, collections, types, owners, languages = (
            frozenset(str(row[place]) for row in rows if row[place]) for place in range(5)
        )
        return Facets(sources, collections, families_of(types), owners, languages)

    def _fresh(self, label_ids: Iterable[int], now: datetime) -> ColumnElement[bool]:
        """Return the condition that a document's own period has not run out at ``now``."""
        periods = self._connection.execute(_live(label_ids, document.c.fresh_for).distinct())
        given = [str(row[0]) for row in periods if row[0]]
        within = [
            and_(
                document.c.fresh_for == period,
                or_(
                    document.c.modified_at >= now - parse_period(period),
                    document.c.verified_at >= now - parse_period(period),
                ),
            )
            for period in given
        ]
        return or_(document.c.fresh_for.is_(None), *within)


def _live(label_ids: Iterable[int], *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(document)
        .join(revision, revision.c.id == document.c.revision_id)
        .join(access_label, access_label.c.id == document.c.access_label_id)
        .where(document.c.state.in_(LIVE), document.c.access_label_id.in_(list(label_ids)))
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Return one condition for each filter that is a value of the document itself."""
    conditions = [
        or_(column == value, func.lower(column) == value.lower())
        for column, value in (
            (document.c.source_id, filters.source),
            (access_label.c.collection_id, filters.collection),
            (document.c.owner, filters.owner),
            (revision.c.language, filters.language),
        )
        if value is not None
    ]
    if filters.type is not None:
        conditions.append(document.c.media_type.in_(family_types(filters.type)))
    if filters.classification_at_most is not None:
        conditions.append(access_label.c.classification <= int(filters.classification_at_most))
    if filters.modified_after is not None:
        conditions.append(document.c.modified_at >= filters.modified_after)
    if filters.modified_before is not None:
        conditions.append(document.c.modified_at < filters.modified_before)
    return conditions
