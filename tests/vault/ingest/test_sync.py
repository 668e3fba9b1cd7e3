"""A source is followed faithfully, and silence is never taken for deletion."""

import shutil
from pathlib import Path

import pytest

from connectors.registry import build
from tests.vault.conftest import Plant
from vault.domain.errors import InvalidRequestError, SourceUnreachableError
from vault.ingest.report import ItemOutcome
from vault.ingest.sync import MASS_DELETION_LEAST


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.txt").write_text(f"Paper {number} says something.")
    return folder


def follow(plant: Plant, share: Path, **options: bool) -> list[ItemOutcome]:
    connector = build("filesystem", source_id="shelf", settings={"root": str(share)})
    return list(plant.sync.follow(connector, plant.intake(), **options))


def states(outcomes: list[ItemOutcome]) -> set[str]:
    return {outcome.state.value for outcome in outcomes}


def test_a_second_sync_embeds_nothing(plant: Plant, share: Path) -> None:
    assert states(follow(plant, share)) == {"ingested"}
    before = len(plant.embedder.embedded)
    assert states(follow(plant, share)) == {"unchanged"}
    assert len(plant.embedder.embedded) == before


def test_only_what_changed_comes_in_again(plant: Plant, share: Path) -> None:
    follow(plant, share)
    (share / "07.txt").write_text("Paper 7 says something else now.")
    outcomes = follow(plant, share)
    changed = [Path(found.uri).name for found in outcomes if found.state.value == "ingested"]
    assert changed == ["07.txt"]


def test_what_is_gone_leaves_and_comes_back(plant: Plant, share: Path) -> None:
    follow(plant, share)
    (share / "07.txt").unlink()
    follow(plant, share)
    assert plant.states()["07.txt"] == "deleted"
    (share / "07.txt").write_text("Paper 7 says something.")
    follow(plant, share)
    assert plant.states()["07.txt"] == "current"


def test_many_deletions_at_once_wait_for_a_person(plant: Plant, share: Path) -> None:
    follow(plant, share)
    for number in range(MASS_DELETION_LEAST + 1):
        (share / f"{number:02}.txt").unlink()
    with pytest.raises(SourceUnreachableError, match="nothing was deleted"):
        follow(plant, share)
    assert set(plant.states().values()) == {"current"}
    follow(plant, share, accept_deletions=True)
    assert list(plant.states().values()).count("deleted") == MASS_DELETION_LEAST + 1


def test_a_share_that_is_gone_or_empty_deletes_nothing(plant: Plant, share: Path) -> None:
    follow(plant, share)
    shutil.rmtree(share)
    with pytest.raises(SourceUnreachableError):
        follow(plant, share)
    share.mkdir()
    with pytest.raises(SourceUnreachableError):
        follow(plant, share)
    assert set(plant.states().values()) == {"current"}


def test_a_broken_file_is_set_aside_and_its_older_text_stays(plant: Plant, share: Path) -> None:
    follow(plant, share)
    (share / "07.txt").write_text("broken")
    assert "quarantined" in states(follow(plant, share))
    assert plant.states()["07.txt"] == "current"
    with plant.store.read() as unit:
        [letter] = unit.sources.dead_letters("shelf")
    assert letter.reason == "the file is damaged"
    (share / "07.txt").write_text("Mended.")
    follow(plant, share)
    with plant.store.read() as unit:
        assert not unit.sources.dead_letters("shelf")


def test_new_rights_move_a_document_without_reading_it_again(plant: Plant, share: Path) -> None:
    follow(plant, share)
    before = len(plant.embedder.embedded)
    with plant.store.read() as unit:
        epoch = unit.epoch()
    connector = build("filesystem", source_id="shelf", settings={"root": str(share)})
    outcomes = list(plant.sync.take_in(connector, plant.intake("user:olga")))
    assert states(outcomes) == {"relabelled"}
    assert len(plant.embedder.embedded) == before
    with plant.store.read() as unit:
        assert unit.epoch() > epoch


def test_an_unknown_reader_stops_the_sync_before_it_reads(plant: Plant, share: Path) -> None:
    connector = build("filesystem", source_id="shelf", settings={"root": str(share)})
    with pytest.raises(InvalidRequestError, match="unknown reader group:ghosts"):
        list(plant.sync.take_in(connector, plant.intake("group:ghosts")))
    assert plant.embedder.embedded == []
