"""The built-in tools of one home: what ships, and how a definition becomes a tool."""

from collections.abc import Mapping
from dataclasses import dataclass

from vault.answer.service import AnswerService
from vault.domain.errors import InvalidRequestError
from vault.domain.tools import ToolDefinition
from vault.lifecycle.shelf import Shelf
from vault.orchestrate.tool import Tool
from vault.orchestrate.toolbox.answer import ANSWER, AnswerTool
from vault.orchestrate.toolbox.builtin import CODE, Act, BuiltinTool
from vault.orchestrate.toolbox.calculator import CALCULATOR, calculate
from vault.orchestrate.toolbox.create_ticket import CREATE_TICKET, CreateTicketTool
from vault.orchestrate.toolbox.draft_email import DRAFT_EMAIL, draft_email
from vault.orchestrate.toolbox.notify import NOTIFY, NotifyTool
from vault.orchestrate.toolbox.read_document import READ_DOCUMENT, ReadDocumentTool
from vault.orchestrate.toolbox.search import SEARCH, SearchTool
from vault.orchestrate.toolbox.table_query import TABLE_QUERY, TableQueryTool
from vault.orchestrate.toolbox.write_artifact import WRITE_ARTIFACT, write_artifact
from vault.orchestrate.tracker.desk import TicketDesk
from vault.retrieve.service import SearchService
from vault.store.session import Store

SHIPPED: Mapping[str, ToolDefinition] = {
    found.name: found
    for found in (
        ANSWER,
        CALCULATOR,
        CREATE_TICKET,
        DRAFT_EMAIL,
        NOTIFY,
        READ_DOCUMENT,
        SEARCH,
        TABLE_QUERY,
        WRITE_ARTIFACT,
    )
}
"""Built-in tools by name, still without an owner."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the built-in tools work through; each checks the subject's rights itself."""

    searches: SearchService
    shelf: Shelf
    answers: AnswerService
    desk: TicketDesk
    store: Store


class Toolbox:
    """Makes built-in tools.

    Args:
        services: what they work through.
    """

    def __init__(self, services: Services) -> None:
        self._acts: dict[str, Act] = {
            ANSWER.name: AnswerTool(services.answers),
            CALCULATOR.name: calculate,
            CREATE_TICKET.name: CreateTicketTool(services.desk),
            DRAFT_EMAIL.name: draft_email,
            NOTIFY.name: NotifyTool(services.desk),
            READ_DOCUMENT.name: ReadDocumentTool(services.shelf),
            SEARCH.name: SearchTool(services.searches),
            TABLE_QUERY.name: TableQueryTool(services.shelf, services.store),
            WRITE_ARTIFACT.name: write_artifact,
        }

    def bind(self, definition: ToolDefinition) -> Tool:
        """Return the tool that a definition describes.

        Raises:
            InvalidRequestError: no such tool ships with this release, or not in this shape.
        """
        code = str(definition.binding.get(CODE, ""))
        if code not in self._acts:
            raise InvalidRequestError(f"no built-in tool {code[:64]!r} ships with this release")
        return BuiltinTool(definition, shipped=SHIPPED[code], act=self._acts[code])
