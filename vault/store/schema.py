"""Tables of the vault's database and of its key store."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=_NAMES)
key_metadata = MetaData(naming_convention=_NAMES)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time, stored as fixed-width RFC 3339 text so that it sorts."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the type's interface
    ) -> str | None:
        """Write the time in UTC with microseconds.

        Raises:
            ValueError: the time is not aware, so nobody can tell when it was.
        """
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a time without a zone cannot be stored")
        text = value.astimezone(UTC).isoformat(timespec="microseconds")
        return text.replace("+00:00", "Z")

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - the type's interface
    ) -> datetime | None:
        """Read the time back as an aware value."""
        return None if value is None else datetime.fromisoformat(value)


home_fact = Table(
    "home_fact",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

principal = Table(
    "principal",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("classification", Integer, nullable=False),
    Column("compartments", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

group = Table(
    "principal_group",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
)

group_member = Table(
    "group_member",
    metadata,
    Column("group_id", ForeignKey("principal_group.id"), primary_key=True),
    Column("member", String(140), primary_key=True),
    Index("ix_group_member_member", "member"),
)

token = Table(
    "token",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("secret_digest", String(64), nullable=False),
    Column("principal_id", ForeignKey("principal.id"), nullable=False),
    Column("on_behalf_of", ForeignKey("principal.id")),
    Column("scopes", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)

collection = Table(
    "collection",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("open_to", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

access_label = Table(
    "access_label",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(80), nullable=False, unique=True),
    Column("collection_id", ForeignKey("collection.id"), nullable=False),
    Column("classification", Integer, nullable=False),
    Column("compartments", JSON, nullable=False),
    Column("readers", JSON, nullable=False),
    Column("denied", JSON, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("connector", String(64), nullable=False),
    Column("config", JSON, nullable=False),
    Column("access_label_id", ForeignKey("access_label.id"), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("retention", String(16)),
    Column("review_every", String(16)),
    Column("fresh_for", String(16)),
    Column("record_class", String(128)),
    Column("valid_until", String(16)),
    Column("cursor", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("synced_at", UtcTime),
    Column("following", JSON),
    Column("rights", String(16), nullable=False, server_default="mapped"),
    Column("rights_key_id", String(36)),
    Column("rights_at", UtcTime),
    Column("tried_at", UtcTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("problem", Text),
    Column("people_cursor", Text),
    Column("people_at", UtcTime),
)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("source_id", String(128), primary_key=True),
    Column("uri", Text, primary_key=True),
    Column("version", Text),
    Column("problem", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("access_label_id", ForeignKey("access_label.id"), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("failed_at", UtcTime, nullable=False),
    Column("item_id", Text),
    Column("name", Text),
    Column("attempts", Integer, nullable=False, server_default="1"),
    Column("retry_at", UtcTime),
)

document = Table(
    "document",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("source_id", String(128), nullable=False),
    Column("uri", Text, nullable=False),
    Column("version", Text),
    Column("title", Text, nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("state", String(16), nullable=False),
    Column("access_label_id", ForeignKey("access_label.id"), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("retention", String(16)),
    Column("review_every", String(16)),
    Column("fresh_for", String(16)),
    Column("record_class", String(128)),
    Column("valid_until", String(16)),
    Column("valid_from", UtcTime),
    Column("ends_at", UtcTime),
    Column("expires_at", UtcTime),
    Column("expiry_noted", Boolean, nullable=False, server_default="0"),
    Column("due_at", UtcTime),
    Column("verified_at", UtcTime),
    Column("stale_at", UtcTime),
    Column("review_at", UtcTime),
    Column("released_text", String(80)),
    Column("key_id", String(36), nullable=False),
    Column("revision_id", String(36)),
    Column("parent_id", String(36)),
    Column("superseded_by", String(36)),
    Column("captured_at", UtcTime, nullable=False),
    Column("modified_at", UtcTime, nullable=False),
    UniqueConstraint("source_id", "uri"),
    Index("ix_document_access_label_id", "access_label_id"),
    Index("ix_document_parent_id", "parent_id"),
    Index("ix_document_due_at", "due_at"),
    Index("ix_document_stale_at", "stale_at"),
    Index("ix_document_review_at", "review_at"),
    Index("ix_document_expires_at", "expires_at"),
)

revision = Table(
    "revision",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("text_digest", String(80), nullable=False),
    Column("captured_at", UtcTime, nullable=False),
    Column("modified_at", UtcTime, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("chunk_count", Integer, nullable=False),
    Column("first_chunk", Integer),
    Column("last_chunk", Integer),
    Column("engine", String(64), nullable=False),
    Column("coverage", Float, nullable=False),
    Column("pages", Integer),
    Column("language", String(8), nullable=False),
    UniqueConstraint("document_id", "number"),
    Index("ix_revision_text_digest", "text_digest"),
)

chunk = Table(
    "chunk",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision_id", ForeignKey("revision.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page", Integer),
    Index("ix_chunk_revision_id", "revision_id"),
    sqlite_autoincrement=True,
)

blob = Table(
    "blob",
    metadata,
    Column("owner_id", String(36), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("key_id", String(36), nullable=False),
    Column("stamp", String(128), nullable=False, server_default=""),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_blob_key_id", "key_id"),
)

index_change = Table(
    "index_change",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("revision_id", String(36), nullable=False),
    Column("first_chunk", Integer, nullable=False),
    Column("last_chunk", Integer, nullable=False),
    Column("access_label_id", Integer, nullable=False),
    sqlite_autoincrement=True,
)

run = Table(
    "run",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("on_behalf_of", String(128)),
    Column("number", Integer, nullable=False),
    Column("state", String(24), nullable=False),
    Column("key_id", String(36), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("place", Integer),
    UniqueConstraint("actor", "number"),
    Index("ix_run_place", "actor", "on_behalf_of", "place"),
)

run_evidence = Table(
    "run_evidence",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("document_id", String(36), primary_key=True),
    Index("ix_run_evidence_document_id", "document_id"),
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("subject_id", String(36), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Index("ix_ledger_entry_subject_id", "subject_id"),
)

ledger_node = Table(
    "ledger_node",
    metadata,
    Column("level", Integer, primary_key=True),
    Column("index", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
)

ledger_checkpoint = Table(
    "ledger_checkpoint",
    metadata,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)

data_key = Table(
    "data_key",
    key_metadata,
    Column("id", String(36), primary_key=True),
    Column("collection", String(128), nullable=False),
    Column("wrapped", LargeBinary),
    Column("created_at", UtcTime, nullable=False),
    Column("destroyed_at", UtcTime),
)
