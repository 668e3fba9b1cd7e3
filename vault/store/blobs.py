"""Sealed content: text, layout and vectors of revisions, and the payloads of runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from vault.domain.errors import NotFoundError
from vault.store.keys import KeyRing, seal, unseal
from vault.store.schema import blob


@dataclass(frozen=True, slots=True)
class SealedBlob:
    """One blob before it is opened; ``stamp`` says what made it, for vectors the model."""

    owner_id: str
    kind: str
    key_id: str
    stamp: str
    sealed: bytes


class Blobs:
    """Content by owner and kind, sealed with the data key of its document or run."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def put(
        self, owner_id: str, kind: str, content: bytes, *, key: tuple[str, bytes], stamp: str = ""
    ) -> None:
        """Seal ``content`` with ``key``, an id and its bytes, as this owner's ``kind``."""
        key_id, key_bytes = key
        self._connection.execute(
            insert(blob).values(
                owner_id=owner_id,
                kind=kind,
                key_id=key_id,
                stamp=stamp,
                sealed=seal(key_bytes, content, about=f"{owner_id}/{kind}"),
            )
        )

    def get(self, owner_id: str, kind: str) -> bytes:
        """Return one blob's content.

        Raises:
            NotFoundError: it never existed, or its key was destroyed.
        """
        found = self.get_many([owner_id], kind)
        if owner_id not in found:
            raise NotFoundError("the content does not exist any more")
        return found[owner_id]

    def get_many(self, owner_ids: Iterable[str], kind: str) -> Mapping[str, bytes]:
        """Return the content of each owner's ``kind`` that can still be opened."""
        return {found.owner_id: content for found, content in self.opened(owner_ids, kind)}

    def opened(self, owner_ids: Iterable[str], kind: str) -> list[tuple[SealedBlob, bytes]]:
        """Return each blob of ``kind`` with its content, leaving out what cannot be opened."""
        query = select(blob).where(blob.c.kind == kind, blob.c.owner_id.in_(list(owner_ids)))
        rows = [SealedBlob(**row._mapping) for row in self._connection.execute(query)]
        keys = self._keys.open(row.key_id for row in rows)
        return [
            (row, unseal(keys[row.key_id], row.sealed, about=f"{row.owner_id}/{row.kind}"))
            for row in rows
            if row.key_id in keys
        ]

    def count(self, owner_ids: Iterable[str]) -> int:
        """Return how many blobs of these owners there are, whether or not they can be opened."""
        query = select(func.count()).select_from(blob).where(blob.c.owner_id.in_(list(owner_ids)))
        return int(self._connection.execute(query).scalar_one())

    def drop(self, owner_ids: Iterable[str]) -> None:
        """Delete every blob of these owners."""
        self._connection.execute(delete(blob).where(blob.c.owner_id.in_(list(owner_ids))))
