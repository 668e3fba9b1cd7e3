"""Asks people about single acts, keeps what they say, and lets each approval be used once."""

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from vault.domain.approvals import (
    Action,
    Approval,
    ApprovalState,
    ApproverRecord,
    Vote,
    digest_of_view,
)
from vault.domain.errors import ApprovalRefusedError, NotFoundError
from vault.domain.identity import Subject
from vault.domain.labels import Classification, Label
from vault.domain.tools import ToolCall, ToolDefinition
from vault.ledger.journal import Journal
from vault.orchestrate.approval_views import Asked, view_of
from vault.orchestrate.governor import Verdict
from vault.orchestrate.write_path import LoadedRun
from vault.policy.conduct import Conduct
from vault.store.session import Store, UnitOfWork

VIEW = "view"
"""Kind under which the bytes that approvers are shown are kept."""
ABSENT = "there is no such request for approval"


@dataclass(frozen=True, slots=True)
class ShownApproval:
    """A request with the exact bytes to look at."""

    approval: Approval
    view: bytes


@dataclass(frozen=True, slots=True)
class Act:
    """One call of one run as it would happen now."""

    loaded: LoadedRun
    call: ToolCall
    verdict: Verdict
    subject: Subject

    @property
    def tool(self) -> ToolDefinition:
        """What would be called.

        Raises:
            ApprovalRefusedError: there is no such tool now.
        """
        if self.verdict.tool is None:
            raise ApprovalRefusedError("there is no such tool")
        return self.verdict.tool

    def action(self, nonce: str) -> Action:
        """Return everything about it that an approval covers."""
        return Action(
            agent=self.loaded.version.reference,
            agent_digest=self.loaded.version.digest,
            subject=tuple(f"user:{principal.id}" for principal in self.subject.principals),
            tool=self.call.tool,
            tool_digest=self.tool.digest,
            arguments=self.call.arguments,
            label=self.verdict.origin.label,
            run_id=self.loaded.run.run_id,
            call_id=self.call.id,
            nonce=nonce,
        )


