"""What answers are worth: quotes, refusals, evidence held, and what they cost in time."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from llama_cpp import Llama

from models.base import Generator, Purpose
from models.prompt import TEMPLATES, render
from scripts.bench.answers_cases import World
from scripts.bench.answers_sets import Question
from vault.answer.answerer import Answerer
from vault.answer.span import span_prompt
from vault.answer.vectors import SentenceEmbedder
from vault.domain.documents import CharSpan
from vault.domain.evidence import Answer, Retrieval


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, whether its answer was in sight, and what came of it."""

    question: Question
    in_sight: bool
    answer: Answer


class Texts:
    """Reads spans of the documents of one world, as a store would."""

    def __init__(self, world: World) -> None:
        self._texts = world.questions.texts

    def __call__(self, document_id: str, revision: str, span: CharSpan) -> str:  # noqa: ARG002
        """Return what ``span`` covers; the sets have one revision per document."""
        return span.of(self._texts[document_id])


def outcomes(
    world: World, answerer: Answerer, questions: Sequence[Question], *, delete: bool
) -> list[Outcome]:
    """Return what the answerer makes of each question, and again with its evidence deleted."""
    read_span = Texts(world)
    found = []
    for one in questions:
        for without in (frozenset[str](), one.gold | one.near)[: 2 if delete else 1]:
            retrieval, _ = world.retrieve(one.text, without=without)
            answer = answerer.answer(retrieval, prefix_scope="bench", read_span=read_span)
            found.append(Outcome(one, one.answerable and not without, answer))
    return found


def quality(found: Sequence[Outcome], world: World) -> dict[str, float]:
    """Return shares, each 0 to 1: verbatim quotes, refusals, answers that hold the evidence."""
    texts = Texts(world)
    citations = [citation for one in found for citation in one.answer.citations]
    exact = [
        texts(citation.passage.document_id, "", citation.span) == citation.quote
        for citation in citations
    ]
    refused = [one for one in found if one.answer.abstained]
    hopeless = [one for one in found if not one.in_sight]
    right = sum(not one.in_sight for one in refused)
    told = [one for one in found if one.in_sight and not one.answer.abstained]
    in_sight = [one for one in found if one.in_sight]
    figures = {
        "questions": float(len(found)),
        "quotes verbatim": _share(exact),
        "answered of answerable": len(told) / max(1, len(in_sight)),
        "refusal precision": right / max(1, len(refused)),
        "refusal recall": right / max(1, len(hopeless)),
        "first citation is gold": _share([_first_is_gold(one) for one in told]),
        "any citation is gold": _share([_any_is_gold(one) for one in told]),
        "sentences per answer": len(citations) / max(1, len(found) - len(refused)),
    }
    if any(one.question.answers for one in told):
        figures["first sentence holds answer"] = _share([_holds(one, 1) for one in told])
        figures["answer holds answer"] = _share([_holds(one, 9) for one in told])
    return figures


def _share(claims: Sequence[bool]) -> float:
    return sum(claims) / max(1, len(claims))


def _first_is_gold(one: Outcome) -> bool:
    return one.answer.citations[0].passage.document_id in one.question.gold


def _any_is_gold(one: Outcome) -> bool:
    return any(found.passage.document_id in one.question.gold for found in one.answer.citations)


def _holds(one: Outcome, sentences: int) -> bool:
    text = " ".join(sentence.text for sentence in one.answer.sentences[:sentences]).casefold()
    return any(answer.casefold() in text for answer in one.question.answers)


def first_sentence(
    answerer: Answerer, retrievals: Sequence[Retrieval], read_span: Texts
) -> dict[str, float]:
    """Return milliseconds from passages to the first verified sentence, cold and warm."""
    figures = {}
    for state in ("cold", "warm"):
        waits = []
        for retrieval in retrievals:
            started = time.perf_counter()
            next(answerer.stream(retrieval, prefix_scope="bench", read_span=read_span))
            waits.append(1000 * (time.perf_counter() - started))
        figures[f"first sentence, {state} cache, ms p50"] = median(waits)
    return figures


def question_embedding(embedder: SentenceEmbedder, questions: Sequence[str]) -> float:
    """Return milliseconds to embed one question, p50; part of every wait above."""
    waits = []
    for question in questions:
        started = time.perf_counter()
        embedder.embed([question], purpose=Purpose.QUERY)
        waits.append(1000 * (time.perf_counter() - started))
    return median(waits)


def span_overhead(
    answerer: Answerer,
    generator: Generator,
    raw: Llama,
    retrievals: Sequence[Retrieval],
    read_span: Texts,
) -> dict[str, float]:
    """Return processor seconds of whole answers and of bare llama.cpp on the same prompts."""
    template = TEMPLATES["chatml"]
    ours, bare = 0.0, 0.0
    for retrieval in retrievals:
        generator.reset()
        started = time.process_time()
        answer = answerer.answer(retrieval, prefix_scope="bench", read_span=read_span)
        ours += time.process_time() - started
        if answer.abstained:
            continue
        pieces = render(span_prompt(retrieval.question, answer.citations[0].quote), template)
        prompt = raw.tokenize("".join(piece.text for piece in pieces).encode(), special=True)
        raw.reset()  # type: ignore[no-untyped-call]  # the library has no types here
        started = time.process_time()
        raw.create_completion(
            prompt, max_tokens=max(1, answer.usage.output_tokens), temperature=0.0
        )
        bare += time.process_time() - started
    return {
        "whole answer, processor s": ours / len(retrievals),
        "bare llama.cpp, processor s": bare / len(retrievals),
        "ratio": ours / bare if bare else 0.0,
    }
