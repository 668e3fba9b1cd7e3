"""Legal holds: what must not be disposed of while a matter is open, whatever else is due."""

from dataclasses import dataclass
from datetime import datetime

from vault.domain.documents import Document
from vault.domain.errors import InvalidRequestError

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class HoldQuery:
    """Documents that a hold covers by what they are; every condition that is set must hold.

    Attributes:
        collection: id of the collection.
        source: id of the source.
        owner: id of the data owner.
        uri_prefix: beginning of the uri.
        title_contains: words of the title, in any case.
    """

    collection: str | None = None
    source: str | None = None
    owner: str | None = None
    uri_prefix: str | None = None
    title_contains: str | None = None

    def __post_init__(self) -> None:
        """Refuse a query that sets nothing: it would hold everything by accident."""
        if not any(self.conditions().values()):
            raise InvalidRequestError("a hold query needs at least one condition")

    def conditions(self) -> dict[str, str | None]:
        """Return the conditions by name."""
        return {
            "collection": self.collection,
            "source": self.source,
            "owner": self.owner,
            "uri_prefix": self.uri_prefix,
            "title_contains": self.title_contains,
        }

    def matches(self, document: Document) -> bool:
        """Tell whether ``document`` fulfils every condition."""
        title = (self.title_contains or "").casefold()
        return (
            self.collection in {None, document.access.collection}
            and self.source in {None, document.source_id}
            and self.owner in {None, document.governance.owner}
            and document.uri.startswith(self.uri_prefix or "")
            and title in document.title.casefold()
        )


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A stop on disposition for one matter.

    Attributes:
        matter: the case it is placed for, as the organisation names it.
        authority: who ordered it: a court, counsel, a regulator.
        query: what it covers besides the documents named; None when only those.
        released_at: when it ended; None while it is in force.

    Source:
        MoReq2010, section 9 (disposal holds): several may apply to one record, and any one
        of them prevents its destruction.
    """

    id: str
    matter: str
    authority: str
    reason: str
    query: HoldQuery | None
    placed_by: str
    placed_at: datetime
    released_by: str | None = None
    released_at: datetime | None = None

    @property
    def in_force(self) -> bool:
        """Whether it still stops disposition."""
        return self.released_at is None


def check_words(**words: str) -> None:
    """Return only if each of these texts says something and is short enough to be kept.

    Raises:
        InvalidRequestError: one is empty or too long.
    """
    for name, text in words.items():
        if not text.strip():
            raise InvalidRequestError(f"{name} must be said")
        if len(text) > LONGEST_REASON:
            raise InvalidRequestError(f"{name} has more than {LONGEST_REASON} characters")
