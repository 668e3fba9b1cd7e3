"""A database for the length of one measurement, made as the vault makes its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vault.store import versions
from vault.store.database import Database
from vault.store.keys import KeyRing
from vault.store.session import Store


@contextmanager
def scratch_store(folder: Path) -> Iterator[Store]:
    """Hold an empty, encrypted and migrated store in ``folder``, for the length of the block."""
    database = Database(folder / "vault.db", key=os.urandom(32))
    keys = Database(folder / "keys.db", key=os.urandom(32))
    try:
        ring = KeyRing(keys, master=os.urandom(32))
        ring.create_store()
        versions.upgrade(database)
        yield Store(database, keys=ring)
    finally:
        database.close()
        keys.close()
