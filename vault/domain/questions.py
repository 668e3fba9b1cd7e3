"""What a caller asks for beside the words of a question: filters, order and extras."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from vault.domain.labels import Classification

MOST_NEIGHBOURS = 3
"""Neighbouring chunks that a hit may carry on each side."""
MOST_TURNS = 20
"""Earlier questions of a conversation that are looked at."""


class Rerank(StrEnum):
    """Which second reading the best candidates get.

    Attributes:
        MAXSIM: the embedder's own token vectors, compared word by word.
        CROSS_ENCODER: a model that reads question and passage together; the operator's own.
    """

    NONE = "none"
    MAXSIM = "maxsim"
    CROSS_ENCODER = "cross_encoder"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a document must be for its passages to count; every member narrows further.

    They apply within what the caller may read, so that a value which only documents out of
    its reach have is a value that nothing has.

    Attributes:
        source: id of a source.
        collection: id of a collection.
        type: family of media types (``pdf``, ``mail``, …) or one media type.
        classification_at_most: highest classification.
        owner: id of the principal answerable for it.
        language: ISO 639-1 code.
        modified_after: earliest time of the last change, included.
        modified_before: time before which it last changed, excluded.
        fresh_only: whether its owner must still count it as fresh.
    """

    source: str | None = None
    collection: str | None = None
    type: str | None = None
    classification_at_most: Classification | None = None
    owner: str | None = None
    language: str | None = None
    modified_after: datetime | None = None
    modified_before: datetime | None = None
    fresh_only: bool = False

    @property
    def given(self) -> Mapping[str, object]:
        """The members that narrow anything, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        # The lowest classification equals False, and narrows all the same.
        return {
            name: value for name, value in values.items() if not (value is None or value is False)
        }


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class EarlierTurn:
    """One question the same actor asked before, and the run that answered it."""

    question: str
    run_id: str


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How a question is to be searched.

    Attributes:
        filters: what the documents must be.
        conversation: earlier questions, oldest first.
        interpret: whether filters, spelling and references are read out of the words.
        rerank: the second reading.
        exact: whether every visible vector is compared, however many there are.
        explain: whether each hit says how its score came about.
        context: neighbouring chunks each hit carries on each side, 0 to 3.
        at: answer from what the vault held at that moment, under the rights of now.
        expired: whether text that no longer holds, or does not hold yet, counts too.
    """

    filters: Filters = NO_FILTERS
    conversation: tuple[EarlierTurn, ...] = ()
    interpret: bool = True
    rerank: Rerank = Rerank.NONE
    exact: bool = False
    explain: bool = False
    context: int = 0
    at: datetime | None = None
    expired: bool = False


PLAIN = SearchOptions()


@dataclass(frozen=True, slots=True)
class SpellingChange:
    """A word that nothing the caller may read holds, and the near one it was taken for."""

    word: str
    meant: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """What code made of the words before it searched.

    Attributes:
        words: the words that were searched.
        lexical: the words that were looked up, each misspelt one beside its correction.
        filters: every filter in force, the caller's own included.
        understood: the filters read out of the words, by name.
        spelling: words that were corrected.
        rewritten: the question with what it refers to, if it refers to an earlier one.
    """

    words: str
    lexical: str
    filters: Filters = NO_FILTERS
    understood: Filters = NO_FILTERS
    spelling: tuple[SpellingChange, ...] = ()
    rewritten: str | None = None
