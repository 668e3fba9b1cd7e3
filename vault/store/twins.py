"""Documents whose texts are equal to the letter."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from vault.domain.labels import Classification
from vault.store.documents import LIVE
from vault.store.schema import access_label, document, revision


@dataclass(frozen=True, slots=True)
class Twin:
    """One document among those with the same text."""

    document_id: str
    owner: str
    classification: Classification


class Twins:
    """Finds live documents by the digest of the text they have now."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, text_digest: str) -> Sequence[Twin]:
        """Return every live document with this text, by id."""
        rows = self._connection.execute(
            select(document.c.id, document.c.owner, access_label.c.classification)
            .join(revision, revision.c.id == document.c.revision_id)
            .join(access_label, access_label.c.id == document.c.access_label_id)
            .where(revision.c.text_digest == text_digest, document.c.state.in_(LIVE))
            .order_by(document.c.id)
        )
        return [Twin(row.id, row.owner, Classification(row.classification)) for row in rows]
