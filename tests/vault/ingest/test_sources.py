"""A source is added once its owner, its readers and the place itself are known."""

import json
from pathlib import Path

import pytest

from connectors.registry import build
from tests.conftest import Clock
from tests.vault.conftest import Plant
from vault.domain.errors import InvalidRequestError, NotFoundError, SourceUnreachableError
from vault.ingest.identities import IdentityDesk
from vault.ingest.sources import Sources
from vault.ingest.turns import Turns
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "leave.txt").write_text("Thirty days a year.")
    return folder


@pytest.fixture
def sources(plant: Plant, clock: Clock, tmp_path: Path) -> Sources:
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    journal = Journal(Ledger(origin="test.example/log", signer=signer), now=clock)
    return Sources(
        plant.store,
        journal=journal,
        connect=lambda kind, source_id, settings: build(
            kind, source_id=source_id, settings=settings
        ),
        sync=lambda: plant.sync,
        identities=lambda: IdentityDesk(plant.store, journal=journal, now=clock),
        turns=Turns(tmp_path / "following"),
        now=clock,
    )


def add(sources: Sources, plant: Plant, share: Path, *readers: str) -> None:
    sources.add("filesystem", {"root": str(share)}, plant.intake(*readers))


def test_a_source_is_kept_with_the_rules_of_its_documents(
    sources: Sources, plant: Plant, share: Path
) -> None:
    health = sources.add("filesystem", {"root": str(share)}, plant.intake("user:olga"))
    assert health.ok
    record, access = sources.one("shelf")
    assert (record.connector, record.governance.owner) == ("filesystem", "olga")
    assert access.readers == {"user:olga"}
    assert sources.all() == [record]
    assert sources.described() == [(record, access)]


def test_adding_a_source_is_in_the_ledger_without_its_settings(
    sources: Sources, plant: Plant, share: Path
) -> None:
    add(sources, plant, share)
    with plant.store.read() as unit:
        event = json.loads(unit.ledger.leaf(unit.ledger.size() - 1))
    assert event["type"] == "source.added"
    assert event["facts"]["source"] == "shelf"
    assert str(share) not in json.dumps(event)


def test_a_source_that_is_followed_brings_its_documents(
    sources: Sources, plant: Plant, share: Path, clock: Clock
) -> None:
    add(sources, plant, share)
    [outcome] = sources.sync("shelf")
    assert outcome.state.value == "ingested"
    (share / "leave.txt").write_text("Forty days a year.")
    (share / "travel.txt").write_text("Trains first.")
    assert len(list(sources.sync("shelf"))) == 2
    assert plant.states() == {"leave.txt": "current", "travel.txt": "current"}
    assert sources.one("shelf")[0].synced_at == clock()


def test_a_name_is_given_once(sources: Sources, plant: Plant, share: Path) -> None:
    add(sources, plant, share)
    with pytest.raises(InvalidRequestError, match="'shelf' exists already"):
        add(sources, plant, share)


@pytest.mark.parametrize(
    ("kind", "settings", "reason"),
    [
        ("telepathy", {}, "telepathy"),
        ("filesystem", {}, "root"),
        ("filesystem", {"root": "/", "rooot": "/"}, "rooot"),
    ],
)
def test_a_wrong_kind_or_setting_is_the_callers_mistake(
    sources: Sources, plant: Plant, kind: str, settings: dict[str, str], reason: str
) -> None:
    with pytest.raises(InvalidRequestError, match=reason):
        sources.add(kind, settings, plant.intake())
    assert sources.all() == []


def test_a_place_that_does_not_answer_is_not_added(
    sources: Sources, plant: Plant, share: Path
) -> None:
    with pytest.raises(SourceUnreachableError):
        sources.add("filesystem", {"root": str(share / "gone")}, plant.intake())
    assert sources.all() == []


def test_a_reader_nobody_knows_stops_the_source(
    sources: Sources, plant: Plant, share: Path
) -> None:
    with pytest.raises(InvalidRequestError, match="unknown reader group:ghosts"):
        add(sources, plant, share, "group:ghosts")
    assert sources.all() == []


def test_an_unknown_source_is_not_found(sources: Sources) -> None:
    with pytest.raises(NotFoundError, match="no source 'attic'"):
        sources.one("attic")
    with pytest.raises(NotFoundError):
        list(sources.sync("attic"))
