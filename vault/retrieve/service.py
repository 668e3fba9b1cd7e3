"""Search as a service: what was found leaves only after the ledger knows of it."""

from collections.abc import Callable
from datetime import datetime

from models.base import Embedder
from vault.domain.errors import InvalidRequestError
from vault.domain.identity import Subject
from vault.domain.questions import PLAIN, SearchOptions
from vault.ledger.runbook import Outcome, RunBook
from vault.retrieve.forms import hit_form, moment_form, past_form, understanding_form
from vault.retrieve.search import Found, Retriever


class SearchService:
    """Answers one search with the passages that its subject may read.

    Args:
        retriever: finds passages.
        runs: records every search.
        embedder: gives the loaded embedder, whose digest goes into the record.
        max_hits: most hits a caller may ask for.
    """

    def __init__(
        self,
        retriever: Retriever,
        *,
        runs: RunBook,
        embedder: Callable[[], Embedder],
        max_hits: int,
    ) -> None:
        self._retriever = retriever
        self._runs = runs
        self._embedder = embedder
        self._max_hits = max_hits

    def search(
        self, question: str, subject: Subject, *, limit: int, options: SearchOptions = PLAIN
    ) -> dict[str, object]:
        """Return the public JSON form of a search.

        Raises:
            InvalidRequestError: the question is empty or too long, or the limit out of range.
            ModelUnavailableError: a model that this needs cannot be loaded.
            NotFoundError: a run of the conversation does not exist for the subject.
        """
        if not 1 <= limit <= self._max_hits:
            raise InvalidRequestError(f"limit must be between 1 and {self._max_hits}")
        asked = self._retriever.cleaned(question)
        run = self._runs.begin("search", subject, asked.text, facts={"limit": limit})
        with self._runs.underway(run):
            found = self._retriever.find(asked, subject, limit=limit, options=options)
            hits = found.retrieval.passages
            response: dict[str, object] = {
                "query": asked.text,
                **past_form(options.at),
                **understanding_form(found.understanding),
                "hits": [hit_form(passage, explain=options.explain) for passage in hits],
                "run_id": run.id,
                "ledger": run.position,
            }
            evidence = [passage.document_id for passage in hits]
            facts = search_facts(found, embedder=self._embedder(), at=options.at)
            self._runs.finish(run, Outcome(response, facts, evidence))
        return response


def search_facts(
    found: Found, *, embedder: Embedder, at: datetime | None = None
) -> dict[str, object]:
    """Return what the ledger keeps of a search: digests and ids, never a word of it."""
    past: dict[str, object] = {} if at is None else {"at": moment_form(at)}
    return past | {
        "policy": found.policy_digest,
        "epoch": found.visible.epoch,
        "visible_set": f"sha256:{found.visible.key}",
        "index": found.sequence,
        "embedder": embedder.manifest.digest,
        "revisions": list(dict.fromkeys(hit.revision for hit in found.retrieval.passages)),
    }
