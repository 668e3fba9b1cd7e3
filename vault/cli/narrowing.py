"""The options by which a search is narrowed, and the filters they name."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from vault.domain.errors import InvalidRequestError
from vault.domain.labels import Classification
from vault.domain.questions import Filters, Rerank

Source = Annotated[str | None, typer.Option("--source", help="Only from this source.")]
Collection = Annotated[str | None, typer.Option("--collection", help="Only of this collection.")]
Type = Annotated[
    str | None, typer.Option("--type", help="pdf, html, mail, word, spreadsheet, text, …")
]
AtMost = Annotated[
    str | None, typer.Option("--classification-at-most", help="Highest classification.")
]
Owner = Annotated[str | None, typer.Option("--owner", help="Only what this principal owns.")]
Language = Annotated[str | None, typer.Option("--language", help="ISO 639-1 code: en, de, …")]
After = Annotated[
    str | None, typer.Option("--modified-after", help="Changed on or after: 2025-03-01.")
]
Before = Annotated[str | None, typer.Option("--modified-before", help="Changed before this.")]
FreshOnly = Annotated[bool, typer.Option("--fresh-only", help="Only what counts as fresh.")]
Literal = Annotated[
    bool, typer.Option("--literal", help="Take the words as they are; read nothing out of them.")
]
Again = Annotated[Rerank, typer.Option("--rerank", help="Second reading of the best candidates.")]
Exact = Annotated[bool, typer.Option("--exact", help="Compare every readable passage.")]

Then = Annotated[
    str | None,
    typer.Option("--at", help="Answer from what was held then: 2025-03-01, or a time."),
]
Expired = Annotated[bool, typer.Option("--expired", help="Count text too that does not hold now.")]


def moment_of(text: str | None) -> datetime | None:
    """Return the moment that ``--at`` names; a day alone is its first moment in UTC.

    Raises:
        InvalidRequestError: the text names no moment.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidRequestError(f"--at {text!r} must be like 2025-03-01") from None
    return moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment.astimezone(UTC)


def filters_of(  # noqa: PLR0913 - one argument per option
    *,
    source: str | None,
    collection: str | None,
    type_: str | None,
    at_most: str | None,
    owner: str | None,
    language: str | None,
    after: str | None,
    before: str | None,
    fresh_only: bool,
) -> Filters:
    """Return the filters these options name.

    Raises:
        InvalidRequestError: a classification or a time cannot be read.
    """
    return Filters(
        source=source,
        collection=collection,
        type=type_,
        classification_at_most=None if at_most is None else Classification.of(at_most),
        owner=owner,
        language=language,
        modified_after=_moment(after, "--modified-after"),
        modified_before=_moment(before, "--modified-before"),
        fresh_only=fresh_only,
    )


def _moment(text: str | None, option: str) -> datetime | None:
    """Return RFC 3339 text as a time; without an offset it is in UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        given = moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)
        return given.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidRequestError(f"{option} must be a time like 2025-03-01") from None
