"""Tables of what sources say: items, their rights, and who people and groups are here."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from vault.store.schema import UtcTime, metadata

source_item = Table(
    "source_item",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("source_id", String(128), nullable=False),
    Column("item_id", Text, nullable=False),
    Column("acl_id", Integer),
    Column("acl_hash", Text),
    Column("acl_observed_at", UtcTime),
    Unique("source_id", "item_id"),
    Index("ix_source_item_acl_id", "acl_id"),
)

source_acl = Table(
    "source_acl",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", String(128), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("blob_id", String(36), nullable=False),
    Column("access_label_id", ForeignKey("access_label.id"), nullable=False),
    Column("known", Boolean, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Unique("source_id", "digest"),
    Index("ix_source_acl_access_label_id", "access_label_id"),
)

source_list = Table(
    "source_list",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", String(128), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("lists", JSON, nullable=False),
    Unique("source_id", "digest"),
)

source_name = Table(
    "source_name",
    metadata,
    Column("source_id", String(128), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("denied", Boolean, primary_key=True),
)

identity = Table(
    "identity",
    metadata,
    Column("source_id", String(128), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("is_group", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
)

identity_alias = Table(
    "identity_alias",
    metadata,
    Column("source_id", String(128), primary_key=True),
    Column("alias", Text, primary_key=True),
    Column("identity_id", Text, primary_key=True),
)

identity_member = Table(
    "identity_member",
    metadata,
    Column("source_id", String(128), primary_key=True),
    Column("group_id", Text, primary_key=True),
    Column("member_id", Text, primary_key=True),
)

identity_map = Table(
    "identity_map",
    metadata,
    Column("source_id", String(128), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("reference", String(140)),
    Column("mapped_at", UtcTime, nullable=False),
)
