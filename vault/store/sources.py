"""Configured sources and the items that could not be taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.records import Governance
from vault.store.documents import governance_of
from vault.store.schema import dead_letter, source


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One configured place that a connector follows, with the rules its documents get."""

    id: str
    connector: str
    config: Mapping[str, str]
    access_label_id: int
    governance: Governance
    cursor: str | None = None
    synced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An item set aside with its reason, to be looked at by its owner."""

    source_id: str
    uri: str
    version: str | None
    problem: str
    reason: str
    access_label_id: int
    owner: str
    failed_at: datetime


class Sources:
    """Sources by name, and their dead letters."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, added: SourceRecord, *, now: datetime) -> None:
        """Keep a new source."""
        self._connection.execute(
            insert(source).values(
                id=added.id,
                connector=added.connector,
                config=dict(added.config),
                access_label_id=added.access_label_id,
                owner=added.governance.owner,
                retention=added.governance.retention,
                review_every=added.governance.review_every,
                fresh_for=added.governance.fresh_for,
                record_class=added.governance.record_class,
                created_at=now,
            )
        )

    def get(self, source_id: str) -> SourceRecord | None:
        """Return one source, or None."""
        return next((found for found in self.all() if found.id == source_id), None)

    def all(self) -> Sequence[SourceRecord]:
        """Return every source by name."""
        return [
            SourceRecord(
                id=row.id,
                connector=row.connector,
                config=dict(row.config),
                access_label_id=row.access_label_id,
                governance=governance_of(row._mapping),
                cursor=row.cursor,
                synced_at=row.synced_at,
            )
            for row in self._connection.execute(select(source).order_by(source.c.id))
        ]

    def synced(self, source_id: str, *, cursor: str | None, now: datetime) -> None:
        """Note how far a source was followed, and when."""
        self._connection.execute(
            update(source).where(source.c.id == source_id).values(cursor=cursor, synced_at=now)
        )

    def bury(self, letter: DeadLetter) -> None:
        """Set an item aside, replacing an earlier letter about it."""
        values = {
            "version": letter.version,
            "problem": letter.problem,
            "reason": letter.reason,
            "access_label_id": letter.access_label_id,
            "owner": letter.owner,
            "failed_at": letter.failed_at,
        }
        self._connection.execute(
            upsert(dead_letter)
            .values(source_id=letter.source_id, uri=letter.uri, **values)
            .on_conflict_do_update(index_elements=["source_id", "uri"], set_=values)
        )

    def unbury(self, source_id: str, uri: str) -> None:
        """Forget the dead letter of an item that was taken in after all, or is gone."""
        self._connection.execute(
            delete(dead_letter).where(
                dead_letter.c.source_id == source_id, dead_letter.c.uri == uri
            )
        )

    def dead_letters(self, source_id: str | None = None) -> Sequence[DeadLetter]:
        """Return the dead letters of one source, or of all."""
        query = select(dead_letter).order_by(dead_letter.c.source_id, dead_letter.c.uri)
        if source_id is not None:
            query = query.where(dead_letter.c.source_id == source_id)
        return [DeadLetter(**row._mapping) for row in self._connection.execute(query)]
