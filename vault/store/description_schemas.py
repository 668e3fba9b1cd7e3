"""Schemas of descriptions, one a collection at most."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.store.screening_schema import description_schema as table


class DescriptionSchemas:
    """What each collection demands of the descriptions of its documents, as JSON."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, dict[str, Any]]:
        """Return every schema by collection."""
        rows = self._connection.execute(select(table.c.collection_id, table.c.body))
        return {row.collection_id: row.body for row in rows}

    def of(self, collection: str) -> dict[str, Any] | None:
        """Return the schema of one collection, or None."""
        return self._connection.execute(
            select(table.c.body).where(table.c.collection_id == collection)
        ).scalar()

    def put(self, collection: str, body: dict[str, Any], *, now: datetime) -> None:
        """Set the schema of a collection, in place of an earlier one."""
        values = {"body": body, "set_at": now}
        self._connection.execute(
            upsert(table)
            .values(collection_id=collection, **values)
            .on_conflict_do_update(index_elements=["collection_id"], set_=values)
        )

    def drop(self, collection: str) -> bool:
        """Take the schema of a collection away; tell whether it had one."""
        found = self._connection.execute(delete(table).where(table.c.collection_id == collection))
        return found.rowcount > 0
