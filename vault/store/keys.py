"""Data keys: one per document and run, wrapped, in a store that is backed up apart.

Destroying a data key makes everything sealed with it unreadable, in this home and in every
backup of its database that does not also hold the key store.

Source:
    NIST SP 800-88 Rev. 2 (2025), cryptographic erase.
"""

import os
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import insert, select, update

from vault.domain.errors import HomeUnavailableError
from vault.store.database import Database
from vault.store.schema import data_key, key_metadata

KEY_BYTES = 32
NONCE_BYTES = 12


def derive(master: bytes, purpose: str) -> bytes:
    """Return the 32-byte key for ``purpose`` that follows from the home's master key.

    Source:
        RFC 5869 (HKDF) with SHA-256.
    """
    kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
    return kdf.derive(master)


def seal(key: bytes, plain: bytes, *, about: str) -> bytes:
    """Return ``plain`` encrypted and bound to what it is ``about``; the nonce comes first."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def unseal(key: bytes, sealed: bytes, *, about: str) -> bytes:
    """Return what ``seal`` was given.

    Raises:
        HomeUnavailableError: the bytes were altered or belong elsewhere.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
    except InvalidTag:
        raise HomeUnavailableError("stored content was altered; restore a backup") from None


class KeyRing:
    """Makes, opens and destroys data keys.

    A new key is durable before the transaction that uses it, so that no committed content can
    lack its key; a key whose transaction failed protects nothing and is harmless.
    """

    def __init__(self, database: Database, *, master: bytes) -> None:
        self._database = database
        self._master = master

    def create_store(self) -> None:
        """Create the key store's table where it is missing."""
        with self._database.transaction(write=True) as connection:
            key_metadata.create_all(connection)

    def new(self, *, collection: str, now: datetime) -> tuple[str, bytes]:
        """Return the id and bytes of a fresh data key kept under ``collection``'s key."""
        key_id, key = str(uuid.uuid4()), os.urandom(KEY_BYTES)
        wrapped = seal(self._collection_key(collection), key, about=key_id)
        with self._database.transaction(write=True) as connection:
            connection.execute(
                insert(data_key).values(
                    id=key_id, collection=collection, wrapped=wrapped, created_at=now
                )
            )
        return key_id, key

    def open(self, key_ids: Iterable[str]) -> Mapping[str, bytes]:
        """Return the bytes of each key that still exists."""
        wanted = list(dict.fromkeys(key_ids))
        with self._database.transaction(write=False) as connection:
            rows = connection.execute(
                select(data_key.c.id, data_key.c.collection, data_key.c.wrapped).where(
                    data_key.c.id.in_(wanted), data_key.c.wrapped.is_not(None)
                )
            ).all()
        return {
            row.id: unseal(self._collection_key(row.collection), row.wrapped, about=row.id)
            for row in rows
        }

    def destroy(self, key_ids: Iterable[str], *, now: datetime) -> None:
        """Overwrite the wrapped keys; pages are wiped by SQLite's secure delete."""
        with self._database.transaction(write=True) as connection:
            connection.execute(
                update(data_key)
                .where(data_key.c.id.in_(list(key_ids)))
                .values(wrapped=None, destroyed_at=now)
            )
        with self._database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _collection_key(self, collection: str) -> bytes:
        return derive(self._master, f"collection:{collection}")
