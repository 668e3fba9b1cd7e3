"""What a collection demands of the descriptions of its documents, set by the operator."""

import json
import tomllib
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785

from vault.domain.description import DESCRIPTION, Description, DescriptionSchema
from vault.domain.errors import InvalidRequestError
from vault.domain.identity import check_id
from vault.ledger.journal import Journal
from vault.store.documents import KeptDocument
from vault.store.session import Store

MOST_BYTES = 65_536
"""Size of a schema file."""


class CollectionDesk:
    """Keeps the schemas of descriptions, and shows descriptions.

    Args:
        store: the database.
        journal: the ledger.
        now: the clock.
    """

    def __init__(self, store: Store, *, journal: Journal, now: Callable[[], datetime]) -> None:
        self._store = store
        self._journal = journal
        self._now = now

    def set_schema(self, collection: str, schema: DescriptionSchema) -> None:
        """Set what a collection demands of documents that come from now on."""
        check_id(collection, noun="collection")
        body = schema.form()
        with self._store.write() as unit:
            unit.description_schemas.put(collection, body, now=self._now())
            self._journal.note(
                unit,
                "collection.schema_set",
                subject=None,
                about=collection,
                facts={"collection": collection, "digest": _digest(body)},
            )

    def drop_schema(self, collection: str) -> None:
        """Let a collection demand nothing.

        Raises:
            InvalidRequestError: it has no schema.
        """
        with self._store.write() as unit:
            if not unit.description_schemas.drop(collection):
                raise InvalidRequestError(f"collection {collection!r} has no schema")
            self._journal.note(
                unit,
                "collection.schema_dropped",
                subject=None,
                about=collection,
                facts={"collection": collection},
            )

    def schemas(self) -> dict[str, DescriptionSchema]:
        """Return the schema of every collection that has one."""
        with self._store.read() as unit:
            return {
                name: DescriptionSchema.of(body)
                for name, body in sorted(unit.description_schemas.all().items())
            }

    def description(self, kept: KeptDocument) -> Description | None:
        """Return what is known about a document that the caller was let see, or None.

        Documents of earlier releases have no description.
        """
        revision = kept.document.revision
        if revision is None:
            return None
        with self._store.read() as unit:
            body = unit.blobs.get_many([revision.id], DESCRIPTION).get(revision.id)
        return None if body is None else Description.from_bytes(body)


def read_schema(file: Path) -> DescriptionSchema:
    """Return the schema in a TOML or JSON file.

    Raises:
        InvalidRequestError: it cannot be read, or says what no schema can.
    """
    try:
        with file.open("rb") as opened:
            text = opened.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise InvalidRequestError(f"{file.name} is larger than {MOST_BYTES} bytes")
        form: Any = json.loads(text) if file.suffix == ".json" else tomllib.loads(text.decode())
    except (OSError, ValueError) as error:
        raise InvalidRequestError(f"{file.name} cannot be read as TOML or JSON") from error
    if not isinstance(form, dict):
        raise InvalidRequestError(f"{file.name} holds no table")
    return DescriptionSchema.of(form)


def _digest(body: dict[str, Any]) -> str:
    return "sha256:" + sha256(rfc8785.dumps(body)).hexdigest()