class ApprovalDesk:
    """Keeps requests for approval.

    Args:
        store: the database.
        journal: the ledger.
        conduct: decides who may approve.
        now: the clock.
        decoy_every: after so many requests one is added that must be refused; 0 is never.
    """

    def __init__(
        self,
        store: Store,
        *,
        journal: Journal,
        conduct: Conduct,
        now: Callable[[], datetime],
        decoy_every: int = 0,
    ) -> None:
        self._store = store
        self._journal = journal
        self._conduct = conduct
        self._now = now
        self._decoy_every = decoy_every

    def ask(self, unit: UnitOfWork, act: Act) -> Approval:
        """Keep a request for this very act in the caller's transaction, and return it."""
        action = act.action(secrets.token_hex(16))
        made = self._keep(unit, act, action)
        if self._decoy_every and unit.approvals.count() % self._decoy_every == 0:
            stranger = replace(
                action,
                nonce=secrets.token_hex(16),
                subject=(action.subject[0], "user:unknown"),
                label=Label(Classification.SECRET, action.label.compartments),
            )
            self._keep(unit, act, stranger, decoy=True)
        return made

    def check_and_spend(
        self, unit: UnitOfWork, approval_id: str, act: Act, *, again: bool = False
    ) -> Approval:
        """Use up the approval of exactly this act, in the transaction that begins it.

        Args:
            unit: the transaction.
            approval_id: the approval.
            act: what would begin, from what is true now.
            again: whether this is one more attempt at the call that used it up, whose
                idempotency key makes both one act.

        Raises:
            ApprovalRefusedError: it does not cover this act, now, under this policy; or it was
                used before.
        """
        found = unit.approvals.get(approval_id)
        if found is None:
            raise ApprovalRefusedError("the act is not approved")
        action, now = act.action(found.nonce), self._now()
        if again and found.state is ApprovalState.SPENT:
            found.check_same(action, policy_digest=self._conduct.digest)
            return found
        found.check_usable(action, policy_digest=self._conduct.digest, now=now)
        if not unit.approvals.spend(approval_id, now=now):
            raise ApprovalRefusedError("the approval was used before")
        return found

    def waiting(self, subject: Subject | None) -> Sequence[Approval]:
        """Return the requests that a subject may decide, oldest first; None sees them all."""
        with self._store.read() as unit:
            found = unit.approvals.all(state=ApprovalState.WAITING)
        now = self._now()
        return [
            each
            for each in found
            if now < each.expires_at and (subject is None or self._may(subject, each))
        ]

    def show(self, approval_id: str, subject: Subject | None) -> ShownApproval:
        """Return a request with its view, and keep when the subject was first shown it.

        Raises:
            NotFoundError: there is none that the subject may decide.
        """
        with self._store.write() as unit:
            found = self._seen(unit, approval_id, subject)
            if subject is not None:
                unit.approvals.show(approval_id, subject.actor.id, now=self._now())
            view = unit.blobs.get(approval_id, VIEW)
        return ShownApproval(found, view)

    def decide(
        self, approval_id: str, subject: Subject, *, granted: bool, view_digest: str
    ) -> Approval:
        """Keep what a person says to a request and return it as it is then.

        Args:
            approval_id: the request.
            subject: the person.
            granted: whether the act may happen.
            view_digest: digest of the bytes that the person was shown.

        Raises:
            NotFoundError: there is no such request for the subject.
            RunStateError: it is decided, has expired, or is not what was shown.
        """
        with self._store.write() as unit:
            found = self._seen(unit, approval_id, subject)
            now = self._now()
            found.check_votable(approver=subject.actor.id, view_digest=view_digest, now=now)
            unit.approvals.vote(approval_id, subject.actor.id, granted=granted, now=now)
            after = unit.approvals.get(approval_id) or found
            if not granted:
                unit.approvals.move(approval_id, ApprovalState.REFUSED, among=ApprovalState.WAITING)
            elif len(after.grants) >= found.needed:
                unit.approvals.move(approval_id, ApprovalState.GRANTED, among=ApprovalState.WAITING)
            self._note(unit, found, subject, granted=granted)
            return unit.approvals.get(approval_id) or after

    def expire(self) -> list[str]:
        """Turn overdue requests into refusals; return the runs that waited for them."""
        now = self._now()
        with self._store.write() as unit:
            overdue = [
                each
                for each in unit.approvals.all(state=ApprovalState.WAITING)
                if now >= each.expires_at
            ]
            for each in overdue:
                unit.approvals.move(each.id, ApprovalState.EXPIRED, among=ApprovalState.WAITING)
        return [each.run_id for each in overdue if not each.decoy]

    def statistics(self) -> list[ApproverRecord]:
        """Return how every approver decides, by name."""
        with self._store.read() as unit:
            votes = unit.approvals.decided_by()
        names = sorted({vote.approver for _, vote in votes})
        return [_record(name, votes) for name in names]

    def _keep(self, unit: UnitOfWork, act: Act, action: Action, *, decoy: bool = False) -> Approval:
        now, loaded, charter = self._now(), act.loaded, act.loaded.charter
        asked = Asked(
            action=action,
            tool=act.tool,
            purpose=charter.purpose,
            reasons=act.verdict.reasons,
            before=_before(loaded, action),
            needed=act.verdict.persons,
            expires_at=now + charter.approval_lifetime,
        )
        view = view_of(asked)
        made = Approval(
            id=str(uuid.uuid4()),
            run_id=loaded.run.run_id,
            call_id=action.call_id,
            action_digest=action.digest,
            policy_digest=self._conduct.digest,
            view_digest=digest_of_view(view),
            nonce=action.nonce,
            agent=loaded.run.agent,
            requested_for=loaded.run.on_behalf_of or loaded.run.actor,
            approvers=charter.approvers,
            needed=asked.needed,
            state=ApprovalState.WAITING,
            requested_at=now,
            expires_at=asked.expires_at,
            decoy=decoy,
        )
        unit.approvals.add(made)
        unit.blobs.put(made.id, VIEW, view, key=loaded.key)
        return made

    def _seen(self, unit: UnitOfWork, approval_id: str, subject: Subject | None) -> Approval:
        found = unit.approvals.get(approval_id)
        if found is None or (subject is not None and not self._may(subject, found)):
            raise NotFoundError(ABSENT)
        return found

    def _may(self, subject: Subject, found: Approval) -> bool:
        return self._conduct.on_approval(
            subject,
            agent=found.agent,
            requested_for=found.requested_for,
            approvers=found.approvers,
        ).permitted

    def _note(self, unit: UnitOfWork, found: Approval, subject: Subject, *, granted: bool) -> None:
        self._journal.note(
            unit,
            "approval.granted" if granted else "approval.refused",
            subject=subject,
            about=found.id if found.decoy else found.run_id,
            run_id=None if found.decoy else found.run_id,
            facts={
                "approval": found.id,
                "action": found.action_digest,
                "policy": found.policy_digest,
                "view": found.view_digest,
                "decoy": found.decoy,
            },
        )


def _before(loaded: LoadedRun, action: Action) -> Mapping[str, object] | None:
    """Return the arguments of the last call of the same tool in this run."""
    earlier = [
        record.call.arguments
        for record in loaded.state.calls
        if record.call.tool == action.tool and record.call.id != action.call_id
    ]
    return earlier[-1] if earlier else None


def _record(name: str, votes: Sequence[tuple[Approval, Vote]]) -> ApproverRecord:
    own = [(found, vote) for found, vote in votes if vote.approver == name]
    times = [
        (vote.decided_at - vote.shown_at).total_seconds()
        for _, vote in own
        if vote.decided_at is not None and vote.shown_at is not None
    ]
    granted = [found for found, vote in own if vote.granted]
    return ApproverRecord(
        approver=name,
        decided=len(own),
        granted=len(granted),
        median_seconds=median(times) if times else None,
        decoys=sum(found.decoy for found, _ in own),
        decoys_granted=sum(found.decoy for found in granted),
    )
