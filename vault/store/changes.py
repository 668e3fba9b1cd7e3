"""The change log that every index follows by sequence number."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from vault.store.schema import index_change

ADD = "add"
REMOVE = "remove"
RELABEL = "relabel"


@dataclass(frozen=True, slots=True)
class IndexChange:
    """One difference between an index and the database: a revision's chunks, all at once."""

    sequence: int
    kind: str
    revision_id: str
    first_chunk: int
    last_chunk: int
    access_label_id: int


class Changes:
    """Appended in the transaction that changes what is retrievable."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(
        self, kind: str, revision_id: str, chunks: tuple[int, int], *, access_label_id: int
    ) -> None:
        """Note that the chunks from first to last were added, removed or relabelled."""
        if chunks[1] < chunks[0]:
            return
        self._connection.execute(
            insert(index_change).values(
                kind=kind,
                revision_id=revision_id,
                first_chunk=chunks[0],
                last_chunk=chunks[1],
                access_label_id=access_label_id,
            )
        )

    def since(self, sequence: int, *, limit: int = 500) -> Sequence[IndexChange]:
        """Return the changes after ``sequence``, oldest first."""
        rows = self._connection.execute(
            select(index_change)
            .where(index_change.c.sequence > sequence)
            .order_by(index_change.c.sequence)
            .limit(limit)
        )
        return [IndexChange(**row._mapping) for row in rows]

    def latest(self) -> int:
        """Return the sequence number of the newest change, 0 before the first."""
        return int(
            self._connection.execute(select(func.max(index_change.c.sequence))).scalar() or 0
        )
