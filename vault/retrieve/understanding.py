"""What code makes of a question before it is searched: filters, references, spelling."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vault.domain.decisions import VisibleSet
from vault.domain.errors import NotFoundError
from vault.domain.identity import Subject
from vault.domain.questions import (
    MOST_TURNS,
    EarlierTurn,
    SearchOptions,
    SpellingChange,
    Understanding,
)
from vault.index.index import VaultIndex
from vault.index.terms import NearTerm
from vault.retrieve.interpretation import Interpreter
from vault.retrieve.questions import Question
from vault.retrieve.references import rewrite
from vault.retrieve.spelling import corrected, misspelt, written
from vault.store.session import UnitOfWork

TextsOf = Callable[[Sequence[int]], Iterable[str]]
"""Gives the texts of those of these chunks that the subject may read."""
_SEEN_IN = 5
"""Passages in which a stem's usual form is looked for."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One subject at one moment: everything a question is understood against.

    Attributes:
        unit: the transaction.
        subject: who asks, and for whom.
        visible: what the subject may read; nothing else has any part in this.
        index: the index, in step with ``unit``.
        texts: reads chunks for the subject.
        now: the time.
    """

    unit: UnitOfWork
    subject: Subject
    visible: VisibleSet
    index: VaultIndex
    texts: TextsOf
    now: datetime


@dataclass(frozen=True, slots=True)
class _VisibleTerms:
    """The terms of the chunks one VisibleSet opens."""

    index: VaultIndex
    visible: VisibleSet

    def frequency(self, term: str) -> int:
        return self.index.term_frequency(term, self.visible)

    def near(self, term: str) -> Sequence[NearTerm]:
        return self.index.near_terms(term, self.visible)


def understand(question: Question, options: SearchOptions, reader: Reader) -> Understanding:
    """Return what is searched for ``question``, and what was made of its words.

    Raises:
        NotFoundError: a run of the conversation does not exist for the subject.
    """
    earlier = authorised(options.conversation, reader)
    plain = Understanding(question.text, question.text, options.filters)
    if not options.interpret:
        return plain
    facets = reader.unit.filters.facets
    interpreter = Interpreter(lambda: facets(reader.visible.label_ids), now=reader.now)
    read = interpreter.read(question.text, options.filters)
    filters = replace(options.filters, **read.filters.given)  # type: ignore[arg-type]
    rewritten = rewrite(read.words, earlier, lambda text: _weights(text, reader))
    words = rewritten or read.words
    changes = _spelling(words, reader)
    return Understanding(
        words=corrected(words, changes),
        lexical=" ".join((words, *changes.values())),
        filters=filters,
        understood=read.filters,
        spelling=tuple(SpellingChange(word, meant) for word, meant in changes.items()),
        rewritten=rewritten,
    )


def authorised(turns: Sequence[EarlierTurn], reader: Reader) -> list[str]:
    """Return the last questions of a conversation, if every run of it is the subject's own.

    A run of somebody else, or for somebody else, does not exist for the subject.

    Raises:
        NotFoundError: one is not.
    """
    subject = reader.subject
    person = None if subject.on_behalf_of is None else subject.on_behalf_of.id
    for turn in turns:
        record = reader.unit.runs.get(turn.run_id)
        if record is None or (record.actor, record.on_behalf_of) != (subject.actor.id, person):
            raise NotFoundError("there is no such run")
    return [turn.question for turn in turns[-MOST_TURNS:]]


def _weights(text: str, reader: Reader) -> Mapping[str, float]:
    return reader.index.term_weights(text, reader.visible)


def _spelling(words: str, reader: Reader) -> dict[str, str]:
    """Return each misspelt word with the word it was meant to be, as visible passages write it."""
    known = _weights(words, reader)
    terms = misspelt(words, known, _VisibleTerms(reader.index, reader.visible))
    changes = {}
    for word, term in terms.items():
        seen = reader.index.lexical(term, reader.visible, _SEEN_IN).chunk_ids.tolist()
        meant = written(term, list(reader.texts(seen)))
        if meant is not None:
            changes[word] = meant
    return changes
