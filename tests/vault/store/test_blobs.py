"""Content opens for its owner, kind and key alone, and never after the key is destroyed."""

import pytest
from sqlalchemy import update

from tests.conftest import Clock
from vault.domain.errors import HomeUnavailableError, NotFoundError
from vault.store.schema import blob
from vault.store.session import Store

Key = tuple[str, bytes]


@pytest.fixture
def key(store: Store, clock: Clock) -> Key:
    return store.keys.new(collection="papers", now=clock())


def test_content_comes_back_as_it_was_put(store: Store, key: Key) -> None:
    with store.write() as unit:
        unit.blobs.put("a", "text", "Straße 🌴".encode(), key=key)
        unit.blobs.put("a", "vectors", b"", key=key, stamp="model")
    with store.read() as unit:
        assert unit.blobs.get("a", "text").decode() == "Straße 🌴"
        [(sealed, content)] = unit.blobs.opened(["a", "b"], "vectors")
    assert (sealed.owner_id, sealed.kind, sealed.key_id) == ("a", "vectors", key[0])
    assert (sealed.stamp, content) == ("model", b"")


def test_what_is_stored_is_not_the_content(store: Store, key: Key) -> None:
    with store.write() as unit:
        unit.blobs.put("a", "text", b"canary-in-plain-sight", key=key)
        [(sealed, _)] = unit.blobs.opened(["a"], "text")
    assert b"canary" not in sealed.sealed


def test_content_that_never_was_is_not_found(store: Store, key: Key) -> None:
    with store.write() as unit:
        unit.blobs.put("a", "text", b"words", key=key)
        for owner, kind in (("b", "text"), ("a", "layout")):
            with pytest.raises(NotFoundError, match="does not exist"):
                unit.blobs.get(owner, kind)
        assert unit.blobs.get_many([], "text") == {}


def test_content_is_gone_with_its_key(store: Store, clock: Clock, key: Key) -> None:
    other = store.keys.new(collection="papers", now=clock())
    with store.write() as unit:
        unit.blobs.put("a", "text", b"words", key=key)
        unit.blobs.put("b", "text", b"other words", key=other)
    store.keys.destroy([key[0]], now=clock())
    with store.read() as unit:
        assert unit.blobs.get_many(["a", "b"], "text") == {"b": b"other words"}
        with pytest.raises(NotFoundError, match="does not exist"):
            unit.blobs.get("a", "text")


@pytest.mark.parametrize("changed", [{"owner_id": "b"}, {"kind": "layout"}])
def test_content_that_was_moved_elsewhere_does_not_open(
    store: Store, key: Key, changed: dict[str, str]
) -> None:
    with store.write() as unit:
        unit.blobs.put("a", "text", b"words", key=key)
    with store.database.transaction(write=True) as connection:
        connection.execute(update(blob).values(**changed))
    place = {"owner_id": "a", "kind": "text"} | changed
    with store.read() as unit, pytest.raises(HomeUnavailableError, match="altered"):
        unit.blobs.get(place["owner_id"], place["kind"])


def test_content_under_another_documents_key_does_not_open(
    store: Store, clock: Clock, key: Key
) -> None:
    other, _ = store.keys.new(collection="papers", now=clock())
    with store.write() as unit:
        unit.blobs.put("a", "text", b"words", key=key)
    with store.database.transaction(write=True) as connection:
        connection.execute(update(blob).values(key_id=other))
    with store.read() as unit, pytest.raises(HomeUnavailableError, match="altered"):
        unit.blobs.get("a", "text")


def test_content_is_put_once(store: Store, key: Key) -> None:
    with store.write() as unit:
        unit.blobs.put("a", "text", b"words", key=key)
    with pytest.raises(HomeUnavailableError, match="refused"), store.write() as unit:
        unit.blobs.put("a", "text", b"others", key=key)
    with store.read() as unit:
        assert unit.blobs.get("a", "text") == b"words"


def test_dropping_takes_every_kind_of_an_owner_and_nothing_else(store: Store, key: Key) -> None:
    with store.write() as unit:
        for owner, kind in (("a", "text"), ("a", "layout"), ("b", "text")):
            unit.blobs.put(owner, kind, b"words", key=key)
        unit.blobs.drop(["a", "none"])
        assert unit.blobs.get_many(["a", "b"], "text") == {"b": b"words"}
        assert unit.blobs.get_many(["a", "b"], "layout") == {}
