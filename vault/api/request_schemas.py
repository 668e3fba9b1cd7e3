"""What searches and questions may say, with bounds."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from vault.api.schemas import LONGEST_QUESTION, MOST_HITS, Form
from vault.domain.labels import Classification
from vault.domain.questions import (
    MOST_NEIGHBOURS,
    MOST_TURNS,
    EarlierTurn,
    Filters,
    Rerank,
    SearchOptions,
)

LONGEST_VALUE = 200
"""Characters of one filter."""
_DATE = 10


def _moment(value: object) -> object:
    """Return RFC 3339 text as a time; a date alone is its first moment in UTC."""
    if not isinstance(value, str):
        # Only a ValueError is a fault of the request.
        raise ValueError("must be RFC 3339 text")  # noqa: TRY004
    moment = datetime.fromisoformat(value)
    if len(value) == _DATE:
        return moment.replace(tzinfo=UTC)
    if moment.utcoffset() is None:
        raise ValueError("must say its offset from UTC")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("must lie between the years 1 and 9999") from None


def _whole(value: object) -> object:
    # To JSON Schema 10.0 is an integer; to a strict integer field it is not.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Value = Annotated[str, Field(min_length=1, max_length=LONGEST_VALUE)]
Moment = Annotated[
    datetime,
    BeforeValidator(
        _moment,
        json_schema_input_type=Annotated[str, Field(json_schema_extra={"format": "date-time"})],
    ),
]


class FiltersIn(Form):
    """What a document must be; a value that nothing readable has finds nothing."""

    source: Value | None = None
    collection: Value | None = None
    type: Value | None = None
    classification_at_most: Literal["public", "internal", "confidential", "secret"] | None = None
    owner: Value | None = None
    language: Value | None = None
    modified_after: Moment | None = None
    modified_before: Moment | None = None
    fresh_only: bool = False

    def filters(self) -> Filters:
        """Return the filters these words name."""
        level = self.classification_at_most
        return Filters(
            source=self.source,
            collection=self.collection,
            type=self.type,
            classification_at_most=None if level is None else Classification.of(level),
            owner=self.owner,
            language=self.language,
            modified_after=self.modified_after,
            modified_before=self.modified_before,
            fresh_only=self.fresh_only,
        )


class TurnIn(Form):
    """An earlier question of the caller's own, and the run that took it."""

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    run_id: Value


class _Asking(Form):
    """How anything that is asked is to be understood and searched."""

    filters: FiltersIn = FiltersIn()
    conversation: list[TurnIn] = Field(default=[], max_length=MOST_TURNS)
    interpret: bool = True
    rerank: Literal["none", "maxsim", "cross_encoder"] = "none"
    exact: bool = False
    at: Moment | None = None
    expired: bool = False

    @property
    def turns(self) -> tuple[EarlierTurn, ...]:
        """The conversation so far."""
        return tuple(EarlierTurn(turn.question, turn.run_id) for turn in self.conversation)


class QuestionIn(_Asking):
    """A question in plain words."""

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)

    def options(self) -> SearchOptions:
        """Return how it is to be searched."""
        return SearchOptions(
            filters=self.filters.filters(),
            conversation=self.turns,
            interpret=self.interpret,
            rerank=Rerank(self.rerank),
            exact=self.exact,
            at=self.at,
            expired=self.expired,
        )


class SearchIn(_Asking):
    """What to look for, and how many passages at most."""

    query: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    limit: Annotated[int, Field(ge=1, le=MOST_HITS, strict=True), BeforeValidator(_whole)] = 10
    explain: bool = False
    context: Annotated[
        int, Field(ge=0, le=MOST_NEIGHBOURS, strict=True), BeforeValidator(_whole)
    ] = 0

    def options(self) -> SearchOptions:
        """Return how it is to be searched."""
        return SearchOptions(
            filters=self.filters.filters(),
            conversation=self.turns,
            interpret=self.interpret,
            rerank=Rerank(self.rerank),
            exact=self.exact,
            at=self.at,
            expired=self.expired,
            explain=self.explain,
            context=self.context,
        )
