"""Governed runs: the events that each one is, and the state that follows from them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce

from vault.domain.tools import ToolCall


class RunStatus(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    AWAITING_APPROVAL = "awaiting_approval"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def final(self) -> bool:
        """Whether nothing can follow."""
        return self in {RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED}


class EventType(StrEnum):
    """What can happen in a run."""

    STARTED = "run.started"
    PLANNED = "run.planned"
    ASKED = "approval.asked"
    INTENDED = "call.intended"
    SUCCEEDED = "call.succeeded"
    FAILED = "call.failed"
    DENIED = "call.denied"
    UNKNOWN = "call.unknown"
    RESOLVED = "call.resolved"
    RUN_SUCCEEDED = "run.succeeded"
    RUN_FAILED = "run.failed"
    RUN_CANCELLED = "run.cancelled"


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that happened in a run.

    Attributes:
        sequence: counts the run's events from 1.
        body: what happened, as JSON; sealed at rest.
        entry: index of its entry in the ledger.
    """

    sequence: int
    type: EventType
    at: datetime
    body: Mapping[str, object]
    entry: int = -1


class CallStatus(StrEnum):
    """Where a call stands."""

    ASKED = "asked"
    INTENDED = "intended"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call and what has become of it.

    Attributes:
        call: what was asked for.
        status: where it stands.
        attempts: how often its intent was committed.
        output: what it returned, as in the event of its outcome; None before.
        intent: how it was asked for or begun, as in the event of that.
        approval: id of the request for approval, if there was one.
        reason: why it failed or was denied.
        key: its idempotency key, the same for every attempt.
    """

    call: ToolCall
    status: CallStatus
    attempts: int = 0
    output: Mapping[str, object] | None = None
    approval: str | None = None
    reason: str = ""
    key: str = ""
    intent: Mapping[str, object] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether its intent is committed and its outcome is not."""
        return self.status is CallStatus.INTENDED


@dataclass(frozen=True, slots=True)
class RunState:
    """What follows from the events of a run so far.

    Attributes:
        status: where the run stands.
        input: what it was started with.
        calls: every call, in the order in which it was first planned.
        result: what the run came to; None before its end.
        reason: why it failed, was cancelled or waits for a person; one sentence.
        plans: times that a planner was asked.
        sequence: number of the last event.
        waits_since: since when it waits for a person; None when it does not.
        waited: how long it waited before.
    """

    status: RunStatus = RunStatus.RUNNING
    input: str = ""
    calls: tuple[CallRecord, ...] = ()
    result: object = None
    reason: str = ""
    plans: int = 0
    sequence: int = 0
    started_at: datetime | None = None
    waits_since: datetime | None = None
    waited: timedelta = timedelta()

    def at_work(self, now: datetime) -> timedelta:
        """Return how long the run has taken, without the time it waited for people."""
        if self.started_at is None:
            return timedelta()
        waits = timedelta() if self.waits_since is None else now - self.waits_since
        return now - self.started_at - self.waited - waits

    @property
    def last(self) -> CallRecord | None:
        """The call that is under way or was last."""
        return self.calls[-1] if self.calls else None

    @property
    def attempts(self) -> int:
        """Attempts of all calls."""
        return sum(call.attempts for call in self.calls)


def fold(events: Sequence[RunEvent]) -> RunState:
    """Return the state that the events of one run, in order, lead to."""
    return reduce(apply, events, RunState())


def apply(state: RunState, event: RunEvent) -> RunState:
    """Return the state after one more event.

    Raises:
        ValueError: the event is not the one that comes next.
    """
    if event.sequence != state.sequence + 1:
        raise ValueError(f"event {event.sequence} follows {state.sequence}")
    moved = _clocked(replace(state, sequence=event.sequence), event)
    body = event.body
    if event.type is EventType.STARTED:
        return replace(moved, input=str(body["input"]), started_at=event.at)
    if event.type is EventType.PLANNED:
        return replace(moved, plans=moved.plans + 1)
    if event.type in _RUN_ENDS:
        return replace(
            moved,
            status=_RUN_ENDS[event.type],
            result=body.get("result"),
            reason=str(body.get("reason", "")),
        )
    return _apply_call(moved, event)


