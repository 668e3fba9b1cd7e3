"""Plans a run once more over its recorded outputs, and says where it would differ now."""

from vault.domain.assets import AssetKind
from vault.domain.charters import Charter
from vault.domain.errors import NotFoundError, RunStateError
from vault.domain.identity import Subject
from vault.domain.runs import CallRecord, CallStatus
from vault.orchestrate.governor import Governor, Verdict
from vault.orchestrate.loop import PlannerFor
from vault.orchestrate.planner import Finish, GiveUp, PlannedCall, Planner, Situation
from vault.orchestrate.run_desk import ABSENT, RunDesk
from vault.orchestrate.subjects import Subjects
from vault.orchestrate.transcript import observations, planned_again
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.store.session import UnitOfWork


class Replay:
    """Compares runs with what the same agent, or another version of it, would do now.

    No tool is called and nothing is written.

    Args:
        writes: reads runs.
        desk: knows who may see what.
        governor: decides on calls as the policy is now.
        subjects: whose rights hold now.
        planner_for: gives the planner of a run.
    """

    def __init__(
        self,
        writes: WritePath,
        *,
        desk: RunDesk,
        governor: Governor,
        subjects: Subjects,
        planner_for: PlannerFor,
    ) -> None:
        self._writes = writes
        self._desk = desk
        self._governor = governor
        self._subjects = subjects
        self._planner_for = planner_for

    def replay(
        self, run_id: str, subject: Subject | None, *, version: int | None = None
    ) -> dict[str, object]:
        """Return, call by call, what would be planned and decided now.

        Args:
            run_id: the run, which has ended.
            subject: the person it acted for, or the operator.
            version: another version of the agent, such as one that is to be promoted.

        Raises:
            NotFoundError: there is no such run or version for the subject.
            RunStateError: the run has not ended.
        """
        shown = self._desk.show(run_id, subject)
        if not shown.full:
            raise NotFoundError(ABSENT)
        if not shown.loaded.state.status.final:
            raise RunStateError("only a run that has ended can be replayed")
        with self._writes.store.read() as unit:
            loaded = self._as_version(unit, shown.loaded, version)
            acting = self._subjects.of(unit, loaded)
            planner = self._planner_for(loaded)
            steps = [
                self._step(unit, loaded, planner, place, acting)
                for place in range(len(loaded.state.calls))
            ]
        result = self._result(planner, loaded)
        same = all(step["same"] for step in steps) and bool(result["same"])
        return {
            "run_id": run_id,
            "version": loaded.version.reference,
            "same": same,
            "calls": steps,
            "result": result,
        }

    def _as_version(self, unit: UnitOfWork, loaded: LoadedRun, version: int | None) -> LoadedRun:
        if version is None:
            return loaded
        found = unit.assets.get(AssetKind.AGENT, loaded.run.agent, version)
        if found is None:
            raise NotFoundError("the agent has no such version")
        return LoadedRun(loaded.run, found, Charter.parse(found.body), loaded.key, loaded.state)

    def _step(
        self,
        unit: UnitOfWork,
        loaded: LoadedRun,
        planner: Planner,
        place: int,
        acting: Subject | None,
    ) -> dict[str, object]:
        record = loaded.state.calls[place]
        seen = observations(loaded.state)[:place]
        move = planner.plan(Situation(loaded.run.run_id, loaded.state.input, (), seen)).move
        planned = planned_again(record)
        same_plan = isinstance(move, PlannedCall) and (move.tool, dict(move.arguments)) == (
            planned.tool,
            dict(planned.arguments),
        )
        verdict: Verdict | None = None
        if acting is not None:
            verdict = self._governor.judge(
                unit, loaded, planned, subject=acting, seen=seen, balances=()
            )
        then, now = _then(record), None if verdict is None else verdict.answer.value
        return {
            "call_id": record.call.id,
            "tool": record.call.tool,
            "same": same_plan and then == now,
            "same_plan": same_plan,
            "decided_then": then,
            "decided_now": now,
            "reasons_now": [] if verdict is None else list(verdict.reasons),
        }

    def _result(self, planner: Planner, loaded: LoadedRun) -> dict[str, object]:
        seen, state = observations(loaded.state), loaded.state
        move = planner.plan(Situation(loaded.run.run_id, state.input, (), seen)).move
        if isinstance(move, Finish):
            return {"same": move.result == state.result, "result": move.result}
        reason = move.reason if isinstance(move, GiveUp) else "it would go on"
        return {"same": isinstance(move, GiveUp) and reason == state.reason, "reason": reason}


def _then(record: CallRecord) -> str:
    """Return what was decided on a call when the run was made."""
    if record.approval is not None:
        return "ask"
    return "deny" if record.status is CallStatus.DENIED else "permit"
