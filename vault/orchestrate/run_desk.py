"""Where runs are looked at, stopped and settled."""

from collections.abc import Sequence
from dataclasses import dataclass

from vault.domain.approvals import Approval
from vault.domain.errors import (
    AccessDeniedError,
    InvalidRequestError,
    NotFoundError,
    RunStateError,
)
from vault.domain.identity import Subject
from vault.domain.labels import Label, dominates, join_all
from vault.domain.runs import CallStatus, EventType, RunEvent, RunState, RunStatus
from vault.orchestrate.budgets import spent
from vault.orchestrate.endings import Endings, asset_of
from vault.orchestrate.outcomes import Outcomes
from vault.orchestrate.transcript import observations
from vault.orchestrate.workers import worker_died
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.policy.conduct import Conduct
from vault.store.run_artifacts import RunArtifact
from vault.store.run_events import GovernedRun
from vault.store.session import UnitOfWork

ABSENT = "there is no such run"


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run as one subject may see it.

    Attributes:
        full: whether the subject may see what was said in it; whoever only answers for the
            agent sees what happened, not what was said.
    """

    loaded: LoadedRun
    events: Sequence[RunEvent]
    approvals: Sequence[Approval]
    artifacts: Sequence[RunArtifact]
    used: dict[str, int]
    full: bool


class RunDesk:
    """Shows runs, stops them and settles what nobody saw.

    Args:
        writes: the write path.
        conduct: decides who may oversee what.
        endings: ends runs.
        outcomes: settles what is under way when a run is stopped.
    """

    def __init__(
        self,
        writes: WritePath,
        *,
        conduct: Conduct,
        endings: Endings,
        outcomes: Outcomes,
    ) -> None:
        self._writes = writes
        self._conduct = conduct
        self._endings = endings
        self._outcomes = outcomes

    def show(self, run_id: str, subject: Subject | None) -> ShownRun:
        """Return a run to the person it acts for, to who answers for its agent, or to the operator.

        Raises:
            NotFoundError: there is no such run for the subject.
        """
        with self._writes.store.read() as unit:
            loaded = self._found(unit, run_id, subject)
            return ShownRun(
                loaded=loaded,
                events=unit.run_events.of(run_id, key=loaded.key[1]),
                approvals=[each for each in unit.approvals.of_run(run_id) if not each.decoy],
                artifacts=unit.artifacts.of_run(run_id),
                used=spent(unit, loaded.run).form(),
                full=subject is None or _may_read(loaded, subject),
            )

    def all(
        self, subject: Subject | None, *, state: str | None = None, limit: int = 100
    ) -> Sequence[GovernedRun]:
        """Return the runs for a person, newest first; the operator sees all."""
        with self._writes.store.read() as unit:
            person = None if subject is None else (subject.on_behalf_of or subject.actor).id
            found = unit.run_events.all(person=person, state=state, limit=limit)
        return [each for each in found if subject is None or is_of(each, subject)]

    def cancel(self, run_id: str, subject: Subject | None, *, reason: str) -> RunState:
        """Stop a run; a call under way is not undone, but nothing follows it.

        Raises:
            NotFoundError: there is no such run for the subject.
            RunStateError: it has ended.
        """
        with self._writes.store.write() as unit:
            loaded = self._found(unit, run_id, subject)
            if loaded.state.status.final:
                raise RunStateError(f"the run is {loaded.state.status.value} already")
            last, worker = loaded.state.last, unit.run_events.worker(run_id)
            if last is not None and last.open and (worker is None or worker_died(worker)):
                loaded.state = self._outcomes.give_up(unit, loaded, last)
            return self._endings.cancel(unit, loaded, reason=reason, subject=subject)

    def resolve(
        self, run_id: str, subject: Subject | None, *, outcome: str, reason: str
    ) -> RunState:
        """Say what became of a call whose outcome nobody saw, so that its run can go on.

        Args:
            run_id: the run.
            subject: who looked; only who answers for the agent, or the operator.
            outcome: ``succeeded`` or ``failed``.
            reason: how it was found out.

        Raises:
            NotFoundError: there is no such run for the subject.
            AccessDeniedError: the subject does not answer for the agent.
            RunStateError: nothing in it is unknown.
            InvalidRequestError: the outcome is neither.
        """
        if outcome not in {CallStatus.SUCCEEDED.value, CallStatus.FAILED.value}:
            raise InvalidRequestError("the outcome is succeeded or failed")
        with self._writes.store.write() as unit:
            loaded = self._found(unit, run_id, subject)
            if subject is not None and not self._oversees(loaded, subject):
                raise AccessDeniedError("only who answers for the agent can settle this")
            last = loaded.state.last
            if last is None or loaded.state.status is not RunStatus.UNKNOWN:
                raise RunStateError("nothing in this run is unknown")
            return self._writes.append(
                unit,
                loaded,
                EventType.RESOLVED,
                {"call_id": last.call.id, "outcome": outcome, "reason": reason},
                subject=subject,
                facts={"call": last.call.id, "outcome": outcome},
            )

    def forsaken(self) -> Sequence[str]:
        """Return the runs that should go on and that no living worker has in hand."""
        with self._writes.store.read() as unit:
            return unit.run_events.forsaken(now=self._writes.now())

    def artifact(
        self, run_id: str, digest: str, subject: Subject | None
    ) -> tuple[RunArtifact, bytes]:
        """Return a file of a run and its bytes.

        Raises:
            NotFoundError: there is no such run or file for the subject.
        """
        with self._writes.store.read() as unit:
            loaded = self._found(unit, run_id, subject)
            if subject is not None and not is_of(loaded.run, subject):
                raise NotFoundError(ABSENT)
            for found in unit.artifacts.of_run(run_id):
                if found.digest == digest and _cleared(subject, found.label):
                    return found, unit.artifacts.content(found)
        raise NotFoundError("the run has no such file")

    def _found(self, unit: UnitOfWork, run_id: str, subject: Subject | None) -> LoadedRun:
        loaded = self._writes.load(unit, run_id)
        if subject is None or is_of(loaded.run, subject) or self._oversees(loaded, subject):
            return loaded
        raise NotFoundError(ABSENT)

    def _oversees(self, loaded: LoadedRun, subject: Subject) -> bool:
        asset = asset_of(loaded.version, loaded.charter)
        return self._conduct.on_asset(subject, "oversee", asset).permitted


def is_of(run: GovernedRun, subject: Subject) -> bool:
    """Tell whether a run acts for this subject; an agent sees those that came through it."""
    person = subject.on_behalf_of or subject.actor
    passed = {found.id for found in subject.principals} - {person.id}
    return person.id == run.on_behalf_of and passed <= {run.actor, *run.through}


def _may_read(loaded: LoadedRun, subject: Subject) -> bool:
    """Tell whether a subject may see what was said in a run, cleared as it is now."""
    labels = [each.label for each in observations(loaded.state)]
    return is_of(loaded.run, subject) and _cleared(subject, join_all(labels))


def _cleared(subject: Subject | None, label: Label) -> bool:
    return subject is None or all(
        dominates(principal.clearance, label) for principal in subject.principals
    )
