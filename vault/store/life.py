"""The life of documents: since when each is in its state, and which text was in force when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from vault.domain.documents import DocumentState
from vault.store.documents import LIVE
from vault.store.records_schema import document_life
from vault.store.schema import document, revision


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One change of a document's state, or of its text within a state."""

    since: datetime
    state: DocumentState
    revision_id: str | None
    superseded_by: str | None


@dataclass(frozen=True, slots=True)
class TextThen:
    """The text of a document that was retrievable at some moment.

    Attributes:
        first_chunk: id of its first chunk; it has at least one.
        last_chunk: id of its last.
        superseded_by: what had replaced it by then.
    """

    document_id: str
    revision_id: str
    digest: str
    modified_at: datetime
    first_chunk: int
    last_chunk: int
    superseded_by: str | None

    @property
    def chunks(self) -> int:
        """How many chunks it has."""
        return self.last_chunk - self.first_chunk + 1


class Life:
    """What documents have been; written whenever one enters a state."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, document_id: str) -> Sequence[LifeStep]:
        """Return every step of a document's life, oldest first."""
        rows = self._connection.execute(
            select(document_life)
            .where(document_life.c.document_id == document_id)
            .order_by(document_life.c.id)
        )
        return [
            LifeStep(row.since, DocumentState(row.state), row.revision_id, row.superseded_by)
            for row in rows
        ]

    def at(self, moment: datetime, label_ids: Iterable[int]) -> Sequence[TextThen]:
        """Return the texts that were retrievable at ``moment``, by document.

        Rights are those of now, and so are deletions: what has since been deleted, erased or
        set aside is not among them, whatever the vault held then. For which time a text holds
        is not looked at here.

        Args:
            moment: the time asked about.
            label_ids: AccessLabels whose documents count.
        """
        last = (
            select(document_life.c.document_id, func.max(document_life.c.id).label("id"))
            .where(document_life.c.since <= moment)
            .group_by(document_life.c.document_id)
            .subquery()
        )
        rows = self._connection.execute(
            select(
                document.c.id,
                revision.c.id,
                revision.c.digest,
                revision.c.modified_at,
                revision.c.first_chunk,
                revision.c.last_chunk,
                document_life.c.superseded_by,
            )
            .join(last, last.c.document_id == document.c.id)
            .join(document_life, document_life.c.id == last.c.id)
            .join(revision, revision.c.id == document_life.c.revision_id)
            .where(
                document_life.c.state.in_(LIVE),
                document.c.state.in_(LIVE),
                document.c.access_label_id.in_(list(label_ids)),
                revision.c.first_chunk.is_not(None),
            )
            .order_by(document.c.id)
        )
        return [TextThen(*row) for row in rows]

    def newly_expired(self, now: datetime, *, limit: int) -> Sequence[tuple[str, datetime]]:
        """Return documents that have ceased to hold and whose end was not noted, and when."""
        columns = document.c
        rows = self._connection.execute(
            select(columns.id, columns.expires_at)
            .where(
                and_(columns.expires_at <= now, columns.expiry_noted.is_(False)),
                columns.state.in_(LIVE),
            )
            .order_by(columns.expires_at, columns.id)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]
