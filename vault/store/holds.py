"""Legal holds and the documents they cover."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.documents import Document
from vault.domain.holds import HoldQuery, LegalHold
from vault.store.records_schema import hold_item, legal_hold


class Holds:
    """What is held, by which holds.

    A document stays with a hold that once covered it, whatever later changes about the
    document; only the hold's release ends that.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, hold: LegalHold) -> None:
        """Keep a new hold, which covers nothing yet."""
        query = None if hold.query is None else hold.query.conditions()
        self._connection.execute(
            insert(legal_hold).values(
                id=hold.id,
                matter=hold.matter,
                authority=hold.authority,
                reason=hold.reason,
                query=query,
                placed_by=hold.placed_by,
                placed_at=hold.placed_at,
            )
        )

    def cover(self, hold_id: str, document_ids: Iterable[str], *, since: datetime) -> None:
        """Let a hold cover these documents; those it covers already stay as they are."""
        rows = [
            {"hold_id": hold_id, "document_id": found, "since": since} for found in document_ids
        ]
        if rows:
            self._connection.execute(upsert(hold_item).on_conflict_do_nothing(), rows)

    def catch(self, document: Document, *, now: datetime) -> list[str]:
        """Let every hold in force whose query fits cover a document; return the new ones."""
        held = {hold.id for hold in self.on(document.id)}
        caught = [
            hold.id
            for hold in self.all(in_force=True)
            if hold.query is not None and hold.id not in held and hold.query.matches(document)
        ]
        for hold_id in caught:
            self.cover(hold_id, [document.id], since=now)
        return caught

    def get(self, hold_id: str) -> LegalHold | None:
        """Return one hold, or None."""
        row = self._connection.execute(select(legal_hold).where(legal_hold.c.id == hold_id)).first()
        return None if row is None else _hold(row)

    def all(self, *, in_force: bool = False) -> Sequence[LegalHold]:
        """Return the holds, newest first."""
        query = select(legal_hold).order_by(legal_hold.c.placed_at.desc(), legal_hold.c.id)
        if in_force:
            query = query.where(legal_hold.c.released_at.is_(None))
        return [_hold(row) for row in self._connection.execute(query)]

    def on(self, document_id: str) -> Sequence[LegalHold]:
        """Return the holds in force that cover a document."""
        rows = self._connection.execute(
            select(legal_hold)
            .join(hold_item, hold_item.c.hold_id == legal_hold.c.id)
            .where(hold_item.c.document_id == document_id, legal_hold.c.released_at.is_(None))
            .order_by(legal_hold.c.placed_at, legal_hold.c.id)
        )
        return [_hold(row) for row in rows]

    def held(self) -> frozenset[str]:
        """Return the ids of all documents that a hold in force covers."""
        rows = self._connection.execute(
            select(hold_item.c.document_id)
            .join(legal_hold, hold_item.c.hold_id == legal_hold.c.id)
            .where(legal_hold.c.released_at.is_(None))
            .distinct()
        )
        return frozenset(row[0] for row in rows)

    def count(self, hold_id: str) -> int:
        """Return how many documents a hold covers."""
        return int(
            self._connection.execute(
                select(func.count()).select_from(hold_item).where(hold_item.c.hold_id == hold_id)
            ).scalar_one()
        )

    def release(self, hold_id: str, *, by: str, now: datetime) -> None:
        """End a hold; what it covered stays listed."""
        self._connection.execute(
            update(legal_hold)
            .where(legal_hold.c.id == hold_id)
            .values(released_by=by, released_at=now)
        )


def _hold(row: Row[tuple[object, ...]]) -> LegalHold:
    found = row._mapping
    return LegalHold(
        id=found["id"],
        matter=found["matter"],
        authority=found["authority"],
        reason=found["reason"],
        query=None if found["query"] is None else HoldQuery(**found["query"]),
        placed_by=found["placed_by"],
        placed_at=found["placed_at"],
        released_by=found["released_by"],
        released_at=found["released_at"],
    )
