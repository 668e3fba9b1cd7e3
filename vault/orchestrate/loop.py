"""Works on a run, one committed step after another, until it ends or waits for a person."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from vault.domain.approvals import ApprovalState
from vault.domain.budgets import NOTHING
from vault.domain.errors import (
    ApprovalRefusedError,
    LimitExceededError,
    ModelUnavailableError,
)
from vault.domain.identity import Subject
from vault.domain.runs import CallRecord, RunState, RunStatus
from vault.domain.tools import ToolCall, ToolDefinition
from vault.orchestrate.beginnings import Asking, Beginnings, Begun, refusal
from vault.orchestrate.budgets import accounts_of
from vault.orchestrate.endings import Endings
from vault.orchestrate.hands import Hand, LostRunError, Writing, again, renew, take, writing
from vault.orchestrate.outcomes import Came, Outcomes
from vault.orchestrate.planner import Finish, GiveUp, Move, Planner, Situation
from vault.orchestrate.registry import ToolRegistry
from vault.orchestrate.subjects import Subjects
from vault.orchestrate.tool import RetryableToolError
from vault.orchestrate.transcript import observations
from vault.orchestrate.workers import worker_name
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.store.postings import Draw
from vault.store.session import UnitOfWork

LOG = logging.getLogger(__name__)
PlannerFor = Callable[[LoadedRun], Planner]
QUICK_SECONDS = 60.0
"""Calls that may take longer than this keep their run for longer than the usual lease."""
GONE = "the principal this run acts for may no longer run it"
"""Said alike of one who is gone and of one who lost the right."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """What a runner works with."""

    writes: WritePath
    beginnings: Beginnings
    outcomes: Outcomes
    endings: Endings
    registry: ToolRegistry
    subjects: Subjects


class Runner:
    """Advances runs.

    Args:
        kernel: what writes, decides and acts.
        planner_for: gives the planner of a run.
    """

    def __init__(self, kernel: Kernel, *, planner_for: PlannerFor) -> None:
        self._kernel = kernel
        self._writes = kernel.writes
        self._planner_for = planner_for

    def advance(self, run_id: str) -> RunState:
        """Work on a run until it ends or waits, and return its state then.

        A run that another living worker has in hand is left to it.

        Raises:
            NotFoundError: there is no such run, or its content was erased.
        """
        worker = worker_name()
        with self._writes.store.write() as unit:
            loaded = self._writes.load(unit, run_id)
            free = not loaded.state.status.final and take(
                unit, run_id, worker, now=self._writes.now()
            )
        if not free:
            return loaded.state
        hand = Hand(loaded, worker, self._planner_for(loaded))
        try:
            while self._step(hand):
                pass
        except LostRunError:
            LOG.warning("run_taken_over", extra={"run_id": run_id})
        finally:
            with self._writes.store.write() as unit:
                unit.run_events.release(run_id, worker)
        return hand.state

    def _step(self, hand: Hand) -> bool:
        """Take one step; tell whether another may follow at once."""
        state = hand.state
        if state.status.final or state.status is RunStatus.UNKNOWN:
            return False
        last = state.last
        if last is not None and last.open:
            return self._recover(hand, last)
        if last is not None and state.status is RunStatus.AWAITING_APPROVAL:
            return self._answered(hand, last)
        return self._plan(hand)

    def _recover(self, hand: Hand, last: CallRecord) -> bool:
        """Go on after a worker died between an intent and its outcome."""
        if last.intent.get("repeatable") and last.attempts <= hand.loaded.charter.limits.retries:
            return self._begin(hand, again(last), cut_off=last)
        with self._writing(hand) as step:
            step.state = self._kernel.outcomes.give_up(step.unit, hand.loaded, last)
        return False

    def _answered(self, hand: Hand, last: CallRecord) -> bool:
        """Go on once people have decided on a call; no answer in time is a denial."""
        with self._writes.store.read() as unit:
            found = unit.approvals.get(last.approval or "")
        state = ApprovalState.REFUSED if found is None else found.state
        if found is not None and state is ApprovalState.WAITING:
            if self._writes.now() < found.expires_at:
                return False
            state = ApprovalState.EXPIRED
        if state is ApprovalState.GRANTED:
            return self._begin(hand, again(last, attempt=1))
        said = {ApprovalState.REFUSED: "a person refused the act"}
        return self._refuse(hand, again(last), said.get(state, "nobody approved the act in time"))

    def _plan(self, hand: Hand) -> bool:
        limits, state = hand.loaded.charter.limits, hand.state
        if state.at_work(self._writes.now()) > timedelta(seconds=limits.seconds):
            return self._end(hand, GiveUp("the run has reached its limit of time"))
        try:
            move = self._move(hand)
        except (LimitExceededError, ModelUnavailableError) as error:
            return self._end(hand, GiveUp(error.detail))
        if isinstance(move, Finish | GiveUp):
            return self._end(hand, move)
        number = len(state.calls) + 1
        if number > limits.steps:
            return self._end(hand, GiveUp("the run has reached its limit of steps"))
        return self._begin(hand, Asking(ToolCall(str(number), move.tool, move.arguments), move))

    def _move(self, hand: Hand) -> Move:
        """Ask the planner; what it may use up is set aside first and settled after."""
        loaded, planner = hand.loaded, hand.planner
        situation = Situation(
            loaded.run.run_id,
            loaded.state.input,
            self._tools(loaded) if planner.reads_outputs else (),
            observations(loaded.state),
        )
        if planner.most == NOTHING:
            return planner.plan(situation).move
        with self._writing(hand) as step:
            accounts = accounts_of(step.unit, loaded.run)
            draw = Draw(loaded.run.run_id, f"plan-{loaded.state.sequence}", accounts, step.now)
            step.unit.postings.reserve(draw, planner.most)
        used = NOTHING
        try:
            plan = planner.plan(situation)
            used = plan.used
        finally:
            with self._writing(hand) as step:
                step.unit.postings.settle(draw, reserved=planner.most, used=used)
        return plan.move

    def _tools(self, loaded: LoadedRun) -> list[ToolDefinition]:
        """Return the tools of the charter that may be called now, for a planner that chooses."""
        with self._writes.store.read() as unit:
            tools = self._kernel.registry.callable_now(unit)
        return [tool for tool in tools if tool.name in loaded.charter.tools]

    def _begin(self, hand: Hand, asking: Asking, *, cut_off: CallRecord | None = None) -> bool:
        """Begin a call and, if its intent is committed, make it."""
        try:
            with self._writing(hand) as step:
                subject = self._subject(step.unit, hand)
                begun: Begun | None = None
                if subject is not None and not hand.state.status.final:
                    if cut_off is not None:
                        self._kernel.outcomes.write_off(step.unit, hand.loaded, cut_off)
                    step.state, begun = self._kernel.beginnings.begin(
                        step.unit, hand.loaded, asking, subject
                    )
                if begun is not None and begun.tool.limits.timeout_seconds > QUICK_SECONDS:
                    renew(step.unit, hand, now=step.now, tool=begun.tool)
        except LimitExceededError as error:
            return self._end(hand, GiveUp(error.detail))
        except (ApprovalRefusedError, RetryableToolError) as error:
            return self._refuse(hand, asking, error.detail)
        if subject is None:
            return self._end(hand, GiveUp(GONE))
        if begun is None:
            return hand.state.status is RunStatus.RUNNING
        return self._happen(hand, begun)

    def _happen(self, hand: Hand, begun: Begun) -> bool:
        came = self._kernel.outcomes.act(hand.loaded, begun)
        with self._writing(hand) as step:
            step.state = self._kernel.outcomes.write(step.unit, hand.loaded, came)
        if came.ends_run:
            return self._end(hand, GiveUp("" if came.error is None else came.error.detail))
        last = hand.state.last
        if last is not None and self._worth_another(hand, came):
            return self._begin(hand, again(last))
        return True

    def _worth_another(self, hand: Hand, came: Came) -> bool:
        passing = isinstance(came.error, RetryableToolError) and not came.unknown
        left = came.begun.asking.attempt <= hand.loaded.charter.limits.retries
        return passing and left and not hand.state.status.final

    def _refuse(self, hand: Hand, asking: Asking, reason: str) -> bool:
        """Write that a call may not happen; what its planner makes of that is its own."""
        with self._writing(hand) as step:
            subject = self._subject(step.unit, hand)
            if subject is not None and not hand.state.status.final:
                step.state = self._kernel.beginnings.deny(
                    step.unit, hand.loaded, asking, refusal(reason), subject
                )
        return True if subject is not None else self._end(hand, GiveUp(GONE))

    def _end(self, hand: Hand, move: Finish | GiveUp) -> bool:
        with self._writing(hand) as step:
            last = hand.state.last
            if last is not None and last.open:
                hand.loaded.state = self._kernel.outcomes.give_up(step.unit, hand.loaded, last)
            step.state = self._kernel.endings.end(
                step.unit,
                hand.loaded,
                move,
                subject=self._kernel.subjects.of(step.unit, hand.loaded),
                all_seen=hand.planner.reads_outputs,
            )
        return False

    def _subject(self, unit: UnitOfWork, hand: Hand) -> Subject | None:
        """Return who acts now; None if a principal is gone or may no longer run the agent."""
        found = self._kernel.subjects.of(unit, hand.loaded)
        return found if found is None or self._kernel.endings.may_run(hand.loaded, found) else None

    def _writing(self, hand: Hand) -> AbstractContextManager[Writing]:
        return writing(self._writes, hand)
