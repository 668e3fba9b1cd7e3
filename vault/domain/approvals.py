"""A person's decision on one exact act: what it binds, and when it no longer holds."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vault.domain.errors import ApprovalRefusedError, RunStateError
from vault.domain.labels import Label
from vault.domain.tools import digest_of

OPERATION = "call_tool"
"""The operation that every action of a run is."""
LIFETIME = timedelta(hours=24)
"""How long a request can be granted and used, unless a charter says less; silence is a denial."""


class ApprovalState(StrEnum):
    """Where a request for approval stands."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    EXPIRED = "expired"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Action:
    """Everything about one act that an approval covers; any change makes another digest.

    Attributes:
        agent: agent version, ``name@number``.
        agent_digest: digest of that version.
        subject: references of whoever acts, the agent first.
        tool: name of the tool.
        tool_digest: digest of its definition.
        arguments: exactly what it would be called with.
        label: join of the labels of what the arguments were made from.
        run_id: the run.
        call_id: the call within it.
        nonce: random text that no other action has.

    Source:
        RFC 8785 for the canonical bytes.
    """

    agent: str
    agent_digest: str
    subject: Sequence[str]
    tool: str
    tool_digest: str
    arguments: Mapping[str, object]
    label: Label
    run_id: str
    call_id: str
    nonce: str
    operation: str = OPERATION

    @property
    def digest(self) -> str:
        """The digest that an approval of exactly this names."""
        return digest_of(
            {
                "operation": self.operation,
                "agent": self.agent,
                "agent_digest": self.agent_digest,
                "subject": list(self.subject),
                "tool": self.tool,
                "tool_digest": self.tool_digest,
                "arguments": dict(self.arguments),
                "label": {
                    "classification": self.label.classification.word,
                    "compartments": sorted(self.label.compartments),
                },
                "run_id": self.run_id,
                "call_id": self.call_id,
                "nonce": self.nonce,
            }
        )


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person said to a request.

    Attributes:
        shown_at: when the person was first shown it, if that is known.
        granted: True, False, or None while it was only looked at.
    """

    approver: str
    granted: bool | None
    shown_at: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Approval:
    """A request for one act to be approved, and what was said to it.

    Attributes:
        action_digest: of the very act.
        policy_digest: of the policy under which it was asked for.
        view_digest: ``sha256:`` of the exact bytes that approvers are shown.
        nonce: the action's.
        agent: name of the agent; it never approves.
        requested_for: id of the person the run acts for, who never approves it either.
        approvers: references of whoever may decide.
        needed: how many different persons must grant it.
        decoy: whether it was made to be refused, and stands for no act at all.
    """

    id: str
    run_id: str
    call_id: str
    action_digest: str
    policy_digest: str
    view_digest: str
    nonce: str
    agent: str
    requested_for: str
    approvers: tuple[str, ...]
    needed: int
    state: ApprovalState
    requested_at: datetime
    expires_at: datetime
    decoy: bool = False
    spent_at: datetime | None = None
    votes: tuple[Vote, ...] = ()

    @property
    def grants(self) -> frozenset[str]:
        """The persons who granted it."""
        return frozenset(vote.approver for vote in self.votes if vote.granted)

    def check_votable(self, *, approver: str, view_digest: str, now: datetime) -> None:
        """Return only if this person may still decide, and looked at this very view.

        Raises:
            RunStateError: it is decided or has expired, the person has voted before, or was
                shown something else.
        """
        if self.state is not ApprovalState.WAITING:
            raise RunStateError(f"the request is {self.state.value} already")
        if now >= self.expires_at:
            raise RunStateError("the request has expired, which counts as a refusal")
        if any(vote.approver == approver and vote.granted is not None for vote in self.votes):
            raise RunStateError("this principal has decided before")
        if view_digest != self.view_digest:
            raise RunStateError("the request is not the one that was shown; look at it again")

    def check_usable(self, action: Action, *, policy_digest: str, now: datetime) -> None:
        """Return only if this approval lets exactly this act happen now.

        Raises:
            ApprovalRefusedError: it is not granted by enough persons, has expired, was used, was
                given under another policy, or covers another act.
        """
        reason = self._unusable(action, policy_digest=policy_digest, now=now)
        if reason is not None:
            raise ApprovalRefusedError(reason)

    def check_same(self, action: Action, *, policy_digest: str) -> None:
        """Return only if this approval was used for exactly this act, under this policy.

        Raises:
            ApprovalRefusedError: it covers another act, or was given under another policy.
        """
        reason = self._elsewhere(action, policy_digest=policy_digest)
        if reason is not None:
            raise ApprovalRefusedError(reason)

    def _unusable(self, action: Action, *, policy_digest: str, now: datetime) -> str | None:
        checks = (
            (self.decoy, "the request stands for no act"),
            (self.state is ApprovalState.SPENT, "the approval was used before"),
            (self.state is ApprovalState.REFUSED, "a person refused the act"),
            (self.state is not ApprovalState.GRANTED, "the act is not approved"),
            (self.spent_at is not None, "the approval was used before"),
            (now >= self.expires_at, "the approval has expired"),
            (
                len(self.grants - {self.agent, self.requested_for}) < self.needed,
                "too few persons approved the act",
            ),
        )
        found = next((reason for fails, reason in checks if fails), None)
        return found or self._elsewhere(action, policy_digest=policy_digest)

    def _elsewhere(self, action: Action, *, policy_digest: str) -> str | None:
        checks = (
            (policy_digest != self.policy_digest, "the policy changed since the approval"),
            (action.nonce != self.nonce, "the approval is for another act"),
            (action.run_id != self.run_id, "the approval is for another run"),
            (action.call_id != self.call_id, "the approval is for another call"),
            (action.digest != self.action_digest, "the approval is for another act"),
        )
        return next((reason for fails, reason in checks if fails), None)


def digest_of_view(view: bytes) -> str:
    """Return the digest of the exact bytes that an approver is shown."""
    return "sha256:" + hashlib.sha256(view).hexdigest()


@dataclass(frozen=True, slots=True)
class ApproverRecord:
    """How one approver decides, so that fatigue can be seen.

    Attributes:
        decided: requests decided.
        granted: those that were granted.
        median_seconds: from being shown a request to deciding, None when never measured.
        decoys: requests made to be refused that this approver decided.
        decoys_granted: those of them that were granted all the same.
    """

    approver: str
    decided: int
    granted: int
    median_seconds: float | None
    decoys: int
    decoys_granted: int

    @property
    def grant_rate(self) -> float:
        """Share of the decided requests that were granted."""
        return self.granted / self.decided if self.decided else 0.0
