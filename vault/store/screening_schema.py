"""Tables of what screening makes of a document, and of what a collection says of its documents."""

from sqlalchemy import JSON, Column, Integer, String, Table

from vault.store.schema import UtcTime, metadata

classification_floor = Table(
    "classification_floor",
    metadata,
    Column("document_id", String(36), primary_key=True),
    Column("level", Integer, nullable=False),
    Column("text_digest", String(80), nullable=False),
    Column("lowered_text", String(80)),
)

description_schema = Table(
    "description_schema",
    metadata,
    Column("collection_id", String(128), primary_key=True),
    Column("body", JSON, nullable=False),
    Column("set_at", UtcTime, nullable=False),
)
