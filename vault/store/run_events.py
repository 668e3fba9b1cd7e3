"""Governed runs: whose version each one executes, who works on it, and its sealed events."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from vault.domain.attestation import SALT_BYTES, commit_content
from vault.domain.budgets import Amounts
from vault.domain.errors import NotFoundError
from vault.domain.runs import EventType, RunEvent
from vault.store.keys import seal, unseal
from vault.store.orchestrate_schema import governed_run, run_event
from vault.store.schema import run

OPEN = ("running",)
"""States in which a run goes on without anybody doing anything."""


@dataclass(frozen=True, slots=True)
class GovernedRun:
    """What a run executes, for whom, and who works on it.

    Attributes:
        agent: name of the agent.
        version: number of its version.
        digest: digest of that version.
        parent: the run that started this one, if any.
        depth: runs that stand above it.
        through: ids of further principals, whose rights bound those of the run as well.
        usage: what it used up, once it has ended.
    """

    run_id: str
    agent: str
    version: int
    digest: str
    actor: str
    on_behalf_of: str | None
    state: str
    key_id: str
    started_at: datetime
    ended_at: datetime | None = None
    parent: str | None = None
    depth: int = 0
    through: tuple[str, ...] = ()
    usage: Amounts | None = None


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """The bytes of an event before they are stored, with what the ledger commits to."""

    content: bytes
    salt: bytes

    @classmethod
    def of(cls, body: Mapping[str, object]) -> "SealedEvent":
        """Return an event's body as bytes under a fresh salt."""
        return cls(json.dumps(body, sort_keys=True).encode(), os.urandom(SALT_BYTES))

    @property
    def commitment(self) -> str:
        """What stands for the body in the ledger."""
        return commit_content(salt=self.salt, content=self.content)


