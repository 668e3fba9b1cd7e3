"""Agents, runs and approvals as they go over the wire."""

from typing import Any, Literal

from pydantic import Field

from vault.api.schemas import LONGEST_QUESTION, Form, LabelOut, Moment

LONGEST_REASON = 500
MOST_RUNS = 100


class CeilingsOut(Form):
    """How far an agent may go, and what keeps it from going further."""

    effective: str
    charter: str
    lowered_by: dict[str, str]


class AgentOut(Form):
    """One version of an agent; until it is in production it is a pilot."""

    name: str
    version: int = Field(ge=1)
    digest: str
    stage: str
    applied_by: str
    applied_at: Moment
    approved_by: str | None
    purpose: str
    autonomy: CeilingsOut


class AgentsOut(Form):
    """The agents that the caller may run."""

    agents: list[AgentOut]


class RunIn(Form):
    """What an agent is asked to do."""

    agent: str = Field(min_length=1, max_length=128)
    input: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    wait_seconds: int = Field(
        default=20, ge=0, le=60, description="How long to wait for it to end or to stop."
    )


class StartedOut(Form):
    """Where a run stands."""

    run_id: str
    state: Literal["running", "awaiting_approval", "succeeded", "failed", "cancelled", "unknown"]


class RunRowOut(Form):
    """One run in one row."""

    run_id: str
    agent: str
    version: int
    for_: str | None = Field(alias="for")
    state: str
    started_at: Moment
    ended_at: Moment | None


class RunsQuery(Form):
    """Which runs to list, and how many at most."""

    state: str | None = Field(default=None, max_length=24)
    limit: int = Field(default=MOST_RUNS, ge=1, le=MOST_RUNS)


class RunsOut(Form):
    """The runs that act for the caller, newest first."""

    runs: list[RunRowOut]


class CallOut(Form):
    """A call of a run; what was said in it only for the person it acts for."""

    call_id: str
    tool: str
    state: str
    attempts: int
    approval: str | None
    autonomy: CeilingsOut | None
    label: LabelOut | None
    tainted: bool | None
    reason: str
    arguments: dict[str, Any] | None = None
    content: Any = None


class ApprovalOut(Form):
    """A request for one act to be approved."""

    approval_id: str
    run_id: str
    call_id: str
    agent: str
    for_: str = Field(alias="for")
    state: str
    needed: int
    granted: int
    action_digest: str
    policy_digest: str
    view_digest: str
    requested_at: Moment
    expires_at: Moment


class ShownApprovalOut(ApprovalOut):
    """A request with the exact text that its decision is bound to."""

    view: str


class ApprovalsOut(Form):
    """The requests that the caller may decide."""

    approvals: list[ApprovalOut]


class DecisionIn(Form):
    """The digest of the view that was looked at; a decision on anything else is refused."""

    view_digest: str = Field(pattern="^sha256:[0-9a-f]{64}$")


class ArtifactOut(Form):
    """A file of a run, without its content."""

    name: str
    digest: str
    media_type: str
    bytes: int
    label: LabelOut
    made_at: Moment
    keep_until: Moment | None


class RunEventOut(Form):
    """That something happened, and when."""

    sequence: int
    type: str
    at: Moment


class RunOut(RunRowOut):
    """A run with all that the caller may know of it."""

    digest: str
    parent: str | None
    input: str | None
    result: Any
    reason: str
    calls: list[CallOut]
    used: dict[str, int]
    approvals: list[ApprovalOut]
    artifacts: list[ArtifactOut]
    events: list[RunEventOut]


class ReasonIn(Form):
    """Why something is done, for the record."""

    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class ResolutionIn(ReasonIn):
    """What became of a call whose outcome nobody saw."""

    outcome: Literal["succeeded", "failed"]
