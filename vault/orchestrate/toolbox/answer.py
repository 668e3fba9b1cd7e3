"""The tool ``answer``: verified sentences with citations, or an abstention."""

from vault.answer.service import AnswerService
from vault.domain.identity import Scope
from vault.domain.labels import join
from vault.domain.tools import ToolLimits, ToolResult
from vault.orchestrate.tool import ToolContext
from vault.orchestrate.toolbox.builtin import record, ship, text
from vault.orchestrate.toolbox.search import LABEL, label_of

_WORDS = {"type": "string"}
_CITED = ("n", "document_id", "title", "revision", "span", "page", "quote", "label", "fresh")
_CITATION = record(
    {
        "n": {"type": "integer"},
        "document_id": _WORDS,
        "title": _WORDS,
        "revision": _WORDS,
        "span": {"type": "object"},
        "page": {"type": ["integer", "null"]},
        "quote": _WORDS,
        "label": LABEL,
        "fresh": {"type": "boolean"},
    },
    list(_CITED),
)

ANSWER = ship(
    "answer",
    "Answer a question from the documents that the person this run acts for may read; every "
    "sentence carries its quotes, and without evidence there is no answer.",
    takes={"question": text("The question.", most=4000)},
    needs=["question"],
    gives={
        "abstained": {"type": "boolean"},
        "reason": {"type": ["string", "null"]},
        "text": _WORDS,
        "citations": {"type": "array", "items": _CITATION},
        "run_id": _WORDS,
        "label": LABEL,
    },
    scopes=frozenset({Scope.ANSWER_CREATE.value}),
    limits=ToolLimits(timeout_seconds=120),
)


class AnswerTool:
    """Answers questions.

    Args:
        answers: the service that records every answer.
    """

    def __init__(self, answers: AnswerService) -> None:
        self._answers = answers

    def __call__(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Return the answer, under the label it was given.

        Raises:
            InvalidRequestError: the question is longer than this home allows.
            ModelUnavailableError: the embedder cannot be loaded.
        """
        form = self._answers.answer(str(arguments["question"]), context.subject)
        cited = form["citations"]
        citations = [
            {name: one[name] for name in _CITED}
            for one in (cited if isinstance(cited, list) else [])
        ]
        content = {name: form[name] for name in ("abstained", "reason", "text", "run_id", "label")}
        return ToolResult(
            content | {"text": form["text"] or "", "citations": citations},
            join(label_of(form["label"]), context.label),
            sources=tuple(dict.fromkeys(str(one["document_id"]) for one in citations)),
        )
