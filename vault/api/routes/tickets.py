"""/v1/tickets and /v1/notices: the tracker of this home."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query

from vault.api.dependencies import CurrentVault, TicketReader, TicketWriter
from vault.api.problems import responses
from vault.api.tool_schemas import (
    NoticeOut,
    NoticesOut,
    NoticesQuery,
    RemarkIn,
    TicketDetailOut,
    TicketIn,
    TicketMoveIn,
    TicketOut,
    TicketsOut,
    TicketsQuery,
)
from vault.domain.errors import NotFoundError, RevisionConflictError
from vault.domain.tickets import TicketDraft, TicketState
from vault.orchestrate.tracker.forms import notice_form, ticket_detail_form, ticket_form

router = APIRouter(prefix="/v1", tags=["tickets"])

Number = Annotated[int, Path(ge=1, le=2**53)]


@router.post("/tickets", responses=responses(NotFoundError, RevisionConflictError))
def create_ticket(
    body: TicketIn,
    key: Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=255)],
    writer: TicketWriter,
    vault: CurrentVault,
) -> TicketOut:
    """Make a ticket once for each idempotency key; the same request again returns it again."""
    draft = TicketDraft(body.title, body.body, body.queue, body.priority)
    return TicketOut.model_validate(ticket_form(vault.tickets.create(draft, writer, key=key)))


@router.get("/tickets", responses=responses())
def list_tickets(
    reader: TicketReader,
    vault: CurrentVault,
    asked: Annotated[TicketsQuery, Query()],
) -> TicketsOut:
    """List the tickets the caller may read, newest first; ``before`` gives the next page."""
    found = vault.tickets.page(reader, limit=asked.limit, before=asked.before)
    return TicketsOut(tickets=[TicketOut.model_validate(ticket_form(one)) for one in found])


@router.get("/tickets/{number}", responses=responses(NotFoundError))
def show_ticket(number: Number, reader: TicketReader, vault: CurrentVault) -> TicketDetailOut:
    """Show one ticket. What the caller may not read does not exist."""
    return TicketDetailOut.model_validate(ticket_detail_form(*vault.tickets.show(number, reader)))


@router.post("/tickets/{number}/state", responses=responses(NotFoundError, RevisionConflictError))
def move_ticket(
    number: Number, body: TicketMoveIn, writer: TicketWriter, vault: CurrentVault
) -> TicketOut:
    """Let a ticket come to another state, if it is still as the caller saw it."""
    to = TicketState(body.state)
    moved = vault.tickets.move(number, to, writer, changes=body.changes)
    return TicketOut.model_validate(ticket_form(moved))


@router.post("/tickets/{number}/remarks", responses=responses(NotFoundError))
def add_remark(
    number: Number, body: RemarkIn, writer: TicketWriter, vault: CurrentVault
) -> TicketDetailOut:
    """Add to what is said about a ticket."""
    vault.tickets.remark(number, body.text, writer)
    return TicketDetailOut.model_validate(ticket_detail_form(*vault.tickets.show(number, writer)))


@router.get("/notices", responses=responses())
def list_notices(
    reader: TicketReader, vault: CurrentVault, asked: Annotated[NoticesQuery, Query()]
) -> NoticesOut:
    """List the notices to the caller that it is still cleared for."""
    found = vault.tickets.notices(reader, limit=asked.limit)
    return NoticesOut(notices=[NoticeOut.model_validate(notice_form(one)) for one in found])
