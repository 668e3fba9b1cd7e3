"""Floors under classifications: what a text was found to need, whatever its source says."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.labels import AccessLabel, Classification, Label
from vault.store.screening_schema import classification_floor as table


@dataclass(frozen=True, slots=True)
class Floor:
    """The least level of one document.

    Attributes:
        text_digest: the text it was found in.
        lowered_text: the text for which two persons agreed on ``level``, if they did.
    """

    level: Classification
    text_digest: str
    lowered_text: str | None = None

    def under(self, access: AccessLabel) -> AccessLabel:
        """Return ``access``, its classification raised to this floor if it lies below."""
        if access.label.classification >= self.level:
            return access
        return replace(access, label=Label(self.level, access.label.compartments))


class Floors:
    """The floor of every document that has one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, document_id: str) -> Floor | None:
        """Return the floor of a document, or None."""
        row = self._connection.execute(
            select(table).where(table.c.document_id == document_id)
        ).first()
        if row is None:
            return None
        return Floor(Classification(row.level), row.text_digest, row.lowered_text)

    def put(self, document_id: str, floor: Floor) -> None:
        """Put a floor under a document, in place of an earlier one."""
        values = {
            "level": int(floor.level),
            "text_digest": floor.text_digest,
            "lowered_text": floor.lowered_text,
        }
        self._connection.execute(
            upsert(table)
            .values(document_id=document_id, **values)
            .on_conflict_do_update(index_elements=["document_id"], set_=values)
        )

    def settle(self, document_id: str, floor: Floor | None) -> None:
        """Put the floor of its newest text under a document, or none if that needs none."""
        if floor is not None:
            self.put(document_id, floor)
            return
        self._connection.execute(delete(table).where(table.c.document_id == document_id))

    def under(self, document_id: str, access: AccessLabel) -> AccessLabel:
        """Return ``access`` as the document may have it: never below its floor."""
        floor = self.of(document_id)
        return access if floor is None else floor.under(access)
