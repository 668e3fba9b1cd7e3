"""The facts a connector reports, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AclEffect(StrEnum):
    """What one entry of an access list does."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position to go on from, opaque to the vault, saved once all before it is stored."""

    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """Something to read, at one version.

    Attributes:
        id: stable name inside the source.
        uri: where a person finds it.
        version: changes whenever content or rights may have changed.
        name: file name or title; a hint for parsers.
        size: bytes, where the source says so.
    """

    id: str
    uri: str
    version: str
    name: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The source says that an item or principal is gone."""

    id: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One item that could not be reported; the rest of the listing goes on.

    Attributes:
        id: the item, or the folder whose items are unknown.
        reason: one sentence for the operator.
        retry: whether a later sync may fare better.
    """

    id: str
    reason: str
    retry: bool = True


@dataclass(frozen=True, slots=True)
class SlimItem:
    """What a full sweep says about one item: enough to prove deletions and changed rights.

    Attributes:
        acl_hash: changes with the item's rights; empty where readers are mapped.
    """

    id: str
    version: str
    acl_hash: str = ""


@dataclass(frozen=True, slots=True)
class AclEntry:
    """One entry of an access list, in the source's order, which can matter.

    Attributes:
        principal: the source's own name of a person or group.
        reads: whether the entry is about reading.
    """

    effect: AclEffect
    principal: str
    reads: bool
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class RawAcl:
    """An item's rights as the source gives them.

    Attributes:
        raw: the source's bytes, kept for audit.
        entries: ordered entries, or None where they are unknown, which means nobody.
    """

    id: str
    raw: bytes
    entries: tuple[AclEntry, ...] | None


@dataclass(frozen=True, slots=True)
class SourcePrincipal:
    """A person or group that the source knows."""

    id: str
    name: str
    is_group: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """A person or group directly inside a group."""

    group: str
    member: str


@dataclass(frozen=True, slots=True)
class SourceContent:
    """The bytes of one item and the version they belong to.

    Attributes:
        media_type: what the source says they are; a hint.
        modified_at: last change, aware.
    """

    content: bytes
    version: str
    media_type: str | None
    modified_at: datetime
