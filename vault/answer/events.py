"""What a caller sees of an answer while it is made."""

from dataclasses import dataclass

from vault.domain.evidence import Answer, AnswerSentence, Citation


@dataclass(frozen=True, slots=True)
class SentenceReady:
    """A sentence whose quotes were found again, with the citations it is first to use."""

    sentence: AnswerSentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ShortReady:
    """A short span of the first sentence, picked by the generator and checked."""

    text: str


AnswerEvent = SentenceReady | ShortReady | Answer
"""Sentences first, then a short span if any; the answer or abstention is always the last."""
