"""Access lists of sources: each distinct one once, sealed, with the label it comes to."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, or_, select

from vault.domain.source_rights import ItemRights
from vault.store.blobs import Blobs
from vault.store.schema import access_label, document, source
from vault.store.sources_schema import source_acl, source_item, source_list

ACL = "acl"
"""Kind of the blob that holds a list as the source gave it."""


@dataclass(frozen=True, slots=True)
class KeptAcl:
    """One distinct access list of a source.

    Attributes:
        known: False if the source's list could not be read, so that nobody may.
    """

    id: int
    digest: str
    access_label_id: int
    known: bool
    blob_id: str


@dataclass(frozen=True, slots=True)
class SourceAge:
    """When the rights of a source were last seen in full, and what depends on it."""

    source_id: str
    rights_at: datetime | None
    label_id: int
    classification: int


class SourceRights:
    """Access lists and ordered lists, source by source."""

    def __init__(self, connection: Connection, blobs: Blobs) -> None:
        self._connection = connection
        self._blobs = blobs

    def acls(self, source_id: str) -> dict[str, KeptAcl]:
        """Return the distinct access lists of a source, by digest."""
        rows = self._connection.execute(
            select(source_acl).where(source_acl.c.source_id == source_id)
        )
        return {
            row.digest: KeptAcl(row.id, row.digest, row.access_label_id, row.known, row.blob_id)
            for row in rows
        }

    def add_acl(
        self,
        source_id: str,
        digest: str,
        content: bytes,
        *,
        label: tuple[int, bool],
        key: tuple[str, bytes],
        now: datetime,
    ) -> KeptAcl:
        """Keep a distinct access list, sealed.

        Args:
            source_id: whose it is.
            digest: of all that the source said.
            content: what the source said, to be sealed.
            label: the AccessLabel it comes to, and whether the list could be read.
            key: the source's data key.
            now: when it was first seen.
        """
        blob_id = str(uuid.uuid4())
        self._blobs.put(blob_id, ACL, content, key=key)
        result = self._connection.execute(
            insert(source_acl).values(
                source_id=source_id,
                digest=digest,
                blob_id=blob_id,
                access_label_id=label[0],
                known=label[1],
                first_seen_at=now,
            )
        )
        number = int(result.inserted_primary_key[0])  # type: ignore[index]
        return KeptAcl(number, digest, label[0], label[1], blob_id)

    def raw(self, acl_id: int) -> bytes:
        """Return what the source said of one access list.

        Raises:
            NotFoundError: there is none, or its key was destroyed.
        """
        blob_id = self._connection.execute(
            select(source_acl.c.blob_id).where(source_acl.c.id == acl_id)
        ).scalar()
        return self._blobs.get(str(blob_id), ACL)

    def list_number(self, source_id: str, rights: ItemRights) -> int:
        """Return the number of an ordered list, which is kept if it is new."""
        found = self._connection.execute(
            select(source_list.c.id).where(
                source_list.c.source_id == source_id, source_list.c.digest == rights.digest
            )
        ).scalar()
        if found is not None:
            return int(found)
        result = self._connection.execute(
            insert(source_list).values(
                source_id=source_id, digest=rights.digest, lists=rights.form()
            )
        )
        return int(result.inserted_primary_key[0])  # type: ignore[index]

    def ages(self, before: datetime) -> Sequence[SourceAge]:
        """Return the labels of sources whose rights were last seen in full before a time."""
        rows = self._connection.execute(
            select(
                source.c.id,
                source.c.rights_at,
                access_label.c.id,
                access_label.c.classification,
            )
            .join(source_acl, source_acl.c.source_id == source.c.id)
            .join(access_label, access_label.c.id == source_acl.c.access_label_id)
            .where(
                source.c.rights == "native",
                or_(source.c.rights_at.is_(None), source.c.rights_at < before),
            )
            .distinct()
        )
        return [SourceAge(row[0], row[1], int(row[2]), int(row[3])) for row in rows]

    def unknown(self, source_id: str) -> int:
        """Return how many documents of a source have rights that could not be read."""
        query = (
            select(func.count())
            .select_from(source_item)
            .join(source_acl, source_acl.c.id == source_item.c.acl_id)
            .join(document, document.c.id == source_item.c.document_id)
            .where(source_item.c.source_id == source_id, source_acl.c.known.is_(False))
        )
        return int(self._connection.execute(query).scalar_one())


def acl_content(raw: bytes, lists: Sequence[object] | None, *, base: str) -> tuple[str, bytes]:
    """Return the digest of an access list, and the bytes to seal of it.

    Args:
        raw: what the source gave.
        lists: what its connector read in it, in plain values.
        base: digest of what the data owner said, which the label follows from too.
    """
    form = {"raw": raw.hex(), "lists": lists}
    content = json.dumps(form, sort_keys=True, separators=(",", ":")).encode()
    return "sha256:" + hashlib.sha256(content + base.encode()).hexdigest(), content
