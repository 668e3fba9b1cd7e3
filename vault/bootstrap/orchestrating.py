"""The services around agents: their desk, their runs, and the people who approve."""

import time
from functools import cached_property

from vault.bootstrap.tooling import Tooling
from vault.domain.identity import Subject
from vault.orchestrate.agent_desk import AgentDesk
from vault.orchestrate.approvals import ApprovalDesk
from vault.orchestrate.autonomy import Ladder
from vault.orchestrate.beginnings import Beginnings
from vault.orchestrate.endings import Endings
from vault.orchestrate.governor import Governor
from vault.orchestrate.loop import Kernel, Runner
from vault.orchestrate.outcomes import Outcomes
from vault.orchestrate.planner import FixedSteps, Planner
from vault.orchestrate.replay import Replay
from vault.orchestrate.run_desk import RunDesk
from vault.orchestrate.run_pool import RunPool
from vault.orchestrate.run_proofs import RunProofs
from vault.orchestrate.run_starts import RunStarts
from vault.orchestrate.subjects import Subjects
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.policy.conduct import Conduct

RUNS_AT_ONCE = 8
"""Runs that one process works on at once."""
DECOY_EVERY = 25
"""Requests for approval after which one is added that must be refused."""


class Orchestrating(Tooling):
    """A home in which agents run."""

    def close(self) -> None:
        """Let runs under way stop, then close everything else."""
        if "run_pool" in self.__dict__:
            self.run_pool.close()
        super().close()

    def keep_up(self) -> None:
        """Do what a home needs now and then, and go on with runs that nobody works on."""
        super().keep_up()
        for run_id in {*self.approvals.expire(), *self.run_desk.forsaken()}:
            self.run_pool.submit(run_id)
        with self.store.write() as unit:
            unit.artifacts.drop_due(now=self.now())

    @cached_property
    def run_pool(self) -> RunPool:
        """Works on runs beside requests."""
        return RunPool(self.runner, threads=RUNS_AT_ONCE)

    @cached_property
    def conduct(self) -> Conduct:
        """Decides what agents may do."""
        return Conduct(self.policy)

    @cached_property
    def ladder(self) -> Ladder:
        """Knows how autonomous agents are now."""
        return Ladder()

    @cached_property
    def agents(self) -> AgentDesk:
        """Brings agents in, lets them be used, and stops them."""
        return AgentDesk(
            self.store,
            journal=self.journal,
            conduct=self.conduct,
            registry=self.tool_registry,
            ladder=self.ladder,
            now=self.now,
        )

    @cached_property
    def approvals(self) -> ApprovalDesk:
        """Asks people about single acts."""
        return ApprovalDesk(
            self.store,
            journal=self.journal,
            conduct=self.conduct,
            now=self.now,
            decoy_every=DECOY_EVERY,
        )

    @cached_property
    def run_desk(self) -> RunDesk:
        """Shows, stops and settles runs."""
        return RunDesk(
            self._kernel.writes,
            conduct=self.conduct,
            endings=self._kernel.endings,
            outcomes=self._kernel.outcomes,
        )

    @cached_property
    def run_starts(self) -> RunStarts:
        """Starts runs."""
        return RunStarts(self._kernel.writes, conduct=self.conduct, ladder=self.ladder)

    @cached_property
    def runner(self) -> Runner:
        """Works on runs."""
        return Runner(self._kernel, planner_for=self.planner_for)

    @cached_property
    def run_proofs(self) -> RunProofs:
        """Proves runs."""
        return RunProofs(self._kernel.writes, desk=self.run_desk, signer=self.signer)

    def prove_run(self, run_id: str, subject: Subject | None) -> bytes:
        """Return the proof bundle of any run: a search's and an answer's as well as an agent's.

        Raises:
            NotFoundError: there is no such run for the subject.
        """
        with self.store.read() as unit:
            governed = unit.run_events.get(run_id) is not None
        book = self.run_proofs if governed else self.runs
        return book.prove(run_id, subject)

    @cached_property
    def replays(self) -> Replay:
        """Plans runs once more."""
        return Replay(
            self._kernel.writes,
            desk=self.run_desk,
            governor=self._governor,
            subjects=self._kernel.subjects,
            planner_for=self.planner_for,
        )

    @cached_property
    def _governor(self) -> Governor:
        return Governor(conduct=self.conduct, registry=self.tool_registry, ladder=self.ladder)

    @cached_property
    def _kernel(self) -> Kernel:
        writes = WritePath(self.store, journal=self.journal, now=self.now)
        return Kernel(
            writes=writes,
            beginnings=Beginnings(
                writes,
                governor=self._governor,
                approvals=self.approvals,
                registry=self.tool_registry,
            ),
            outcomes=Outcomes(
                writes,
                registry=self.tool_registry,
                broker=self.secret_broker,
                elapsed=time.monotonic,
            ),
            endings=Endings(writes, conduct=self.conduct),
            registry=self.tool_registry,
            subjects=Subjects(),
        )

    def planner_for(self, loaded: LoadedRun) -> Planner:
        """Return what plans a run: the steps of its charter."""
        return FixedSteps(loaded.charter)
