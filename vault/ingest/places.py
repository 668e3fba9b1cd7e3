"""Which document an item of a source is, wherever the source keeps it by now."""

import hashlib
import hmac
import uuid
from dataclasses import replace

from vault.ingest.prepared import Prepared
from vault.store.documents import KeptDocument
from vault.store.session import UnitOfWork


def document_id(key: bytes, source_id: str, item_id: str) -> str:
    """Return the id of a source's item: always the same, and telling nothing of either.

    Source:
        RFC 9562, section 5.8 (UUID version 8).
    """
    digest = hmac.new(key, f"{source_id}\x00{item_id}".encode(), hashlib.sha256).digest()
    bits = int.from_bytes(digest[:16])
    bits = bits & ~(0xF << 76) | 8 << 76
    bits = bits & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=bits))


def item_of(prepared: Prepared) -> str:
    """Return the source's own name of what was prepared; attachments are known by their address."""
    if prepared.parent_id is not None or prepared.intake.item_id is None:
        return prepared.uri
    return prepared.intake.item_id


class Places:
    """Finds documents by their items, and moves them with these.

    Args:
        identifiers: key that document ids are made with.
    """

    def __init__(self, identifiers: bytes) -> None:
        self._identifiers = identifiers

    def id_of(self, source_id: str, item_id: str) -> str:
        """Return the id that an item has or would get if it never moved."""
        return document_id(self._identifiers, source_id, item_id)

    def find(self, unit: UnitOfWork, prepared: Prepared) -> str:
        """Return the id of the document that this is, or a free one if it is new."""
        source_id, item_id = prepared.intake.source_id, item_of(prepared)
        if prepared.parent_id is not None:
            kept = unit.documents.find(source_id, prepared.uri)
            known = None if kept is None else kept.document.id
        else:
            known = unit.items.at(source_id, item_id)
        return known or self._free(unit, source_id, item_id)

    def settle(self, unit: UnitOfWork, kept: KeptDocument, prepared: Prepared) -> KeptDocument:
        """Return a new document at an address that no other document of its source has."""
        found = kept.document
        if unit.documents.find(found.source_id, found.uri) is None:
            return kept
        return replace(kept, document=replace(found, uri=f"{found.uri}#item={item_of(prepared)}"))

    def move(
        self, unit: UnitOfWork, kept: KeptDocument, *, item_id: str, uri: str, version: str | None
    ) -> bool:
        """Let a document be another item of its source from now on; tell if that could be done.

        It cannot where another document is or was, for that one has an identity of its own.
        """
        found = kept.document
        taken = unit.items.at(found.source_id, item_id) is not None
        if taken or unit.documents.find(found.source_id, uri) is not None:
            return False
        unit.items.place(found.id, found.source_id, item_id)
        self.readdress(unit, kept, uri)
        unit.documents.change(found.id, version=version)
        return True

    def readdress(self, unit: UnitOfWork, kept: KeptDocument, uri: str) -> None:
        """Give a document and its attachments another address, and the title that follows."""
        found = kept.document
        title = found.title
        if title == _last_part(found.uri):
            title = _last_part(uri)
        unit.documents.change(found.id, uri=uri, title=title)
        for child in unit.documents.children(found.id):
            below = child.document.uri.removeprefix(found.uri)
            if below != child.document.uri:
                self.readdress(unit, child, uri + below)

    def _free(self, unit: UnitOfWork, source_id: str, item_id: str) -> str:
        """Return the item's id, or the next one if a document that moved away has that."""
        found, times = self.id_of(source_id, item_id), 0
        while unit.documents.get(found) is not None:
            times += 1
            found = self.id_of(source_id, f"{item_id}\x00{times}")
        return found


def _last_part(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]
