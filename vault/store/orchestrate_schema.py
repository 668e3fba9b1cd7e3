"""Tables of governed runs: versions, events, approvals, artifacts and budgets."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from vault.domain.budgets import UNITS
from vault.store.schema import UtcTime, metadata

asset_version = Table(
    "asset_version",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("name", String(128), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", String(80), nullable=False),
    Column("body", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("applied_by", String(140), nullable=False),
    Column("applied_at", UtcTime, nullable=False),
    Column("approved_by", String(140)),
    Index("ix_asset_version_digest", "digest"),
)

governed_run = Table(
    "governed_run",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("agent", String(128), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("parent", String(36)),
    Column("depth", Integer, nullable=False),
    Column("through", JSON, nullable=False),
    Column("worker", String(64)),
    Column("lease_until", UtcTime),
    Column("usage", JSON),
    Index("ix_governed_run_agent", "agent"),
    Index("ix_governed_run_parent", "parent"),
)

run_event = Table(
    "run_event",
    metadata,
    Column("run_id", ForeignKey("governed_run.run_id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("type", String(32), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("entry", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

run_artifact = Table(
    "run_artifact",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("run_id", ForeignKey("governed_run.run_id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("classification", Integer, nullable=False),
    Column("compartments", JSON, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("keep_until", UtcTime),
    Index("ix_run_artifact_run_id", "run_id"),
    Index("ix_run_artifact_keep_until", "keep_until"),
)

approval = Table(
    "approval",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("run_id", ForeignKey("governed_run.run_id"), nullable=False),
    Column("call_id", String(64), nullable=False),
    Column("action_digest", String(80), nullable=False),
    Column("policy_digest", String(80), nullable=False),
    Column("view_digest", String(80), nullable=False),
    Column("nonce", String(64), nullable=False, unique=True),
    Column("agent", String(128), nullable=False),
    Column("requested_for", String(128), nullable=False),
    Column("approvers", JSON, nullable=False),
    Column("needed", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decoy", Boolean, nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("spent_at", UtcTime),
    Index("ix_approval_state", "state"),
    Index("ix_approval_run_id", "run_id"),
)

approval_vote = Table(
    "approval_vote",
    metadata,
    Column("approval_id", ForeignKey("approval.id"), primary_key=True),
    Column("approver", String(128), primary_key=True),
    Column("shown_at", UtcTime),
    Column("verdict", String(16)),
    Column("decided_at", UtcTime),
    Index("ix_approval_vote_approver", "approver"),
)

account = Table(
    "account",
    metadata,
    Column("id", String(300), primary_key=True),
    Column("caps", JSON, nullable=False),
    *(
        Column(f"{unit}_{side}", BigInteger, nullable=False, server_default="0")
        for unit in UNITS
        for side in ("reserved", "spent")
    ),
)

posting = Table(
    "posting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", String(300), nullable=False),
    Column("run_id", String(36), nullable=False),
    Column("call_id", String(64), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("method", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    *(Column(unit, BigInteger, nullable=False) for unit in UNITS),
    Index("ix_posting_account_id", "account_id"),
    Index("ix_posting_run_id", "run_id", "call_id"),
)

breaker = Table(
    "breaker",
    metadata,
    Column("agent", String(128), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
)
