"""Ends runs, whatever they came to, with their record complete."""

from vault.domain.assets import AssetVersion
from vault.domain.autonomy import Autonomy
from vault.domain.charters import Charter
from vault.domain.identity import Subject
from vault.domain.labels import LOWEST, Label, join_all
from vault.domain.runs import EventType, RunState
from vault.orchestrate.budgets import close_run
from vault.orchestrate.planner import Finish, GiveUp
from vault.orchestrate.transcript import label_body, observations
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.policy.conduct import Asset, Conduct
from vault.store.session import UnitOfWork


class Endings:
    """Writes how runs end.

    Args:
        writes: the write path.
        conduct: decides for whom an agent may run.
    """

    def __init__(self, writes: WritePath, *, conduct: Conduct) -> None:
        self._writes = writes
        self._conduct = conduct

    def end(
        self,
        unit: UnitOfWork,
        loaded: LoadedRun,
        move: Finish | GiveUp,
        *,
        subject: Subject | None,
        all_seen: bool = False,
    ) -> RunState:
        """Write the end of a run in the caller's transaction.

        Args:
            unit: the transaction.
            loaded: the run.
            move: what it came to.
            subject: who acted; None if that principal is gone.
            all_seen: whether the result may derive from every output of the run.
        """
        if loaded.state.status.final:
            return loaded.state
        if isinstance(move, Finish):
            label = _label(loaded, move, all_seen=all_seen)
            body = {"result": move.result, "label": label_body(label)}
            return self._write(unit, loaded, EventType.RUN_SUCCEEDED, body, subject=subject)
        body = {"reason": move.reason}
        return self._write(unit, loaded, EventType.RUN_FAILED, body, subject=subject)

    def cancel(
        self, unit: UnitOfWork, loaded: LoadedRun, *, reason: str, subject: Subject | None
    ) -> RunState:
        """Write that somebody stopped a run."""
        body: dict[str, object] = {"reason": reason}
        return self._write(unit, loaded, EventType.RUN_CANCELLED, body, subject=subject)

    def may_run(self, loaded: LoadedRun, subject: Subject) -> bool:
        """Tell whether a run may still act for its person, as the policy says now."""
        asset = asset_of(loaded.version, loaded.charter)
        return all(
            self._conduct.on_start(
                principal, asset, autonomy=Autonomy.A0, depth=loaded.run.depth
            ).permitted
            for principal in subject.principals
        )

    def _write(
        self,
        unit: UnitOfWork,
        loaded: LoadedRun,
        kind: EventType,
        body: dict[str, object],
        *,
        subject: Subject | None,
    ) -> RunState:
        facts = {"agent": loaded.version.digest, "calls": len(loaded.state.calls)}
        state = self._writes.append(unit, loaded, kind, body, subject=subject, facts=facts)
        run_id, now = loaded.run.run_id, self._writes.now()
        unit.runs.end(run_id, state=state.status.value, now=now, evidence=())
        stopped = close_run(unit, loaded.run, now=now)
        if stopped is not None:
            self._writes.journal.note(
                unit,
                "breaker.opened",
                subject=None,
                about=f"agent:{loaded.run.agent}"[:36],
                run_id=run_id,
                facts={"agent": loaded.version.digest, "reason": stopped},
            )
        return state


def asset_of(version: AssetVersion, charter: Charter) -> Asset:
    """Return what the policy knows of an agent."""
    return Asset(
        version.kind.value,
        version.name,
        owners=frozenset(f"user:{name}" for name in charter.owners.values()),
        applied_by=version.applied_by,
        open_to=charter.open_to,
    )


def _label(loaded: LoadedRun, move: Finish, *, all_seen: bool) -> Label:
    seen = observations(loaded.state)
    return join_all(
        [LOWEST, *(each.label for each in seen if all_seen or each.call.id in move.derived_from)]
    )
