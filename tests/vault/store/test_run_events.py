"""Events are kept in order and sealed, and one worker at a time has a run."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests.conftest import Clock
from tests.vault.store.test_approvals import begin
from vault.domain.attestation import opens_commitment
from vault.domain.budgets import Amounts
from vault.domain.errors import HomeUnavailableError, NotFoundError
from vault.domain.runs import EventType, RunEvent
from vault.store.run_events import SealedEvent, key_of
from vault.store.session import Store, UnitOfWork

KEY = ("k1", b"k" * 32)
LEASE = timedelta(seconds=60)


def write(unit: UnitOfWork, clock: Clock, number: int, word: str = "hello") -> RunEvent:
    body = {"input": word}
    event = RunEvent(number, EventType.STARTED, clock(), body, number + 10)
    unit.run_events.append("r1", event, SealedEvent.of(body), key=KEY)
    return event


def test_events_come_back_in_order_with_what_the_ledger_commits_to(
    store: Store, clock: Clock
) -> None:
    with store.write() as unit:
        begin(unit, clock)
        first, second = write(unit, clock, 1), write(unit, clock, 2)
        assert unit.run_events.of("r1", key=KEY[1]) == [first, second]
        assert unit.run_events.of("r1", key=KEY[1], after=1) == [second]
        (_, sealed), _ = unit.run_events.opened("r1", key=KEY[1])
        assert opens_commitment(sealed.commitment, salt=sealed.salt, content=sealed.content)


def test_no_word_of_an_event_stands_in_the_database_and_another_key_opens_none(
    store: Store, clock: Clock
) -> None:
    with store.write() as unit:
        begin(unit, clock)
        write(unit, clock, 1, "a telling word")
    with store.database.transaction(write=False) as connection:
        (row,) = connection.exec_driver_sql("SELECT sealed FROM run_event").all()
        assert b"telling" not in row[0]
    with store.read() as unit, pytest.raises(HomeUnavailableError, match="altered"):
        unit.run_events.of("r1", key=b"x" * 32)


def test_a_number_is_used_once(store: Store, clock: Clock) -> None:
    with pytest.raises(HomeUnavailableError) as caught, store.write() as unit:
        begin(unit, clock)
        write(unit, clock, 1)
        write(unit, clock, 1)
    assert isinstance(caught.value.__cause__, IntegrityError)


def test_one_worker_has_a_run_until_its_lease_runs_out(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        begin(unit, clock)
        runs = unit.run_events
        assert runs.forsaken(now=clock()) == ["r1"]
        assert runs.claim("r1", "w1", now=clock(), lease=LEASE)
        assert runs.claim("r1", "w1", now=clock(), lease=LEASE)
        assert not runs.claim("r1", "w2", now=clock(), lease=LEASE)
        assert (runs.worker("r1"), runs.forsaken(now=clock())) == ("w1", [])
        clock.forward(LEASE)
        assert runs.forsaken(now=clock()) == ["r1"]
        assert runs.claim("r1", "w2", now=clock(), lease=LEASE)
        runs.release("r1", "w1")
        assert runs.worker("r1") == "w2"
        runs.release("r1", "w2")
        assert runs.worker("r1") is None


def test_runs_are_found_by_person_state_and_parent(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        begin(unit, clock)
        clock.forward(timedelta(seconds=1))
        child = begin(unit, clock, "r2", parent="r1", depth=1, through=("desk",))
        unit.run_events.set_state("r1", "failed")
        runs = unit.run_events
        assert runs.get("r2") == child
        assert runs.get("r3") is None
        assert [each.run_id for each in runs.all()] == ["r2", "r1"]
        assert [each.run_id for each in runs.all(person="ana", state="failed")] == ["r1"]
        assert runs.all(person="bo") == []
        assert runs.children("r1") == ["r2"]


def test_what_ended_runs_used_is_an_agents_past(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        for name in ("r1", "r2"):
            begin(unit, clock, name)
        unit.run_events.set_usage("r1", Amounts(calls=3))
        assert unit.run_events.past_usage("helper") == []
        unit.runs.end("r1", state="succeeded", now=clock(), evidence=())
        unit.runs.end("r2", state="failed", now=clock(), evidence=())
        assert unit.run_events.past_usage("helper") == [Amounts(calls=3)]
        found = unit.run_events.get("r1")
        assert found is not None
        assert found.usage == Amounts(calls=3)


def test_a_run_whose_key_is_destroyed_has_no_content(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        run = begin(unit, clock)
    assert key_of({"k1": b"k"}, run) == b"k"
    with pytest.raises(NotFoundError, match="does not exist any more"):
        key_of({}, run)
