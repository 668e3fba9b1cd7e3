"""A request for approval is granted once, used once, and remembers who said what."""

from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.vault.domain.test_approvals import approval
from vault.domain.approvals import Approval, ApprovalState, Vote
from vault.domain.runs import RunStatus
from vault.store.run_events import GovernedRun
from vault.store.runs import RunRecord
from vault.store.session import Store, UnitOfWork

WAITING, GRANTED = ApprovalState.WAITING, ApprovalState.GRANTED


def begin(unit: UnitOfWork, clock: Clock, run_id: str = "r1", **changes: object) -> GovernedRun:
    """Keep a governed run without a word said in it."""
    number = unit.runs.next_number("helper")
    record = RunRecord(
        run_id, "run", "helper", "ana", number, RunStatus.RUNNING.value, "k1", clock()
    )
    unit.runs.start(record)
    made = GovernedRun(
        run_id, "helper", 1, "sha256:a", "helper", "ana", "running", "k1", clock(), **changes
    )
    unit.run_events.start(made)
    return made


def waiting(clock: Clock, **changes: object) -> Approval:
    return approval(clock, granted_by=(), state=WAITING, **changes)


def test_a_request_comes_back_as_it_was_made(store: Store, clock: Clock) -> None:
    made = waiting(clock)
    with store.write() as unit:
        begin(unit, clock)
        unit.approvals.add(made)
    with store.read() as unit:
        assert unit.approvals.get("p1") == made
        assert unit.approvals.get("p2") is None
        assert unit.approvals.of_run("r1") == [made]
        assert unit.approvals.all(state=WAITING) == unit.approvals.all() == [made]
        assert unit.approvals.all(state=GRANTED) == []
        assert unit.approvals.count() == 1


def test_votes_are_kept_with_when_the_request_was_first_shown(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        begin(unit, clock)
        unit.approvals.add(waiting(clock))
        shown = clock()
        unit.approvals.show("p1", "olga", now=shown)
        clock.forward(timedelta(seconds=9))
        unit.approvals.show("p1", "olga", now=clock())
        unit.approvals.vote("p1", "olga", granted=True, now=clock())
        unit.approvals.vote("p1", "bo", granted=False, now=clock())
        found = unit.approvals.get("p1")
        assert found is not None
        assert set(found.votes) == {
            Vote("olga", True, shown, clock()),
            Vote("bo", False, None, clock()),
        }
        assert found.grants == {"olga"}
        assert len(unit.approvals.decided_by()) == 2
        assert [vote.approver for _, vote in unit.approvals.decided_by("bo")] == ["bo"]


def test_a_state_is_left_once(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        begin(unit, clock)
        unit.approvals.add(waiting(clock))
        assert unit.approvals.move("p1", GRANTED, among=WAITING)
        assert not unit.approvals.move("p1", ApprovalState.REFUSED, among=WAITING)


@pytest.mark.parametrize("state", list(ApprovalState))
def test_only_a_granted_approval_is_used_and_only_once(
    store: Store, clock: Clock, state: ApprovalState
) -> None:
    with store.write() as unit:
        begin(unit, clock)
        unit.approvals.add(waiting(clock))
        unit.approvals.move("p1", state, among=WAITING)
        assert unit.approvals.spend("p1", now=clock()) is (state is GRANTED)
        assert not unit.approvals.spend("p1", now=clock())
