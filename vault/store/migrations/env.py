"""Runs migrations on the connection that the caller opened."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from vault.store.schema import UtcTime, metadata


def render(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Write a time column as the text it is, so that a migration needs nothing of ours."""
    return "sa.String(27)" if kind == "type" and isinstance(item, UtcTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
