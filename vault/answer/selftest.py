"""The test a generator must pass before it may write sentences of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vault.answer.sentences import sentences
from vault.answer.span import Writer, pick_span
from vault.answer.vectors import SentenceVectors

PASS_RATE = 0.8
"""Least share of questions whose picked span holds the answer.

The starter model of 135 million parameters reaches about two thirds and must not pass.
"""

MIN_QUESTIONS = 10
"""Fewer questions than this prove nothing."""

SCOPE = "selftest"


@dataclass(frozen=True, slots=True)
class SelfTestRow:
    """One question about one passage, and the words a right answer holds."""

    passage: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What a generator made of the self-test; the caller keeps it by the model's digest.

    Attributes:
        asked: number of questions.
        contained: questions whose span held the answer.
    """

    asked: int
    contained: int

    @property
    def rate(self) -> float:
        """Share of questions answered, 0 to 1."""
        return self.contained / self.asked if self.asked else 0.0

    @property
    def passed(self) -> bool:
        """Whether the generator may write sentences of its own."""
        return self.asked >= MIN_QUESTIONS and self.rate >= PASS_RATE


def self_test(writer: Writer, vectors: SentenceVectors, rows: Sequence[SelfTestRow]) -> SelfTest:
    """Return how often the generator's span holds the answer; a failing model just misses.

    Code picks the sentence, as it does for an answer, and the generator the span in it.
    Copying the whole sentence finds nothing.
    """
    contained = 0
    for row in rows:
        sentence = _closest(row, vectors)
        span, _ = pick_span(writer, row.question, sentence, prefix_scope=SCOPE)
        contained += span is not None and row.answer.casefold() in span.casefold()
    return SelfTest(asked=len(rows), contained=contained)


def _closest(row: SelfTestRow, vectors: SentenceVectors) -> str:
    texts = [sentence.span.of(row.passage) for sentence in sentences(row.passage)]
    if len(texts) < 2:
        return row.passage
    likeness = vectors.sentences(texts) @ vectors.question(row.question)
    return texts[int(np.argmax(likeness))]
