"""Tables of the records' rules: holds, classes, events, findings, and requests of two persons."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from vault.store.schema import UtcTime, metadata

legal_hold = Table(
    "legal_hold",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("matter", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("query", JSON(none_as_null=True)),
    Column("placed_by", String(128), nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("released_by", String(128)),
    Column("released_at", UtcTime),
    Index("ix_legal_hold_released_at", "released_at"),
)

hold_item = Table(
    "hold_item",
    metadata,
    Column("hold_id", ForeignKey("legal_hold.id"), primary_key=True),
    Column("document_id", String(36), primary_key=True),
    Column("since", UtcTime, nullable=False),
    Index("ix_hold_item_document_id", "document_id"),
)

document_life = Table(
    "document_life",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("revision_id", String(36)),
    Column("superseded_by", String(36)),
    Index("ix_document_life_document_id", "document_id", "since"),
)

record_class = Table(
    "record_class",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("trigger", String(140), nullable=False),
    Column("period", String(16), nullable=False),
    Column("disposition", String(16), nullable=False),
    Column("mandate", Text, nullable=False),
)

document_event = Table(
    "document_event",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("name", String(128), primary_key=True),
    Column("happened_at", UtcTime, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("rule", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
)

request = Table(
    "request",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("body", JSON, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("requested_by", String(128), nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("decided_by", String(128)),
    Column("decided_at", UtcTime),
    Column("verdict", String(16)),
    Index("ix_request_decided_at", "decided_at"),
)
