"""The public JSON shape of tickets and notices."""

from collections.abc import Sequence

from vault.domain.tickets import Notice, Remark, Ticket
from vault.retrieve.forms import label_form, moment_form


def ticket_form(ticket: Ticket) -> dict[str, object]:
    """Return one ticket."""
    draft = ticket.draft
    return {
        "number": ticket.number,
        "title": draft.title,
        "body": draft.body,
        "queue": draft.queue,
        "priority": draft.priority,
        "label": label_form(draft.label),
        "state": ticket.state.value,
        "reporter": ticket.reporter,
        "made_by": ticket.made_by,
        "run_id": ticket.run_id,
        "made_at": moment_form(ticket.made_at),
        "changed_at": moment_form(ticket.changed_at),
        "changes": ticket.changes,
    }


def ticket_detail_form(ticket: Ticket, remarks: Sequence[Remark]) -> dict[str, object]:
    """Return one ticket with what was said about it."""
    said = [{"by": one.by, "text": one.text, "at": moment_form(one.at)} for one in remarks]
    return ticket_form(ticket) | {"remarks": said}


def notice_form(notice: Notice) -> dict[str, object]:
    """Return one notice."""
    return {
        "id": notice.id,
        "made_by": notice.made_by,
        "text": notice.text,
        "label": label_form(notice.label),
        "at": moment_form(notice.at),
        "run_id": notice.run_id,
    }
