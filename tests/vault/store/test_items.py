"""Items of a source are known by its own names, and so are their rights."""

from datetime import timedelta

from tests.conftest import Clock
from tests.vault.store.rows import RULES, STAFF, shelve
from vault.domain.documents import DocumentState
from vault.store.items import HeldItem, SeenAcl
from vault.store.session import Store


def test_what_is_held_of_a_source_leaves_attachments_and_other_sources_out(
    store: Store, clock: Clock
) -> None:
    shelved = shelve(store, "a", clock())
    shelve(store, "attached", clock(), parent="a")
    kept = shelved.kept
    revision = kept.document.revision
    item = HeldItem(
        "a",
        DocumentState.CURRENT,
        "v1",
        kept.access_label_id,
        RULES,
        "file:///a",
        None if revision is None else revision.id,
    )
    with store.read() as unit:
        assert unit.items.held("shelf") == {"file:///a": item}
        assert unit.items.held("other") == {}
    assert item.live


def test_a_document_is_known_by_its_item_wherever_that_is(store: Store, clock: Clock) -> None:
    shelve(store, "a", clock())
    with store.write() as unit:
        assert unit.items.at("shelf", "inode-7") is None
        unit.items.place("a", "shelf", "inode-7")
        assert unit.items.at("shelf", "inode-7") == "a"
        assert set(unit.items.held("shelf")) == {"inode-7"}
        unit.items.place("a", "shelf", "inode-8")
        assert unit.items.at("shelf", "inode-7") is None
        assert unit.items.at("shelf", "inode-8") == "a"


def test_bytes_of_revisions_are_told_by_digest(store: Store, clock: Clock) -> None:
    revision = shelve(store, "a", clock()).kept.document.revision
    assert revision is not None
    with store.read() as unit:
        assert unit.items.digests([revision.id, "none"]) == {revision.id: revision.digest}


def test_rights_are_remembered_with_when_they_were_seen(store: Store, clock: Clock) -> None:
    shelve(store, "a", clock())
    shelve(store, "b", clock())
    key = store.keys.new(collection="papers", now=clock())
    with store.write() as unit:
        label_id, _ = unit.labels.intern(STAFF, now=clock())
        acl = unit.rights.add_acl(
            "shelf", "sha256:1", b"raw", label=(label_id, True), key=key, now=clock()
        )
        for name in "ab":
            unit.items.place(name, "shelf", f"file:///{name}")
            unit.items.observe(name, acl_id=acl.id, acl_hash="h1", now=clock())
        assert unit.items.rights("shelf")["file:///a"] == SeenAcl("h1", acl.id, label_id)
        assert unit.items.rights("other") == {}
        first = clock()
        clock.forward(timedelta(hours=1))
        unit.items.confirm("shelf", ["file:///a"], now=clock())
        assert unit.items.oldest_rights("shelf") == first
        unit.items.confirm("shelf", ["file:///b"], now=clock())
        assert unit.items.oldest_rights("shelf") == clock()
        assert unit.items.oldest_rights("other") is None
