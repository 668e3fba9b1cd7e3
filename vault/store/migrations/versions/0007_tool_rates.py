"""Token buckets of tools."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "tool_bucket",
        sa.Column("tool", sa.String(length=128), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("filled_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("tool", name=op.f("pk_tool_bucket")),
    )
