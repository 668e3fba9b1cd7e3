"""The tool ``create_ticket``: work handed over to people, once for each idempotency key."""

from vault.domain.tickets import TicketDraft
from vault.domain.tools import Reversibility, ToolResult
from vault.orchestrate.tool import ToolContext
from vault.orchestrate.toolbox.builtin import count, ship, text
from vault.orchestrate.tracker.desk import TicketDesk

CREATE_TICKET = ship(
    "create_ticket",
    "Create a ticket in this organisation's tracker for the people of a queue.",
    takes={
        "title": text("One line that says what is to be done.", most=200),
        "body": text("What happened, what is to be done and why.", most=20_000, least=0),
        "queue": text("The group of people that works on it.", most=128),
        "priority": count("1, most urgent, to 5; 3 unless said.", least=1, most=5),
    },
    needs=["title", "body", "queue"],
    gives={"number": {"type": "integer"}, "state": {"type": "string"}},
    reversibility=Reversibility.EXTERNALLY_REVERSIBLE,
)


class CreateTicketTool:
    """Creates tickets.

    Args:
        desk: the tracker.
    """

    def __init__(self, desk: TicketDesk) -> None:
        self._desk = desk

    def __call__(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Return the number of the ticket, which carries the label of what it was made from.

        Raises:
            NotFoundError: there is no such queue.
            InvalidRequestError: the title is more than one line.
        """
        draft = TicketDraft(
            title=str(arguments["title"]),
            body=str(arguments["body"]),
            queue=str(arguments["queue"]),
            priority=int(str(arguments.get("priority", 3))),
            label=context.label,
        )
        made = self._desk.create(
            draft, context.subject, key=context.idempotency_key, run_id=context.run_id
        )
        return ToolResult({"number": made.number, "state": made.state.value}, context.label)
