"""records."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("query", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("placed_by", sa.String(length=128), nullable=False),
        sa.Column("placed_at", sa.String(27), nullable=False),
        sa.Column("released_by", sa.String(length=128), nullable=True),
        sa.Column("released_at", sa.String(27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.create_index("ix_legal_hold_released_at", ["released_at"], unique=False)

    op.create_table(
        "record_class",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("trigger", sa.String(length=140), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("disposition", sa.String(length=16), nullable=False),
        sa.Column("mandate", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_record_class")),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("requested_by", sa.String(length=128), nullable=False),
        sa.Column("requested_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        sa.Column("decided_by", sa.String(length=128), nullable=True),
        sa.Column("decided_at", sa.String(27), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index("ix_request_decided_at", ["decided_at"], unique=False)

    op.create_table(
        "hold_item",
        sa.Column("hold_id", sa.String(length=36), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("since", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["legal_hold.id"], name=op.f("fk_hold_item_hold_id_legal_hold")
        ),
        sa.PrimaryKeyConstraint("hold_id", "document_id", name=op.f("pk_hold_item")),
    )
    with op.batch_alter_table("hold_item", schema=None) as batch_op:
        batch_op.create_index("ix_hold_item_document_id", ["document_id"], unique=False)

    op.create_table(
        "document_event",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("happened_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_event_document_id_document")
        ),
        sa.PrimaryKeyConstraint("document_id", "name", name=op.f("pk_document_event")),
    )
    op.create_table(
        "finding",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_finding_document_id_document")
        ),
        sa.PrimaryKeyConstraint("document_id", "start", "end", "rule", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("record_class", sa.String(length=128), nullable=True))
        batch_op.add_column(sa.Column("due_at", sa.String(27), nullable=True))
        batch_op.add_column(sa.Column("verified_at", sa.String(27), nullable=True))
        batch_op.add_column(sa.Column("stale_at", sa.String(27), nullable=True))
        batch_op.add_column(sa.Column("review_at", sa.String(27), nullable=True))
        batch_op.add_column(sa.Column("released_text", sa.String(length=80), nullable=True))
        batch_op.create_index("ix_document_due_at", ["due_at"], unique=False)
        batch_op.create_index("ix_document_stale_at", ["stale_at"], unique=False)
        batch_op.create_index("ix_document_review_at", ["review_at"], unique=False)

    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("record_class", sa.String(length=128), nullable=True))
