"""The tool ``search``: passages that the subject may read, through the same service as the API."""

from collections.abc import Iterable

from vault.domain.identity import Scope
from vault.domain.labels import Classification, Label, join_all
from vault.domain.questions import PLAIN
from vault.domain.tools import ToolResult
from vault.orchestrate.tool import ToolContext
from vault.orchestrate.toolbox.builtin import count, record, ship, text
from vault.retrieve.service import SearchService

_WORDS = {"type": "string"}
_SPAN = record({"start": {"type": "integer"}, "end": {"type": "integer"}}, ["start", "end"])
LABEL = record(
    {"classification": _WORDS, "compartments": {"type": "array", "items": _WORDS}},
    ["classification", "compartments"],
)
_SHOWN = ("document_id", "title", "revision", "page", "span", "text", "label", "fresh")
_HIT = record(
    {
        "document_id": _WORDS,
        "title": _WORDS,
        "revision": _WORDS,
        "page": {"type": ["integer", "null"]},
        "span": _SPAN,
        "text": _WORDS,
        "label": LABEL,
        "fresh": {"type": "boolean"},
    },
    list(_SHOWN),
)

SEARCH = ship(
    "search",
    "Find passages in the documents that the person this run acts for may read.",
    takes={
        "query": text("What to look for.", most=4000),
        "limit": count("Most passages to return; 5 unless said.", least=1, most=20),
    },
    needs=["query"],
    gives={"hits": {"type": "array", "items": _HIT}},
    scopes=frozenset({Scope.DOCUMENT_SEARCH.value}),
)


class SearchTool:
    """Finds passages.

    Args:
        searches: the service that records what was asked and found.
    """

    def __init__(self, searches: SearchService) -> None:
        self._searches = searches

    def __call__(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Return the passages, under the join of their labels.

        Raises:
            InvalidRequestError: the query is longer than this home allows.
            ModelUnavailableError: the embedder cannot be loaded.
        """
        limit = arguments.get("limit", 5)
        found = self._searches.search(
            str(arguments["query"]), context.subject, limit=int(str(limit)), options=PLAIN
        )
        hits = found["hits"]
        shown = [
            {name: hit[name] for name in _SHOWN} for hit in (hits if isinstance(hits, list) else [])
        ]
        return ToolResult(
            {"hits": shown},
            join_all([context.label, *labels_of(shown)]),
            sources=tuple(dict.fromkeys(str(hit["document_id"]) for hit in shown)),
        )


def labels_of(forms: Iterable[dict[str, object]]) -> Iterable[Label]:
    """Yield the label in each public form that carries one."""
    for form in forms:
        yield label_of(form["label"])


def label_of(form: object) -> Label:
    """Return the label that its public form stands for."""
    if not isinstance(form, dict):
        return Label(Classification.SECRET)
    return Label(Classification.of(form["classification"]), frozenset(form["compartments"]))
