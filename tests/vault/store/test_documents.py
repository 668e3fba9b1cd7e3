"""A document comes back as it was kept, and only what may be listed is listed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.vault.store.rows import BOARD, STAFF, document, shelve
from vault.domain.documents import DocumentState
from vault.domain.errors import HomeUnavailableError
from vault.domain.records import Governance
from vault.store.documents import LIVE, KeptDocument
from vault.store.session import Store

GONE = [DocumentState.DELETED, DocumentState.ERASED]
LISTED = [state for state in DocumentState if state not in GONE]


def test_a_document_comes_back_as_it_was_kept(store: Store, clock: Clock) -> None:
    shelved = shelve(store, "a", clock(), access=BOARD)
    with store.read() as unit:
        assert unit.documents.get("a") == shelved.kept
        assert unit.documents.find("shelf", "file:///a") == shelved.kept
        assert unit.documents.many(["a", "none"]) == {"a": shelved.kept}


def test_a_document_may_wait_for_its_first_revision(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        label_id, _ = unit.labels.intern(STAFF, now=clock())
        kept = KeptDocument(document("a", clock()), label_id, "key", None)
        unit.documents.add(kept)
    with store.read() as unit:
        assert unit.documents.get("a") == kept


def test_what_does_not_exist_is_not_found(store: Store, clock: Clock) -> None:
    shelve(store, "a", clock())
    with store.read() as unit:
        assert unit.documents.get("b") is None
        assert unit.documents.find("shelf", "file:///b") is None
        assert unit.documents.find("other", "file:///a") is None
        assert unit.documents.many([]) == {}


def test_an_item_of_a_source_becomes_one_document_only(store: Store, clock: Clock) -> None:
    shelved = shelve(store, "a", clock())
    twin = replace(shelved.kept, document=replace(shelved.kept.document, id="twin"))
    with pytest.raises(HomeUnavailableError, match="refused"), store.write() as unit:
        unit.documents.add(twin)


@pytest.mark.parametrize("state", LISTED)
def test_a_document_that_is_still_there_is_listed(
    store: Store, clock: Clock, state: DocumentState
) -> None:
    label_id = shelve(store, "a", clock()).kept.access_label_id
    with store.write() as unit:
        unit.documents.change("a", state=state.value)
        [listed] = unit.documents.visible([label_id], limit=9)
    assert listed.document.state is state


@pytest.mark.parametrize("state", GONE)
def test_a_document_that_is_gone_is_not_listed(
    store: Store, clock: Clock, state: DocumentState
) -> None:
    label_id = shelve(store, "a", clock()).kept.access_label_id
    with store.write() as unit:
        unit.documents.change("a", state=state.value)
        assert not unit.documents.visible([label_id], limit=9)


def test_a_document_under_another_label_is_not_listed(store: Store, clock: Clock) -> None:
    staff, board = shelve(store, "a", clock()), shelve(store, "b", clock(), access=BOARD)
    with store.read() as unit:
        for shelved in (staff, board):
            assert list(unit.documents.visible([shelved.kept.access_label_id], limit=9)) == [
                shelved.kept
            ]
        assert not unit.documents.visible([], limit=9)


def test_a_long_list_goes_on_after_the_last_title_and_id(store: Store, clock: Clock) -> None:
    label_id = shelve(store, "a", clock()).kept.access_label_id
    for name in "dcb":
        shelve(store, name, clock())
    with store.write() as unit:
        for name in "bc":
            unit.documents.change(name, title="Title of a")
        listed = unit.documents.visible([label_id], limit=2)
        assert [kept.document.id for kept in listed] == ["a", "b"]
        rest = unit.documents.visible([label_id], limit=9, after=("Title of a", "b"))
        assert [kept.document.id for kept in rest] == ["c", "d"]
        assert not unit.documents.visible([label_id], limit=9, after=("Title of d", "d"))


def test_everything_that_ever_was_is_told_by_id(store: Store, clock: Clock) -> None:
    for name in "cab":
        shelve(store, name, clock())
    with store.write() as unit:
        unit.documents.change("b", state=DocumentState.ERASED.value)
        assert [kept.document.id for kept in unit.documents.everything()] == ["a", "b", "c"]


def test_attachments_are_found_by_what_they_came_with(store: Store, clock: Clock) -> None:
    shelve(store, "mail", clock())
    attached = shelve(store, "plan", clock(), parent="mail")
    with store.read() as unit:
        assert list(unit.documents.children("mail")) == [attached.kept]
        assert not unit.documents.children("plan")


def test_a_change_is_of_one_document(store: Store, clock: Clock) -> None:
    for name in "ab":
        shelve(store, name, clock())
    later = clock() + timedelta(days=1)
    with store.write() as unit:
        unit.documents.change("a", title="Renamed", modified_at=later, superseded_by="b")
        changed, other = unit.documents.get("a"), unit.documents.get("b")
    assert changed is not None
    assert other is not None
    assert (changed.document.title, changed.document.modified_at) == ("Renamed", later)
    assert changed.document.superseded_by == "b"
    assert other.document.title == "Title of b"


def test_other_rules_replace_all_the_earlier_ones(store: Store, clock: Clock) -> None:
    shelve(store, "a", clock())
    with store.write() as unit:
        unit.documents.govern("a", Governance("pam", review_every="90d"))
        kept = unit.documents.get("a")
    assert kept is not None
    assert kept.document.governance == Governance("pam", None, "90d", None)


def test_documents_are_counted_by_state(store: Store, clock: Clock) -> None:
    for name in "abc":
        shelve(store, name, clock())
    with store.write() as unit:
        unit.documents.change("c", state=DocumentState.ERASED.value)
        assert unit.documents.count() == {"current": 2, "erased": 1}


def test_keys_of_erased_documents_alone_are_told(store: Store, clock: Clock) -> None:
    shelve(store, "kept", clock())
    erased = shelve(store, "erased", clock())
    with store.write() as unit:
        assert not unit.documents.erased_keys()
        unit.documents.change("erased", state=DocumentState.ERASED.value)
        assert list(unit.documents.erased_keys()) == [erased.key[0]]


def test_only_text_that_is_current_or_superseded_may_be_retrieved() -> None:
    assert set(LIVE) == {"current", "superseded"}
