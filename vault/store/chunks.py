"""Chunks as rows: which piece of which text may be retrieved now, and under which label."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, delete, func, insert, select

from vault.domain.documents import Chunk
from vault.store.documents import LIVE
from vault.store.schema import chunk, document, revision

NO_CHUNKS = (0, -1)
"""The range of chunk ids of a revision without chunks."""


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """One chunk of a revision of a live document, with the label it is under now."""

    chunk_id: int
    document_id: str
    revision_id: str
    ordinal: int
    start: int
    end: int
    page: int | None
    access_label_id: int


class Chunks:
    """Places of chunks in their texts; what they say is sealed elsewhere."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, revision_id: str, pieces: Sequence[Chunk]) -> tuple[int, int]:
        """Add a revision's chunks; return the first and last chunk id, or ``NO_CHUNKS``."""
        if not pieces:
            return NO_CHUNKS
        rows = [
            {
                "revision_id": revision_id,
                "ordinal": piece.ordinal,
                "start": piece.span.start,
                "end": piece.span.end,
                "page": piece.page,
            }
            for piece in pieces
        ]
        self._connection.execute(insert(chunk), rows)
        first, last = self._connection.execute(
            select(func.min(chunk.c.id), func.max(chunk.c.id)).where(
                chunk.c.revision_id == revision_id
            )
        ).one()
        return int(first), int(last)

    def drop(self, revision_ids: Iterable[str]) -> None:
        """Delete the chunk rows of these revisions."""
        self._connection.execute(delete(chunk).where(chunk.c.revision_id.in_(list(revision_ids))))

    def live(self, chunk_ids: Iterable[int]) -> dict[int, ChunkRow]:
        """Return those chunks that belong to the current revision of a live document."""
        rows = self._connection.execute(_live().where(chunk.c.id.in_(list(chunk_ids))))
        return {found.chunk_id: found for found in map(_chunk_row, rows)}

    def among(self, chunk_ids: Iterable[int]) -> dict[int, ChunkRow]:
        """Return those of these chunks that belong to any revision of a live document."""
        rows = self._connection.execute(
            _rows()
            .join(document, document.c.id == revision.c.document_id)
            .where(document.c.state.in_(LIVE), chunk.c.id.in_(list(chunk_ids)))
        )
        return {found.chunk_id: found for found in map(_chunk_row, rows)}

    def held(self, revision_ids: Iterable[str]) -> Sequence[ChunkRow]:
        """Return the chunks of these revisions, older ones included, of live documents, by id."""
        rows = self._connection.execute(
            _rows()
            .join(document, document.c.id == revision.c.document_id)
            .where(document.c.state.in_(LIVE), revision.c.id.in_(list(revision_ids)))
            .order_by(chunk.c.id)
        )
        return [_chunk_row(row) for row in rows]

    def of(self, revision_ids: Iterable[str]) -> Sequence[ChunkRow]:
        """Return the chunks of these revisions that are live, by id."""
        rows = self._connection.execute(
            _live().where(revision.c.id.in_(list(revision_ids))).order_by(chunk.c.id)
        )
        return [_chunk_row(row) for row in rows]


def _live() -> Select[tuple[object, ...]]:
    return (
        _rows()
        .join(document, document.c.revision_id == revision.c.id)
        .where(document.c.state.in_(LIVE))
    )


def _rows() -> Select[tuple[object, ...]]:
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
        .select_from(chunk)
        .join(revision, revision.c.id == chunk.c.revision_id)
    )


def _chunk_row(row: Row[tuple[object, ...]]) -> ChunkRow:
    return ChunkRow(*row)  # type: ignore[arg-type, call-arg, unused-ignore]
