"""The ledger's entries, nodes and checkpoints, inside the transaction they belong to."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import Node
from vault.store.schema import ledger_checkpoint, ledger_entry, ledger_node


class LedgerRows:
    """Implements what the ledger asks of a store, over SQL.

    Args:
        connection: an open transaction; a writing one holds the lock that the ledger needs
            between reading its size and appending.
        subject_id: document or run that appended entries are found by.
    """

    def __init__(self, connection: Connection, *, subject_id: str = "") -> None:
        self._connection = connection
        self._subject_id = subject_id

    def size(self) -> int:
        """Return the number of entries."""
        last = self._connection.execute(select(func.max(ledger_entry.c.index))).scalar()
        return 0 if last is None else int(last) + 1

    def node(self, level: int, index: int) -> bytes:
        """Return the stored hash of one complete node."""
        query = (
            select(ledger_entry.c.leaf_hash).where(ledger_entry.c.index == index)
            if level == 0
            else select(ledger_node.c.hash).where(
                ledger_node.c.level == level, ledger_node.c.index == index
            )
        )
        found = self._connection.execute(query).scalar()
        if found is None:
            raise LedgerIntegrityError(f"node {index} of level {level} is not stored")
        return bytes(found)

    def nodes(self, level: int, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """Yield (index, hash) of the stored nodes of one level, ascending."""
        index, digest = (
            (ledger_entry.c.index, ledger_entry.c.leaf_hash)
            if level == 0
            else (ledger_node.c.index, ledger_node.c.hash)
        )
        query = select(index, digest).where(index >= start, index < stop).order_by(index)
        if level > 0:
            query = query.where(ledger_node.c.level == level)
        for row in self._connection.execute(query):
            yield int(row[0]), bytes(row[1])

    def leaf(self, index: int) -> bytes:
        """Return the body of one entry exactly as it was appended."""
        body = self._connection.execute(
            select(ledger_entry.c.body).where(ledger_entry.c.index == index)
        ).scalar()
        if body is None:
            raise LedgerIntegrityError(f"entry {index} is not stored")
        return bytes(body)

    def bodies(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bodies of the entries from ``start`` up to, not including, ``stop``."""
        query = (
            select(ledger_entry.c.body)
            .where(ledger_entry.c.index >= start, ledger_entry.c.index < stop)
            .order_by(ledger_entry.c.index)
        )
        for row in self._connection.execute(query):
            yield bytes(row[0])

    def of_subject(self, subject_id: str) -> list[int]:
        """Return the indexes of the entries about one document or run, oldest first."""
        rows = self._connection.execute(
            select(ledger_entry.c.index)
            .where(ledger_entry.c.subject_id == subject_id)
            .order_by(ledger_entry.c.index)
        )
        return [int(row[0]) for row in rows]

    def append(self, index: int, body: bytes, leaf_hash: bytes, nodes: Sequence[Node]) -> None:
        """Store one entry, its leaf hash and the interior nodes it completes."""
        self._connection.execute(
            insert(ledger_entry).values(
                index=index, subject_id=self._subject_id, body=body, leaf_hash=leaf_hash
            )
        )
        rows = [
            {"level": level, "index": place, "hash": digest}
            for level, place, digest in nodes
            if level > 0
        ]
        if rows:
            self._connection.execute(insert(ledger_node), rows)

    def save_checkpoint(self, size: int, note: str) -> None:
        """Store a signed checkpoint, or the same one with more signatures."""
        self._connection.execute(
            upsert(ledger_checkpoint)
            .values(size=size, note=note)
            .on_conflict_do_update(index_elements=["size"], set_={"note": note})
        )

    def checkpoints(self) -> Iterator[tuple[int, str]]:
        """Yield (size, signed note) of every saved checkpoint, smallest size first."""
        rows = self._connection.execute(
            select(ledger_checkpoint).order_by(ledger_checkpoint.c.size)
        )
        for row in rows:
            yield int(row.size), str(row.note)

    def latest_checkpoint(self) -> tuple[int, str] | None:
        """Return (size, signed note) of the largest saved checkpoint, or None."""
        row = self._connection.execute(
            select(ledger_checkpoint).order_by(ledger_checkpoint.c.size.desc()).limit(1)
        ).first()
        return None if row is None else (int(row.size), str(row.note))
