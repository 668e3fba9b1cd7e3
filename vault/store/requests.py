"""Requests that wait for a second person, and how they ended."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from vault.domain.requests import Request, Verdict
from vault.store.records_schema import request


class Requests:
    """Requests by id."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, added: Request) -> None:
        """Keep a new request."""
        self._connection.execute(
            insert(request).values(
                id=added.id,
                kind=added.kind,
                body=added.body,
                digest=added.digest,
                requested_by=added.requested_by,
                requested_at=added.requested_at,
                expires_at=added.expires_at,
            )
        )

    def get(self, request_id: str) -> Request | None:
        """Return one request, or None."""
        row = self._connection.execute(select(request).where(request.c.id == request_id)).first()
        return None if row is None else _request(row)

    def all(self, *, kind: str, waiting: bool) -> Sequence[Request]:
        """Return the requests of one kind, newest first; only the undecided if ``waiting``."""
        query = select(request).where(request.c.kind == kind)
        if waiting:
            query = query.where(request.c.decided_at.is_(None))
        rows = self._connection.execute(query.order_by(request.c.requested_at.desc()))
        return [_request(row) for row in rows]

    def decide(self, request_id: str, verdict: Verdict, *, by: str, now: datetime) -> bool:
        """Keep a verdict on an undecided request; tell whether it was still undecided."""
        changed = self._connection.execute(
            update(request)
            .where(request.c.id == request_id, request.c.decided_at.is_(None))
            .values(verdict=verdict.value, decided_by=by, decided_at=now)
        )
        return changed.rowcount == 1


def _request(row: Row[tuple[object, ...]]) -> Request:
    found = row._mapping
    return Request(
        id=found["id"],
        kind=found["kind"],
        body=found["body"],
        digest=found["digest"],
        requested_by=found["requested_by"],
        requested_at=found["requested_at"],
        expires_at=found["expires_at"],
        decided_by=found["decided_by"],
        decided_at=found["decided_at"],
        verdict=None if found["verdict"] is None else Verdict(found["verdict"]),
    )
