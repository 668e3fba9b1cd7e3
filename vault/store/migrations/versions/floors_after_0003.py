"""Floors that screening puts under classifications, and schemas of descriptions."""

import sqlalchemy as sa
from alembic import op

revision = "0003b"
down_revision = "0003"


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "classification_floor",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("text_digest", sa.String(length=80), nullable=False),
        sa.Column("lowered_text", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_classification_floor")),
    )
    op.create_table(
        "description_schema",
        sa.Column("collection_id", sa.String(length=128), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("set_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("collection_id", name=op.f("pk_description_schema")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index("ix_revision_text_digest", ["text_digest"], unique=False)
