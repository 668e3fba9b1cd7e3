"""Runs: every search and answer, whoever acted, with the documents they rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.store.schema import run, run_evidence


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as stored.

    Attributes:
        number: counts the runs of its actor from 1.
        place: counts those of them that were for the same person from 1.
    """

    id: str
    kind: str
    actor: str
    on_behalf_of: str | None
    number: int
    state: str
    key_id: str
    started_at: datetime
    ended_at: datetime | None = None
    place: int | None = None


class Runs:
    """Runs by id, and the documents each one used as evidence."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, record: RunRecord) -> None:
        """Keep a run that begins."""
        self._connection.execute(
            insert(run).values(
                id=record.id,
                kind=record.kind,
                actor=record.actor,
                on_behalf_of=record.on_behalf_of,
                number=record.number,
                state=record.state,
                key_id=record.key_id,
                started_at=record.started_at,
                ended_at=record.ended_at,
                place=record.place,
            )
        )

    def next_number(self, actor: str) -> int:
        """Return the number of the actor's next run."""
        last = self._connection.execute(
            select(func.max(run.c.number)).where(run.c.actor == actor)
        ).scalar()
        return int(last or 0) + 1

    def next_place(self, actor: str, on_behalf_of: str | None) -> int:
        """Return the place of the actor's next run among those for the same person."""
        last = self._connection.execute(
            select(func.max(run.c.place)).where(
                run.c.actor == actor, run.c.on_behalf_of.is_(on_behalf_of)
            )
        ).scalar()
        return int(last or 0) + 1

    def end(self, run_id: str, *, state: str, now: datetime, evidence: Iterable[str]) -> None:
        """Close a run with its final state and the documents it rests on."""
        self._connection.execute(
            update(run).where(run.c.id == run_id).values(state=state, ended_at=now)
        )
        self.rest_on(run_id, evidence)

    def rest_on(self, run_id: str, evidence: Iterable[str]) -> None:
        """Keep that a run rests on documents; whatever it knows of them falls with them."""
        rows = [{"run_id": run_id, "document_id": found} for found in dict.fromkeys(evidence)]
        if rows:
            self._connection.execute(upsert(run_evidence).on_conflict_do_nothing(), rows)

    def get(self, run_id: str) -> RunRecord | None:
        """Return one run, or None."""
        row = self._connection.execute(select(run).where(run.c.id == run_id)).first()
        return None if row is None else RunRecord(**row._mapping)

    def resting_on(self, document_id: str) -> list[RunRecord]:
        """Return the runs that used a document as evidence."""
        rows = self._connection.execute(
            select(run)
            .join(run_evidence, run_evidence.c.run_id == run.c.id)
            .where(run_evidence.c.document_id == document_id)
        )
        return [RunRecord(**row._mapping) for row in rows]
