"""Record classes, the events they count from, and the due dates that follow."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.documents import DocumentState
from vault.domain.errors import InvalidRequestError
from vault.domain.retention import Disposition, RecordTimes, RetentionRule, deadlines
from vault.store.documents import governance_of
from vault.store.records_schema import document_event, hold_item, legal_hold, record_class
from vault.store.schema import document

KEPT = (
    DocumentState.CURRENT.value,
    DocumentState.SUPERSEDED.value,
    DocumentState.DELETED.value,
    DocumentState.QUARANTINED.value,
)
"""States of documents whose content is still there."""


@dataclass(frozen=True, slots=True)
class DueRecord:
    """A document whose retention has ended.

    Attributes:
        disposition: what its schedule says is to happen.
        held: whether a legal hold stops that.
    """

    document_id: str
    owner: str
    record_class: str | None
    due_at: datetime
    disposition: Disposition
    held: bool


class Retention:
    """Schedules by record class, and when each document is due."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def define(self, rule: RetentionRule) -> None:
        """Keep a record class, in place of an older one of its name, and reschedule with it."""
        values = {
            "trigger": rule.trigger,
            "period": rule.period,
            "disposition": rule.disposition.value,
            "mandate": rule.mandate,
        }
        self._connection.execute(
            upsert(record_class)
            .values(name=rule.name, **values)
            .on_conflict_do_update(index_elements=["name"], set_=values)
        )
        self.schedule(
            self._connection.execute(
                select(document.c.id).where(document.c.record_class == rule.name)
            ).scalars()
        )

    def rules(self) -> dict[str, RetentionRule]:
        """Return every record class by name."""
        rows = self._connection.execute(select(record_class).order_by(record_class.c.name))
        return {row.name: _rule(row) for row in rows}

    def note_event(self, document_id: str, name: str, at: datetime) -> None:
        """Keep when an event happened to a document, and reschedule it."""
        self._connection.execute(
            upsert(document_event)
            .values(document_id=document_id, name=name, happened_at=at)
            .on_conflict_do_update(index_elements=["document_id", "name"], set_={"happened_at": at})
        )
        self.schedule([document_id])

    def schedule(self, document_ids: Iterable[str]) -> None:
        """Compute again when these documents are due, stale and to be reviewed.

        Raises:
            InvalidRequestError: a document names a record class that does not exist.
        """
        rules = self.rules()
        for document_id in list(document_ids):
            row = self._connection.execute(
                select(document).where(document.c.id == document_id)
            ).one()
            rule = rules.get(row.record_class)
            if row.record_class is not None and rule is None:
                raise InvalidRequestError(f"there is no record class {row.record_class}")
            times = RecordTimes(
                row.captured_at,
                row.modified_at,
                row.verified_at,
                self._events(document_id),
                row.ends_at,
            )
            found = deadlines(times, governance_of(row._mapping), rule)
            self._connection.execute(
                update(document).where(document.c.id == document_id).values(**asdict(found))
            )

    def due(self, now: datetime, *, limit: int) -> Sequence[DueRecord]:
        """Return documents whose retention has ended, the longest overdue first."""
        query = _due(now).order_by(document.c.due_at, document.c.id).limit(limit)
        return [_due_record(row) for row in self._connection.execute(query)]

    def due_record(self, document_id: str, now: datetime) -> DueRecord | None:
        """Return one document if its retention has ended, or None."""
        row = self._connection.execute(_due(now).where(document.c.id == document_id)).first()
        return None if row is None else _due_record(row)

    def count_due(self, now: datetime) -> int:
        """Return how many documents are due."""
        query = select(func.count()).select_from(document).where(_is_due(now))
        return int(self._connection.execute(query).scalar_one())

    def _events(self, document_id: str) -> dict[str, datetime]:
        rows = self._connection.execute(
            select(document_event.c.name, document_event.c.happened_at).where(
                document_event.c.document_id == document_id
            )
        )
        return {row.name: row.happened_at for row in rows}


def _rule(row: Row[tuple[object, ...]]) -> RetentionRule:
    found = row._mapping
    return RetentionRule(
        found["name"],
        found["trigger"],
        found["period"],
        Disposition(found["disposition"]),
        found["mandate"],
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(document.c.due_at <= now, document.c.state.in_(KEPT))


def _due(now: datetime) -> Select[tuple[object, ...]]:
    held = (
        select(literal(1))
        .select_from(hold_item)
        .join(legal_hold, legal_hold.c.id == hold_item.c.hold_id)
        .where(
            legal_hold.c.released_at.is_(None),
            or_(
                hold_item.c.document_id == document.c.id,
                hold_item.c.document_id == document.c.parent_id,
            ),
        )
        .exists()
    )
    return (
        select(
            document.c.id,
            document.c.owner,
            document.c.record_class,
            document.c.due_at,
            record_class.c.disposition,
            held.label("held"),
        )
        .join(record_class, record_class.c.name == document.c.record_class, isouter=True)
        .where(_is_due(now))
    )


def _due_record(row: Row[tuple[object, ...]]) -> DueRecord:
    found = row._mapping
    return DueRecord(
        found["id"],
        found["owner"],
        found["record_class"],
        found["due_at"],
        Disposition(found["disposition"] or Disposition.DESTROY),
        bool(found["held"]),
    )
