"""Rights as sources give them, people as directories know them, and how sources are followed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003b"

_ITEMS = """
INSERT INTO source_item (document_id, source_id, item_id)
SELECT id, source_id, uri FROM document WHERE parent_id IS NULL
"""


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "identity",
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "id", name=op.f("pk_identity")),
    )
    op.create_table(
        "identity_alias",
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("identity_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "source_id", "alias", "identity_id", name=op.f("pk_identity_alias")
        ),
    )
    op.create_table(
        "identity_map",
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=140), nullable=True),
        sa.Column("mapped_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "name", name=op.f("pk_identity_map")),
    )
    op.create_table(
        "identity_member",
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "source_id", "group_id", "member_id", name=op.f("pk_identity_member")
        ),
    )
    op.create_table(
        "source_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("lists", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_list")),
        sa.UniqueConstraint("source_id", "digest", name=op.f("uq_source_list_source_id_digest")),
    )
    op.create_table(
        "source_name",
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("denied", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "name", "denied", name=op.f("pk_source_name")),
    )
    op.create_table(
        "source_acl",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("blob_id", sa.String(length=36), nullable=False),
        sa.Column("access_label_id", sa.Integer(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(
            ["access_label_id"],
            ["access_label.id"],
            name=op.f("fk_source_acl_access_label_id_access_label"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_acl")),
        sa.UniqueConstraint("source_id", "digest", name=op.f("uq_source_acl_source_id_digest")),
    )
    with op.batch_alter_table("source_acl", schema=None) as batch_op:
        batch_op.create_index("ix_source_acl_access_label_id", ["access_label_id"], unique=False)

    op.create_table(
        "source_item",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("acl_id", sa.Integer(), nullable=True),
        sa.Column("acl_hash", sa.Text(), nullable=True),
        sa.Column("acl_observed_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_source_item_document_id_document")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_source_item")),
        sa.UniqueConstraint("source_id", "item_id", name=op.f("uq_source_item_source_id_item_id")),
    )
    with op.batch_alter_table("source_item", schema=None) as batch_op:
        batch_op.create_index("ix_source_item_acl_id", ["acl_id"], unique=False)

    with op.batch_alter_table("dead_letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("item_id", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("name", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("retry_at", sa.String(27), nullable=True))

    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("following", sa.JSON(), nullable=True))
        batch_op.add_column(
            sa.Column("rights", sa.String(length=16), server_default="mapped", nullable=False)
        )
        batch_op.add_column(sa.Column("rights_key_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("rights_at", sa.String(27), nullable=True))
        batch_op.add_column(sa.Column("tried_at", sa.String(27), nullable=True))
        batch_op.add_column(sa.Column("failures", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("problem", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("people_cursor", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("people_at", sa.String(27), nullable=True))

    op.execute(_ITEMS)
