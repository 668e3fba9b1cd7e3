"""A source is followed faithfully, and silence is never taken for deletion."""

import shutil
from pathlib import Path

import pytest

from connectors.facts import Tombstone
from connectors.registry import build
from tests.vault.conftest import Plant
from tests.vault.ingest.rightful import World
from tests.vault.ingest.scripted import Paper, allow, person
from vault.domain.errors import InvalidRequestError, SourceUnreachableError
from vault.domain.following import Following
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


@pytest.fixture
def scripted(world: World) -> World:
    world.add_sources(following=Following(identities=("corp",), most_gone=0.5))
    world.corp.people = [person("alice")]
    world.follow_people()
    world.shelf.papers = {
        f"{number:03}": Paper(f"Paper {number}.", (allow("uid:alice"),)) for number in range(40)
    }
    return world


def test_a_scan_that_breaks_off_goes_on_from_the_last_cursor_all_of_which_is_kept(
    scripted: World,
) -> None:
    scripted.shelf.cursors = True
    scripted.shelf.half = 25
    with pytest.raises(SourceUnreachableError):
        scripted.sync()
    saved = scripted.source("shelf").cursor
    with scripted.plant.store.read() as unit:
        kept = sorted(unit.items.held("shelf"))
    assert saved is None or saved in kept
    scripted.shelf.half = None
    scripted.sync()
    assert scripted.shelf.scanned_from[-1] == saved
    assert scripted.source("shelf").cursor == "039"
    assert len(scripted.readable("alice")) == 40


def test_the_share_that_may_vanish_is_the_operators(scripted: World) -> None:
    scripted.sync()
    for number in range(20):
        del scripted.shelf.papers[f"{number:03}"]
    scripted.sync()
    assert list(scripted.plant.states().values()).count("deleted") == 20
    for number in range(20, 31):
        del scripted.shelf.papers[f"{number:03}"]
    with pytest.raises(SourceUnreachableError, match="11 of 20 items are gone"):
        scripted.sync()


def test_an_item_that_was_gone_a_moment_ago_is_not_deleted(scripted: World) -> None:
    scripted.sync()
    late = scripted.shelf.papers.pop("007")

    class Late(type(scripted.shelf)):  # type: ignore[misc]
        def scan(self, cursor):  # type: ignore[no-untyped-def]
            self.papers["007"] = late
            return super().scan(cursor)

    scripted.shelf.__class__ = Late
    scripted.sync()
    assert scripted.plant.states()["007"] == "current"
    assert len(scripted.readable("alice")) == 39, "nobody looked at its rights"
    scripted.sync()
    assert len(scripted.readable("alice")) == 40


def test_what_appears_after_the_look_at_rights_is_nobodys_until_the_next(scripted: World) -> None:
    class Early(type(scripted.shelf)):  # type: ignore[misc]
        def scan(self, cursor):  # type: ignore[no-untyped-def]
            self.papers["new"] = Paper("Just written.", (allow("uid:alice"),))
            return super().scan(cursor)

    scripted.shelf.__class__ = Early
    scripted.sync()
    assert scripted.plant.states()["new"] == "current"
    assert "new" not in scripted.readable("alice")
    scripted.sync()
    assert "new" in scripted.readable("alice")


def test_a_source_that_says_what_is_gone_is_heard(scripted: World) -> None:
    scripted.sync()
    del scripted.shelf.papers["007"]

    class Telling(type(scripted.shelf)):  # type: ignore[misc]
        def scan(self, cursor):  # type: ignore[no-untyped-def]
            yield Tombstone("007")
            yield Tombstone("stranger")
            yield Tombstone("008")

    scripted.shelf.__class__ = Telling
    outcomes = scripted.sync()
    assert [found.uri for found in outcomes] == ["scripted://007"]


def test_rights_stay_when_content_changes(scripted: World) -> None:
    scripted.sync()
    scripted.shelf.change("007", text="Paper 7, again.", version="2")
    scripted.sync()
    assert len(scripted.readable("alice")) == 40
