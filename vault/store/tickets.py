"""Tickets and notices, in a database file of their own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from vault.domain.labels import Classification, Label
from vault.domain.tickets import Notice, Remark, Ticket, TicketDraft, TicketState
from vault.store.database import Database
from vault.store.schema import UtcTime

tracker_metadata = MetaData()

ticket = Table(
    "ticket",
    tracker_metadata,
    Column("number", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("queue", String(128), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("classification", Integer, nullable=False),
    Column("compartments", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reporter", String(128), nullable=False),
    Column("made_by", String(128), nullable=False),
    Column("run_id", String(36)),
    Column("made_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changes", Integer, nullable=False),
    sqlite_autoincrement=True,
)
remark = Table(
    "remark",
    tracker_metadata,
    Column("id", Integer, primary_key=True),
    Column("number", ForeignKey("ticket.number"), nullable=False, index=True),
    Column("by", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)
notice = Table(
    "notice",
    tracker_metadata,
    Column("id", String(36), primary_key=True),
    Column("to", String(128), nullable=False),
    Column("made_by", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("classification", Integer, nullable=False),
    Column("compartments", JSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("run_id", String(36)),
    Index("ix_notice_to", "to", "at"),
)
effect = Table(
    "effect",
    tracker_metadata,
    Column("key_digest", String(80), primary_key=True),
    Column("request_digest", String(80), nullable=False),
    Column("made", String(40), nullable=False),
)


class TicketRows:
    """Tickets, remarks, notices and the keys of what was done, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, draft: TicketDraft, *, made_by: str, reporter: str, run_id: str | None, now: datetime
    ) -> Ticket:
        """Keep a new ticket under the next number."""
        values = {
            "title": draft.title,
            "body": draft.body,
            "queue": draft.queue,
            "priority": draft.priority,
            "classification": int(draft.label.classification),
            "compartments": sorted(draft.label.compartments),
            "state": TicketState.OPEN.value,
            "reporter": reporter,
            "made_by": made_by,
            "run_id": run_id,
            "made_at": now,
            "changed_at": now,
            "changes": 0,
        }
        made = self._connection.execute(insert(ticket).values(**values).returning(ticket.c.number))
        number = made.scalar_one()
        return Ticket(number, draft, TicketState.OPEN, reporter, made_by, run_id, now, now)

    def get(self, number: int) -> Ticket | None:
        """Return one ticket, or None."""
        row = self._connection.execute(select(ticket).where(ticket.c.number == number)).first()
        return None if row is None else _ticket(row)

    def some(self, *, before: int | None, limit: int) -> Sequence[Ticket]:
        """Return tickets by falling number, below ``before`` if it is given."""
        query = select(ticket).order_by(ticket.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(ticket.c.number < before)
        return [_ticket(row) for row in self._connection.execute(query)]

    def move(self, number: int, to: TicketState, *, changes: int, now: datetime) -> bool:
        """Change a ticket's state if it changed this often so far; tell whether it had."""
        moved = self._connection.execute(
            update(ticket)
            .where(ticket.c.number == number, ticket.c.changes == changes)
            .values(state=to.value, changed_at=now, changes=changes + 1)
        )
        return moved.rowcount == 1

    def say(self, number: int, added: Remark) -> None:
        """Keep a remark on a ticket."""
        self._connection.execute(
            insert(remark).values(number=number, by=added.by, text=added.text, at=added.at)
        )

    def remarks(self, number: int) -> Sequence[Remark]:
        """Return what was said about a ticket, oldest first."""
        rows = self._connection.execute(
            select(remark.c.by, remark.c.text, remark.c.at)
            .where(remark.c.number == number)
            .order_by(remark.c.id)
        )
        return [Remark(*row) for row in rows]

    def notify(self, added: Notice) -> None:
        """Keep a notice."""
        self._connection.execute(
            insert(notice).values(
                id=added.id,
                to=added.to,
                made_by=added.made_by,
                text=added.text,
                classification=int(added.label.classification),
                compartments=sorted(added.label.compartments),
                at=added.at,
                run_id=added.run_id,
            )
        )

    def notices(self, to: str, *, limit: int) -> Sequence[Notice]:
        """Return the notices to one person, newest first."""
        rows = self._connection.execute(
            select(notice).where(notice.c.to == to).order_by(notice.c.at.desc()).limit(limit)
        )
        return [_notice(row) for row in rows]

    def done(self, key_digest: str) -> tuple[str, str] | None:
        """Return the request and the result of an effect that was had under a key, or None."""
        row = self._connection.execute(
            select(effect.c.request_digest, effect.c.made).where(effect.c.key_digest == key_digest)
        ).first()
        return None if row is None else (row.request_digest, row.made)

    def remember(self, key_digest: str, *, request_digest: str, made: str) -> None:
        """Keep what was done under a key, in the transaction that does it."""
        self._connection.execute(
            insert(effect).values(key_digest=key_digest, request_digest=request_digest, made=made)
        )


class TicketStore:
    """Opens transactions on the tracker's database.

    Args:
        database: its file, whose tables are made when they are missing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.transaction(write=True) as connection:
            tracker_metadata.create_all(connection)

    @contextmanager
    def write(self) -> Iterator[TicketRows]:
        """Open a transaction that commits at the end of the block, or not at all."""
        with self._database.transaction(write=True) as connection:
            yield TicketRows(connection)

    @contextmanager
    def read(self) -> Iterator[TicketRows]:
        """Open a view that changes nothing."""
        with self._database.transaction(write=False) as connection:
            yield TicketRows(connection)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()


def _ticket(row: Row[tuple[object, ...]]) -> Ticket:
    found = row._mapping
    draft = TicketDraft(
        found["title"], found["body"], found["queue"], found["priority"], _label(row)
    )
    return Ticket(
        found["number"],
        draft,
        TicketState(found["state"]),
        found["reporter"],
        found["made_by"],
        found["run_id"],
        found["made_at"],
        found["changed_at"],
        found["changes"],
    )


def _notice(row: Row[tuple[object, ...]]) -> Notice:
    found = row._mapping
    return Notice(
        found["id"],
        found["to"],
        found["made_by"],
        found["text"],
        _label(row),
        found["at"],
        found["run_id"],
    )


def _label(row: Row[tuple[object, ...]]) -> Label:
    found = row._mapping
    return Label(Classification(found["classification"]), frozenset(found["compartments"]))
