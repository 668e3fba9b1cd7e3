"""A document's life is its owner's to decide, and what a reader may not know stays unsaid."""

from datetime import datetime
from pathlib import Path

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


def test_only_the_owner_erases_and_nothing_is_left(
    plant: Plant,
    shelf: Shelf,
    clock: Clock,
    tmp_path: Path,
) -> None:
    found = keep(plant, clock, "a")
    with pytest.raises(NotFoundError, match="no such document"):
        shelf.erase(found, STAFF, reason="because")
    with pytest.raises(InvalidRequestError, match="reason"):
        shelf.erase(found, OLGA, reason=" ")
    with plant.store.read() as unit:
        kept = unit.documents.get(found)
    assert kept is not None
    certificate = shelf.erase(found, OLGA, reason="request 12")
    assert certificate["documents"] == [found]
    assert plant.store.keys.open([kept.key_id]) == {}
    for look in (shelf.text, shelf.show, shelf.history):
        with pytest.raises(NotFoundError):
            look(found, STAFF)
    with pytest.raises(NotFoundError):
        shelf.erase(found, OLGA, reason="again")


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
