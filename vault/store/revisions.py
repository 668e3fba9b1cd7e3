"""Revisions: the immutable states of documents, each with the range of its chunks."""

from collections.abc import Sequence

from sqlalchemy import Connection, Row, insert, select, update

from vault.domain.documents import Chunk, Revision
from vault.store.chunks import NO_CHUNKS, Chunks
from vault.store.documents import LIVE
from vault.store.schema import document, revision


class Revisions:
    """Every state a document was in, and where its chunks are."""

    def __init__(self, connection: Connection, chunks: Chunks) -> None:
        self._connection = connection
        self._chunks = chunks

    def add(self, added: Revision, pieces: Sequence[Chunk]) -> tuple[int, int]:
        """Add a revision with its chunk rows; return the range of their ids."""
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
        first, last = self._chunks.add(added.id, pieces)
        if (first, last) != NO_CHUNKS:
            self._connection.execute(
                update(revision)
                .where(revision.c.id == added.id)
                .values(first_chunk=first, last_chunk=last)
            )
        return first, last

    def of(self, document_id: str) -> Sequence[Revision]:
        """Return every revision of a document, oldest first."""
        rows = self._connection.execute(
            select(revision)
            .where(revision.c.document_id == document_id)
            .order_by(revision.c.number)
        )
        return [_revision(row) for row in rows]

    def chunk_range(self, revision_id: str) -> tuple[int, int]:
        """Return the first and last chunk id of a revision, or ``NO_CHUNKS``."""
        row = self._connection.execute(
            select(revision.c.first_chunk, revision.c.last_chunk).where(
                revision.c.id == revision_id
            )
        ).first()
        return NO_CHUNKS if row is None or row[0] is None else (int(row[0]), int(row[1]))

    def live(self) -> Sequence[tuple[str, int]]:
        """Return (revision id, AccessLabel id) of every live document, by first chunk."""
        rows = self._connection.execute(
            select(revision.c.id, document.c.access_label_id)
            .join(document, document.c.revision_id == revision.c.id)
            .where(document.c.state.in_(LIVE))
            .order_by(revision.c.first_chunk)
        )
        return [(row[0], int(row[1])) for row in rows]


def _revision(row: Row[tuple[object, ...]]) -> Revision:
    found = dict(row._mapping)
    found.pop("first_chunk")
    found.pop("last_chunk")
    return Revision(**found)
