"""A document is kept whole, under its owner's rules, and every change of it is in the ledger."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.conftest import Clock
from tests.vault.conftest import Plant
from vault.domain.documents import CharSpan, Chunk, ParsedDocument
from vault.domain.errors import NotFoundError
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label
from vault.ingest.keeper import Keeper
from vault.ingest.places import document_id
from vault.ingest.prepared import Prepared, digest_of
from vault.ledger.events import MAX_FACT_CHARACTERS
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.store.changes import ADD, RELABEL, REMOVE
from vault.store.documents import KeptDocument

URI = "file:///rules/leave.md"


def prepared(
    plant: Plant, text: str, *readers: str, uri: str = URI, parent: str | None = None
) -> Prepared:
    halves = (CharSpan(0, len(text) // 2), CharSpan(len(text) // 2, len(text)))
    return Prepared(
        uri=uri,
        version=digest_of(text.encode())[:12],
        digest=digest_of(text.encode()),
        modified_at=datetime(2026, 11, 1, tzinfo=UTC),
        intake=plant.intake(*readers),
        parsed=ParsedDocument(text, (), "Leave", "text/plain", "plain", 1.0),
        chunks=tuple(Chunk(place, span, span.of(text)) for place, span in enumerate(halves)),
        vectors=np.eye(2, 4, dtype=np.float32),
        parent_id=parent,
    )


def keep(plant: Plant, text: str, *readers: str, uri: str = URI, parent: str | None = None) -> str:
    return plant.keeper.keep(
        prepared(plant, text, *readers, uri=uri, parent=parent), stamp="counting"
    )


def kept(plant: Plant, document: str) -> KeptDocument:
    with plant.store.read() as unit:
        found = unit.documents.get(document)
    assert found is not None
    return found


def changes(plant: Plant) -> list[str]:
    with plant.store.read() as unit:
        return [change.kind for change in unit.changes.since(0)]


def events(plant: Plant) -> list[dict[str, object]]:
    with plant.store.read() as unit:
        return [json.loads(unit.ledger.leaf(place)) for place in range(unit.ledger.size())]


def test_an_id_follows_from_key_source_and_place_and_is_a_uuid() -> None:
    found = document_id(b"k" * 32, "shelf", URI)
    assert found == document_id(b"k" * 32, "shelf", URI)
    assert uuid.UUID(found).version == 8
    others = {
        document_id(b"other" * 8, "shelf", URI),
        document_id(b"k" * 32, "shelf2", URI),
        document_id(b"k" * 32, "shelf", URI + "x"),
    }
    assert len(others | {found}) == 4


def test_a_kept_document_can_be_read_and_found(plant: Plant) -> None:
    found = keep(plant, "Thirty days a year.")
    assert found == plant.keeper.id_of("shelf", URI)
    revision = kept(plant, found).document.revision
    assert revision is not None
    assert (revision.number, revision.chunk_count, revision.characters) == (1, 2, 19)
    with plant.store.read() as unit:
        assert unit.content.text(revision.id) == "Thirty days a year."
        rows = unit.chunks.of([revision.id])
        content = unit.content.for_index(rows, fingerprint="counting")
    np.testing.assert_array_equal(content.vectors, np.eye(2, 4, dtype=np.float32))
    assert changes(plant) == [ADD]


def test_a_new_revision_replaces_the_old_one_in_results_and_not_in_history(plant: Plant) -> None:
    found = keep(plant, "Thirty days a year.")
    first = kept(plant, found).document.revision
    keep(plant, "Forty days a year.")
    assert first is not None
    with plant.store.read() as unit:
        assert [revision.number for revision in unit.revisions.of(found)] == [1, 2]
        assert unit.chunks.of([first.id]) == []
        assert unit.content.text(first.id) == "Thirty days a year."
    assert changes(plant) == [ADD, REMOVE, ADD]


def test_every_revision_of_a_document_dies_with_one_key(plant: Plant) -> None:
    found = keep(plant, "Thirty days a year.")
    key = kept(plant, found).key_id
    keep(plant, "Forty days a year.")
    assert kept(plant, found).key_id == key


def test_a_document_whose_key_was_destroyed_gets_a_new_one(plant: Plant, clock: Clock) -> None:
    found = keep(plant, "Thirty days a year.")
    key = kept(plant, found).key_id
    plant.store.keys.destroy([key], now=clock())
    keep(plant, "Forty days a year.")
    assert kept(plant, found).key_id != key


def test_the_ledger_holds_commitments_and_never_the_text_or_its_digest(plant: Plant) -> None:
    keep(plant, "Thirty days a year.")
    [event] = events(plant)
    assert (event["type"], event["actor"]) == ("document.ingested", "operator")
    said = json.dumps(event)
    for secret in ("Thirty", "Leave", URI, digest_of(b"Thirty days a year.")):
        assert secret not in said


def test_whoever_takes_a_document_in_is_named(plant: Plant, clock: Clock) -> None:
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    journal = Journal(Ledger(origin="test.example/log", signer=signer), now=clock)
    olga = Subject(Principal("olga", PrincipalKind.PERSON, Label(Classification.INTERNAL)))
    keeper = Keeper(plant.store, journal=journal, now=clock, identifiers=b"i" * 32, subject=olga)
    keeper.keep(prepared(plant, "Thirty days a year."), stamp="counting")
    assert events(plant)[-1]["actor"] == "user:olga"


def test_a_superseded_document_stays_so_when_its_text_changes(plant: Plant) -> None:
    older = keep(plant, "Thirty days a year.")
    newer = keep(plant, "Forty days a year.", uri=URI + "2")
    with plant.store.write() as unit:
        unit.documents.change(older, superseded_by=newer, state="superseded")
    keep(plant, "Thirty days a year, corrected.")
    found = kept(plant, older).document
    assert (found.state.value, found.superseded_by) == ("superseded", newer)


def test_new_rights_move_the_chunks_of_a_document_and_of_its_attachments(plant: Plant) -> None:
    found = keep(plant, "Thirty days a year.")
    child = keep(plant, "A table of days.", uri=URI + "#attachment-1", parent=found)
    with plant.store.read() as unit:
        epoch = unit.epoch()
    assert plant.keeper.relabel(found, plant.intake("user:olga"), version="v2")
    assert kept(plant, found).document.access.readers == {"user:olga"}
    assert kept(plant, child).document.access.readers == {"user:olga"}
    assert kept(plant, found).version == "v2"
    assert changes(plant) == [ADD, ADD, RELABEL, RELABEL]
    assert events(plant)[-1]["type"] == "document.relabelled"
    with plant.store.read() as unit:
        assert unit.epoch() > epoch


def test_moving_to_a_label_that_exists_makes_older_views_out_of_date_too(plant: Plant) -> None:
    found = keep(plant, "Thirty days a year.")
    keep(plant, "Other.", "user:olga", uri=URI + "2")
    with plant.store.read() as unit:
        epoch = unit.epoch()
    plant.keeper.relabel(found, plant.intake("user:olga"), version=None)
    with plant.store.read() as unit:
        assert unit.epoch() == epoch + 1


def test_rights_that_are_the_same_are_no_change(plant: Plant) -> None:
    found = keep(plant, "Thirty days a year.")
    size = len(events(plant))
    with plant.store.read() as unit:
        epoch = unit.epoch()
    assert not plant.keeper.relabel(found, plant.intake(), version="v2")
    assert kept(plant, found).version == "v2"
    assert len(events(plant)) == size
    with plant.store.read() as unit:
        assert unit.epoch() == epoch


def test_what_is_not_there_cannot_get_other_rights(plant: Plant) -> None:
    assert not plant.keeper.relabel("no-such-document", plant.intake(), version=None)


def test_a_label_seen_for_the_first_time_makes_older_views_out_of_date(plant: Plant) -> None:
    keep(plant, "Thirty days a year.")
    with plant.store.read() as unit:
        before = unit.epoch()
    keep(plant, "Other.", uri=URI + "2")
    with plant.store.read() as unit:
        assert unit.epoch() == before
    keep(plant, "Another.", "user:olga", uri=URI + "3")
    with plant.store.read() as unit:
        assert unit.epoch() == before + 1


def test_a_removed_document_leaves_with_its_attachments_once(plant: Plant) -> None:
    found = keep(plant, "Thirty days a year.")
    child = keep(plant, "A table of days.", uri=URI + "#attachment-1", parent=found)
    for _ in range(2):
        plant.keeper.remove(found, reason="gone from its source")
    assert {kept(plant, each).document.state.value for each in (found, child)} == {"deleted"}
    assert changes(plant) == [ADD, ADD, REMOVE, REMOVE]
    facts = [event for event in events(plant) if event["type"] == "document.deleted"]
    assert len(facts) == 1


def test_removing_what_never_was_changes_nothing(plant: Plant) -> None:
    plant.keeper.remove("no-such-document", reason="gone")
    assert events(plant) == []


def test_what_the_ledger_refuses_is_not_kept_at_all(plant: Plant) -> None:
    refused = replace(
        prepared(plant, "Thirty days a year.", "user:olga"),
        intake=plant.intake(source="s" * (MAX_FACT_CHARACTERS + 1)),
    )
    with pytest.raises(ValueError, match="a fact has more than"):
        plant.keeper.keep(refused, stamp="counting")
    assert changes(plant) == []
    assert events(plant) == []
    with plant.store.read() as unit:
        assert unit.items.held(refused.intake.source_id) == {}


def test_a_document_that_comes_back_is_current_again(plant: Plant) -> None:
    found = keep(plant, "Thirty days a year.")
    plant.keeper.remove(found, reason="gone")
    keep(plant, "Thirty days a year.")
    assert kept(plant, found).document.state.value == "current"
    assert changes(plant) == [ADD, REMOVE, ADD]


def test_a_new_version_token_is_kept_without_a_revision(plant: Plant) -> None:
    found = keep(plant, "Thirty days a year.")
    plant.keeper.touch(found, version="v9")
    assert kept(plant, found).version == "v9"
    with plant.store.read() as unit:
        assert len(unit.revisions.of(found)) == 1


def test_the_content_of_an_erased_revision_is_not_found(plant: Plant, clock: Clock) -> None:
    found = kept(plant, keep(plant, "Thirty days a year."))
    plant.store.keys.destroy([found.key_id], now=clock())
    assert found.document.revision is not None
    with plant.store.read() as unit, pytest.raises(NotFoundError):
        unit.content.text(found.document.revision.id)