def _clocked(state: RunState, event: RunEvent) -> RunState:
    waits = event.type in {EventType.ASKED, EventType.UNKNOWN}
    if state.waits_since is not None and not waits:
        waited = state.waited + (event.at - state.waits_since)
        return replace(state, waits_since=None, waited=waited)
    return replace(state, waits_since=event.at) if waits else state


_RUN_ENDS = {
    EventType.RUN_SUCCEEDED: RunStatus.SUCCEEDED,
    EventType.RUN_FAILED: RunStatus.FAILED,
    EventType.RUN_CANCELLED: RunStatus.CANCELLED,
}
_CALL_ENDS = {
    EventType.SUCCEEDED: CallStatus.SUCCEEDED,
    EventType.FAILED: CallStatus.FAILED,
    EventType.DENIED: CallStatus.DENIED,
    EventType.UNKNOWN: CallStatus.UNKNOWN,
}


def _apply_call(state: RunState, event: RunEvent) -> RunState:
    body = event.body
    known = {record.call.id: record for record in state.calls}
    call_id = str(body["call_id"])
    record = known.get(call_id)
    if record is None:
        record = CallRecord(_call(body), CallStatus.ASKED)
    if event.type is EventType.ASKED:
        record = replace(
            record, status=CallStatus.ASKED, approval=str(body["approval_id"]), intent=body
        )
        status = RunStatus.AWAITING_APPROVAL
    elif event.type is EventType.INTENDED:
        record = replace(
            record,
            status=CallStatus.INTENDED,
            attempts=record.attempts + 1,
            key=str(body["key"]),
            intent=body,
        )
        status = RunStatus.RUNNING
    else:
        record, status = _ended(record, event)
    known[call_id] = record
    calls = tuple(known.values())
    if state.status.final:
        # What was under way when the run ended is still recorded.
        return replace(state, calls=calls)
    return replace(state, calls=calls, status=status, reason=_why(event))


def _ended(record: CallRecord, event: RunEvent) -> tuple[CallRecord, RunStatus]:
    body = event.body
    if event.type is EventType.RESOLVED:
        ended = CallStatus(str(body["outcome"]))
    else:
        ended = _CALL_ENDS[event.type]
    output = body.get("output")
    record = replace(
        record,
        status=ended,
        output=output if isinstance(output, Mapping) else record.output,
        reason=str(body.get("reason", "")),
    )
    waits = ended is CallStatus.UNKNOWN
    return record, RunStatus.UNKNOWN if waits else RunStatus.RUNNING


def _why(event: RunEvent) -> str:
    waits = event.type in {EventType.ASKED, EventType.UNKNOWN}
    return str(event.body.get("reason", "")) if waits else ""


def _call(body: Mapping[str, object]) -> ToolCall:
    arguments = body.get("arguments")
    return ToolCall(
        id=str(body["call_id"]),
        tool=str(body["tool"]),
        arguments=arguments if isinstance(arguments, Mapping) else {},
    )


def idempotency_key(run_id: str, call_id: str) -> str:
    """Return the key that every attempt at one call carries, and no other call."""
    return hashlib.sha256(f"strongroom-call|{run_id}|{call_id}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Ceilings of one run.

    Attributes:
        steps: calls that it may plan.
        retries: times that one call may be tried again.
        depth: runs that may stand above it.
        fan_out: runs that it may start.
        seconds: wall time from its start, without the time it waited for people.
        tokens: tokens that it may use; its budget may say less.
    """

    steps: int = 20
    retries: int = 2
    depth: int = 3
    fan_out: int = 8
    seconds: int = 900
    tokens: int = 200_000
