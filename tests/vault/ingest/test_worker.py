"""Whatever is due is followed, people first, and one source that fails stops no other."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from connectors.base import Connector
from tests.conftest import Clock
from tests.vault.ingest.rightful import World
from tests.vault.ingest.scripted import Paper, allow, person
from vault.domain.following import Following
from vault.ingest.sources import Sources
from vault.ingest.turns import Turns
from vault.ingest.worker import LONGEST_PAUSE_SECONDS, SHORTEST_PAUSE_SECONDS, Worker
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer


@dataclass
class Shift:
    world: World
    worker: Worker
    refreshed: list[int] = field(default_factory=list)


@pytest.fixture
def shift(world: World, clock: Clock, tmp_path: Path) -> Shift:
    world.add_sources()
    with world.plant.store.write() as unit:
        unit.sources.note("corp", following=Following("every 1h").form())
        unit.sources.note("shelf", following=Following("every 15m", ("corp",)).form())
    world.corp.people = [person("alice")]
    world.shelf.papers = {"plan": Paper("The plan.", (allow("uid:alice"),))}
    connectors: dict[str, Connector] = {"corp": world.corp, "shelf": world.shelf}
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    sources = Sources(
        world.plant.store,
        journal=Journal(Ledger(origin="test.example/log", signer=signer), now=clock),
        connect=lambda kind, source_id, settings: connectors[source_id],
        sync=lambda: world.plant.sync,
        identities=lambda: world.desk,
        turns=Turns(tmp_path / "following"),
        now=clock,
    )
    refreshed: list[int] = []
    worker = Worker(sources, refresh=lambda: refreshed.append(1), now=clock)
    return Shift(world, worker, refreshed)


def followed(shift: Shift) -> list[str]:
    return [turn.source_id for turn in shift.worker.follow_due()]


def test_people_come_first_and_each_on_its_own_clock(shift: Shift) -> None:
    assert followed(shift) == ["corp", "shelf"]
    assert shift.world.readable("alice") == {"plan"}
    assert shift.refreshed == [1]
    assert followed(shift) == []
    shift.world.clock.forward(timedelta(minutes=15))
    assert followed(shift) == ["shelf"]
    assert shift.refreshed == [1], "nothing changed, so nothing is to be caught up with"
    shift.world.clock.forward(timedelta(minutes=45))
    assert followed(shift) == ["corp", "shelf"]


def test_a_source_that_fails_stops_no_other_and_is_remembered(
    shift: Shift, caplog: pytest.LogCaptureFixture
) -> None:
    shift.world.corp.shut = True
    with caplog.at_level(logging.WARNING, logger="vault.ingest.worker"):
        turns = list(shift.worker.follow_due())
    assert [turn.problem is None for turn in turns] == [False, True]
    assert [record.message for record in caplog.records] == ["source_not_followed"]
    assert shift.world.source("corp").failures == 1
    assert "shut" in (shift.world.source("corp").problem or "")
    shift.world.corp.shut = False
    shift.world.clock.forward(timedelta(hours=1))
    list(shift.worker.follow_due())
    assert shift.world.source("corp").problem is None


def test_it_waits_until_something_is_due_and_never_too_long(shift: Shift) -> None:
    assert shift.worker.pause_seconds() == SHORTEST_PAUSE_SECONDS
    list(shift.worker.follow_due())
    assert shift.worker.pause_seconds() == LONGEST_PAUSE_SECONDS
    shift.world.clock.forward(timedelta(minutes=14, seconds=30))
    assert shift.worker.pause_seconds() == 30.0


def test_it_works_until_it_is_stopped(shift: Shift) -> None:
    stop = Event()
    thread = Thread(target=shift.worker.run, args=(stop,))
    thread.start()
    while not shift.refreshed:
        stop.wait(0.01)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert shift.world.readable("alice") == {"plan"}


def test_a_worker_that_is_told_to_stop_follows_nothing_more(shift: Shift) -> None:
    stop = Event()
    stop.set()
    shift.worker.run(stop)
    assert shift.world.source("corp").tried_at is None


def test_sources_whose_rights_are_too_old_are_in_the_log(
    shift: Shift, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Worker(
        shift.worker._sources, refresh=list, now=shift.world.clock, withheld=lambda: ["attic"]
    )
    with caplog.at_level(logging.WARNING, logger="vault.ingest.worker"):
        list(worker.follow_due())
    assert [(found.message, found.source) for found in caplog.records] == [  # type: ignore[attr-defined]
        ("source_withheld", "attic")
    ]
