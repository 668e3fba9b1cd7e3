"""A worker writes only about a run that it has, and a dead one loses it at once."""

from datetime import timedelta

import pytest

from tests.vault.orchestrate.bureau import Bureau
from tests.vault.orchestrate.workshop import definition
from vault.domain.runs import CallRecord, CallStatus
from vault.domain.tools import ToolCall, ToolLimits
from vault.orchestrate.hands import LEASE, Hand, LostRunError, again, renew, take, writing
from vault.orchestrate.planner import FixedSteps
from vault.orchestrate.workers import worker_name


@pytest.fixture
def hand(bureau: Bureau) -> Hand:
    bureau.usual()
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    with bureau.store.write() as unit:
        loaded = bureau.writes.load(unit, run_id)
        me = worker_name()
        assert take(unit, run_id, me, now=bureau.clock())
    return Hand(loaded, me, FixedSteps(loaded.charter))


def test_a_run_is_one_living_workers(bureau: Bureau, hand: Hand) -> None:
    run_id = hand.loaded.run.run_id
    with bureau.store.write() as unit:
        assert not take(unit, run_id, worker_name(), now=bureau.clock())


def test_a_dead_worker_loses_its_run_at_once(bureau: Bureau, hand: Hand) -> None:
    run_id = hand.loaded.run.run_id
    place, process, _, tail = hand.worker.split("/")
    with bureau.store.write() as unit:
        unit.run_events.release(run_id, hand.worker)
        dead = f"{place}/{process}/1/{tail}"
        assert unit.run_events.claim(run_id, dead, now=bureau.clock(), lease=LEASE)
        assert take(unit, run_id, worker_name(), now=bureau.clock())


def test_a_worker_that_lost_its_run_writes_nothing(bureau: Bureau, hand: Hand) -> None:
    bureau.clock.forward(LEASE)
    with bureau.store.write() as unit:
        assert take(unit, hand.loaded.run.run_id, worker_name(), now=bureau.clock())
    with pytest.raises(LostRunError), writing(bureau.writes, hand):
        pytest.fail("it must not come this far")


def test_a_state_counts_once_it_is_committed(bureau: Bureau, hand: Hand) -> None:
    before = hand.state
    with pytest.raises(ZeroDivisionError), writing(bureau.writes, hand) as step:
        step.state = bureau.kernel.endings.cancel(step.unit, hand.loaded, reason="x", subject=None)
        raise ZeroDivisionError
    assert hand.state is before
    assert bureau.events(hand.loaded.run.run_id) == ["run.started"]


def test_a_long_call_keeps_its_run_for_as_long(bureau: Bureau, hand: Hand) -> None:
    tool = definition(limits=ToolLimits(timeout_seconds=3000))
    with bureau.store.write() as unit:
        renew(unit, hand, now=bureau.clock(), tool=tool)
        bureau.clock.forward(timedelta(seconds=3000))
        assert not take(unit, hand.loaded.run.run_id, worker_name(), now=bureau.clock())


def test_a_call_is_begun_again_as_it_was_planned() -> None:
    record = CallRecord(
        ToolCall("1", "do", {"words": "x"}),
        CallStatus.INTENDED,
        attempts=1,
        approval="p1",
        intent={"derived_from": ["0"], "confidence": 0.5, "conflict": True},
    )
    found = again(record)
    assert (found.attempt, found.approval) == (2, "p1")
    assert (found.planned.derived_from, found.planned.confidence) == ({"0"}, 0.5)
    assert found.planned.conflict
    assert again(record, attempt=1).attempt == 1
