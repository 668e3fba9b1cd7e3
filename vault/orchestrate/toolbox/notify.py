"""The tool ``notify``: a notice to one person inside the vault."""

from vault.domain.tools import Reversibility, ToolResult
from vault.orchestrate.tool import ToolContext
from vault.orchestrate.toolbox.builtin import ship, text
from vault.orchestrate.tracker.desk import TicketDesk

NOTIFY = ship(
    "notify",
    "Leave a notice for one person of this organisation.",
    takes={
        "to": text("Id of the person.", most=128),
        "text": text("What the person should know.", most=4000),
    },
    needs=["to", "text"],
    gives={"notice_id": {"type": "string"}},
    reversibility=Reversibility.EXTERNALLY_REVERSIBLE,
)


class NotifyTool:
    """Leaves notices.

    Args:
        desk: keeps them.
    """

    def __init__(self, desk: TicketDesk) -> None:
        self._desk = desk

    def __call__(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Return the id of the notice.

        Raises:
            NotFoundError: there is no such person, or it may not be told this.
        """
        made = self._desk.notify(
            str(arguments["to"]),
            str(arguments["text"]),
            context.subject,
            key=context.idempotency_key,
            label=context.label,
            run_id=context.run_id,
        )
        return ToolResult({"notice_id": made}, context.label)
