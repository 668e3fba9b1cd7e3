"""What a run is follows from its events alone."""

from datetime import timedelta

import pytest

from tests.conftest import Clock
from vault.domain.runs import (
    CallStatus,
    EventType,
    RunEvent,
    RunState,
    RunStatus,
    fold,
    idempotency_key,
)

CALL = {"call_id": "1", "tool": "do", "arguments": {"words": "x"}, "key": "k"}
E = EventType


def events(clock: Clock, *given: tuple[EventType, dict[str, object]]) -> list[RunEvent]:
    return [
        RunEvent(number, kind, clock(), body) for number, (kind, body) in enumerate(given, start=1)
    ]


STARTED = (E.STARTED, {"input": "go"})
INTENDED = (E.INTENDED, CALL)
ASKED = (E.ASKED, {**CALL, "approval_id": "p1", "reason": "at A3"})
DONE = (E.SUCCEEDED, {"call_id": "1", "output": {"content": 5}})


@pytest.mark.parametrize(
    ("given", "status", "call"),
    [
        ([STARTED], RunStatus.RUNNING, None),
        ([STARTED, (E.PLANNED, {})], RunStatus.RUNNING, None),
        ([STARTED, ASKED], RunStatus.AWAITING_APPROVAL, CallStatus.ASKED),
        ([STARTED, ASKED, INTENDED], RunStatus.RUNNING, CallStatus.INTENDED),
        ([STARTED, INTENDED, DONE], RunStatus.RUNNING, CallStatus.SUCCEEDED),
        ([STARTED, INTENDED, (E.FAILED, {"call_id": "1"})], RunStatus.RUNNING, CallStatus.FAILED),
        ([STARTED, (E.DENIED, CALL)], RunStatus.RUNNING, CallStatus.DENIED),
        (
            [STARTED, INTENDED, (E.UNKNOWN, {"call_id": "1"})],
            RunStatus.UNKNOWN,
            CallStatus.UNKNOWN,
        ),
        (
            [
                STARTED,
                INTENDED,
                (E.UNKNOWN, {"call_id": "1"}),
                (E.RESOLVED, {"call_id": "1", "outcome": "failed"}),
            ],
            RunStatus.RUNNING,
            CallStatus.FAILED,
        ),
        ([STARTED, (E.RUN_SUCCEEDED, {"result": 1})], RunStatus.SUCCEEDED, None),
        ([STARTED, (E.RUN_FAILED, {"reason": "no"})], RunStatus.FAILED, None),
        (
            [STARTED, INTENDED, (E.RUN_CANCELLED, {}), DONE],
            RunStatus.CANCELLED,
            CallStatus.SUCCEEDED,
        ),
    ],
)
def test_the_state_follows_from_the_events(
    clock: Clock,
    given: list[tuple[EventType, dict[str, object]]],
    status: RunStatus,
    call: CallStatus | None,
) -> None:
    state = fold(events(clock, *given))
    assert state.status is status
    assert (None if state.last is None else state.last.status) is call


def test_a_call_keeps_its_key_its_attempts_and_its_output(clock: Clock) -> None:
    state = fold(events(clock, STARTED, INTENDED, INTENDED, DONE))
    (found,) = state.calls
    assert (found.key, found.attempts, found.output) == ("k", 2, {"content": 5})
    assert (state.attempts, state.input, found.call.arguments) == (2, "go", {"words": "x"})
    assert not found.open


def test_an_event_out_of_order_is_refused(clock: Clock) -> None:
    first, second = events(clock, STARTED, INTENDED)
    with pytest.raises(ValueError, match="event 2 follows 0"):
        fold([second, first])


def test_waiting_for_people_is_not_time_at_work(clock: Clock) -> None:
    def at(number: int, kind: EventType, body: dict[str, object], later: int) -> RunEvent:
        clock.forward(timedelta(seconds=later))
        return RunEvent(number, kind, clock(), body)

    given = [at(1, *STARTED, 0), at(2, *ASKED, 10)]
    clock.forward(timedelta(seconds=100))
    assert fold(given).at_work(clock()) == timedelta(seconds=10)
    given.append(at(3, *INTENDED, 0))
    clock.forward(timedelta(seconds=5))
    assert fold(given).at_work(clock()) == timedelta(seconds=15)
    assert RunState().at_work(clock()) == timedelta()


def test_a_key_is_of_one_call_of_one_run() -> None:
    assert idempotency_key("r", "1") == idempotency_key("r", "1")
    assert (
        len({idempotency_key("r", "1"), idempotency_key("r", "2"), idempotency_key("s", "1")}) == 3
    )


def test_only_three_states_are_final() -> None:
    assert {each.value for each in RunStatus if each.final} == {
        "succeeded",
        "failed",
        "cancelled",
    }
