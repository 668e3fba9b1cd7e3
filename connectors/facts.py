"""The facts a connector reports, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

EVERYONE = "everyone"
"""The principal of an entry that is about whoever can sign in at the source."""


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
    """One entry of an access list; the first about reading that fits a person decides.

    Attributes:
        principal: the source's own name of a person or group, with its kind in front:
            ``sid:S-1-5-…``, ``uid:1001``, ``gid:1001``, ``name:alice``, ``mail:a@b``; or
            ``EVERYONE``.
        reads: whether the entry is about reading.
    """

    effect: AclEffect
    principal: str
    reads: bool
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class RawAcl:
    """An item's rights as the source gives them; whom no entry fits may not read.

    Attributes:
        raw: the source's bytes, kept for audit.
        entries: ordered entries, or None where they are unknown, which means nobody.
        gates: further ordered lists, of the share or of the folders above; a reader must be
            let through by each of them too.
    """

    id: str
    raw: bytes
    entries: tuple[AclEntry, ...] | None
    gates: tuple[tuple[AclEntry, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SourcePrincipal:
    """A person or group that the source knows.

    Attributes:
        id: its lasting name there, as entries and memberships name it.
        name: what people call it; for a person, the sign-in name.
        aliases: other names that entries may use for it, such as ``mail:a@b``.
        active: False for a person who may not sign in any more.
    """

    id: str
    name: str
    is_group: bool
    aliases: tuple[str, ...] = ()
    active: bool = True


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
        facts: what else the source says, under these names only: ``title``, ``author``,
            ``created_at`` (RFC 3339), ``language``, ``classification``, ``record_class``,
            ``hold`` (a matter that forbids deletion there), ``uri``, ``keywords``.
    """

    content: bytes
    version: str
    media_type: str | None
    modified_at: datetime
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
