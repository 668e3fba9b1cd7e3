"""Only what changed is read, and only new bytes are taken in."""

from dataclasses import dataclass, field

import pytest

from tests.conftest import Clock
from tests.vault.conftest import Plant
from vault.domain.errors import SourceUnreachableError, VaultError
from vault.domain.records import Governance
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.intake import Intake
from vault.ingest.report import ItemOutcome


@dataclass
class Offer:
    """An item of a source that counts how often its bytes are read."""

    plant: Plant
    clock: Clock
    text: str = "Thirty days a year."
    version: str | None = "1"
    name: str = "leave.md"
    failure: VaultError | None = None
    read_as: str | None = None
    reads: list[str] = field(default_factory=list)

    def arrival(self, intake: Intake | None = None) -> Arrival:
        def read() -> Bytes:
            self.reads.append(self.name)
            if self.failure is not None:
                raise self.failure
            return Bytes(self.text.encode(), self.clock(), self.read_as or self.version)

        uri = f"file:///{self.name}"
        return Arrival(uri, self.name, self.version, intake or self.plant.intake(), read)

    def receive(self, intake: Intake | None = None) -> ItemOutcome:
        [outcome] = self.plant.reception.receive("shelf", [self.arrival(intake)])
        return outcome


@pytest.fixture
def offer(plant: Plant, clock: Clock) -> Offer:
    return Offer(plant, clock)


def version_held(plant: Plant) -> str | None:
    with plant.store.read() as unit:
        return unit.items.held("shelf")["file:///leave.md"].version


def test_an_equal_version_is_not_even_read(offer: Offer) -> None:
    first = offer.receive()
    assert first.state.value == "ingested"
    again = offer.receive()
    assert (again.state.value, again.document_id) == ("unchanged", first.document_id)
    assert len(offer.reads) == 1


def test_equal_bytes_under_a_new_version_are_read_and_not_taken_in(
    plant: Plant, offer: Offer
) -> None:
    offer.receive()
    embedded = len(plant.embedder.embedded)
    offer.version = "2"
    assert offer.receive().state.value == "unchanged"
    assert len(offer.reads) == 2
    assert len(plant.embedder.embedded) == embedded
    assert version_held(plant) == "2"


def test_new_bytes_are_a_new_revision(plant: Plant, offer: Offer) -> None:
    first = offer.receive()
    offer.text, offer.version = "Forty days a year.", "2"
    second = offer.receive()
    assert (second.state.value, second.document_id) == ("ingested", first.document_id)
    with plant.store.read() as unit:
        assert len(unit.revisions.of(first.document_id or "")) == 2


def test_a_source_without_versions_is_read_each_time(offer: Offer) -> None:
    offer.version = None
    assert offer.receive().state.value == "ingested"
    assert offer.receive().state.value == "unchanged"
    assert len(offer.reads) == 2


def test_the_version_that_was_read_counts_not_the_one_that_was_listed(
    plant: Plant, offer: Offer
) -> None:
    offer.read_as = "2"
    offer.receive()
    assert version_held(plant) == "2"


def test_an_item_that_cannot_be_read_is_set_aside_and_what_is_held_stays(
    plant: Plant, offer: Offer
) -> None:
    offer.receive()
    offer.version, offer.failure = "2", SourceUnreachableError("the share does not answer")
    outcome = offer.receive()
    assert (outcome.state.value, outcome.problem) == ("quarantined", "source-unreachable")
    assert plant.states() == {"leave.md": "current"}
    assert version_held(plant) == "1"


def test_new_rights_or_rules_change_a_document_whose_bytes_do_not(
    plant: Plant, offer: Offer
) -> None:
    found = offer.receive()
    assert offer.receive(plant.intake("user:olga")).state.value == "relabelled"
    rules = plant.intake("user:olga").with_changes(governance=Governance("olga", fresh_for="30d"))
    assert offer.receive(rules).state.value == "relabelled"
    assert offer.receive(rules).state.value == "unchanged"
    assert len(offer.reads) == 1
    with plant.store.read() as unit:
        kept = unit.documents.get(found.document_id or "")
    assert kept is not None
    assert kept.document.access.readers == {"user:olga"}
    assert kept.document.governance.fresh_for == "30d"


def test_a_deleted_item_that_comes_back_is_taken_in_again(plant: Plant, offer: Offer) -> None:
    first = offer.receive()
    plant.keeper.remove(first.document_id or "", reason="gone")
    again = offer.receive()
    assert (again.state.value, again.document_id) == ("ingested", first.document_id)


def test_every_item_has_one_outcome_whatever_becomes_of_it(
    plant: Plant, clock: Clock, offer: Offer
) -> None:
    offer.receive()
    offers = [
        offer,
        Offer(plant, clock, name="new.md"),
        Offer(plant, clock, name="bad.md", text="broken"),
        Offer(plant, clock, name="shut.md", failure=SourceUnreachableError("closed")),
    ]
    outcomes = plant.reception.receive("shelf", (each.arrival() for each in offers))
    assert {each.uri.rsplit("/", 1)[-1]: each.state.value for each in outcomes} == {
        "leave.md": "unchanged",
        "new.md": "ingested",
        "bad.md": "quarantined",
        "shut.md": "quarantined",
    }


def test_items_of_another_source_are_other_items(plant: Plant, offer: Offer) -> None:
    first = offer.receive()
    other = offer.arrival(plant.intake(source="cellar"))
    [outcome] = plant.reception.receive("cellar", [other])
    assert outcome.state.value == "ingested"
    assert outcome.document_id != first.document_id
