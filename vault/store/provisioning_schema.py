"""Table of what a directory outside says of people and groups besides who they are."""

from sqlalchemy import Boolean, Column, String, Table, Text

from vault.store.schema import UtcTime, metadata

provisioned = Table(
    "provisioned",
    metadata,
    Column("reference", String(140), primary_key=True),
    Column("name", Text, nullable=False),
    Column("external_id", Text),
    Column("modified_at", UtcTime, nullable=False),
    Column("gone", Boolean, nullable=False),
)
