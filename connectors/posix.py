"""POSIX rights as ordered entries: mode bits and access lists, judged as the kernel judges them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntFlag

from connectors.facts import EVERYONE, AclEffect, AclEntry

_VERSION = 2
_HEADER = struct.Struct("<I")
_RECORD = struct.Struct("<HHI")
_OWNER, _USER, _OWNING_GROUP, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_TAGS = frozenset({_OWNER, _USER, _OWNING_GROUP, _GROUP, _MASK, _OTHER})
_GROUP_CLASS = 0o070


class Right(IntFlag):
    """What an entry is asked about."""

    READ = 4
    """To read a file."""
    SEARCH = 1
    """To pass through a folder."""


class UnknownAclError(ValueError):
    """The access list is written in a way that this module does not know."""


@dataclass(frozen=True, slots=True)
class Protection:
    """All that decides who may use one file or folder.

    Attributes:
        mode: the nine permission bits.
        acl: bytes of ``system.posix_acl_access``, or None where there is no list.
    """

    mode: int
    uid: int
    gid: int
    acl: bytes | None = None

    def line(self) -> bytes:
        """Return the protection as one line of text, for audit."""
        shown = "-" if self.acl is None else self.acl.hex()
        return f"{self.mode:03o} {self.uid} {self.gid} {shown}\n".encode()


def entries_of(protection: Protection, right: Right) -> tuple[AclEntry, ...]:
    """Return the entries that decide over ``right``; the first that fits a person decides.

    The owner's entry stands first, then named users, then the groups that allow ahead of the
    groups that do not, then everyone else. What the superuser may do in spite of them is no
    right of the list and has no entry.

    Raises:
        UnknownAclError: the access list is malformed, so nobody's rights are known.

    Source:
        POSIX 1003.1e draft 17, 23.1.5 (acl(5), "ACCESS CHECK ALGORITHM"). Linux departs from
        it where the group class has no permission at all: there the list is not consulted and
        named users and groups are judged as everyone else (``acl_permission_check``).
    """
    people, groups, others = _grants(protection)
    granted = [(f"uid:{protection.uid}", protection.mode >> 6), *people]
    granted += sorted(groups, key=lambda group: not group[1] & right)
    granted.append((EVERYONE, others))
    entries = [
        AclEntry(AclEffect.ALLOW if bits & right else AclEffect.DENY, principal, reads=True)
        for principal, bits in granted
    ]
    while entries and entries[-1].effect is AclEffect.DENY:
        # Whom no entry fits may not read either.
        entries.pop()
    return tuple(entries)


def everyone_passes(entries: tuple[AclEntry, ...]) -> bool:
    """Return whether the entries let each and every person through."""
    return bool(
        entries
        and entries[-1].principal == EVERYONE
        and all(entry.effect is AclEffect.ALLOW for entry in entries)
    )


_Grants = tuple[list[tuple[str, int]], list[tuple[str, int]], int]


def _grants(protection: Protection) -> _Grants:
    """Return the permission bits of named users, of groups, and of everyone else."""
    mode = protection.mode
    owning = f"gid:{protection.gid}"
    records = [] if protection.acl is None else list(_records(protection.acl))
    if not records or not mode & _GROUP_CLASS:
        return [], [(owning, mode >> 3)], mode
    mask = next((bits for tag, bits, _ in records if tag == _MASK), 0o7)
    people = [(f"uid:{number}", bits & mask) for tag, bits, number in records if tag == _USER]
    groups = [(owning, bits & mask) for tag, bits, _ in records if tag == _OWNING_GROUP]
    groups += [(f"gid:{number}", bits & mask) for tag, bits, number in records if tag == _GROUP]
    return people, groups, mode


def _records(acl: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield tag, permission bits and number of each record."""
    body = acl[_HEADER.size :]
    if len(acl) < _HEADER.size or len(body) % _RECORD.size:
        raise UnknownAclError("the access list is cut off")
    if _HEADER.unpack_from(acl)[0] != _VERSION:
        raise UnknownAclError("the access list is of an unknown version")
    for tag, bits, number in _RECORD.iter_unpack(body):
        if tag not in _TAGS or bits & ~0o7:
            raise UnknownAclError("the access list has a record of an unknown kind")
        yield tag, bits, number
