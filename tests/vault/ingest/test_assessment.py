"""A text raises the level it is kept under, never lowers it, and says why without its words."""

import pytest

from tests.conftest import Clock
from tests.vault.conftest import PlainParser, Plant
from vault.domain.description import DESCRIPTION, Description
from vault.domain.findings import FindingKind
from vault.domain.labels import AccessLabel, Classification
from vault.ingest.duplicates import SKETCH
from vault.ingest.pipeline import Incoming, Pipeline
from vault.ingest.report import ItemOutcome
from vault.ingest.screen.levels import Levels
from vault.store.documents import KeptDocument
from vault.store.floors import Floor

CARD = "Paid with 4111 1111 1111 1111."
WORDS = " ".join(f"word{place}" for place in range(40))


class Desk:
    """Takes texts in under one address and shows what became of it."""

    def __init__(self, plant: Plant, clock: Clock, levels: Levels | None = None) -> None:
        self._plant, self._clock = plant, clock
        self._pipeline = Pipeline(
            plant.store,
            parser=PlainParser(),
            embedder=lambda: plant.embedder,
            keeper=plant.keeper,
            now=clock,
            levels=levels,
        )

    def take(self, text: str, **facts: str) -> ItemOutcome:
        item = Incoming(
            "file:///a.txt",
            "a.txt",
            text.encode(),
            None,
            self._clock(),
            self._plant.intake(),
            facts=facts,
        )
        [outcome] = self._pipeline.run([item])
        return outcome

    def kept(self, found_id: str | None) -> KeptDocument:
        with self._plant.store.read() as unit:
            kept = unit.documents.get(found_id or "")
        assert kept is not None
        return kept

    def access(self, found_id: str | None) -> AccessLabel:
        return self.kept(found_id).document.access


@pytest.fixture
def taking(plant: Plant, clock: Clock) -> Desk:
    return Desk(plant, clock)


def test_a_text_that_needs_more_is_kept_under_more(plant: Plant, taking: Desk) -> None:
    found = taking.take(CARD)
    assert taking.access(found.document_id).label.classification is Classification.CONFIDENTIAL
    assert taking.access(found.document_id).readers == plant.intake().access.readers
    assert found.reason == "raised to confidential: personal-data:payment-card"
    assert "4111" not in (found.reason or "")


def test_a_text_that_needs_no_more_stays_under_what_its_owner_said(taking: Desk) -> None:
    for text in ("The pump is old.", "UNCLASSIFIED", "TLP:CLEAR"):
        found = taking.take(text)
        assert taking.access(found.document_id).label.classification is Classification.INTERNAL
        assert found.reason is None


def test_its_source_cannot_take_it_below_its_floor(plant: Plant, taking: Desk) -> None:
    held = taking.take(CARD).document_id or ""
    assert not plant.keeper.relabel(held, plant.intake(), version="2")
    assert plant.keeper.relabel(held, plant.intake("user:olga"), version="2")
    access = taking.access(held)
    assert access.label.classification is Classification.CONFIDENTIAL
    assert access.readers == {"user:olga"}


def test_a_new_text_without_the_finding_needs_no_floor(plant: Plant, taking: Desk) -> None:
    held = taking.take(CARD).document_id or ""
    taking.take("Paid in cash.")
    assert taking.access(held).label.classification is Classification.INTERNAL
    with plant.store.read() as unit:
        assert unit.floors.of(held) is None


def test_what_two_persons_lowered_stays_lowered_for_that_text_alone(
    plant: Plant, taking: Desk
) -> None:
    held = taking.take(CARD).document_id or ""
    with plant.store.write() as unit:
        before = unit.floors.of(held)
        assert before is not None
        lowered = Floor(Classification.INTERNAL, before.text_digest, before.text_digest)
        unit.floors.put(held, lowered)
    taking.take(CARD)
    assert taking.access(held).label.classification is Classification.INTERNAL
    taking.take(CARD + " Again.")
    assert taking.access(held).label.classification is Classification.CONFIDENTIAL


def test_rules_of_the_operator_count(plant: Plant, clock: Clock) -> None:
    none = Desk(plant, clock, Levels({}))
    found = none.take(CARD)
    assert none.access(found.document_id).label.classification is Classification.INTERNAL


def test_the_ledger_says_that_a_floor_was_put(plant: Plant, taking: Desk) -> None:
    held = taking.take(CARD).document_id or ""
    with plant.store.read() as unit:
        rows = unit.ledger_about(held)
        assert b'"floor":"confidential"' in rows.leaf(rows.of_subject(held)[-1])


def test_description_and_sketch_are_sealed_beside_the_text(plant: Plant, taking: Desk) -> None:
    found = taking.take(WORDS, author="Ann", keywords="pump")
    revision = taking.kept(found.document_id).document.revision
    assert revision is not None
    with plant.store.read() as unit:
        described = Description.from_bytes(unit.blobs.get(revision.id, DESCRIPTION))
        assert len(unit.blobs.get(revision.id, SKETCH)) == 512
    assert (described.author, described.keywords) == ("Ann", ("pump",))
    assert described.source == "shelf"


def test_what_its_collection_does_not_accept_is_held_back_with_its_reason(
    plant: Plant, clock: Clock, taking: Desk
) -> None:
    with plant.store.write() as unit:
        unit.description_schemas.put("papers", {"required": ["author"]}, now=clock())
    found = taking.take("The pump is old.")
    assert found.state.value == "quarantined"
    assert "description (missing:author)" in (found.reason or "")
    with plant.store.read() as unit:
        [finding] = unit.findings.of(found.document_id or "")
    assert (finding.kind, finding.rule) == (FindingKind.DESCRIPTION, "missing:author")
    assert taking.take("The pump is new.", author="Ann").state.value == "ingested"


@pytest.mark.parametrize("word", ["confidential", "CONFIDENTIAL", "TLP:AMBER", "VS-NfD"])
def test_a_level_that_its_source_states_raises_too(taking: Desk, word: str) -> None:
    found = taking.take("The pump is old.", classification=word)
    assert taking.access(found.document_id).label.classification is Classification.CONFIDENTIAL
    assert found.reason == "raised to confidential: its source says so"


def test_a_level_of_its_source_never_lowers(taking: Desk) -> None:
    found = taking.take(CARD, classification="public")
    assert taking.access(found.document_id).label.classification is Classification.CONFIDENTIAL


def test_a_level_that_nobody_can_read_holds_the_document_back(taking: Desk) -> None:
    found = taking.take("The pump is old.", classification="purple")
    assert found.state.value == "quarantined"
    assert "unreadable:classification" in (found.reason or "")
