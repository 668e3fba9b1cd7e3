"""Documents, their revisions and the rows of their chunks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from vault.domain.documents import Chunk, Document, DocumentState, Revision
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance
from vault.store.schema import access_label, chunk, document, revision

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


@dataclass(frozen=True, slots=True)
class HeldItem:
    """What the vault holds of one item of a source, to tell whether it changed."""

    document_id: str
    state: DocumentState
    version: str | None
    access_label_id: int
    governance: Governance


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """One chunk of a live document's current revision, with the label it is under now."""

    chunk_id: int
    document_id: str
    revision_id: str
    ordinal: int
    start: int
    end: int
    page: int | None
    access_label_id: int


class Documents:
    """Everything the vault knows of documents but their content."""

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

    def visible(self, label_ids: Iterable[int], *, limit: int = 1000) -> Sequence[KeptDocument]:
        """Return documents under these labels that are not erased or deleted, by title."""
        query = (
            _joined()
            .where(document.c.access_label_id.in_(list(label_ids)))
            .where(document.c.state.in_([*LIVE, DocumentState.QUARANTINED.value]))
            .order_by(document.c.title, document.c.id)
            .limit(limit)
        )
        return [_kept(row) for row in self._connection.execute(query)]

    def children(self, document_id: str) -> Sequence[KeptDocument]:
        """Return the attachments that were taken in with a document."""
        rows = self._connection.execute(_joined().where(document.c.parent_id == document_id))
        return [_kept(row) for row in rows]

    def held(self, source_id: str) -> dict[str, HeldItem]:
        """Return what is held of each item of a source, attachments left out."""
        columns = document.c
        rows = self._connection.execute(
            select(
                columns.uri,
                columns.id,
                columns.state,
                columns.version,
                columns.access_label_id,
                columns.owner,
                columns.retention,
                columns.review_every,
                columns.fresh_for,
            ).where(columns.source_id == source_id, columns.parent_id.is_(None))
        )
        return {
            row.uri: HeldItem(
                row.id,
                DocumentState(row.state),
                row.version,
                row.access_label_id,
                Governance(row.owner, row.retention, row.review_every, row.fresh_for),
            )
            for row in rows
        }

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

    def govern(self, document_id: str, governance: Governance) -> None:
        """Put a document under other rules."""
        self.change(document_id, **_governed(governance))

    def add_revision(self, added: Revision, chunks: Sequence[Chunk]) -> tuple[int, int]:
        """Add a revision with its chunk rows; return the first and last chunk id, or (0, -1)."""
        self._connection.execute(
            insert(revision).values(
                id=added.id,
                document_id=added.document_id,
                number=added.number,
                digest=added.digest,
                text_digest=added.text_digest,
                captured_at=added.captured_at,
                modified_at=added.modified_at,
                characters=added.characters,
                chunk_count=added.chunk_count,
                engine=added.engine,
                coverage=added.coverage,
                pages=added.pages,
                language=added.language,
            )
        )
        if not chunks:
            return 0, -1
        rows = [
            {
                "revision_id": added.id,
                "ordinal": piece.ordinal,
                "start": piece.span.start,
                "end": piece.span.end,
                "page": piece.page,
            }
            for piece in chunks
        ]
        self._connection.execute(insert(chunk), rows)
        span = self._connection.execute(
            select(func.min(chunk.c.id), func.max(chunk.c.id)).where(
                chunk.c.revision_id == added.id
            )
        ).one()
        first, last = int(span[0]), int(span[1])
        self._connection.execute(
            update(revision)
            .where(revision.c.id == added.id)
            .values(first_chunk=first, last_chunk=last)
        )
        return first, last

    def revisions(self, document_id: str) -> Sequence[Revision]:
        """Return every revision of a document, oldest first."""
        rows = self._connection.execute(
            select(revision)
            .where(revision.c.document_id == document_id)
            .order_by(revision.c.number)
        )
        return [_revision(row) for row in rows]

    def chunk_range(self, revision_id: str) -> tuple[int, int]:
        """Return the first and last chunk id of a revision, or (0, -1)."""
        row = self._connection.execute(
            select(revision.c.first_chunk, revision.c.last_chunk).where(
                revision.c.id == revision_id
            )
        ).first()
        return (0, -1) if row is None or row[0] is None else (int(row[0]), int(row[1]))

    def drop_chunks(self, revision_ids: Iterable[str]) -> None:
        """Delete the chunk rows of these revisions."""
        self._connection.execute(delete(chunk).where(chunk.c.revision_id.in_(list(revision_ids))))

    def live_chunks(self, chunk_ids: Iterable[int]) -> dict[int, ChunkRow]:
        """Return those chunks that belong to the current revision of a live document."""
        rows = self._connection.execute(_live().where(chunk.c.id.in_(list(chunk_ids))))
        return {found.chunk_id: found for found in map(_chunk_row, rows)}

    def chunks_of(self, revision_ids: Iterable[str]) -> Sequence[ChunkRow]:
        """Return the chunks of these revisions that are live, by id."""
        rows = self._connection.execute(
            _live().where(revision.c.id.in_(list(revision_ids))).order_by(chunk.c.id)
        )
        return [_chunk_row(row) for row in rows]

    def live_revisions(self) -> Sequence[tuple[str, int]]:
        """Return (revision id, AccessLabel id) of every live document, by first chunk."""
        rows = self._connection.execute(
            select(revision.c.id, document.c.access_label_id)
            .join(document, document.c.revision_id == revision.c.id)
            .where(document.c.state.in_(LIVE))
            .order_by(revision.c.first_chunk)
        )
        return [(row[0], int(row[1])) for row in rows]

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


def _live() -> Select[tuple[object, ...]]:
    return (
        select(
            chunk.c.id,
            document.c.id,
            revision.c.id,
            chunk.c.ordinal,
            chunk.c.start,
            chunk.c.end,
            chunk.c.page,
            document.c.access_label_id,
        )
        .join(revision, revision.c.id == chunk.c.revision_id)
        .join(document, document.c.revision_id == revision.c.id)
        .where(document.c.state.in_(LIVE))
    )


def _chunk_row(row: Row[tuple[object, ...]]) -> ChunkRow:
    return ChunkRow(*row)  # type: ignore[arg-type, call-arg, unused-ignore]


def _governed(governance: Governance) -> dict[str, str | None]:
    return {
        "owner": governance.owner,
        "retention": governance.retention,
        "review_every": governance.review_every,
        "fresh_for": governance.fresh_for,
    }


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
            governance=Governance(
                found["owner"], found["retention"], found["review_every"], found["fresh_for"]
            ),
            captured_at=found["captured_at"],
            modified_at=found["modified_at"],
            revision=None if found["number"] is None else _current(found),
            superseded_by=found["superseded_by"],
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


def _revision(row: Row[tuple[object, ...]]) -> Revision:
    found = dict(row._mapping)
    found.pop("first_chunk")
    found.pop("last_chunk")
    return Revision(**found)
