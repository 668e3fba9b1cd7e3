"""A long list of documents, one page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from vault.domain.errors import InvalidRequestError
from vault.store.documents import KeptDocument

MOST_ON_A_PAGE = 1000
"""Documents a caller may ask for at once."""
PLACE_PATTERN = "^([0-9a-f]{2})+$"
LONGEST_PLACE = 8192
"""Characters of a place in a list; a title is part of it."""
_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list by title was left: the last document that was shown.

    It names only what its reader was shown, and a document that is renamed, erased or
    hidden meanwhile does not stop the list from going on after it.
    """

    title: str
    document_id: str

    @classmethod
    def after(cls, kept: KeptDocument) -> "Place":
        """Return the place right after a document."""
        return cls(kept.document.title, kept.document.id)

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Return the place that ``text`` stands for; every text of the pattern is one.

        Raises:
            InvalidRequestError: the text is not of ``PLACE_PATTERN``.
        """
        try:
            found = bytes.fromhex(text).decode(errors="replace")
        except ValueError:
            raise InvalidRequestError("after must be the next of an earlier page") from None
        title, _, document_id = found.rpartition(_BETWEEN)
        return cls(title, document_id)

    def serialise(self) -> str:
        """Return the place as text of ``PLACE_PATTERN``."""
        return f"{self.title}{_BETWEEN}{self.document_id}".encode(errors="replace").hex()


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some documents of a list by title, and where the next page begins, if there is one."""

    documents: Sequence[KeptDocument]
    next: Place | None = None
