"""What is written about a document tells the ledger nothing of its text."""

from datetime import UTC, datetime

import numpy as np

from tests.conftest import Clock
from tests.vault.conftest import Plant
from vault.domain.documents import CharSpan, Chunk, ParsedDocument
from vault.domain.findings import Finding, FindingKind
from vault.domain.layout import TEXT
from vault.ingest.prepared import Prepared, digest_of
from vault.ingest.writing import is_suspicious, kept_facts, new_revision, seal_content

SAID = "Thirty days a year."


def prepared(plant: Plant, findings: tuple[Finding, ...] = ()) -> Prepared:
    return Prepared(
        uri="file:///leave.md",
        version="1",
        digest=digest_of(SAID.encode()),
        modified_at=datetime(2026, 11, 1, tzinfo=UTC),
        intake=plant.intake(),
        parsed=ParsedDocument(SAID, (), "Leave", "text/plain", "plain", 1.0, pages=2),
        chunks=(Chunk(0, CharSpan(0, len(SAID)), SAID),),
        vectors=np.eye(1, 4, dtype=np.float32),
        findings=findings,
    )


def test_the_ledger_learns_commitments_and_counts(plant: Plant, clock: Clock) -> None:
    found = prepared(plant)
    with plant.store.write() as unit:
        revision = new_revision(unit, "d", found, now=clock())
        facts = kept_facts(unit, revision, found, label_id=3, salt=b"s" * 32)
    assert (revision.number, revision.characters, revision.pages) == (1, len(SAID), 2)
    assert (facts["label_id"], facts["chunks"], facts["findings"]) == (3, 1, 0)
    assert found.digest not in str(facts)
    assert SAID not in str(facts)


def test_content_is_sealed_with_a_salt_of_its_own(plant: Plant, clock: Clock) -> None:
    key = plant.store.keys.new(collection="papers", now=clock())
    with plant.store.write() as unit:
        salts = {seal_content(unit, name, prepared(plant), key=key) for name in ("r1", "r2")}
        assert unit.blobs.get("r1", TEXT).decode() == SAID
    assert len(salts) == 2


def test_a_text_with_findings_is_held_back_until_that_very_text_is_released(
    plant: Plant, clock: Clock
) -> None:
    finding = Finding(FindingKind.INSTRUCTIONS, CharSpan(0, 6), "rule")
    with plant.store.write() as unit:
        clean, found = prepared(plant), prepared(plant, (finding,))
        revision = new_revision(unit, "d", found, now=clock())
        assert not is_suspicious(unit, clean, revision)
        assert is_suspicious(unit, found, revision)
