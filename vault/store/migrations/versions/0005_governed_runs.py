"""Governed runs."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=300), nullable=False),
        sa.Column("caps", sa.JSON(), nullable=False),
        sa.Column("tokens_reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tokens_spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("calls_reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("calls_spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts_reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts_spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milliseconds_reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milliseconds_spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("millijoules_reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("millijoules_spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("micros_reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("micros_spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_table(
        "asset_version",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("applied_by", sa.String(length=140), nullable=False),
        sa.Column("applied_at", sa.String(27), nullable=False),
        sa.Column("approved_by", sa.String(length=140), nullable=True),
        sa.PrimaryKeyConstraint("kind", "name", "number", name=op.f("pk_asset_version")),
    )
    with op.batch_alter_table("asset_version", schema=None) as batch_op:
        batch_op.create_index("ix_asset_version_digest", ["digest"], unique=False)

    op.create_table(
        "breaker",
        sa.Column("agent", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_breaker")),
    )
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=300), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("millijoules", sa.BigInteger(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index("ix_posting_account_id", ["account_id"], unique=False)
        batch_op.create_index("ix_posting_run_id", ["run_id", "call_id"], unique=False)

    op.create_table(
        "governed_run",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("agent", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("parent", sa.String(length=36), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("through", sa.JSON(), nullable=False),
        sa.Column("worker", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.String(27), nullable=True),
        sa.Column("usage", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_governed_run_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_governed_run")),
    )
    with op.batch_alter_table("governed_run", schema=None) as batch_op:
        batch_op.create_index("ix_governed_run_agent", ["agent"], unique=False)
        batch_op.create_index("ix_governed_run_parent", ["parent"], unique=False)

    op.create_table(
        "approval",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("action_digest", sa.String(length=80), nullable=False),
        sa.Column("policy_digest", sa.String(length=80), nullable=False),
        sa.Column("view_digest", sa.String(length=80), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=128), nullable=False),
        sa.Column("requested_for", sa.String(length=128), nullable=False),
        sa.Column("approvers", sa.JSON(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decoy", sa.Boolean(), nullable=False),
        sa.Column("requested_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        sa.Column("spent_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["governed_run.run_id"], name=op.f("fk_approval_run_id_governed_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("nonce", name=op.f("uq_approval_nonce")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index("ix_approval_run_id", ["run_id"], unique=False)
        batch_op.create_index("ix_approval_state", ["state"], unique=False)

    op.create_table(
        "run_artifact",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("classification", sa.Integer(), nullable=False),
        sa.Column("compartments", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("keep_until", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["governed_run.run_id"], name=op.f("fk_run_artifact_run_id_governed_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_artifact")),
    )
    with op.batch_alter_table("run_artifact", schema=None) as batch_op:
        batch_op.create_index("ix_run_artifact_keep_until", ["keep_until"], unique=False)
        batch_op.create_index("ix_run_artifact_run_id", ["run_id"], unique=False)

    op.create_table(
        "run_event",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["governed_run.run_id"], name=op.f("fk_run_event_run_id_governed_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "sequence", name=op.f("pk_run_event")),
    )
    op.create_table(
        "approval_vote",
        sa.Column("approval_id", sa.String(length=36), nullable=False),
        sa.Column("approver", sa.String(length=128), nullable=False),
        sa.Column("shown_at", sa.String(27), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_approval_vote_approval_id_approval")
        ),
        sa.PrimaryKeyConstraint("approval_id", "approver", name=op.f("pk_approval_vote")),
    )
    with op.batch_alter_table("approval_vote", schema=None) as batch_op:
        batch_op.create_index("ix_approval_vote_approver", ["approver"], unique=False)
