"""Tools, tickets and notices as they go over the wire."""

from typing import Any, Literal

from pydantic import Field

from vault.api.schemas import Form, LabelOut, Moment

MOST_TICKETS = 100


class ToolLimitsOut(Form):
    """Ceilings of one call."""

    calls_per_minute: int
    timeout_seconds: float
    output_bytes: int
    cost_micros: int


class ToolOut(Form):
    """What a caller has to know of a tool; how it is reached stays in the vault."""

    name: str
    version: str
    digest: str
    description: str
    kind: Literal["builtin", "python", "http", "sql", "mcp"]
    owner: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any] | None
    reversibility: Literal["read", "reversible", "externally_reversible", "irreversible"]
    approval: Literal["policy", "always", "dual"]
    scopes: list[str]
    limits: ToolLimitsOut
    output_label: LabelOut
    idempotent: bool


class ToolsOut(Form):
    """The tools that may be called now."""

    tools: list[ToolOut]


class TicketIn(Form):
    """A ticket to be made; it is labelled public, since its words come from the caller alone."""

    title: str = Field(min_length=1, max_length=200, pattern=r"^[^\r\n]+$")
    body: str = Field(default="", max_length=20_000)
    queue: str = Field(min_length=1, max_length=128, description="Group that works on it.")
    priority: int = Field(default=3, ge=1, le=5)


class TicketsQuery(Form):
    """Which tickets to list."""

    limit: int = Field(default=20, ge=1, le=MOST_TICKETS)
    before: int | None = Field(
        default=None, ge=1, le=2**53, description="Only numbers below this one."
    )


class NoticesQuery(Form):
    """Which notices to list."""

    limit: int = Field(default=20, ge=1, le=MOST_TICKETS)


class TicketMoveIn(Form):
    """The state that a ticket comes to."""

    state: Literal["open", "in_progress", "closed"]
    changes: int = Field(ge=0, description="As often as it had changed when it was read.")


class RemarkIn(Form):
    """Something to say about a ticket."""

    text: str = Field(min_length=1, max_length=20_000)


class RemarkOut(Form):
    """What somebody said about a ticket."""

    by: str
    text: str
    at: Moment


class TicketOut(Form):
    """One ticket."""

    number: int = Field(ge=1)
    title: str
    body: str
    queue: str
    priority: int
    label: LabelOut
    state: Literal["open", "in_progress", "closed"]
    reporter: str
    made_by: str
    run_id: str | None
    made_at: Moment
    changed_at: Moment
    changes: int = Field(ge=0)


class TicketDetailOut(TicketOut):
    """One ticket with what was said about it."""

    remarks: list[RemarkOut]


class TicketsOut(Form):
    """Tickets that the caller may read, newest first."""

    tickets: list[TicketOut]


class NoticeOut(Form):
    """A notice to the caller."""

    id: str
    made_by: str
    text: str
    label: LabelOut
    at: Moment
    run_id: str | None


class NoticesOut(Form):
    """Notices to the caller, newest first."""

    notices: list[NoticeOut]
