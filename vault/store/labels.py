"""Collections and interned AccessLabels."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.labels import AccessLabel, Classification, Label
from vault.store.principals import EVERYONE
from vault.store.schema import access_label, collection


class Labels:
    """Each distinct AccessLabel once, under a small integer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def intern(self, label: AccessLabel, *, now: datetime) -> tuple[int, bool]:
        """Return the id of ``label`` and whether it is new; its collection is made if needed."""
        found = self._connection.execute(
            select(access_label.c.id).where(access_label.c.digest == label.digest)
        ).scalar()
        if found is not None:
            return int(found), False
        self._connection.execute(
            upsert(collection)
            .values(id=label.collection, open_to=[f"group:{EVERYONE}"], created_at=now)
            .on_conflict_do_nothing()
        )
        result = self._connection.execute(
            insert(access_label).values(
                digest=label.digest,
                collection_id=label.collection,
                classification=int(label.label.classification),
                compartments=sorted(label.label.compartments),
                readers=sorted(label.readers),
                denied=sorted(label.denied),
            )
        )
        return int(result.inserted_primary_key[0]), True  # type: ignore[index]

    def all(self) -> Mapping[int, AccessLabel]:
        """Return every interned label by id."""
        return {
            row.id: AccessLabel(
                collection=row.collection_id,
                label=Label(Classification(row.classification), frozenset(row.compartments)),
                readers=frozenset(row.readers),
                denied=frozenset(row.denied),
            )
            for row in self._connection.execute(select(access_label))
        }

    def openings(self) -> Mapping[str, frozenset[str]]:
        """Return, for each collection, the references it is open to."""
        return {
            row.id: frozenset(row.open_to) for row in self._connection.execute(select(collection))
        }

    def restrict_collection(self, collection_id: str, open_to: frozenset[str]) -> None:
        """Open a collection to exactly these references."""
        self._connection.execute(
            collection.update()
            .where(collection.c.id == collection_id)
            .values(open_to=sorted(open_to))
        )
