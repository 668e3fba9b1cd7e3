"""A ticket is plain, short, and for its queue, its reporter and its maker."""

from datetime import UTC, datetime

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.labels import Classification, Label
from vault.domain.tickets import Notice, Remark, Ticket, TicketDraft, TicketState

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DRAFT = TicketDraft("Door", "It is broken.", "staff", label=Label(Classification.INTERNAL))


@pytest.mark.parametrize(
    "change",
    [{"title": ""}, {"title": "a\nb"}, {"title": "x" * 201}, {"body": "x" * 20_001}]
    + [{"priority": wrong} for wrong in (0, 6)],
)
def test_a_draft_is_within_bounds(change: dict) -> None:
    members = {"title": "Door", "body": "", "queue": "staff"} | change
    with pytest.raises(InvalidRequestError):
        TicketDraft(**members)


def test_its_readers_are_those_it_concerns() -> None:
    ticket = Ticket(1, DRAFT, TicketState.OPEN, "ana", "helper", None, NOW, NOW)
    assert ticket.access.readers == {"group:staff", "user:ana", "user:helper"}
    assert ticket.access.label == DRAFT.label


def test_a_closed_ticket_can_only_be_opened_again() -> None:
    ticket = Ticket(1, DRAFT, TicketState.CLOSED, "ana", "ana", None, NOW, NOW)
    ticket.check_step(TicketState.OPEN)
    with pytest.raises(InvalidRequestError, match="cannot become"):
        ticket.check_step(TicketState.IN_PROGRESS)


def test_remarks_and_notices_carry_who_and_when() -> None:
    assert Remark("bo", "Seen.", NOW).by == "bo"
    assert Notice("1", "bo", "ana", "Look.", DRAFT.label, NOW).run_id is None
