"""Starts runs: for whom, under which charter, and within what the run above leaves."""

import uuid

from vault.domain.assets import USABLE, AssetKind, AssetVersion
from vault.domain.charters import Charter
from vault.domain.errors import (
    InvalidRequestError,
    LimitExceededError,
    NotFoundError,
    RunStateError,
)
from vault.domain.identity import Subject
from vault.domain.runs import EventType, RunState, RunStatus
from vault.ledger.runbook import RUN_KEYS
from vault.orchestrate.agent_desk import ABSENT as NO_AGENT
from vault.orchestrate.autonomy import Ladder
from vault.orchestrate.budgets import open_accounts
from vault.orchestrate.endings import asset_of
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.policy.conduct import Conduct
from vault.store.run_events import GovernedRun
from vault.store.runs import RunRecord
from vault.store.session import UnitOfWork

KIND = "run"
"""Kind under which governed runs are kept beside searches and answers."""
LONGEST_INPUT = 100_000
"""Characters that a run may be started with."""


class RunStarts:
    """Starts runs.

    Args:
        writes: the write path.
        conduct: decides for whom an agent may run.
        ladder: how autonomous an agent is when a run starts.
    """

    def __init__(self, writes: WritePath, *, conduct: Conduct, ladder: Ladder) -> None:
        self._writes = writes
        self._conduct = conduct
        self._ladder = ladder

    def start(
        self, agent: str, text: str, subject: Subject, *, parent: LoadedRun | None = None
    ) -> str:
        """Commit that a run starts for a subject and return its id; nothing is done yet.

        Args:
            agent: name of the agent, or ``name@number`` for one of its versions.
            text: what it is asked to do.
            subject: the person it acts for, and whoever passes that on.
            parent: the run that starts it, if one does.

        Raises:
            NotFoundError: there is no such agent for the subject.
            RunStateError: nobody has approved it.
            LimitExceededError: the parent may start no more runs, or none below it.
            InvalidRequestError: the text is empty or too long.
        """
        if not text.strip() or len(text) > LONGEST_INPUT:
            raise InvalidRequestError(f"the input has 1 to {LONGEST_INPUT} characters")
        now, run_id = self._writes.now(), str(uuid.uuid4())
        key = self._writes.store.keys.new(collection=RUN_KEYS, now=now)
        with self._writes.store.write() as unit:
            version = self._startable(unit, agent, subject, parent)
            person = subject.on_behalf_of or subject.actor
            passed = () if person is subject.actor else (subject.actor.id,)
            run = GovernedRun(
                run_id=run_id,
                agent=version.name,
                version=version.number,
                digest=version.digest,
                actor=version.name,
                on_behalf_of=person.id,
                state=RunStatus.RUNNING.value,
                key_id=key[0],
                started_at=now,
                parent=None if parent is None else parent.run.run_id,
                depth=0 if parent is None else parent.run.depth + 1,
                through=(*passed, *(found.id for found in subject.through)),
            )
            loaded = LoadedRun(run, version, Charter.parse(version.body), key, RunState())
            self._keep(unit, loaded, text, subject)
        return run_id

    def _startable(
        self, unit: UnitOfWork, agent: str, subject: Subject, parent: LoadedRun | None
    ) -> AssetVersion:
        name, _, number = agent.partition("@")
        version = (
            unit.assets.get(AssetKind.AGENT, name, int(number))
            if number.isdigit()
            else unit.assets.usable(AssetKind.AGENT, name)
            or unit.assets.newest(AssetKind.AGENT, name)
        )
        if version is None:
            raise NotFoundError(NO_AGENT)
        charter = Charter.parse(version.body)
        depth = 0 if parent is None else parent.run.depth + 1
        level = self._ladder.level(unit, version, charter)
        asset = asset_of(version, charter)
        for principal in subject.principals:
            decision = self._conduct.on_start(
                principal, asset, autonomy=level.effective, depth=depth
            )
            if not decision.permitted:
                raise NotFoundError(NO_AGENT)
        if version.state not in USABLE:
            raise RunStateError(f"agent {version.reference} is {version.state.value}; approve it")
        if parent is not None:
            _check_parent(unit, parent, depth)
        return version

    def _keep(self, unit: UnitOfWork, loaded: LoadedRun, text: str, subject: Subject) -> None:
        run = loaded.run
        unit.runs.start(
            RunRecord(
                id=run.run_id,
                kind=KIND,
                actor=run.actor,
                on_behalf_of=run.on_behalf_of,
                number=unit.runs.next_number(run.actor),
                state=run.state,
                key_id=run.key_id,
                started_at=run.started_at,
                place=unit.runs.next_place(run.actor, run.on_behalf_of),
            )
        )
        unit.run_events.start(run)
        open_accounts(unit, run, loaded.charter)
        self._writes.append(
            unit,
            loaded,
            EventType.STARTED,
            {"input": text, "agent": loaded.version.reference},
            subject=subject,
            facts={
                "agent": loaded.version.digest,
                "policy": self._conduct.digest,
                "epoch": unit.epoch(),
                "depth": run.depth,
                "parent": run.parent,
            },
        )


def _check_parent(unit: UnitOfWork, parent: LoadedRun, depth: int) -> None:
    limits = parent.charter.limits
    if depth > limits.depth:
        raise LimitExceededError("the run may not start runs this deep")
    if len(unit.run_events.children(parent.run.run_id)) >= limits.fan_out:
        raise LimitExceededError("the run may start no more runs")
