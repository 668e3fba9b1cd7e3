"""Tickets look the same at every edge."""

from datetime import UTC, datetime

from vault.domain.labels import Classification, Label
from vault.domain.tickets import Notice, Remark, Ticket, TicketDraft, TicketState
from vault.orchestrate.tracker.forms import notice_form, ticket_detail_form

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LABEL = Label(Classification.INTERNAL)


def test_a_ticket_is_told_with_its_label_and_remarks() -> None:
    draft = TicketDraft("Door", "", "it", label=LABEL)
    ticket = Ticket(7, draft, TicketState.OPEN, "ana", "helper", "r1", NOW, NOW)
    form = ticket_detail_form(ticket, [Remark("bo", "Seen.", NOW)])
    assert (form["number"], form["label"]) == (
        7,
        {"classification": "internal", "compartments": []},
    )
    assert form["remarks"] == [{"by": "bo", "text": "Seen.", "at": "2026-11-01T00:00:00Z"}]


def test_a_notice_is_told_without_its_receiver() -> None:
    form = notice_form(Notice("n", "bo", "ana", "Look.", LABEL, NOW))
    assert (form["made_by"], "to" in form) == ("ana", False)
