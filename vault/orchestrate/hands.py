"""A run in the hands of one worker: every transaction renews its claim, or finds it lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from vault.domain.runs import CallRecord, RunState
from vault.domain.tools import ToolDefinition
from vault.orchestrate.beginnings import Asking
from vault.orchestrate.planner import Planner
from vault.orchestrate.transcript import planned_again
from vault.orchestrate.workers import worker_died
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.store.session import UnitOfWork

LEASE = timedelta(seconds=90)
"""How long a worker that shows no sign of life keeps a run; a dead one loses it at once."""


class LostRunError(Exception):
    """Another worker took the run over; whatever this one has in hand no longer counts."""


@dataclass(slots=True)
class Hand:
    """A run that one worker works on."""

    loaded: LoadedRun
    worker: str
    planner: Planner

    @property
    def state(self) -> RunState:
        """What follows from all that is committed."""
        return self.loaded.state


@dataclass(slots=True)
class Writing:
    """A transaction on a run in hand.

    Attributes:
        state: what the run comes to by it; it counts once the transaction is committed.
    """

    unit: UnitOfWork
    now: datetime
    state: RunState | None = None


@contextmanager
def writing(writes: WritePath, hand: Hand) -> Iterator[Writing]:
    """Open a transaction on a run in hand, brought up to what others wrote meanwhile.

    Raises:
        LostRunError: another worker has the run.
    """
    with writes.store.write() as unit:
        made = Writing(unit, writes.now())
        renew(unit, hand, now=made.now)
        writes.refresh(unit, hand.loaded)
        yield made
    if made.state is not None:
        hand.loaded.state = made.state


def renew(
    unit: UnitOfWork, hand: Hand, *, now: datetime, tool: ToolDefinition | None = None
) -> None:
    """Keep a run for a lease from now on, or for as long as a call of this tool may take.

    Raises:
        LostRunError: another worker has the run.
    """
    takes = 0.0 if tool is None else tool.limits.timeout_seconds
    lease = LEASE + timedelta(seconds=takes)
    if not unit.run_events.claim(hand.loaded.run.run_id, hand.worker, now=now, lease=lease):
        raise LostRunError


def take(unit: UnitOfWork, run_id: str, worker: str, *, now: datetime) -> bool:
    """Give a run to a worker unless another living one has it; tell whether it was given."""
    if unit.run_events.claim(run_id, worker, now=now, lease=LEASE):
        return True
    held = unit.run_events.worker(run_id)
    if held is None or not worker_died(held):
        return False
    unit.run_events.release(run_id, held)
    return unit.run_events.claim(run_id, worker, now=now, lease=LEASE)


def again(record: CallRecord, *, attempt: int | None = None) -> Asking:
    """Return a call that was asked for or begun before, to be begun once more."""
    return Asking(
        record.call,
        planned_again(record),
        attempt=record.attempts + 1 if attempt is None else attempt,
        approval=record.approval,
    )
