"""A scratch store is a whole, encrypted one, and closed after the block."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from vault.domain.errors import UnauthenticatedError
from vault.evaluate.scratch import scratch_store
from vault.store import versions
from vault.store.database import Database


def test_a_scratch_store_has_every_table_and_opens_with_its_own_key_alone(tmp_path: Path) -> None:
    with scratch_store(tmp_path) as store:
        versions.check(store.database)
        with store.write() as unit:
            unit.principals.add_group("readers", now=datetime.now(UTC))
        with store.read() as unit:
            assert list(unit.principals.groups()) == ["readers"]
    other = Database(tmp_path / "vault.db", key=bytes(32))
    with pytest.raises(UnauthenticatedError), other.transaction(write=False):
        pytest.fail("a foreign key opened the database")
    other.close()
