"""Documents: what the vault holds, in which state, under whose rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    Row,
    RowMapping,
    Select,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from vault.domain.documents import Document, DocumentState, Revision
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance, Validity
from vault.store.records_schema import document_life
from vault.store.schema import UtcTime, access_label, document, revision

LIVE = (DocumentState.CURRENT.value, DocumentState.SUPERSEDED.value)
"""States whose text may be retrieved."""


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document as stored, with the ids that only the vault itself uses."""

    document: Document
    access_label_id: int
    key_id: str
    version: str | None
    parent_id: str | None = None


class Documents:
    """Everything the vault knows of documents but their revisions and their content."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, document_id: str) -> KeptDocument | None:
        """Return one document, or None."""
        row = self._connection.execute(_joined().where(document.c.id == document_id)).first()
        return None if row is None else _kept(row)

    def find(self, source_id: str, uri: str) -> KeptDocument | None:
        """Return the document a source's item became, or None."""
        row = self._connection.execute(
            _joined().where(document.c.source_id == source_id, document.c.uri == uri)
        ).first()
        return None if row is None else _kept(row)

    def many(self, document_ids: Iterable[str]) -> dict[str, KeptDocument]:
        """Return each of these documents that exists."""
        rows = self._connection.execute(_joined().where(document.c.id.in_(list(document_ids))))
        return {kept.document.id: kept for kept in map(_kept, rows)}

    def visible(
        self, label_ids: Iterable[int], *, limit: int, after: tuple[str, str] | None = None
    ) -> Sequence[KeptDocument]:
        """Return documents under these labels that are not erased or deleted, by title.

        Args:
            label_ids: AccessLabels whose documents are listed.
            limit: most documents to return.
            after: title and id of the document that the list goes on after.
        """
        query = (
            _joined()
            .where(document.c.access_label_id.in_(list(label_ids)))
            .where(document.c.state.in_([*LIVE, DocumentState.QUARANTINED.value]))
            .order_by(document.c.title, document.c.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(tuple_(document.c.title, document.c.id) > tuple_(*after))
        return [_kept(row) for row in self._connection.execute(query)]

    def everything(self) -> Iterator[KeptDocument]:
        """Yield every document there ever was, erased ones included, by id."""
        rows = self._connection.execute(_joined().order_by(document.c.id)).yield_per(1000)
        for row in rows:
            yield _kept(row)

    def in_state(self, state: DocumentState, *, owner: str | None) -> Sequence[KeptDocument]:
        """Return the documents in one state, of one data owner or of all, by title."""
        query = _joined().where(document.c.state == state.value)
        if owner is not None:
            query = query.where(document.c.owner == owner)
        rows = self._connection.execute(query.order_by(document.c.title, document.c.id))
        return [_kept(row) for row in rows]

    def erased_keys(self) -> Sequence[str]:
        """Return the ids of the data keys of erased documents."""
        query = select(document.c.key_id).where(document.c.state == DocumentState.ERASED.value)
        return [row[0] for row in self._connection.execute(query)]

    def children(self, document_id: str) -> Sequence[KeptDocument]:
        """Return the attachments that were taken in with a document."""
        rows = self._connection.execute(_joined().where(document.c.parent_id == document_id))
        return [_kept(row) for row in rows]

    def add(self, kept: KeptDocument) -> None:
        """Add a document without a revision."""
        found = kept.document
        self._connection.execute(
            insert(document).values(
                id=found.id,
                source_id=found.source_id,
                uri=found.uri,
                version=kept.version,
                title=found.title,
                media_type=found.media_type,
                state=found.state.value,
                access_label_id=kept.access_label_id,
                key_id=kept.key_id,
                parent_id=kept.parent_id,
                captured_at=found.captured_at,
                modified_at=found.modified_at,
                **_governed(found.governance),
            )
        )

    def change(self, document_id: str, **values: object) -> None:
        """Set columns of one document."""
        self._connection.execute(
            update(document).where(document.c.id == document_id).values(**values)
        )

    def enter(
        self, document_id: str, state: DocumentState, *, at: datetime, **values: object
    ) -> None:
        """Bring a document into a state, or to another revision in it, and remember since when.

        Args:
            document_id: the document.
            state: the state it is in from now on.
            at: now.
            values: further columns to set.
        """
        self.change(document_id, state=state.value, **values)
        found = document.c
        self._connection.execute(
            insert(document_life).from_select(
                ["document_id", "since", "state", "revision_id", "superseded_by"],
                select(
                    found.id,
                    literal(at, UtcTime),
                    found.state,
                    found.revision_id,
                    found.superseded_by,
                ).where(found.id == document_id),
            )
        )

    def govern(self, document_id: str, governance: Governance) -> None:
        """Put a document under other rules."""
        self.change(document_id, **_governed(governance))

    def count(self) -> dict[str, int]:
        """Return how many documents are in each state."""
        rows = self._connection.execute(
            select(document.c.state, func.count()).group_by(document.c.state)
        )
        return {row[0]: int(row[1]) for row in rows}


def _joined() -> Select[tuple[object, ...]]:
    return (
        select(
            document,
            access_label.c.collection_id,
            access_label.c.classification,
            access_label.c.compartments,
            access_label.c.readers,
            access_label.c.denied,
            revision.c.number,
            revision.c.digest,
            revision.c.text_digest,
            revision.c.captured_at.label("revision_captured_at"),
            revision.c.modified_at.label("revision_modified_at"),
            revision.c.characters,
            revision.c.chunk_count,
            revision.c.engine,
            revision.c.coverage,
            revision.c.pages,
            revision.c.language,
        )
        .join(access_label, access_label.c.id == document.c.access_label_id)
        .join(revision, revision.c.id == document.c.revision_id, isouter=True)
    )


def _governed(governance: Governance) -> dict[str, str | None]:
    return {
        "owner": governance.owner,
        "retention": governance.retention,
        "review_every": governance.review_every,
        "fresh_for": governance.fresh_for,
        "record_class": governance.record_class,
        "valid_until": governance.valid_until,
    }


def governance_of(found: RowMapping) -> Governance:
    """Return the rules in a row of documents or of sources."""
    return Governance(
        found["owner"],
        found["retention"],
        found["review_every"],
        found["fresh_for"],
        found["record_class"],
        found["valid_until"],
    )


def _kept(row: Row[tuple[object, ...]]) -> KeptDocument:
    found = row._mapping
    access = AccessLabel(
        collection=found["collection_id"],
        label=Label(Classification(found["classification"]), frozenset(found["compartments"])),
        readers=frozenset(found["readers"]),
        denied=frozenset(found["denied"]),
    )
    return KeptDocument(
        document=Document(
            id=found["id"],
            source_id=found["source_id"],
            uri=found["uri"],
            title=found["title"],
            media_type=found["media_type"],
            state=DocumentState(found["state"]),
            access=access,
            governance=governance_of(found),
            captured_at=found["captured_at"],
            modified_at=found["modified_at"],
            revision=None if found["number"] is None else _current(found),
            superseded_by=found["superseded_by"],
            verified_at=found["verified_at"],
            validity=Validity(found["valid_from"], found["expires_at"]),
        ),
        access_label_id=found["access_label_id"],
        key_id=found["key_id"],
        version=found["version"],
        parent_id=found["parent_id"],
    )


def _current(found: object) -> Revision:
    row = dict(found)  # type: ignore[call-overload]
    return Revision(
        id=row["revision_id"],
        document_id=row["id"],
        number=row["number"],
        digest=row["digest"],
        text_digest=row["text_digest"],
        captured_at=row["revision_captured_at"],
        modified_at=row["revision_modified_at"],
        characters=row["characters"],
        chunk_count=row["chunk_count"],
        engine=row["engine"],
        coverage=row["coverage"],
        pages=row["pages"],
        language=row["language"],
    )