class RunEvents:
    """Runs with their events, sealed with the key of each run."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, started: GovernedRun) -> None:
        """Keep what a run executes; the run itself is kept beside all other runs."""
        self._connection.execute(
            insert(governed_run).values(
                run_id=started.run_id,
                agent=started.agent,
                version=started.version,
                digest=started.digest,
                parent=started.parent,
                depth=started.depth,
                through=list(started.through),
            )
        )

    def get(self, run_id: str) -> GovernedRun | None:
        """Return one run, or None."""
        row = self._connection.execute(_RUNS.where(run.c.id == run_id)).first()
        return None if row is None else _governed(row)

    def all(
        self, *, person: str | None = None, state: str | None = None, limit: int = 100
    ) -> Sequence[GovernedRun]:
        """Return runs, newest first: those for one person, in one state, or all."""
        query = _RUNS
        if person is not None:
            query = query.where(or_(run.c.on_behalf_of == person, run.c.actor == person))
        if state is not None:
            query = query.where(run.c.state == state)
        rows = self._connection.execute(query.order_by(run.c.started_at.desc()).limit(limit))
        return [_governed(row) for row in rows]

    def children(self, run_id: str) -> Sequence[str]:
        """Return the ids of the runs that a run started."""
        rows = self._connection.execute(
            select(governed_run.c.run_id).where(governed_run.c.parent == run_id)
        )
        return [row.run_id for row in rows]

    def append(
        self, run_id: str, event: RunEvent, sealed: SealedEvent, *, key: tuple[str, bytes]
    ) -> None:
        """Keep one event; its number must be free."""
        plain = sealed.salt + sealed.content
        self._connection.execute(
            _APPEND,
            {
                "run_id": run_id,
                "sequence": event.sequence,
                "type": event.type.value,
                "at": event.at,
                "entry": event.entry,
                "sealed": seal(key[1], plain, about=f"{run_id}/{event.sequence}"),
            },
        )

    def of(self, run_id: str, *, key: bytes, after: int = 0) -> list[RunEvent]:
        """Return the events of a run, in order, from after a number on."""
        return [event for event, _ in self.opened(run_id, key=key, after=after)]

    def opened(
        self, run_id: str, *, key: bytes, after: int = 0
    ) -> list[tuple[RunEvent, SealedEvent]]:
        """Return the events of a run with the bytes and salts that the ledger commits to."""
        rows = self._connection.execute(_EVENTS, {"of": run_id, "after": after})
        found = []
        for row in rows:
            plain = unseal(key, row.sealed, about=f"{run_id}/{row.sequence}")
            sealed = SealedEvent(plain[SALT_BYTES:], plain[:SALT_BYTES])
            body = json.loads(sealed.content)
            event = RunEvent(row.sequence, EventType(row.type), row.at, body, row.entry)
            found.append((event, sealed))
        return found

    def set_state(self, run_id: str, state: str) -> None:
        """Keep the state that a run's events lead to."""
        self._connection.execute(update(run).where(run.c.id == run_id).values(state=state))

    def claim(self, run_id: str, worker: str, *, now: datetime, lease: timedelta) -> bool:
        """Make ``worker`` the one who works on a run; tell whether it is.

        A worker whose lease has run out has died or hangs, so that another may take over.
        """
        changed = self._connection.execute(
            _CLAIM, {"of": run_id, "by": worker, "at": now, "until": now + lease}
        )
        return changed.rowcount == 1

    def worker(self, run_id: str) -> str | None:
        """Return who works on a run, or None."""
        found = self._connection.execute(
            select(governed_run.c.worker).where(governed_run.c.run_id == run_id)
        ).scalar()
        return None if found is None else str(found)

    def release(self, run_id: str, worker: str) -> None:
        """Let others work on a run."""
        self._connection.execute(
            update(governed_run)
            .where(governed_run.c.run_id == run_id, governed_run.c.worker == worker)
            .values(worker=None, lease_until=None)
        )

    def forsaken(self, *, now: datetime) -> list[str]:
        """Return the runs that should go on and that nobody works on."""
        rows = self._connection.execute(
            select(run.c.id)
            .join(governed_run, governed_run.c.run_id == run.c.id)
            .where(
                run.c.state.in_(OPEN),
                or_(governed_run.c.worker.is_(None), governed_run.c.lease_until <= now),
            )
            .order_by(run.c.started_at)
        )
        return [row.id for row in rows]

    def set_usage(self, run_id: str, usage: Amounts) -> None:
        """Keep what an ended run used up."""
        self._connection.execute(
            update(governed_run).where(governed_run.c.run_id == run_id).values(usage=usage.form())
        )

    def past_usage(self, agent: str, *, limit: int = 50) -> list[Amounts]:
        """Return what the last ended runs of an agent used up."""
        rows = self._connection.execute(
            select(governed_run.c.usage)
            .join(run, run.c.id == governed_run.c.run_id)
            .where(governed_run.c.agent == agent, run.c.ended_at.is_not(None))
            .order_by(run.c.ended_at.desc())
            .limit(limit)
        )
        return [Amounts.parse(row.usage) for row in rows if row.usage is not None]


_CLAIM = (
    update(governed_run)
    .where(
        governed_run.c.run_id == bindparam("of"),
        or_(
            governed_run.c.worker.is_(None),
            governed_run.c.worker == bindparam("by"),
            governed_run.c.lease_until <= bindparam("at"),
        ),
    )
    .values(worker=bindparam("by"), lease_until=bindparam("until"))
)
_EVENTS = (
    select(run_event)
    .where(run_event.c.run_id == bindparam("of"), run_event.c.sequence > bindparam("after"))
    .order_by(run_event.c.sequence)
)
_APPEND = insert(run_event)
_RUNS = select(governed_run, run).join(run, run.c.id == governed_run.c.run_id)


def _governed(row: Row[tuple[object, ...]]) -> GovernedRun:
    found = row._mapping
    usage = found["usage"]
    return GovernedRun(
        run_id=found["run_id"],
        agent=found["agent"],
        version=found["version"],
        digest=found["digest"],
        actor=found["actor"],
        on_behalf_of=found["on_behalf_of"],
        state=found["state"],
        key_id=found["key_id"],
        started_at=found["started_at"],
        ended_at=found["ended_at"],
        parent=found["parent"],
        depth=found["depth"],
        through=tuple(found["through"]),
        usage=None if usage is None else Amounts.parse(usage),
    )


def key_of(keys: Mapping[str, bytes], found: GovernedRun) -> bytes:
    """Return the key of a run among opened ones.

    Raises:
        NotFoundError: it was destroyed with a document that the run rested on.
    """
    if found.key_id not in keys:
        raise NotFoundError("the content of this run does not exist any more")
    return keys[found.key_id]
