"""Rights of a file on a share: its own list, and every gate on the way to it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.facts import EVERYONE, AclEffect, AclEntry, RawAcl
from connectors.ntfs import Entries, Right, entries_of

UNKNOWN = "unknown"
"""The mark of rights that cannot be read."""


@dataclass(frozen=True, slots=True)
class Gates:
    """What a reader must pass besides the file's own list.

    Attributes:
        lists: the lists that stop somebody, or None where one of them is unknown.
        digest: changes whenever one of them does.
    """

    lists: tuple[Entries, ...] | None
    digest: bytes


def declared(readers: Iterable[str]) -> Entries:
    """Return a share's rights as the data owner declared them: these SIDs may read."""
    return tuple(
        AclEntry(AclEffect.ALLOW, EVERYONE if sid == EVERYONE else f"sid:{sid}", reads=True)
        for sid in readers
    )


def gates(share: Entries | None, folders: Sequence[bytes | None]) -> Gates:
    """Return the gates made of a share's rights and of the folders that must be gone through.

    Args:
        share: the share's own rights, None where unknown.
        folders: descriptors of the folders above, None where one cannot be read.
    """
    lists = [share, *(_traversal(raw) for raw in folders)]
    digest = hashlib.sha256(repr(share).encode())
    for raw in folders:
        digest.update(hashlib.sha256(raw or b"").digest())
    known = [entries for entries in lists if entries is not None]
    stopping = dict.fromkeys(entries for entries in known if not _lets_all_through(entries))
    return Gates(tuple(stopping) if len(known) == len(lists) else None, digest.digest())


def rights(item: str, own: bytes | None, on_the_way: Gates) -> RawAcl:
    """Return the rights of one file; where any part of them is unknown, nobody's.

    Args:
        item: its identifier.
        own: its descriptor, None where it cannot be read.
        on_the_way: gates that hold for its folder.
    """
    if own is None:
        return RawAcl(item, b"", None)
    if on_the_way.lists is None:
        return RawAcl(item, own, None)
    return RawAcl(item, own, entries_of(own, Right.READ), on_the_way.lists)


def mark(own: bytes | None, on_the_way: Gates) -> str:
    """Return what changes whenever the rights of a file do."""
    if own is None or on_the_way.lists is None:
        return UNKNOWN
    return hashlib.sha256(on_the_way.digest + own).hexdigest()


def _traversal(raw: bytes | None) -> Entries | None:
    return None if raw is None else entries_of(raw, Right.TRAVERSE)


def _lets_all_through(entries: Entries) -> bool:
    for entry in entries:
        if entry.reads and entry.effect is AclEffect.DENY:
            return False
        if entry.reads and entry.principal == EVERYONE:
            return True
    return False
