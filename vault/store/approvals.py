"""Requests for approval and the votes on them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.approvals import Approval, ApprovalState, Vote
from vault.store.orchestrate_schema import approval, approval_vote


class Approvals:
    """Requests by id."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, added: Approval) -> None:
        """Keep a new request."""
        self._connection.execute(
            insert(approval).values(
                id=added.id,
                run_id=added.run_id,
                call_id=added.call_id,
                action_digest=added.action_digest,
                policy_digest=added.policy_digest,
                view_digest=added.view_digest,
                nonce=added.nonce,
                agent=added.agent,
                requested_for=added.requested_for,
                approvers=list(added.approvers),
                needed=added.needed,
                state=added.state.value,
                decoy=added.decoy,
                requested_at=added.requested_at,
                expires_at=added.expires_at,
            )
        )

    def get(self, approval_id: str) -> Approval | None:
        """Return one request with its votes, or None."""
        row = self._connection.execute(select(approval).where(approval.c.id == approval_id)).first()
        return None if row is None else _approval(row, self._votes(approval_id))

    def all(self, *, state: ApprovalState | None = None) -> Sequence[Approval]:
        """Return the requests in one state, or all, oldest first."""
        query = select(approval)
        if state is not None:
            query = query.where(approval.c.state == state.value)
        rows = self._connection.execute(query.order_by(approval.c.requested_at)).all()
        return [_approval(row, self._votes(row.id)) for row in rows]

    def count(self) -> int:
        """Return how many requests there ever were."""
        return int(
            self._connection.execute(select(func.count()).select_from(approval)).scalar_one()
        )

    def of_run(self, run_id: str) -> Sequence[Approval]:
        """Return the requests that a run made, oldest first."""
        rows = self._connection.execute(
            select(approval).where(approval.c.run_id == run_id).order_by(approval.c.requested_at)
        ).all()
        return [_approval(row, self._votes(row.id)) for row in rows]

    def show(self, approval_id: str, approver: str, *, now: datetime) -> None:
        """Keep when a person was first shown a request."""
        self._connection.execute(
            upsert(approval_vote)
            .values(approval_id=approval_id, approver=approver, shown_at=now)
            .on_conflict_do_nothing()
        )

    def vote(self, approval_id: str, approver: str, *, granted: bool, now: datetime) -> None:
        """Keep what a person said."""
        values = {"verdict": "granted" if granted else "refused", "decided_at": now}
        self._connection.execute(
            upsert(approval_vote)
            .values(approval_id=approval_id, approver=approver, **values)
            .on_conflict_do_update(index_elements=["approval_id", "approver"], set_=values)
        )

    def move(self, approval_id: str, to: ApprovalState, *, among: ApprovalState) -> bool:
        """Change the state of a request that is in another one; tell whether it was."""
        changed = self._connection.execute(
            update(approval)
            .where(approval.c.id == approval_id, approval.c.state == among.value)
            .values(state=to.value)
        )
        return changed.rowcount == 1

    def spend(self, approval_id: str, *, now: datetime) -> bool:
        """Use a granted approval up; tell whether this was the first use."""
        changed = self._connection.execute(
            update(approval)
            .where(
                approval.c.id == approval_id,
                approval.c.state == ApprovalState.GRANTED.value,
                approval.c.spent_at.is_(None),
            )
            .values(state=ApprovalState.SPENT.value, spent_at=now)
        )
        return changed.rowcount == 1

    def decided_by(self, approver: str | None = None) -> Sequence[tuple[Approval, Vote]]:
        """Return every decided vote, or those of one person, with its request."""
        query = (
            select(approval, approval_vote)
            .join(approval_vote, approval_vote.c.approval_id == approval.c.id)
            .where(approval_vote.c.verdict.is_not(None))
            .order_by(approval_vote.c.decided_at)
        )
        if approver is not None:
            query = query.where(approval_vote.c.approver == approver)
        return [(_approval(row, ()), _vote(row)) for row in self._connection.execute(query)]

    def _votes(self, approval_id: str) -> tuple[Vote, ...]:
        rows = self._connection.execute(
            select(approval_vote)
            .where(approval_vote.c.approval_id == approval_id)
            .order_by(approval_vote.c.decided_at)
        )
        return tuple(_vote(row) for row in rows)


def _vote(row: Row[tuple[object, ...]]) -> Vote:
    found = row._mapping
    verdict = found["verdict"]
    return Vote(
        approver=found["approver"],
        granted=None if verdict is None else verdict == "granted",
        shown_at=found["shown_at"],
        decided_at=found["decided_at"],
    )


def _approval(row: Row[tuple[object, ...]], votes: tuple[Vote, ...]) -> Approval:
    found = row._mapping
    return Approval(
        id=found["id"],
        run_id=found["run_id"],
        call_id=found["call_id"],
        action_digest=found["action_digest"],
        policy_digest=found["policy_digest"],
        view_digest=found["view_digest"],
        nonce=found["nonce"],
        agent=found["agent"],
        requested_for=found["requested_for"],
        approvers=tuple(found["approvers"]),
        needed=found["needed"],
        state=ApprovalState(found["state"]),
        requested_at=found["requested_at"],
        expires_at=found["expires_at"],
        decoy=found["decoy"],
        spent_at=found["spent_at"],
        votes=votes,
    )
