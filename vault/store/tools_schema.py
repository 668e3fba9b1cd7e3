"""Tables of tools: how often each one may still be called."""

from sqlalchemy import Column, Float, String, Table

from vault.store.schema import UtcTime, metadata

tool_bucket = Table(
    "tool_bucket",
    metadata,
    Column("tool", String(128), primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("filled_at", UtcTime, nullable=False),
)
