"""Items of sources: which document each became, in which state, and when its rights were seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.documents import DocumentState
from vault.domain.records import Governance
from vault.store.documents import LIVE, governance_of
from vault.store.schema import document, revision
from vault.store.sources_schema import source_acl, source_item

MOST_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class HeldItem:
    """What the vault holds of one item of a source, to tell whether it changed.

    Attributes:
        uri: where a person finds it.
        revision_id: its current revision.
    """

    document_id: str
    state: DocumentState
    version: str | None
    access_label_id: int
    governance: Governance
    uri: str = ""
    revision_id: str | None = None

    @property
    def live(self) -> bool:
        """Whether its text may be retrieved."""
        return self.state.value in LIVE


@dataclass(frozen=True, slots=True)
class SeenAcl:
    """The access list an item was last seen under: the source's token, its id and its label."""

    acl_hash: str | None
    acl_id: int
    access_label_id: int


class Items:
    """Items by source; the source's own id of one may change, its document's never."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, source_id: str) -> dict[str, HeldItem]:
        """Return what is held of each item of a source by its id there, attachments left out."""
        columns = document.c
        rows = self._connection.execute(
            select(
                func.coalesce(source_item.c.item_id, columns.uri).label("item_id"),
                columns.uri,
                columns.revision_id,
                columns.id,
                columns.state,
                columns.version,
                columns.access_label_id,
                columns.owner,
                columns.retention,
                columns.review_every,
                columns.fresh_for,
                columns.record_class,
                columns.valid_until,
            )
            .select_from(document)
            .join(source_item, source_item.c.document_id == columns.id, isouter=True)
            .where(columns.source_id == source_id, columns.parent_id.is_(None))
        )
        return {
            row.item_id: HeldItem(
                row.id,
                DocumentState(row.state),
                row.version,
                row.access_label_id,
                governance_of(row._mapping),
                row.uri,
                row.revision_id,
            )
            for row in rows
        }

    def at(self, source_id: str, item_id: str) -> str | None:
        """Return the id of the document that an item of a source became, or None."""
        return self._connection.execute(
            select(source_item.c.document_id).where(
                source_item.c.source_id == source_id, source_item.c.item_id == item_id
            )
        ).scalar()

    def place(self, document_id: str, source_id: str, item_id: str) -> None:
        """Note which item of its source a document is now."""
        values = {"source_id": source_id, "item_id": item_id}
        self._connection.execute(
            upsert(source_item)
            .values(document_id=document_id, **values)
            .on_conflict_do_update(index_elements=["document_id"], set_=values)
        )

    def digests(self, revision_ids: Iterable[str]) -> dict[str, str]:
        """Return the digest of the source's bytes of each of these revisions."""
        wanted, found = list(revision_ids), {}
        for start in range(0, len(wanted), MOST_AT_ONCE):
            some = wanted[start : start + MOST_AT_ONCE]
            rows = self._connection.execute(
                select(revision.c.id, revision.c.digest).where(revision.c.id.in_(some))
            )
            found.update({row[0]: row[1] for row in rows})
        return found

    def rights(self, source_id: str) -> dict[str, SeenAcl]:
        """Return the rights that each item of a source was last seen under, by item."""
        rows = self._connection.execute(
            select(
                source_item.c.item_id,
                source_item.c.acl_hash,
                source_item.c.acl_id,
                source_acl.c.access_label_id,
            )
            .select_from(source_item)
            .join(source_acl, source_acl.c.id == source_item.c.acl_id)
            .where(source_item.c.source_id == source_id)
        )
        return {row[0]: SeenAcl(row[1], int(row[2]), int(row[3])) for row in rows}

    def observe(
        self, document_id: str, *, acl_id: int | None, acl_hash: str | None, now: datetime
    ) -> None:
        """Note which access list a document is under, and when that was seen."""
        self._connection.execute(
            update(source_item)
            .where(source_item.c.document_id == document_id)
            .values(acl_id=acl_id, acl_hash=acl_hash, acl_observed_at=now)
        )

    def confirm(self, source_id: str, item_ids: Sequence[str], *, now: datetime) -> None:
        """Note that the rights of these items were seen, and are what they were."""
        for start in range(0, len(item_ids), MOST_AT_ONCE):
            self._connection.execute(
                update(source_item)
                .where(
                    source_item.c.source_id == source_id,
                    source_item.c.item_id.in_(item_ids[start : start + MOST_AT_ONCE]),
                )
                .values(acl_observed_at=now)
            )

    def oldest_rights(self, source_id: str) -> datetime | None:
        """Return when the rights of the source's live documents were seen, the oldest of all."""
        query = (
            select(
                func.min(source_item.c.acl_observed_at, type_=source_item.c.acl_observed_at.type)
            )
            .join(document, document.c.id == source_item.c.document_id)
            .where(source_item.c.source_id == source_id, document.c.state.in_(LIVE))
        )
        return self._connection.execute(query).scalar()
