"""Fixtures that every room shares: a clock, a store, and the starter models."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vault.store import versions
from vault.store.database import Database
from vault.store.keys import KeyRing
from vault.store.session import Store

REPOSITORY = Path(__file__).resolve().parent.parent


class Clock:
    """A clock that tests turn by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, span: timedelta) -> None:
        self.moment += span


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass(frozen=True)
class StoreFiles:
    """The files of an empty store and the keys that open them."""

    database: Path
    keys: Path
    database_key: bytes
    keys_key: bytes


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> StoreFiles:
    """An empty, migrated store, made once: the migrations take most of a small test's time."""
    folder = tmp_path_factory.mktemp("store")
    files = StoreFiles(folder / "vault.db", folder / "keys.db", os.urandom(32), os.urandom(32))
    database, keys = _databases(files)
    versions.upgrade(database)
    KeyRing(keys, master=os.urandom(32)).create_store()
    database.close()
    keys.close()
    return files


@pytest.fixture
def store(empty_store: StoreFiles, tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated store with its own key store."""
    files = replace(empty_store, database=tmp_path / "vault.db", keys=tmp_path / "keys.db")
    shutil.copyfile(empty_store.database, files.database)
    shutil.copyfile(empty_store.keys, files.keys)
    database, keys = _databases(files)
    yield Store(database, keys=KeyRing(keys, master=os.urandom(32)))
    database.close()
    keys.close()


def _databases(files: StoreFiles) -> tuple[Database, Database]:
    return (
        Database(files.database, key=files.database_key, busy_seconds=1),
        Database(files.keys, key=files.keys_key, busy_seconds=1),
    )


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The starter models that scripts/setup prepares."""
    folder = Path(os.environ.get("VAULT_MODELS_DIR", REPOSITORY / ".cache" / "models"))
    if not (folder / "all-minilm-l6-v2" / "manifest.toml").exists():
        pytest.fail("the starter models are missing; run scripts/setup --test")
    return folder
