"""What answering costs and how often it is right, on questions whose answers are known."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vault.domain.errors import InvalidRequestError

Ask = Callable[[str, str], Mapping[str, Any]]
"""From a principal and a question to an answer in its public form."""
ReadSpan = Callable[[str, Mapping[str, Any]], str]
"""From a principal and a citation to the text that stands at its span now."""


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question with what is expected of it.

    Attributes:
        principal: who asks.
        question: what is asked.
        answer: words an answer must hold, or None if it must abstain.
    """

    principal: str
    question: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """How a set of questions was answered.

    Attributes:
        questions: how many were asked.
        answered: how many were answered, not refused.
        right: share that held the expected words, or abstained where that was expected.
        wrongly_answered: answers where abstention was expected.
        wrongly_refused: abstentions where an answer was expected.
        citations: quotes in all answers.
        verbatim: share of quotes that stand in their document at their span, letter by letter.
        seconds_p50: median wall time of a question.
        seconds_p95: the same for the slowest of twenty.
        cpu_seconds_p50: median processor time of a question, all threads.
    """

    questions: int
    answered: int
    right: float
    wrongly_answered: int
    wrongly_refused: int
    citations: int
    verbatim: float
    seconds_p50: float
    seconds_p95: float
    cpu_seconds_p50: float

    def form(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)


def read_questions(path: Path) -> list[KnownQuestion]:
    """Return the questions of a file of JSON lines.

    Each line has ``principal``, ``question``, ``expect`` (``answer`` or ``abstain``) and, to be
    answered, ``answer``.

    Raises:
        InvalidRequestError: the file cannot be read, is empty, or a line has another form.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        found = [
            KnownQuestion(
                str(row["principal"]),
                str(row["question"]),
                str(row["answer"]) if row["expect"] == "answer" else None,
            )
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidRequestError(f"{path.name} does not hold questions, one in a line") from error
    if not found:
        raise InvalidRequestError(f"{path.name} holds no question")
    return found


def measure_answers(
    questions: Iterable[KnownQuestion],
    ask: Ask,
    read_span: ReadSpan,
    *,
    advance: Callable[[str, int, int], None],
) -> AnswerFigures:
    """Return how the questions were answered; at least one is asked.

    Args:
        questions: what to ask, and what to expect.
        ask: answers as the vault does.
        read_span: reads a quote again from its document.
        advance: told how many are asked, of how many.
    """
    asked = list(questions)
    answers, walls, busy = [], [], []
    for number, known in enumerate(asked):
        advance("questions", number, len(asked))
        wall, cpu = time.perf_counter(), time.process_time()
        answers.append(ask(known.principal, known.question))
        walls.append(time.perf_counter() - wall)
        busy.append(time.process_time() - cpu)
    pairs = list(zip(asked, answers, strict=True))
    quotes = [
        (citation["quote"], read_span(known.principal, citation))
        for known, answer in pairs
        for citation in answer["citations"]
    ]
    refused = [bool(answer["abstained"]) for answer in answers]
    due = [known.answer is None for known in asked]
    return AnswerFigures(
        questions=len(asked),
        answered=len(asked) - sum(refused),
        right=round(sum(_right(known, answer) for known, answer in pairs) / len(asked), 4),
        wrongly_answered=sum(d and not r for d, r in zip(due, refused, strict=True)),
        wrongly_refused=sum(r and not d for d, r in zip(due, refused, strict=True)),
        citations=len(quotes),
        verbatim=round(sum(said == stands for said, stands in quotes) / max(1, len(quotes)), 4),
        seconds_p50=round(float(np.percentile(walls, 50)), 4),
        seconds_p95=round(float(np.percentile(walls, 95)), 4),
        cpu_seconds_p50=round(float(np.percentile(busy, 50)), 4),
    )


def _right(known: KnownQuestion, answer: Mapping[str, Any]) -> bool:
    if known.answer is None or answer["abstained"]:
        return known.answer is None and bool(answer["abstained"])
    return _plain(known.answer) in _plain(f"{answer['short'] or ''} {answer['text']}")


def _plain(text: str) -> str:
    return " ".join(text.replace("|", " ").split()).casefold()
