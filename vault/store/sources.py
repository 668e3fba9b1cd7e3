"""Configured sources and the items that could not be taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.following import Following
from vault.domain.records import Governance
from vault.store.documents import governance_of
from vault.store.schema import dead_letter, source


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One configured place that a connector follows, with the rules its documents get.

    Attributes:
        native: whether readers come from the source, so that the label only bounds them.
        items: whether it lists documents; a directory of people lists none.
        rights_key_id: data key that its access lists are sealed with.
        rights_at: when its rights were last seen in full.
        synced_at: when it was last followed to the end.
        tried_at: when that was last tried.
        failures: how often it failed since, and ``problem``, why.
        people_at: when its people and groups were last followed to the end.
    """

    id: str
    connector: str
    config: Mapping[str, str]
    access_label_id: int
    governance: Governance
    cursor: str | None = None
    synced_at: datetime | None = None
    following: Following = field(default_factory=Following)
    native: bool = False
    items: bool = True
    rights_key_id: str | None = None
    rights_at: datetime | None = None
    tried_at: datetime | None = None
    failures: int = 0
    problem: str | None = None
    people_cursor: str | None = None
    people_at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """When it is due; None without a schedule."""
        return self.following.due_at(self.tried_at)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An item set aside with its reason, to be looked at by its owner.

    Attributes:
        uri: where a person finds it; the letter's key within its source.
        item_id: the source's own name of it, where the connector gave one.
        name: file name or title.
        attempts: how often it was tried.
        retry_at: when to try again; None is not before it changes or a person says so.
    """

    source_id: str
    uri: str
    version: str | None
    problem: str
    reason: str
    access_label_id: int
    owner: str
    failed_at: datetime
    item_id: str | None = None
    name: str | None = None
    attempts: int = 1
    retry_at: datetime | None = None


class Sources:
    """Sources by name, and their dead letters."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, added: SourceRecord, *, now: datetime) -> None:
        """Keep a new source."""
        self._connection.execute(
            insert(source).values(
                id=added.id,
                connector=added.connector,
                config=dict(added.config),
                access_label_id=added.access_label_id,
                owner=added.governance.owner,
                retention=added.governance.retention,
                review_every=added.governance.review_every,
                fresh_for=added.governance.fresh_for,
                record_class=added.governance.record_class,
                valid_until=added.governance.valid_until,
                following=added.following.form(),
                rights=_rights(added),
                rights_key_id=added.rights_key_id,
                created_at=now,
            )
        )

    def get(self, source_id: str) -> SourceRecord | None:
        """Return one source, or None."""
        return next((found for found in self.all() if found.id == source_id), None)

    def all(self) -> Sequence[SourceRecord]:
        """Return every source by name."""
        return [
            _record(row._mapping)
            for row in self._connection.execute(select(source).order_by(source.c.id))
        ]

    def note(self, source_id: str, **values: object) -> None:
        """Set what is known of how one source is followed: columns of its record."""
        self._connection.execute(update(source).where(source.c.id == source_id).values(**values))

    def naming(self, source_id: str) -> Sequence[SourceRecord]:
        """Return the source itself and those that look their names up in it."""
        return [
            found
            for found in self.all()
            if source_id == found.id or source_id in found.following.identities
        ]

    def bury(self, letter: DeadLetter) -> None:
        """Set an item aside, replacing an earlier letter about it."""
        values = {
            "version": letter.version,
            "problem": letter.problem,
            "reason": letter.reason,
            "access_label_id": letter.access_label_id,
            "owner": letter.owner,
            "failed_at": letter.failed_at,
            "item_id": letter.item_id,
            "name": letter.name,
            "attempts": letter.attempts,
            "retry_at": letter.retry_at,
        }
        self._connection.execute(
            upsert(dead_letter)
            .values(source_id=letter.source_id, uri=letter.uri, **values)
            .on_conflict_do_update(index_elements=["source_id", "uri"], set_=values)
        )

    def letter(self, source_id: str, uri: str) -> DeadLetter | None:
        """Return the dead letter of one item, or None."""
        query = select(dead_letter).where(
            dead_letter.c.source_id == source_id, dead_letter.c.uri == uri
        )
        row = self._connection.execute(query).first()
        return None if row is None else DeadLetter(**row._mapping)

    def unbury(self, source_id: str, uri: str) -> None:
        """Forget the dead letter of an item that was taken in after all, or is gone."""
        self._connection.execute(
            delete(dead_letter).where(
                dead_letter.c.source_id == source_id, dead_letter.c.uri == uri
            )
        )

    def dead_letters(self, source_id: str | None = None) -> Sequence[DeadLetter]:
        """Return the dead letters of one source, or of all."""
        query = select(dead_letter).order_by(dead_letter.c.source_id, dead_letter.c.uri)
        if source_id is not None:
            query = query.where(dead_letter.c.source_id == source_id)
        return [DeadLetter(**row._mapping) for row in self._connection.execute(query)]


NATIVE, MAPPED, PEOPLE = "native", "mapped", "people"
"""What a source's row says of rights: its own, its owner's, or that it only knows people."""


def _rights(found: SourceRecord) -> str:
    if not found.items:
        return PEOPLE
    return NATIVE if found.native else MAPPED


def _record(row: RowMapping) -> SourceRecord:
    return SourceRecord(
        id=row["id"],
        connector=row["connector"],
        config=dict(row["config"]),
        access_label_id=row["access_label_id"],
        governance=governance_of(row),
        cursor=row["cursor"],
        synced_at=row["synced_at"],
        following=Following.of(row["following"]),
        native=row["rights"] == NATIVE,
        items=row["rights"] != PEOPLE,
        rights_key_id=row["rights_key_id"],
        rights_at=row["rights_at"],
        tried_at=row["tried_at"],
        failures=row["failures"],
        problem=row["problem"],
        people_cursor=row["people_cursor"],
        people_at=row["people_at"],
    )
