"""A document's life is its owner's to decide, and what a reader may not know stays unsaid."""

from datetime import datetime

import pytest

from tests.conftest import Clock
from tests.vault.conftest import Plant
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label
from vault.ingest.arrivals import Arrival, Bytes
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.lifecycle.erasure import Erasure
from vault.lifecycle.pages import DocumentPage
from vault.lifecycle.shelf import Shelf
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.retrieve.permissions import Permissions

STAFF = Subject(
    Principal(
        "ann",
        PrincipalKind.PERSON,
        Label(Classification.INTERNAL),
        frozenset({"staff", "everyone"}),
    )
)
OLGA = Subject(
    Principal("olga", PrincipalKind.PERSON, Label(Classification.INTERNAL), frozenset({"everyone"}))
)


@pytest.fixture
def shelf(plant: Plant, clock: Clock) -> Shelf:
    policy = PolicyEngine.from_folder(DEFAULT_FOLDER)
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    journal = Journal(Ledger(origin="test.example/log", signer=signer), now=clock)
    return Shelf(
        plant.store, journal=journal, permissions=Permissions(policy), policy=policy, now=clock
    )


def keep(plant: Plant, clock: Clock, name: str, *readers: str) -> str:
    def read() -> Bytes:
        moment: datetime = clock()
        return Bytes(f"The text of {name}.".encode(), moment)

    arrival = Arrival(f"file:///{name}", name, None, plant.intake(*readers), read)
    [outcome] = plant.reception.receive("shelf", [arrival])
    assert outcome.document_id is not None
    return outcome.document_id


def test_what_was_erased_exists_for_nobody(plant: Plant, shelf: Shelf, clock: Clock) -> None:
    found = keep(plant, clock, "a")
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    erasure = Erasure(
        plant.store,
        journal=Journal(Ledger(origin="test.example/log", signer=signer), now=clock),
        signer=signer,
        policy=PolicyEngine.from_folder(DEFAULT_FOLDER),
        purge=lambda: None,
        now=clock,
    )
    erasure.erase(found, OLGA, reason="request 12")
    for look in (shelf.text, shelf.show, shelf.history):
        with pytest.raises(NotFoundError):
            look(found, STAFF)
    assert list(shelf.all(STAFF)) == []


def test_two_documents_never_supersede_each_other(
    plant: Plant,
    shelf: Shelf,
    clock: Clock,
) -> None:
    one, two, three = (keep(plant, clock, name) for name in "abc")
    shelf.supersede(one, two, None)
    shelf.supersede(two, three, None)
    with pytest.raises(InvalidRequestError, match="supersede each other"):
        shelf.supersede(three, one, None)


def test_a_successor_the_reader_may_not_see_is_not_told(
    plant: Plant,
    shelf: Shelf,
    clock: Clock,
) -> None:
    old, new = keep(plant, clock, "old"), keep(plant, clock, "new", "user:olga")
    shelf.supersede(old, new, None)
    seen = shelf.show(old, STAFF).document
    assert (seen.state.value, seen.superseded_by) == ("current", None)
    [listed] = shelf.all(STAFF)
    assert listed.document.superseded_by is None


def test_a_hidden_and_a_missing_document_get_the_same_refusal(
    plant: Plant,
    shelf: Shelf,
    clock: Clock,
) -> None:
    hidden = keep(plant, clock, "hidden", "user:olga")
    said = set()
    for document_id in (hidden, "00000000-0000-8000-8000-000000000000"):
        with pytest.raises(NotFoundError) as caught:
            shelf.text(document_id, STAFF)
        said.add(caught.value.detail)
    assert len(said) == 1


def test_a_text_that_was_read_is_in_the_ledger(
    plant: Plant,
    shelf: Shelf,
    clock: Clock,
) -> None:
    found = keep(plant, clock, "a")
    with plant.store.read() as unit:
        before = unit.ledger.size()
    assert shelf.read(found, STAFF) == "The text of a."
    with plant.store.read() as unit:
        assert unit.ledger.size() == before + 1
        assert b"document.read" in unit.ledger.leaf(before)
        assert b"The text" not in unit.ledger.leaf(before)


def titles(page: DocumentPage) -> list[str]:
    return [kept.document.title for kept in page.documents]


def test_a_list_goes_on_page_by_page_to_its_end(plant: Plant, shelf: Shelf, clock: Clock) -> None:
    for name in "cabed":
        keep(plant, clock, name)
    first = shelf.page(STAFF, limit=2)
    assert (titles(first), first.next is None) == (["a", "b"], False)
    second = shelf.page(STAFF, limit=2, after=first.next)
    third = shelf.page(STAFF, limit=2, after=second.next)
    assert (titles(second), titles(third), third.next) == (["c", "d"], ["e"], None)


def test_a_list_that_just_fits_has_no_next_page(plant: Plant, shelf: Shelf, clock: Clock) -> None:
    for name in "ab":
        keep(plant, clock, name)
    assert shelf.page(STAFF, limit=2).next is None
    assert shelf.page(OLGA, limit=2).documents == []


def test_pages_are_the_same_whatever_lies_between_that_the_reader_may_not_know(
    plant: Plant, shelf: Shelf, clock: Clock
) -> None:
    for name in "bdf":
        keep(plant, clock, name)
    before = [shelf.page(STAFF, limit=limit) for limit in (1, 2, 3)]
    for name in "aceg":
        keep(plant, clock, name, "user:olga")
    assert [shelf.page(STAFF, limit=limit) for limit in (1, 2, 3)] == before


def test_documents_of_one_title_are_each_listed_once(
    plant: Plant, shelf: Shelf, clock: Clock
) -> None:
    found = {keep(plant, clock, f"{folder}/same") for folder in "abcde"}
    listed: list[str] = []
    after = None
    for _ in found:
        page = shelf.page(STAFF, limit=1, after=after)
        after = page.next
        listed += [kept.document.id for kept in page.documents]
    assert after is None
    assert sorted(listed) == sorted(found)


def test_a_list_goes_on_after_a_document_that_is_gone_meanwhile(
    plant: Plant, shelf: Shelf, clock: Clock
) -> None:
    gone, *_ = (keep(plant, clock, name) for name in "abc")
    first = shelf.page(STAFF, limit=1)
    plant.keeper.remove(gone, reason="gone")
    assert titles(shelf.page(STAFF, limit=5, after=first.next)) == ["b", "c"]


def test_rights_lost_between_two_pages_count_on_the_second(
    plant: Plant, shelf: Shelf, clock: Clock
) -> None:
    ids = [keep(plant, clock, name) for name in "abc"]
    first = shelf.page(STAFF, limit=1)
    plant.keeper.relabel(ids[1], plant.intake("user:olga"), version=None)
    assert titles(shelf.page(STAFF, limit=5, after=first.next)) == ["c"]


@pytest.mark.parametrize("at_once", [1, 2, 5, 1000])
def test_all_of_a_list_is_more_than_one_page(
    plant: Plant, shelf: Shelf, clock: Clock, at_once: int
) -> None:
    for name in "abcde":
        keep(plant, clock, name)
    assert [kept.document.title for kept in shelf.all(STAFF, at_once=at_once)] == list("abcde")
