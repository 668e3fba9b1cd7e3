"""Answers as a service: the intent is committed first, then verified sentences, then the rest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from models.base import Embedder
from vault.answer.answerer import Answerer
from vault.answer.cite import SpanReader
from vault.answer.events import SentenceReady
from vault.answer.forms import answer_form, streamed_form
from vault.domain.documents import CharSpan
from vault.domain.errors import VaultError
from vault.domain.evidence import Answer
from vault.domain.identity import Subject
from vault.domain.questions import PLAIN, SearchOptions
from vault.ledger.runbook import OpenRun, Outcome, RunBook
from vault.lifecycle.shelf import Shelf
from vault.retrieve.forms import past_form, understanding_form
from vault.retrieve.search import Found, Retriever
from vault.retrieve.service import search_facts


@dataclass(frozen=True, slots=True)
class StreamedEvent:
    """One step of an answer as it is given out: ``run``, ``sentence`` or ``answer``."""

    name: str
    form: dict[str, object]


class AnswerService:
    """Answers one question with what its subject may read.

    Args:
        retriever: finds passages.
        answerer: turns passages into verified sentences, or abstains.
        shelf: reads cited spans again, under the subject's rights of that moment.
        runs: records every answer.
        embedder: gives the loaded embedder, whose digest goes into the record.
        passages: how many passages are evidence.
    """

    def __init__(
        self,
        retriever: Retriever,
        *,
        answerer: Callable[[], Answerer],
        shelf: Shelf,
        runs: RunBook,
        embedder: Callable[[], Embedder],
        passages: int,
    ) -> None:
        self._retriever = retriever
        self._answerer = answerer
        self._shelf = shelf
        self._runs = runs
        self._embedder = embedder
        self._passages = passages

    def answer(
        self, question: str, subject: Subject, *, options: SearchOptions = PLAIN
    ) -> dict[str, object]:
        """Return the public JSON form of an answer or an abstention.

        Raises:
            InvalidRequestError: the question is empty or too long.
            ModelUnavailableError: the embedder cannot be loaded.
        """
        last: dict[str, object] = {}
        for event in self.stream(question, subject, options=options):
            last = event.form
        return last

    def stream(
        self, question: str, subject: Subject, *, options: SearchOptions = PLAIN
    ) -> Iterator[StreamedEvent]:
        """Yield verified sentences as soon as they are found, and the whole answer last.

        Nothing is yielded before the ledger knows that the question was asked, and the whole
        answer only after the ledger knows what it was.
        """
        asked = self._retriever.cleaned(question)
        found = self._retriever.find(asked, subject, limit=self._passages, options=options)
        facts = search_facts(found, embedder=self._embedder(), at=options.at)
        run = self._runs.begin("answer", subject, asked.text, facts=facts)
        with self._runs.underway(run):
            yield StreamedEvent("run", {"run_id": run.id})
            answer: Answer | None = None
            for event in self._answerer().stream(
                found.retrieval,
                prefix_scope=_scope(subject),
                read_span=self._reader(subject),
            ):
                if isinstance(event, SentenceReady):
                    yield StreamedEvent("sentence", streamed_form(event.sentence, event.citations))
                elif isinstance(event, Answer):
                    answer = event
            if answer is None:
                raise VaultError("the answer did not come to an end")
            form = self._finish(run, answer, found, at=options.at)
        yield StreamedEvent("answer", form)

    def _finish(
        self, run: OpenRun, answer: Answer, found: Found, *, at: datetime | None
    ) -> dict[str, object]:
        form = answer_form(answer, run_id=run.id, ledger=run.position)
        form |= {
            "question": run.question,
            **past_form(at),
            **understanding_form(found.understanding),
        }
        cited = [citation.passage for citation in answer.citations]
        shown = [*cited, *answer.related]
        facts: dict[str, object] = {
            "abstained": answer.abstained,
            "reason": None if answer.reason is None else answer.reason.value,
            "label": answer.label.classification.word,
            "compartments": sorted(answer.label.compartments),
            "cited_revisions": list(dict.fromkeys(passage.revision for passage in cited)),
            "generator": answer.model.digest,
            "policy": found.policy_digest,
        }
        evidence = [passage.document_id for passage in shown]
        self._runs.finish(run, Outcome(form, facts, evidence))
        return form

    def _reader(self, subject: Subject) -> SpanReader:
        def read(document_id: str, revision: str, span: CharSpan) -> str:
            return self._shelf.span(document_id, revision, span, subject)

        return read


def _scope(subject: Subject) -> str:
    """Return what work may be used again for: this actor, for this person, and nobody else.

    A digest of what the subject may read would change whenever anybody's rights do.
    """
    return "\n".join(principal.id for principal in subject.principals)
