"""The tool ``read_document``: the canonical text of one document, a part at a time."""

from vault.domain.identity import Scope
from vault.domain.labels import join
from vault.domain.tools import ToolResult
from vault.lifecycle.shelf import Shelf
from vault.orchestrate.tool import ToolContext
from vault.orchestrate.toolbox.builtin import count, ship, text
from vault.orchestrate.toolbox.search import LABEL
from vault.retrieve.forms import label_form

MOST_CHARACTERS = 20_000

READ_DOCUMENT = ship(
    "read_document",
    "Read the text of one document by its id, from a given character on.",
    takes={
        "document_id": text("Id of the document, as search returns it.", most=128),
        "revision": text("Id of an earlier revision; the current one unless said.", most=128),
        "start": count("First character to read, from 0.", least=0, most=10**9),
        "characters": count("How many to read.", least=1, most=MOST_CHARACTERS),
    },
    needs=["document_id"],
    gives={
        "document_id": {"type": "string"},
        "title": {"type": "string"},
        "text": {"type": "string"},
        "start": {"type": "integer"},
        "length": {"type": "integer", "description": "Characters of the whole text."},
        "label": LABEL,
    },
    scopes=frozenset({Scope.DOCUMENT_READ.value}),
)


class ReadDocumentTool:
    """Reads documents.

    Args:
        shelf: shows documents, and notes in the ledger who read them.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __call__(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Return a part of the text, under the document's label.

        Raises:
            NotFoundError: it does not exist for the subject.
        """
        document_id = str(arguments["document_id"])
        revision = arguments.get("revision")
        start = int(str(arguments.get("start", 0)))
        most = int(str(arguments.get("characters", MOST_CHARACTERS)))
        kept = self._shelf.show(document_id, context.subject)
        whole = self._shelf.read(
            document_id, context.subject, revision=None if revision is None else str(revision)
        )
        label = kept.document.access.label
        content: dict[str, object] = {
            "document_id": document_id,
            "title": kept.document.title,
            "text": whole[start : start + most],
            "start": start,
            "length": len(whole),
            "label": label_form(label),
        }
        return ToolResult(content, join(label, context.label), sources=(document_id,))
