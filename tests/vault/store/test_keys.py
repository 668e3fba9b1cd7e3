"""A data key opens its content until it is destroyed, and nothing else opens it."""

import os
from pathlib import Path

import pytest

from tests.conftest import Clock
from vault.domain.errors import HomeUnavailableError
from vault.store.database import Database
from vault.store.keys import KeyRing, derive, seal, unseal


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    made = KeyRing(Database(tmp_path / "keys.db", key=b"k" * 32), master=b"m" * 32)
    made.create_store()
    return made


def test_a_key_can_be_opened_until_it_is_destroyed(ring: KeyRing, clock: Clock) -> None:
    key_id, key = ring.new(collection="policies", now=clock())
    assert ring.open([key_id]) == {key_id: key}
    ring.destroy([key_id], now=clock())
    assert ring.open([key_id]) == {}


def test_a_destroyed_key_leaves_no_trace_in_the_file(
    ring: KeyRing, clock: Clock, tmp_path: Path
) -> None:
    key_id, _ = ring.new(collection="policies", now=clock())
    plain = Database(tmp_path / "keys.db", key=b"k" * 32)
    with plain.transaction(write=False) as connection:
        wrapped = connection.exec_driver_sql("select wrapped from data_key").scalar()
    ring.destroy([key_id], now=clock())
    with plain.transaction(write=False) as connection:
        left = connection.exec_driver_sql("select wrapped from data_key").all()
    assert wrapped is not None
    assert left == [(None,)]


def test_another_master_key_opens_no_data_key(ring: KeyRing, clock: Clock, tmp_path: Path) -> None:
    key_id, _ = ring.new(collection="policies", now=clock())
    other = KeyRing(Database(tmp_path / "keys.db", key=b"k" * 32), master=b"x" * 32)
    with pytest.raises(HomeUnavailableError, match="altered"):
        other.open([key_id])


def test_sealed_content_is_bound_to_what_it_is_about() -> None:
    key = os.urandom(32)
    sealed = seal(key, b"words", about="revision/text")
    assert unseal(key, sealed, about="revision/text") == b"words"
    with pytest.raises(HomeUnavailableError):
        unseal(key, sealed, about="other/text")


def test_any_flipped_byte_of_sealed_content_is_noticed() -> None:
    key = os.urandom(32)
    sealed = seal(key, b"words", about="a")
    for place in range(len(sealed)):
        broken = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(HomeUnavailableError):
            unseal(key, broken, about="a")


def test_keys_for_different_purposes_differ() -> None:
    made = {derive(b"m" * 32, purpose) for purpose in ("database", "index", "collection:a")}
    assert len(made) == 3
