"""From the passages of one search to verified sentences, or to an abstention."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from models.base import Generator
from models.base import Usage as TokenUsage
from vault.answer.candidates import candidates, question_weights
from vault.answer.cite import SpanReader, stands
from vault.answer.compose import Composition, compose
from vault.answer.events import AnswerEvent, SentenceReady, ShortReady
from vault.answer.gate import Band, Gate
from vault.answer.kinds import amount_missing
from vault.answer.policy import AnswerPolicy, estimated_usage, notes
from vault.answer.signals import features
from vault.answer.span import Writer, pick_span
from vault.answer.support import Entailment, SupportCheck
from vault.answer.synthesis import Synthesis
from vault.answer.vectors import SentenceEmbedder, SentenceVectors
from vault.domain.evidence import (
    AbstentionReason,
    Answer,
    AnswerSentence,
    ModelUse,
    Passage,
    Retrieval,
    Usage,
)
from vault.domain.labels import join_all

__all__ = ["AnswerEvent", "Answerer", "Clock", "SentenceReady", "ShortReady"]


@dataclass(frozen=True, slots=True)
class Clock:
    """Where seconds come from.

    Attributes:
        wall: monotonic seconds.
        busy: processor seconds of the process.
    """

    wall: Callable[[], float] = time.monotonic
    busy: Callable[[], float] = time.process_time


@dataclass(slots=True)
class _Request:
    """One question on its way, with what it has cost so far."""

    retrieval: Retrieval
    scope: str
    read_span: SpanReader
    started: tuple[float, float]
    confidence: float = 0.0
    helped: bool = False
    used: list[TokenUsage] = field(default_factory=list)


class Answerer:
    """Makes answers of verified quotes.

    The passages are data: they are scored, quoted and shown to the generator as quoted
    text, and nothing in them decides which step comes next.

    Args:
        embedder: compares sentences with questions.
        generator: picks spans and, if the policy says so, writes sentences; or None.
        gate: decides whether the evidence suffices.
        policy: what is allowed.
        clock: where seconds come from.
        entails: optional entailment model that free sentences must satisfy as well.
    """

    def __init__(
        self,
        embedder: SentenceEmbedder,
        generator: Generator | None,
        gate: Gate,
        *,
        policy: AnswerPolicy | None = None,
        clock: Clock | None = None,
        entails: Entailment | None = None,
    ) -> None:
        self._vectors = SentenceVectors(embedder)
        self._gate = gate
        self._policy = policy or AnswerPolicy()
        self._clock = clock or Clock()
        self._entails = entails
        self._generator = generator
        seconds = self._policy.writing_seconds
        self._writer = Writer(generator, self._clock.wall, seconds) if generator else None

    def answer(self, retrieval: Retrieval, *, prefix_scope: str, read_span: SpanReader) -> Answer:
        """Return the whole answer or the abstention."""
        *_, last = self.stream(retrieval, prefix_scope=prefix_scope, read_span=read_span)
        if not isinstance(last, Answer):
            raise TypeError("a stream of answer events ends with the answer")
        return last

    def stream(
        self, retrieval: Retrieval, *, prefix_scope: str, read_span: SpanReader
    ) -> Iterator[AnswerEvent]:
        """Yield each sentence once it is verified, then a short span if any, then the answer.

        Args:
            retrieval: passages the caller may read, with the signals of the search.
            prefix_scope: work of the models is kept and used again within one scope only;
                who asks, and for whom, is a good one.
            read_span: reads the store for this caller.
        """
        started = (self._clock.wall(), self._clock.busy())
        request = _Request(retrieval, prefix_scope, read_span, started)
        question = self._vectors.question_of(retrieval)
        ranked = candidates(retrieval, question, self._vectors.within(prefix_scope))
        if not ranked:
            yield self._abstained(request, AbstentionReason.NO_EVIDENCE)
            return
        judgement = self._gate.judge(features(retrieval, ranked))
        request.confidence = judgement.probability
        if judgement.band is not Band.ANSWER:
            near = retrieval.passages if judgement.band is Band.RELATED else ()
            yield self._abstained(request, AbstentionReason.INSUFFICIENT_EVIDENCE, near)
            return
        found = compose(
            ranked,
            question_weights(retrieval),
            read_span=request.read_span,
            limit=self._policy.max_sentences,
        )
        quotes = [citation.quote for citation in found.citations]
        if not found.citations:
            yield self._abstained(request, AbstentionReason.NO_EVIDENCE)
        elif amount_missing(retrieval.question, quotes):
            near = retrieval.passages
            yield self._abstained(request, AbstentionReason.INSUFFICIENT_EVIDENCE, near)
        elif found.stale and not self._policy.answer_stale:
            near = tuple(citation.passage for citation in found.citations)
            yield self._abstained(request, AbstentionReason.STALE_EVIDENCE, near)
        else:
            yield from self._answered(request, found)

    def _answered(self, request: _Request, found: Composition) -> Iterator[AnswerEvent]:
        told: list[AnswerSentence] = []
        for sentence in self._sentences(request, found):
            seen = {n for earlier in told for n in earlier.citations}
            new = (one for one in found.citations if one.n in set(sentence.citations) - seen)
            told.append(sentence)
            yield SentenceReady(sentence, tuple(new))
        short = self._short(request, found)
        if short is not None:
            yield ShortReady(short)
        yield Answer(
            question=request.retrieval.question,
            sentences=tuple(told),
            citations=found.citations,
            label=found.label,
            short=short,
            conflicts=found.conflicts,
            model=self._model(request),
            usage=self._usage(request),
            confidence=request.confidence,
            note=notes(found, generator=self._generator is not None, helped=request.helped),
        )

    def _sentences(self, request: _Request, found: Composition) -> Iterator[AnswerSentence]:
        """Yield free sentences that their quotes carry, or else the quotes themselves."""
        # Contradicting sources are never blended into one text.
        if self._writer and self._policy.synthesis and not found.conflicts:
            check = SupportCheck(found.citations, self._vectors, entails=self._entails)
            synthesis = Synthesis(self._writer, check)
            for sentence in synthesis.sentences(
                request.retrieval.question, found.citations, prefix_scope=request.scope
            ):
                request.helped = True
                yield sentence
            request.used.append(synthesis.usage)
        if not request.helped:
            yield from found.sentences

    def _short(self, request: _Request, found: Composition) -> str | None:
        if self._writer is None or request.helped or not self._policy.short_spans:
            return None
        question, quote = request.retrieval.question, found.citations[0].quote
        span, reply = pick_span(self._writer, question, quote, prefix_scope=request.scope)
        request.used.append(reply.usage)
        request.helped = span is not None
        return span

    def _abstained(
        self, request: _Request, reason: AbstentionReason, near: tuple[Passage, ...] = ()
    ) -> Answer:
        standing = (passage for passage in near if stands(passage, request.read_span))
        related = tuple(islice(standing, self._policy.max_related))
        return Answer(
            question=request.retrieval.question,
            sentences=(),
            citations=(),
            label=join_all(passage.label for passage in related),
            reason=reason,
            related=related,
            usage=self._usage(request),
            confidence=request.confidence,
        )

    def _model(self, request: _Request) -> ModelUse:
        if self._generator is None or not request.helped:
            return ModelUse()
        manifest = self._generator.manifest
        return ModelUse(name=manifest.name, digest=manifest.digest)

    def _usage(self, request: _Request) -> Usage:
        wall, busy = request.started
        return estimated_usage(
            tokens=(
                sum(usage.input_tokens for usage in request.used),
                sum(usage.output_tokens for usage in request.used),
            ),
            seconds=self._clock.wall() - wall,
            busy_seconds=self._clock.busy() - busy,
            watts=self._policy.watts,
        )
