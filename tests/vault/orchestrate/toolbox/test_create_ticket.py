"""A ticket of a run carries the label of what it was written from, once for each key."""

from pathlib import Path

from tests.vault.homes import home, subject
from tests.vault.orchestrate.workshop import context
from vault.domain.labels import Classification, Label
from vault.orchestrate.toolbox.create_ticket import CreateTicketTool

INTERNAL = Label(Classification.INTERNAL)
ASKED = {"title": "Door", "body": "", "queue": "staff", "priority": 1}


def test_the_same_call_again_makes_no_second_ticket(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        tool, ana = CreateTicketTool(vault.tickets), subject(vault)
        given = context(ana, label=INTERNAL)
        assert tool(ASKED, given).content == {"number": 1, "state": "open"}
        assert tool(ASKED, given).content["number"] == 1
        assert tool(ASKED, context(ana, key="another-key")).content["number"] == 2
        ticket, _ = vault.tickets.show(1, ana)
        assert (ticket.draft.label, ticket.run_id, ticket.draft.priority) == (INTERNAL, "run-1", 1)
