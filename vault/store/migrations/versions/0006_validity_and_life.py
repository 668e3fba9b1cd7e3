"""How long texts hold, and since when each document is in its state."""

import sqlalchemy as sa
from alembic import op

from vault.store.schema import UtcTime

revision = "0006"
down_revision = "0005"

_LIVES = """
INSERT INTO document_life (document_id, since, state, revision_id)
SELECT revision.document_id, revision.captured_at, 'current', revision.id
FROM revision ORDER BY revision.captured_at, revision.number
"""
_ENDS = """
INSERT INTO document_life (document_id, since, state, revision_id, superseded_by)
SELECT older.id, max(newer.captured_at, coalesce(last.captured_at, '')),
       older.state, older.revision_id, older.superseded_by
FROM document AS older
JOIN document AS newer ON newer.id = older.superseded_by
LEFT JOIN revision AS last ON last.id = older.revision_id
"""


def upgrade() -> None:
    """Apply this step.

    When one document replaced another was not kept before: it counts from the time at which
    both texts were here.
    """
    op.create_table(
        "document_life",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision_id", sa.String(length=36), nullable=True),
        sa.Column("superseded_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_document_life_document_id_document"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_document_life"),
    )
    with op.batch_alter_table("document_life", schema=None) as batch_op:
        batch_op.create_index(
            "ix_document_life_document_id", ["document_id", "since"], unique=False
        )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_until", sa.String(length=16), nullable=True))
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_until", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("valid_from", UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("ends_at", UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("expires_at", UtcTime(), nullable=True))
        batch_op.add_column(
            sa.Column("expiry_noted", sa.Boolean(), nullable=False, server_default="0")
        )
        batch_op.create_index("ix_document_expires_at", ["expires_at"], unique=False)
    op.execute(_LIVES)
    op.execute(_ENDS)
