"""Fixtures that every room shares: a clock, a store, and the starter models."""

import os
from collections.abc import Iterator
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


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated store with its own key store."""
    database = Database(tmp_path / "vault.db", key=os.urandom(32), busy_seconds=1)
    keys = Database(tmp_path / "keys.db", key=os.urandom(32), busy_seconds=1)
    ring = KeyRing(keys, master=os.urandom(32))
    ring.create_store()
    versions.upgrade(database)
    yield Store(database, keys=ring)
    database.close()
    keys.close()


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The starter models that scripts/setup prepares."""
    folder = Path(os.environ.get("VAULT_MODELS_DIR", REPOSITORY / ".cache" / "models"))
    if not (folder / "all-minilm-l6-v2" / "manifest.toml").exists():
        pytest.fail("the starter models are missing; run scripts/setup --test")
    return folder
